"""Command line of perf/estimate-cycles."""

import argparse
import json
import pathlib
import sys
import tempfile

from compare import progress
from counts import emulate, kernels
from estimates import blocks

ROOT = pathlib.Path(__file__).resolve().parents[2]


def parse_command_line():
    parser = argparse.ArgumentParser(prog="perf/estimate-cycles", description="Estimates cycles of what compiled code executes.")
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", help="names of perf/programs/NAME.vot (all kernels)")
    parser.add_argument("--preset", action="append", metavar="NAME", help="only this preset")
    parser.add_argument("--json", metavar="FILE", help="write everything that was estimated")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", metavar="FOLDER",
                        help="take volt and volt-count from there; nothing is installed or built")
    return parser.parse_args()


def executed(build, kernel, preset, target, folder):
    code = emulate.compile_object(build, kernel.program, kernel.path(), preset, target, folder)
    found = json.loads(emulate.output_of([build / "volt-count", f"--object={code}", f"--target={target}",
                                          f"--function={kernel.function}", "--instructions", "--", *kernel.arguments]))
    if found["result"] != kernel.result:
        raise kernels.KernelError(f"{kernel.program} with {preset} for {target} gave {found['result']}, not {kernel.result}")
    return found["executed"]


def rows(build, kernel, presets, folder, shown):
    found = []
    for preset in presets:
        shown.show(f"estimating {kernel.program}: {preset}")
        for target in emulate.TARGETS:
            instructions = executed(build, kernel, preset, target, folder)
            found += [{"kernel": kernel.program, "preset": preset, "target": target, "core": core.name,
                       "cycles": blocks.estimate(instructions, core)} for core in blocks.CORES if core.target == target]
    return found


def main():
    options = parse_command_line()
    shown, found = progress.Progress(), []
    try:
        presets = options.preset or emulate.presets(options.build)
        with tempfile.TemporaryDirectory(prefix="estimate-cycles-") as folder:
            for kernel in kernels.find(options.kernels):
                found += rows(options.build, kernel, presets, folder, shown)
        shown.end()
        for row in found:
            print(f"{row['kernel']:18} {row['preset']:16} {row['target']:8} {row['core']:12} {row['cycles']:14.0f}")
        if options.json:
            pathlib.Path(options.json).write_text(json.dumps({"estimates": found}, indent=1) + "\n", encoding="utf-8")
    except (kernels.KernelError, OSError) as error:
        print(f"estimate-cycles: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
