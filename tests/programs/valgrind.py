#!/usr/bin/env python3
"""Runs a few programs of each kind under valgrind, once as they are and once collecting at every allocation.

    valgrind.py --volt=build/release/volt

Every invalid access and every decision that depends on memory nobody wrote is a failure (valgrind.supp: except the
collector's own). Without valgrind it says so and counts the programs as skipped.
"""

import argparse
import concurrent.futures
import pathlib
import shlex
import shutil
import subprocess
import sys

import cases

SECONDS = 300  # for one program
WORKERS = 2
ERRORS_FOUND = 99

# One for each part of the runtime: objects, calls and unwinding, fibers and channels, natives.
PROGRAMS = [
    "arrays",
    "channels",
    "closures",
    "corner_cases",
    "heap_results",
    "interfaces",
    "map_keys",
    "maps",
    "natives",
    "operand_overlap",
    "panic_in_callee",
    "select",
    "slices",
    "strings",
    "unwinding",
]
MODES = [("--tier=interp",), ("--tier=interp", "--collect-always")]


def parse_command_line():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--volt", required=True, help="the command to test; a build without sanitizers")
    return parser.parse_args()


def command_of(volt, case, mode):
    suppressions = pathlib.Path(__file__).with_name("valgrind.supp")
    valgrind = ["valgrind", "-q", f"--error-exitcode={ERRORS_FOUND}", f"--suppressions={suppressions}"]
    return [*valgrind, volt, "run", *mode, str(case.path)]


def problem_of(case, process):
    if process.returncode == ERRORS_FOUND:
        return process.stderr.decode(errors="replace").rstrip()
    if process.returncode != case.status:
        return f"exit status {process.returncode}, expected {case.status}"
    return "" if process.stdout == case.output else "output differs"


def run(volt, case, mode):
    """True if all is as expected; prints what is not."""
    command = command_of(volt, case, mode)
    try:
        process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
        problem = problem_of(case, process)
    except subprocess.TimeoutExpired:
        problem = f"still running after {SECONDS} s"
    if problem:
        print(f"FAILED {case.name}\n{problem}\n    reproduce with: {shlex.join(command)}", flush=True)
    return not problem


def main():
    options = parse_command_line()
    chosen = [case for case in cases.own_cases() if case.path.stem in PROGRAMS]
    jobs = [(case, mode) for case in chosen for mode in MODES]
    if not shutil.which("valgrind"):
        print("valgrind is not installed: nothing was checked")
        print(f"0 passed, 0 failed, {len(jobs)} skipped")
        return 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(lambda job: run(options.volt, *job), jobs))
    missing = len(PROGRAMS) - len(chosen)
    if missing:
        print(f"{missing} of the named programs do not exist")
    failed = results.count(False) + missing
    print(f"{results.count(True)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
