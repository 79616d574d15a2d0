"""Command line of perf/gate."""

import argparse
import pathlib
import sys

from compare.programs import ProgramError
from counts.kernels import KernelError
from gates import assembly, baseline, check, collect, compile_time, report, self_test
from gates.figures import GateError, Key

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSED, WORSE, CANNOT_SAY = 0, 1, 2


def parse_command_line():
    parser = argparse.ArgumentParser(
        prog="perf/gate", description="Compares exact figures of compiled code with the committed baseline.",
        epilog="Exit status: 0 passed, 1 something got worse, 2 the gate cannot say.")
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", help="names of perf/programs/NAME.vot and perf/programs/whole/NAME.vot (all)")
    parser.add_argument("--preset", action="append", metavar="NAME", help="only this preset or level")
    parser.add_argument("--target", action="append", choices=collect.TARGETS, help="only this machine")
    parser.add_argument("--update", action="store_true", help="rewrite the baseline")
    parser.add_argument("--assembly", nargs=4, metavar=("KERNEL", "FUNCTION", "PRESET", "TARGET"),
                        help="show how the function's assembly differs from the one at the baseline's commit")
    parser.add_argument("--compile-time", action="store_true",
                        help="show how many instructions compiling takes; compare nothing")
    parser.add_argument("--self-test", action="store_true",
                        help="break the code generator in a copy of the tree, and see that the gate notices")
    parser.add_argument("--build", default=ROOT / "build" / "release", metavar="FOLDER",
                        help="take volt and volt-count from there; nothing is installed or built")
    parser.add_argument("--jobs", type=int, default=collect.default_workers(), metavar="N",
                        help="processes at a time (one for each processor)")
    parser.add_argument("--baselines", type=pathlib.Path, default=baseline.FOLDER, help=argparse.SUPPRESS)
    return parser.parse_args()


def compare(build, selection, options):
    outcome = check.check(build, selection, options.baselines, options.jobs)
    check.report_outcome(outcome, options.update)
    if options.update:
        check.update(outcome, selection, options.baselines)
        return WORSE if outcome.breaks_relations else PASSED
    return WORSE if outcome.fails else PASSED


def show_assembly(build, words):
    *names, target = words
    lines = assembly.difference(build, Key(*names), target)
    sys.stdout.writelines(lines or ["The assembly is the same.\n"])
    return PASSED


def show_compile_time(build, selection):
    tool, lines = compile_time.measure(build, selection)
    if not tool:
        print("gate: compile time is not available: neither `perf stat` nor valgrind counts instructions here")
        return PASSED
    texts = [[target, kernel, preset, f"{instructions / 1e6:.1f}"] for target, kernel, preset, instructions in lines]
    print(f"Instructions of `volt compile`, start-up included, counted by {tool}; shown, not gated")
    print(report.table(["target", "kernel", "preset", "millions"], texts, 3))
    return PASSED


def run(options):
    if options.self_test:
        return PASSED if self_test.run(options.baselines, options.jobs) else WORSE
    build = collect.as_build(options.build)
    if options.assembly:
        return show_assembly(build, options.assembly)
    selection = collect.select(build, options.kernels, options.preset, options.target)
    if options.compile_time:
        return show_compile_time(build, selection)
    return compare(build, selection, options)


def main():
    options = parse_command_line()
    try:
        return run(options)
    except (GateError, KernelError, ProgramError, OSError) as error:
        print(f"gate: {error}", file=sys.stderr)
        return CANNOT_SAY


if __name__ == "__main__":
    sys.exit(main())
