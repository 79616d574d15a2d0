#!/usr/bin/env python3
"""Binary to text and back gives the same bytes, for every module there is: round_trip.py --volt=build/release/volt"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import cases


def convert(volt, command, source, target):
    """Returns an error text, or an empty one."""
    process = subprocess.run([volt, command, str(source), "-o", str(target)], capture_output=True, text=True,
                             timeout=120)
    return "" if process.returncode == 0 else f"volt {command} {source}: {process.stderr.rstrip()}"


def round_trip(volt, binary, folder):
    text, again = folder / "module.vot", folder / "module.vob"
    problem = convert(volt, "dump", binary, text) or convert(volt, "asm", text, again)
    if not problem and again.read_bytes() != pathlib.Path(binary).read_bytes():
        problem = f"{binary}: the bytes differ after volt dump and volt asm"
    return problem


def check_own(volt, case, folder):
    binary = folder / "own.vob"
    return convert(volt, "asm", case.path, binary) or round_trip(volt, binary, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--volt", required=True)
    options = parser.parse_args()
    if not cases.has_shared():
        print("the shared collection of programs (../shared/programs) is not there: own programs only")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        problems = [check_own(options.volt, case, folder) for case in cases.own_cases()]
        problems += [round_trip(options.volt, binary, folder) for binary in cases.shared_files()]
    failed = [problem for problem in problems if problem]
    for problem in failed:
        print("FAILED", problem)
    print(f"{len(problems) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not problems else 0


if __name__ == "__main__":
    sys.exit(main())
