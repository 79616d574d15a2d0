#!/usr/bin/env python3
"""Runs every program in every mode and compares output and exit status with what is expected. Nothing of the tier may
fail in silence (tier_report.py).

    run.py --volt=build/release/volt [--mode=NAME]... [--program=NAME]... [--benchmarks] [--part=quick|rest]
    run.py --volt=build/release/volt --collecting [--part=quick|rest]
    run.py --volt=build/release/volt --subset

The quick part of the work has all programs and all modes, and a share of their combinations; the rest is the others.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import shlex
import subprocess
import sys
import zlib

import cases
import modes
import tier_report

SECONDS = 120 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))  # for one program; sanitizers make some of them slow
WORKERS = 2
SHOWN_BYTES = 600
SUBSET_SHARE = 60  # of the subset, modes that compile run one of so many programs, each mode others,
RARE_SUBSET_SHARE = 120  # and rare ones one of so many
RARE_SHARE = 5  # rare modes run one of so many programs, each mode others
# In the quick part, modes that compile run one of so many of their programs, each mode others. It has no divisor in
# common with RARE_SHARE, by which their programs are chosen already.
QUICK_SHARE = 4
QUICK_COLLECTING_SHARE = 3  # and modes that collect at every allocation one of so many
SANITIZED_SLOWNESS = 3  # with sanitizers, a third of either


@dataclasses.dataclass
class Result:
    case: cases.Case
    mode: modes.Mode
    problem: str  # "" if all is as expected
    command: list


def parse_command_line():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--volt", required=True, help="the command to test")
    parser.add_argument("--no-tier", action="store_true", help="the build has no compiling tier")
    parser.add_argument("--sanitized", action="store_true", help="the build has sanitizers: skip what takes minutes")
    parser.add_argument("--collecting", action="store_true", help="only the modes that collect at every allocation")
    parser.add_argument("--subset", action="store_true", help="own programs; in compiled modes a selection of them")
    parser.add_argument("--part", choices=("quick", "rest"), help="a part of the work; without it, all of it")
    parser.add_argument("--benchmarks", action="store_true", help="all benchmarks of the shared collection too")
    parser.add_argument("--mode", action="append", help="only this mode")
    parser.add_argument("--program", action="append", help="only this program (FOLDER/NAME)")
    return parser.parse_args()


def choose_cases(options):
    """The cases to run, and how many were left out because they are slow."""
    chosen, skipped = cases.own_cases(), 0
    if options.subset:
        pass
    elif cases.has_shared():
        chosen += cases.conformance_cases()
        quick = [] if options.sanitized else cases.QUICK_BENCHMARKS
        for case in cases.benchmark_cases():
            if options.benchmarks or case.path.stem in quick:
                chosen.append(case)
            elif case.path.stem in cases.QUICK_BENCHMARKS:
                skipped += 1
    else:
        print("the shared collection of programs (../shared/programs) is not there: own programs only")
    if options.collecting:
        slow = cases.SLOW_WHEN_COLLECTING + (cases.SLOW_WHEN_COLLECTING_SANITIZED if options.sanitized else [])
        skipped += sum(case.path.stem in slow for case in chosen)
        chosen = [case for case in chosen if case.path.stem not in slow]
    if options.program:
        chosen = [case for case in chosen if case.name in options.program]
    return chosen, skipped


def choose_modes(options):
    if options.collecting:
        chosen = modes.collecting_modes(not options.no_tier)
    else:
        chosen = modes.all_modes(options.volt, not options.no_tier)
    return [mode for mode in chosen if not options.mode or mode.name in options.mode]


def is_its_turn(case, number, share):
    """Whether a case is one of those that fall to a mode by its number: it does not depend on what other cases there are."""
    return zlib.crc32(case.name.encode()) % share == number % share


def quick_share(mode, options):
    slowness = SANITIZED_SLOWNESS if options.sanitized else 1
    if options.collecting:
        return QUICK_COLLECTING_SHARE * slowness
    return 1 if mode.is_interpreter else QUICK_SHARE * slowness


def share_of(mode, number, chosen, options):
    """The cases that a mode runs, `number` being its place among the modes."""
    if options.subset and not mode.is_interpreter:
        share = RARE_SUBSET_SHARE if mode.is_rare else SUBSET_SHARE
        return chosen[number % share :: share]
    if options.program:
        return chosen
    if mode.is_rare:
        chosen = [case for case in chosen if is_its_turn(case, number, RARE_SHARE)]
    if not options.part:
        return chosen
    share = quick_share(mode, options)
    return [case for case in chosen if is_its_turn(case, number, share) == (options.part == "quick")]


def shorten(text):
    return text if len(text) <= SHOWN_BYTES else text[:SHOWN_BYTES] + b"..."


def first_difference(expected, actual):
    expected_lines, actual_lines = expected.splitlines(), actual.splitlines()
    for number, (left, right) in enumerate(zip(expected_lines, actual_lines), start=1):
        if left != right:
            return f"line {number}: expected {shorten(left)!r}, got {shorten(right)!r}"
    if len(expected_lines) != len(actual_lines):
        return f"expected {len(expected_lines)} lines, got {len(actual_lines)}"
    return "line endings differ"


def compare(case, process):
    problems = []
    if process.returncode != case.status:
        problems.append(f"exit status {process.returncode}, expected {case.status}")
    if process.stdout != case.output:
        problems.append("output differs: " + first_difference(case.output, process.stdout))
    if problems and process.stderr:
        problems.append("standard error: " + shorten(process.stderr).decode(errors="replace").rstrip())
    return "\n    ".join(problems)


def run_case(volt, mode, case):
    command = [volt, "run", str(case.path), *mode.options, *mode.stack_options]
    if not mode.is_interpreter:
        command.append("--stats=json")
    if case.arguments:
        command += ["--", *case.arguments]
    try:
        process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return Result(case, mode, f"still running after {SECONDS} s", command)
    problems = [compare(case, process)]
    if not mode.is_interpreter:
        problems.append(tier_report.problem(mode, process.stderr))
    return Result(case, mode, "\n    ".join(filter(None, problems)), command)


def run_mode(pool, volt, mode, chosen):
    """Runs all cases in one mode; prints failures as they come and returns how many there were."""
    failed = 0
    for result in pool.map(lambda case: run_case(volt, mode, case), chosen):
        if result.problem:
            failed += 1
            print(f"FAILED {result.case.name} in mode {mode.name}\n    {result.problem}")
            print(f"    reproduce with: {shlex.join(result.command)}", flush=True)
    return failed


def main():
    options = parse_command_line()
    options.volt = os.path.abspath(options.volt)
    chosen_cases, skipped = choose_cases(options)
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        chosen_modes = choose_modes(options)
        skipped *= len(chosen_modes)
        for number, mode in enumerate(chosen_modes):
            its_cases = share_of(mode, number, chosen_cases, options)
            mode_failed = run_mode(pool, options.volt, mode, its_cases)
            print(f"{mode.name}: {len(its_cases) - mode_failed} passed, {mode_failed} failed", flush=True)
            failed += mode_failed
            passed += len(its_cases) - mode_failed
            skipped += 0 if options.part else len(chosen_cases) - len(its_cases)  # a part leaves nothing out: others have it
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
