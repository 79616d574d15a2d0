#!/usr/bin/env python3
"""Runs ctest in the build folder of each preset and adds up test cases: run_presets.py [--filter=REGEX] [--all] [--subset]
PRESET..."""

import argparse
import collections
import pathlib
import re
import shlex
import subprocess
import sys

import counts

NAMED_CASES = 10
ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULT_LINE = re.compile(r"^ *\d+/(\d+) Test +#\d+: (\S+) \.*\**(.*?) +([\d.]+) sec")


def ctest_command(preset, options):
    command = ["ctest", "--preset", preset, "--parallel", "2", "--no-tests=error"]
    # A label, and a configuration for tests that only the subset has.
    command += ["-L", "^subset$", "-C", "subset"] if options.subset else []
    command += ["-C", "all"] if options.all else []
    return command + (["-R", options.filter] if options.filter else [])


def show_progress(preset, line):
    match = RESULT_LINE.match(line)
    if match:
        _, name, outcome, seconds = match.groups()
        print(f"   {preset:8} {name:32} {outcome.strip().strip('*'):10} {seconds:>7} s", flush=True)


def log_of(preset):
    return ROOT / "build" / preset / "Testing" / "Temporary" / "LastTest.log"


def run_ctest(preset, options):
    """Runs the tests with progress; returns everything that ctest wrote and whether all passed."""
    log_of(preset).unlink(missing_ok=True)  # never count an earlier run
    command = ctest_command(preset, options)
    print(f"== {preset}: {' '.join(command)}", flush=True)
    process = subprocess.Popen(command, cwd=ROOT, text=True, errors="replace", stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    lines = []
    for line in process.stdout:
        lines.append(line)
        show_progress(preset, line)
    return lines, process.wait() == 0


def count_tests(preset):
    """Counts of each ctest test of the last run, from the log that ctest leaves."""
    log = log_of(preset)
    return counts.of_log(log.read_text(errors="replace")) if log.exists() else {}


def failures_of(preset, options, tests):
    """A line for each test case that failed, with what reproduces it; of many in one test the first ones."""
    configuration = " -C all" if options.all else " -C subset" if options.subset else ""
    log = log_of(preset)
    cases = counts.failed_cases(log.read_text(errors="replace")) if log.exists() else {}
    lines = []
    for name in (name for name, test in tests.items() if test.failed):
        again = f"reproduce with: ctest --preset {preset}{configuration} -R '^{re.escape(name)}$'"
        known = cases.get(name, [])
        lines += [f"== FAILED {preset} {name}: {case}; {again}" for case in known[:NAMED_CASES]]
        if len(known) > NAMED_CASES:
            lines.append(f"== FAILED {preset} {name}: {len(known) - NAMED_CASES} more; {again}")
        if not known:
            lines.append(f"== FAILED {preset} {name}; {again}")
    return lines


def report_skipped(preset):
    log = log_of(preset)
    reasons = counts.skip_reasons(log.read_text(errors="replace")) if log.exists() else []
    for name, reason in reasons:
        print(f"== skipped {preset} {name}: {reason}")


def run_preset(preset, options):
    """Counts, and a line for each failure."""
    lines, all_passed = run_ctest(preset, options)
    tests = count_tests(preset)
    total = sum(tests.values(), start=counts.Counts())
    failures = failures_of(preset, options, tests)
    if not all_passed:
        sys.stdout.writelines(line for line in lines if not RESULT_LINE.match(line))
    if not all_passed and not total.failed:
        total += counts.Counts(failed=1)  # ctest itself failed: no tests, a time-out of the whole run
        failures.append(f"== FAILED {preset}: ctest itself; reproduce with: "
                        f"{shlex.join(ctest_command(preset, options))}")
    report_skipped(preset)
    print(f"== {preset}: {total}", flush=True)
    return total, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filter")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--all", action="store_true", help="the tests that take long, too")
    kind.add_argument("--subset", action="store_true", help="only the tests of the subset")
    parser.add_argument("presets", nargs="+")
    options = parser.parse_args()
    presets = list(collections.OrderedDict.fromkeys(options.presets))
    results = [run_preset(preset, options) for preset in presets]
    total = sum((of_preset for of_preset, _ in results), start=counts.Counts())
    if not options.all and not options.subset:
        print("what takes long was left out; tests/run --all runs it")
    # At the end, where a log that is cut still has them.
    for _, failures in results:
        for line in failures:
            print(line)
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
