"""The ways to run a program: one row for the interpreter, one for each preset of the tier, one for each twin.

A back end turns a program of some size into a command to run. A new kind of twin is a class here and a row in
`available`.
"""

import dataclasses
import subprocess

REFERENCE = "baseline"  # what ratios are taken to


@dataclasses.dataclass(frozen=True)
class Volt:
    """The volt command with some options."""

    name: str
    volt: str
    options: tuple
    preset: str = ""

    def prepare(self, program, size, folder):
        source = folder / f"{program.name}-{size}.vot"
        source.write_text(program.with_size(size))
        return [self.volt, "run", str(source), *self.options]


@dataclasses.dataclass(frozen=True)
class Clang:
    """The C twin: the same recursion and the same output."""

    name: str = "c"
    preset: str = ""

    def prepare(self, program, size, folder):
        binary = folder / f"{program.name}-{size}-c"
        command = ["clang-22", "-O2", "-fno-optimize-sibling-calls", f"-DSIZE={size}", str(program.c_twin), "-o",
                   str(binary), "-lm"]
        subprocess.run(command, check=True)
        return [str(binary)]


def presets(volt):
    output = subprocess.run([volt, "compile", "--list-presets"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return output.split()


def preset_backend(volt, preset):
    return Volt(preset, volt, ("--tier=llvm", "--sync", f"--preset={preset}"), preset)


def available(volt, program, wanted=None):
    """Back ends for this program; `wanted` limits them, but the reference is always there."""
    chosen = [Volt("interpreter", volt, ("--tier=interp",))]
    chosen += [preset_backend(volt, preset) for preset in presets(volt)]
    if program.c_twin.exists():
        chosen.append(Clang())
    return [backend for backend in chosen if not wanted or backend.name in wanted or backend.name == REFERENCE]
