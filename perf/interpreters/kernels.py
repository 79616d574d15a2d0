"""The kernels, and the ways to run one: perf/programs/NAME.vot and its twin NAME.lua at the same size."""

import dataclasses
import pathlib
import subprocess

from compare import measure, programs

NAMES = ["fib", "sieve", "nbody", "spectral_norm", "quicksort", "word_count", "closure_calls", "fannkuch"]

# Sizes at which the original was timed, where perf/compare-backends measures another one.
SIZES = {"fib": 38, "closure_calls": 2400000}

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "programs"
CALIBRATION = "C fib(38)"


@dataclasses.dataclass(frozen=True)
class Command:
    """Something that is timed: `output` names the commands that must print the same."""

    name: str
    words: list
    output: str


def find(names):
    return programs.find(FOLDER, names or NAMES)


def size_of(program, quick):
    return program.quick_size if quick else SIZES.get(program.name, program.size)


def commands_of(program, size, volt, folder):
    source = folder / f"{program.name}.vot"
    source.write_text(program.with_size(size))
    twin = program.path.with_suffix(".lua")
    return [
        Command(f"{program.name} volt", [volt, "run", "--tier=interp", str(source)], program.name),
        Command(f"{program.name} lua", ["lua5.4", str(twin), str(size)], program.name),
    ]


def calibration(folder):
    """The C program by which recorded times are scaled: fib(38), compiled as it was then."""
    binary = folder / "calibration"
    command = ["clang-22", "-O2", "-fno-optimize-sibling-calls", "-DSIZE=38", str(FOLDER / "fib.c"), "-o", str(binary)]
    if subprocess.run(command, check=False).returncode != 0:
        raise measure.MeasureError("cannot compile the calibration program perf/programs/fib.c")
    return Command(CALIBRATION, [str(binary)], CALIBRATION)
