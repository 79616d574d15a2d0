"""Whole programs: Volt as a user starts it and its interpreter, beside the twins in C and Go.

A program is here because it has a twin programs/whole/NAME.go, whose line "// @size N" says at what size it is compared.
Its other parts are in the same folder, or above it, where kernels are. Times are of the whole process by the clock,
start-up and compilation included, and no code is left from an earlier run.
"""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from compare import backends, measure, programs, statistics

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "programs" / "whole"
AUTO, INTERPRETER, C, GO = "auto", "interpreter", "c", "go"
REFERENCES = (C, GO, INTERPRETER)
# The same with calls and exits of another kind: what they matter once everything else is fast.
PRESETS = ("baseline", "hinted", "unwind")
SIZE_LINE = re.compile(r"^// @size (\d+)$", re.MULTILINE)
CLANG_NAMES = ("clang-22", "clang")


@dataclasses.dataclass(frozen=True)
class WholeProgram:
    program: programs.Program
    size: int
    go_twin: pathlib.Path
    c_twin: pathlib.Path  # None: there is none
    c_options: tuple = ()

    @property
    def name(self):
        return self.program.name


@dataclasses.dataclass(frozen=True)
class Compilers:
    """What twins are compiled with; None is not installed."""

    clang: str
    go: str

    def missing(self):
        """What is not compared, and how it would be."""
        lines = [] if self.clang else ["C is left out: clang is not installed (apt-get install clang-22)"]
        return lines + ([] if self.go else ["Go is left out: go is not installed (apt-get install golang-go)"])


def installed_compilers():
    return Compilers(next(filter(None, map(shutil.which, CLANG_NAMES)), None), shutil.which("go"))


def beside_or_above(folder, file_name):
    """The file in the folder, or the kernels' file of this name, or None."""
    return next((path for path in (folder / file_name, folder.parent / file_name) if path.exists()), None)


def load(go_twin):
    name, folder = go_twin.stem, go_twin.parent
    size, source = SIZE_LINE.search(go_twin.read_text()), beside_or_above(folder, f"{name}.vot")
    if not size or not source:
        raise programs.ProgramError(f"{go_twin} needs a line '// @size N' and a program {name}.vot")
    c_twin = beside_or_above(folder, f"{name}.c")
    is_kernel = c_twin and c_twin.parent != folder
    return WholeProgram(programs.load(source), int(size[1]), go_twin, c_twin, ("-DTWIN_PLAIN",) if is_kernel else ())


def find(names, folder=FOLDER):
    """The named programs, or all of them."""
    known = {path.stem: path for path in sorted(folder.glob("*.go"))}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise programs.ProgramError(f"no whole program {', '.join(unknown)}; there are: {', '.join(known)}")
    return [load(known[name]) for name in names or known]


# ---- Commands ----


def compile_c(clang, program, size, folder):
    binary = folder / f"{program.name}-{size}-c"
    subprocess.run([clang, "-O2", "-fwrapv", *program.c_options, f"-DSIZE={size}", str(program.c_twin), "-o", str(binary),
                    "-lm"], check=True)
    return (str(binary),)


def compile_go(go, program, size, folder):
    """The size is a constant, in a file of its own."""
    sources = folder / f"{program.name}-{size}-go"
    sources.mkdir()
    shutil.copy(program.go_twin, sources)
    (sources / "size.go").write_text(f"package main\n\nconst SIZE = {size}\n")
    binary = sources / program.name
    subprocess.run([go, "build", "-o", str(binary), program.go_twin.name, "size.go"], check=True, cwd=sources,
                   env={**os.environ, "GO111MODULE": "off"})
    return (str(binary),)


def preset_name(preset):
    return f"{AUTO}, {preset}"


def commands(volt, compilers, program, size, folder, presets=()):
    """{back end: command}, of those that there are."""
    source = str(backends.sized_source(program.program, size, folder))
    found = {AUTO: (volt, "run", source, "--cache=off"), INTERPRETER: (volt, "run", source, "--tier=interp")}
    found |= {preset_name(preset): (*found[AUTO], f"--preset={preset}") for preset in presets}
    if compilers.clang and program.c_twin:
        found[C] = compile_c(compilers.clang, program, size, folder)
    if compilers.go:
        found[GO] = compile_go(compilers.go, program, size, folder)
    return found


# ---- Measuring ----


def measure_rounds(commands_of, rounds, rounds_of, progress, deadline=None):
    """{program: {back end: samples}}; each round runs every command once, beginning with another one each time."""
    samples = {name: {backend: [] for backend in found} for name, found in commands_of.items()}
    outputs = {name: {} for name in commands_of}
    for number in measure.rounds_until(rounds, deadline):
        for name, found in commands_of.items():
            order = list(found)
            shift = number % len(order)
            for backend in order[shift:] + order[:shift]:
                if number >= rounds_of.get(backend, rounds):
                    continue
                progress(number + 1, rounds, name, backend)
                sample, output, _ = measure.run_once(found[backend])
                measure.check_output(outputs[name], f"{name}: {backend}", output)
                samples[name][backend].append(sample)
    return samples


def compare(volt, chosen, options, shown):
    """Rows of the programs in `chosen`, which is [(program, size)]."""
    with tempfile.TemporaryDirectory(prefix="compare-backends-") as name:
        commands_of = {}
        for program, size in chosen:
            shown.show(f"compiling the twins of {program.name}")
            commands_of[program.name] = commands(volt, options.compilers, program, size, pathlib.Path(name),
                                                 options.presets)
        shown.start({(name, backend): min(options.rounds, options.rounds_of.get(backend, options.rounds))
                     for name, found in commands_of.items() for backend in found})
        samples = measure_rounds(commands_of, options.rounds, options.rounds_of, shown.step, options.deadline)
    return [row(program.name, size, samples[program.name]) for program, size in chosen]


# ---- Results ----


def seconds_of(samples):
    return tuple(sample.wall for sample in samples)


def row(name, size, samples):
    """One program: medians, and how `auto` compares with each of the others."""
    times = {backend: seconds_of(of_backend) for backend, of_backend in samples.items()}
    return {
        "program": name,
        "size": size,
        "rounds": {backend: len(of_backend) for backend, of_backend in times.items()},
        "seconds": {backend: statistics.median(of_backend) for backend, of_backend in times.items()},
        "ratios": {reference: statistics.compared([(times[AUTO], times[reference])])
                   for reference in REFERENCES if reference in times},
        "presets": {preset: statistics.compared([(times[preset_name(preset)], times[AUTO])])
                    for preset in PRESETS if preset_name(preset) in times},
        "samples": {backend: [dataclasses.asdict(sample) for sample in of_backend]
                    for backend, of_backend in samples.items()},
    }


def wall_seconds(one, backend):
    return tuple(sample["wall"] for sample in one["samples"][backend])


def worst(rows, reference):
    return max(rows, key=lambda one: one["ratios"][reference]["ratio"])


def summary(rows, reference):
    """The geometric mean of the ratios to a reference, and the worst program; None: it did not run."""
    having = [one for one in rows if reference in one["ratios"]]
    if not having:
        return None
    last = worst(having, reference)
    return {"reference": reference, "programs": len(having), "worst": last["program"],
            "worst_ratio": last["ratios"][reference]["ratio"],
            **statistics.compared([(wall_seconds(one, AUTO), wall_seconds(one, reference)) for one in having])}


def summaries(rows):
    return [found for found in (summary(rows, reference) for reference in REFERENCES) if found]
