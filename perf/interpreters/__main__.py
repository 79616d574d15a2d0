"""Command line of perf/compare-interpreters."""

import argparse
import pathlib
import sys
import tempfile

from compare import measure, programs
from interpreters import kernels, original, rounds, table

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_ROUNDS, QUICK_ROUNDS = 7, 3


def parse_command_line():
    parser = argparse.ArgumentParser(prog="perf/compare-interpreters",
                                     description="Compares Volt's interpreter with Lua 5.4 on the same algorithms.")
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help="names of kernels; all of them if none is given")
    parser.add_argument("--rounds", type=int, help=f"runs of each ({DEFAULT_ROUNDS}; quick: {QUICK_ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds: to see that it works")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    parser.add_argument("--volt", default=str(ROOT / "build" / "release" / "volt"),
                        help="measure this command; nothing is installed or built then")
    options = parser.parse_args()
    unknown = [name for name in options.programs if name not in kernels.NAMES]
    if unknown:
        parser.error(f"no kernel {', '.join(unknown)}; there are: {', '.join(kernels.NAMES)}")
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds must be at least 1")
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else DEFAULT_ROUNDS)
    return options


def measure_all(options):
    sizes = {program.name: kernels.size_of(program, options.quick) for program in kernels.find(options.programs)}
    with tempfile.TemporaryDirectory(prefix="compare-interpreters-") as name:
        folder = pathlib.Path(name)
        commands = [kernels.calibration(folder)]
        for program in kernels.find(options.programs):
            commands += kernels.commands_of(program, sizes[program.name], options.volt, folder)
        samples = rounds.interleaved(commands, options.rounds)
    recorded = {} if options.quick else original.recorded_seconds()
    return table.Results(sizes, samples, recorded)


def main():
    options = parse_command_line()
    try:
        results = measure_all(options)
        table.print_table(results, options.rounds)
        if options.json:
            table.write_json(options.json, results, options.rounds)
    except (programs.ProgramError, measure.MeasureError, OSError) as error:
        print(f"compare-interpreters: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
