"""Takes the figures of a build: compiles each program with each preset for each machine, and counts its kernel."""

import concurrent.futures
import dataclasses
import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from compare import programs, whole
from counts import emulate, kernels
from gates.figures import EXECUTED, STATIC, GateError, Key, Row

TARGETS = emulate.TARGETS
TIER_NAME = re.compile(r"LLVM (\d+(?:\.\d+)?)")
SMALLEST_PROGRAM = "module smallest\nentry @main\nfn main params=0 locals=1 results=0 {\n\tReturn r0, 0\n}\n"


@dataclasses.dataclass(frozen=True)
class Selection:
    """What is looked at; the rest of a baseline is left alone."""

    kernels: tuple
    presets: tuple
    targets: tuple
    every_kernel: bool = False  # of the baseline, too: one that is not among `kernels` any more is gone
    every_preset: bool = False

    def has(self, key):
        return ((self.every_kernel or key.kernel in self.kernels) and
                (self.every_preset or key.preset in self.presets))


@dataclasses.dataclass(frozen=True)
class Job:
    program: programs.Program
    kernels: tuple  # of counts.kernels.Kernel; empty: nothing of the program can be counted
    preset: str  # or a level
    target: str

    def functions(self):
        """A level is about whole programs: all that is hot in them."""
        hot = self.program.hot_functions if self.preset in emulate.LEVELS else [self.program.hot_function]
        return list(dict.fromkeys([*(kernel.function for kernel in self.kernels), *hot]))

    def kernel_of(self, function):
        return next((kernel for kernel in self.kernels if kernel.function == function), None)


def llvm_version(build):
    """Major and minor version of the LLVM that the build's tier compiles with."""
    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        program = pathlib.Path(folder) / "smallest.vot"
        program.write_text(SMALLEST_PROGRAM)
        command = [build / "volt", "run", program, "--tier=llvm", "--sync", "--cache=off", "--stats=json"]
        try:
            process = subprocess.run(command, capture_output=True, text=True)
        except OSError as error:
            raise GateError(f"{command[0]} cannot be run: {error}") from error
    found = TIER_NAME.search(process.stderr)
    if not found:
        raise GateError(f"{command[0]} does not say which LLVM it compiles with: {process.stderr.strip()}")
    return found[1]


def available_programs():
    """Kernels, which presets are compared with, and whole programs, which only levels are."""
    return {program.name: program for folder in (kernels.FOLDER, whole.FOLDER) for program in programs.find(folder, [])}


def is_measured(program, preset):
    return preset in emulate.LEVELS or program.path.parent == kernels.FOLDER


def select(build, names, presets, targets):
    """What is named, or all of it where nothing is."""
    available, existing = available_programs(), [*emulate.presets(build), *emulate.LEVELS]
    for word, given, known in [("kernel", names, available), ("preset", presets, existing)]:
        unknown = [name for name in given or [] if name not in known]
        if unknown:
            raise GateError(f"no {word} {', '.join(unknown)}; there are: {', '.join(known)}")
    return Selection(tuple(sorted(set(names or available))), tuple(dict.fromkeys(presets or existing)),
                     tuple(targets or TARGETS), every_kernel=not names, every_preset=not presets)


def static_figures(build, job, function):
    output = emulate.output_of([build / "volt", "compile", job.program.path, f"--func={function}",
                                *emulate.options_of(job.preset), f"--target={job.target}", "--emit=metrics"])
    metrics = json.loads(output)[0]
    return {figure: metrics[name] for figure, name in STATIC.items() if name in metrics}


def counted_figures(build, job, kernel, code):
    counted = emulate.counted(build, kernel, code, job.preset, job.target)
    return {figure: counted[figure] for figure in EXECUTED}


def measure_function(build, job, function, code):
    """Code that cannot be made or counted has a row without those figures, and with the reason."""
    figures = {}
    try:
        figures |= static_figures(build, job, function)
        if kernel := job.kernel_of(function):
            figures |= counted_figures(build, job, kernel, code())
    except kernels.KernelError as error:
        return Row(figures, str(error))
    return Row(figures)


def measure(build, job, folder):
    """Rows of one job by key. The object is made for the first function that is counted."""
    code = functools.cache(lambda: emulate.compile_object(build, job.program.name, job.program.path, job.preset,
                                                          job.target, folder))
    return {Key(job.program.name, function, job.preset): measure_function(build, job, function, code)
            for function in job.functions()}


def kernels_of(name, preset):
    counted = [*kernels.KERNELS, *(kernels.HOT if preset in emulate.LEVELS else [])]
    return tuple(kernel for kernel in counted if kernel.program == name)


def jobs_of(selection):
    available = available_programs()
    return [Job(available[name], kernels_of(name, preset), preset, target)
            for name in selection.kernels for preset in selection.presets for target in selection.targets
            if is_measured(available[name], preset)]


def collect(build, selection, workers):
    """{target: {key: row}}"""
    rows = {target: {} for target in selection.targets}
    jobs = jobs_of(selection)
    with tempfile.TemporaryDirectory(prefix="volt-gate-") as folder, \
            concurrent.futures.ThreadPoolExecutor(workers) as pool:
        results = pool.map(lambda job: measure(build, job, folder), jobs)
        for done, (job, result) in enumerate(zip(jobs, results), 1):
            rows[job.target] |= result
            if sys.stderr.isatty():
                print(f"\rgate: {done} of {len(jobs)} compiled and counted", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return rows


def default_workers():
    return min(os.cpu_count() or 1, 8)


def as_build(path):
    """The folder, if what is run is there."""
    folder = pathlib.Path(path).resolve()
    for name in ["volt", "volt-count"]:
        if not (folder / name).exists():
            raise GateError(f"{folder} has no {name}: build it with the targets volt, volt-llvm and volt-count")
    return folder
