"""Command line of perf/compare-backends."""

import argparse
import pathlib
import sys

from compare import backends, measure, metrics, programs, report

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_ROUNDS, QUICK_ROUNDS = 11, 3
DEFAULT_PROGRAM = "fib"


def parse_command_line():
    parser = argparse.ArgumentParser(prog="perf/compare-backends", description="Compares the back ends of Volt.")
    parser.add_argument("programs", nargs="*", metavar="PROGRAM",
                        help=f"names of perf/programs/NAME.vot ({DEFAULT_PROGRAM})")
    parser.add_argument("--all", action="store_true", help="every program")
    parser.add_argument("--rounds", type=int, help=f"runs of each back end ({DEFAULT_ROUNDS}; quick: {QUICK_ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds: to see that it works")
    parser.add_argument("--backend", action="append", metavar="NAME", help="only this back end (and baseline)")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    parser.add_argument("--volt", default=str(ROOT / "build" / "release" / "volt"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds must be at least 1")
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else DEFAULT_ROUNDS)
    return options


def compare_program(program, options):
    chosen = backends.available(options.volt, program, options.backend)
    size = program.quick_size if options.quick else program.size
    with programs.prepared(program, chosen, size) as prepared:
        samples = measure.interleaved(prepared, options.rounds, report.progress)
    code = {backend.name: metrics.of_backend(options.volt, program, backend) for backend in chosen}
    return report.Comparison(program, size, options.rounds, samples, code)


def main():
    options = parse_command_line()
    try:
        names = options.programs or [DEFAULT_PROGRAM]
        chosen = programs.find(ROOT / "perf" / "programs", [] if options.all else names)
        comparisons = []
        for program in chosen:
            comparisons.append(compare_program(program, options))
            report.print_table(comparisons[-1])
        if options.json:
            report.write_json(options.json, comparisons)
    except (programs.ProgramError, measure.MeasureError) as error:
        print(f"compare-backends: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
