"""The calls that are counted: functions of perf/programs that take integers and call no helper on their way."""

import dataclasses
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "programs"


class KernelError(Exception):
    """A kernel that cannot be counted, and why."""


@dataclasses.dataclass(frozen=True)
class Kernel:
    """One call of a function of perf/programs/PROGRAM.vot, or of perf/programs/whole/PROGRAM.vot."""

    program: str
    function: str
    arguments: tuple
    result: int  # what the call must give, by the function's definition and not by a run

    def path(self, folder=FOLDER):
        path = folder / f"{self.program}.vot"
        return path if path.exists() else folder / "whole" / path.name


# Small enough for the emulator, which executes some million instructions in a second.
KERNELS = [
    Kernel("fib", "fib", (20,), 6765),
    Kernel("tak", "tak", (12, 8, 4), 5),
    Kernel("ackermann", "ack", (2, 40), 83),
    Kernel("mutual_recursion", "is_even", (1000,), 1),
    Kernel("many_args", "turn", (16, 1, 2, 3, 4, 5, 6, 7, 8, 9), 6487),
    Kernel("call_chain", "first", (1234,), 19830),
    Kernel("error_propagation", "level1", (1234,), 2242),
    Kernel("defer_caller", "hot", (1234, 56), 35451),
    Kernel("may_wait", "block", (0, 5, 7), 7807007),  # sends nothing in its thousand rounds: no channel is needed
]

# Functions that are counted at the optimised level only. Slices are zeros, so indices are, and floats.
HOT = [
    Kernel("matmul_flat", "mul", ("slice:400:8", "slice:400:8", "slice:400:8", 20), 0),
    Kernel("bounds_heavy", "gather", ("slice:500:8", "slice:500:8", "slice:500:8", "slice:500:8"), 0),
    Kernel("bounds_heavy", "smooth", ("slice:500:8", "slice:500:8"), 0),
    Kernel("bounds_heavy", "bytesum", ("slice:500:1", "slice:500:2", "slice:500:4"), -498288),
    Kernel("bounds_heavy", "dot", ("slice:500:8", "slice:500:8", 500), 0),
    Kernel("bounds_heavy", "prefix", ("slice:20:slice:64:8",), 22442816),
    Kernel("spectral_norm", "mulAv", ("slice:40:8", "slice:40:8"), 0),
    Kernel("spectral_norm", "mulAtv", ("slice:40:8", "slice:40:8"), 0),
    Kernel("nbody", "advance", ("slice:5:56", 0), 0),
    Kernel("quicksort", "sortRange", ("slice:200:8", 0, 199), 0),
    Kernel("nqueens", "solve", (6, 0, "slice:6:1", "slice:12:1", "slice:12:1"), 4),
    Kernel("struct_copy", "step", (0, 0, 0, 0, 0, 0, 1, 2, 0), 0),
    Kernel("tail_recursion", "loop", (100, 7), 11857809),
    Kernel("tail_recursion", "gcd", (7919 * 4321 + 13, 1000003), 1),
]


def find(names, folder=FOLDER):
    """The kernels of the named programs; without names, of every program that the folder has."""
    known = {kernel.program: kernel for kernel in KERNELS if kernel.path(folder).exists()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise KernelError(f"no kernel {', '.join(unknown)}; there are: {', '.join(known)}")
    return [known[name] for name in names or known]
