"""The programs that are compared: perf/programs/NAME.vot with twins of the same name.

A program states its size once, on a line that ends with the comment "; @size quick M": the last number before the
comment is the size. So the same program can be made with another size, and with size 0 it does nothing but start.
"""

import concurrent.futures
import contextlib
import dataclasses
import os
import pathlib
import re
import tempfile

SIZE_LINE = re.compile(r"^(?P<before>.*?)(?P<number>\d+)(?P<after>\s*;\s*@size quick (?P<quick>\d+)\s*)$", re.MULTILINE)
HOT_LINE = re.compile(r"^;\s*@hot (?P<function>\S+)\s*$", re.MULTILINE)
START_SIZE = 0


class ProgramError(Exception):
    """A program that cannot be compared, and why."""


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    path: pathlib.Path
    text: str
    size: int
    quick_size: int
    hot_functions: tuple  # whose code is looked at; of kernels the first one

    @property
    def hot_function(self):
        return self.hot_functions[0]

    @property
    def c_twin(self):
        return self.path.with_suffix(".c")

    def with_size(self, size):
        return SIZE_LINE.sub(lambda match: f"{match['before']}{size}{match['after']}", self.text)


@dataclasses.dataclass(frozen=True)
class Prepared:
    """Commands of one back end: the program at its size, and one that only starts."""

    backend: object
    command: tuple
    start_command: tuple


def load(path):
    text = path.read_text()
    size_lines, hot = list(SIZE_LINE.finditer(text)), tuple(HOT_LINE.findall(text))
    if len(size_lines) != 1 or not hot:
        raise ProgramError(f"{path} needs exactly one line with '@size quick N' and '@hot FUNCTION'")
    return Program(path.stem, path, text, int(size_lines[0]["number"]), int(size_lines[0]["quick"]), hot)


def find(folder, names):
    """The named programs, or all of them."""
    paths = {path.stem: path for path in sorted(folder.glob("*.vot"))}
    unknown = [name for name in names if name not in paths]
    if unknown:
        raise ProgramError(f"no program {', '.join(unknown)}; there are: {', '.join(paths)}")
    return [load(paths[name]) for name in names or paths]


def with_twin(folder):
    """The kernels: every program that has a C twin."""
    return [program for program in find(folder, []) if program.c_twin.exists()]


def prepare(program, of_program, size, folder):
    return program, [Prepared(backend, tuple(backend.prepare(program, size, folder)),
                              tuple(backend.prepare(program, START_SIZE, folder))) for backend in of_program]


@contextlib.contextmanager
def prepared(chosen):
    """Commands for [(program, its back ends, its size)]; what they need lies in a folder that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="compare-backends-") as name:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            done = list(pool.map(lambda item: prepare(*item, pathlib.Path(name)), chosen))
        yield done
