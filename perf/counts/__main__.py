"""Command line of perf/count-backends."""

import argparse
import pathlib
import sys
import tempfile

from counts import emulate, kernels, table, variants

ROOT = pathlib.Path(__file__).resolve().parents[2]


def parse_command_line():
    parser = argparse.ArgumentParser(prog="perf/count-backends",
                                     description="Counts what compiled code executes, on every host the same.")
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", help="names of perf/programs/NAME.vot (all kernels)")
    parser.add_argument("--preset", action="append", metavar="NAME", help="only this preset")
    parser.add_argument("--target", action="append", choices=emulate.TARGETS, help="only this machine")
    parser.add_argument("--variants", action="store_true",
                        help=f"also what else LLVM offers for calls, tried on {variants.PRESET} (variants.py)")
    parser.add_argument("--json", metavar="FILE", help="write everything that was counted")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", metavar="FOLDER",
                        help="take volt and volt-count from there; nothing is installed or built")
    parser.add_argument("--programs", type=pathlib.Path, default=kernels.FOLDER, help=argparse.SUPPRESS)
    return parser.parse_args()


def choose_presets(options):
    available = emulate.presets(options.build)
    unknown = [name for name in options.preset or [] if name not in available]
    if unknown:
        raise kernels.KernelError(f"no preset {', '.join(unknown)}; there are: {', '.join(available)}")
    return options.preset or available


def count_kernel(kernel, options, presets):
    with tempfile.TemporaryDirectory(prefix="count-backends-") as folder:
        targets, source = options.target or emulate.TARGETS, kernel.path(options.programs)
        tried = variants.VARIANTS if options.variants else []
        return [row for target in targets for row in
                [*(emulate.count(options.build, kernel, source, preset, target, folder) for preset in presets),
                 *(variants.count(options.build, kernel, source, variant, target, folder) for variant in tried)] if row]


def main():
    options = parse_command_line()
    counted = []
    try:
        presets = choose_presets(options)
        for kernel in kernels.find(options.kernels, options.programs):
            counted.append((kernel, count_kernel(kernel, options, presets)))
            table.print_table(*counted[-1])
        if options.json:
            table.write_json(options.json, counted)
    except (kernels.KernelError, OSError) as error:
        print(f"count-backends: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
