"""What the commands that make random programs have in common: their options, one run, and how it ends.

The programs are those of successive seeds, so that each time the same ones are tested; --seed asks for others. A third of
them are the quick part, and a ninth is run with sanitizers.
"""

import argparse
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

import modes
import tier_report

SECONDS = 120 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))
QUICK_SHARE = 3
SANITIZED_SHARE = 9

# Functions of programs that import vo_println.
SHOW_NUMBER = """fn show_number params=1 {
	IfaceAssign r1, r0, iface(int), int
	CallExtern @vo_println, r1, r1 args=2
	Return r0, 0
}

"""
REPORT = """fn report {
	Recover r0
	CallExtern @vo_println, r0, r0 args=2
	Return r0, 0
}

"""  # of a panic, where it is deferred


def parse_command_line(description, programs):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--volt", required=True, help="the command to test; with its compiling tier")
    parser.add_argument("--part", choices=("quick", "rest"), help="a part of the programs; without it, all of them")
    parser.add_argument("--sanitized", action="store_true", help="the build has sanitizers: fewer programs")
    parser.add_argument("--programs", type=int, help=f"how many programs; otherwise {programs}")
    parser.add_argument("--seed", type=int, help="of the first program; otherwise 1")
    options = parser.parse_args()
    quick = -(-programs // (SANITIZED_SHARE if options.sanitized else QUICK_SHARE))
    first, count = {None: (1, programs), "quick": (1, quick), "rest": (1 + quick, programs - quick)}[options.part]
    options.seed = first if options.seed is None else options.seed
    options.programs = count if options.programs is None else options.programs
    return options


def run(volt, mode, path, *further):
    """Standard output, or why there is none, or what is wrong with the tier."""
    command = [volt, "run", *mode.options, *further, "--stats=json", path]
    process = subprocess.run(command, capture_output=True, timeout=SECONDS)
    if process.returncode:
        return b"exit status %d: %s" % (process.returncode, process.stderr)
    problem = "" if mode.is_interpreter else tier_report.problem(mode, process.stderr)
    return problem.encode() or process.stdout


def differing_runs(volt, path, expected, runs):
    """Words for each of the runs, modes with further options, that does not give what is expected."""
    return [" ".join([mode.name, *further]) for mode, further in runs
            if run(volt, mode, path, *further) != expected]


def main(description, programs, generator, least_lines, runs_of):
    """
    Makes the programs, by `generator(seed)`, and runs each interpreted, which must print so many lines, and in the ways
    that `runs_of(options, seed, generator)` gives: modes with further options.
    """
    options = parse_command_line(description, programs)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "random.vot"
        for seed in range(options.seed, options.seed + options.programs):
            made = generator(seed)
            path.write_text(made.program())
            expected = run(options.volt, modes.INTERPRETER[0], path)
            problems = differing_runs(options.volt, path, expected, runs_of(options, seed, made))
            if expected.startswith(b"exit status") or expected.count(b"\n") < least_lines:
                problems.append(f"interpreted it printed less than {least_lines} lines: {expected[-300:]}")
            for problem in problems:
                print(f"FAILED seed {seed}: not as interpreted: {problem}")
            if problems:
                failed += 1
                again = [sys.argv[0], f"--volt={options.volt}", "--programs=1", f"--seed={seed}"]
                print("    reproduce with: " + shlex.join(again))
    print(f"{options.programs - failed} passed, {failed} failed")
    return 1 if failed else 0
