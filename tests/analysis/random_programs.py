#!/usr/bin/env python3
"""Random programs (../programs/random_code.py) do what they did when dead slots are overwritten.

    random_programs.py --test=build/release/tests/bin/analysis_dead_slots_test [--programs=N] [--seed=N]
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "programs"))
from random_code import Generator  # noqa: E402

SECONDS = 120 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))  # for one program


def parse_command_line():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", required=True, help="the executable that checks files")
    parser.add_argument("--programs", type=int, default=20, help="how many programs")
    parser.add_argument("--seed", type=int, default=1, help="of the first program")
    return parser.parse_args()


def check(options, seed, path):
    path.write_text(Generator(seed).program())
    process = subprocess.run([options.test, path], capture_output=True, text=True, timeout=SECONDS)
    if process.returncode:
        print(f"FAILED seed {seed}: {process.stdout}{process.stderr}")
    return process.returncode == 0


def main():
    options = parse_command_line()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "random_program.vot"
        seeds = range(options.seed, options.seed + options.programs)
        results = [check(options, seed, path) for seed in seeds]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 1 if False in results else 0


if __name__ == "__main__":
    sys.exit(main())
