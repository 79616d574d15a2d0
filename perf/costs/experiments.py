"""The questions: each a table of codes that are counted on both machines and timed on this one.

A code is a kernel compiled with a preset or at a level, then perhaps edited, given to LLVM's passes, or placed elsewhere.
"""

import dataclasses

from costs import edits
from counts.kernels import Kernel

PRESET = "record-hinted"


@dataclasses.dataclass(frozen=True)
class Timed:
    """A kernel's call that takes some milliseconds; the counted one is in counts.kernels."""

    kernel: Kernel
    arguments: tuple
    repetitions: int  # that take some 50 ms


KERNELS = {timed.kernel.program: timed for timed in (
    Timed(Kernel("fib", "fib", (20,), 6765), (32,), 3),
    Timed(Kernel("tak", "tak", (12, 8, 4), 5), (18, 12, 6), 150),
    Timed(Kernel("ackermann", "ack", (2, 40), 83), (3, 8), 8),
    Timed(Kernel("mutual_recursion", "is_even", (1000,), 1), (100,), 150000),
    Timed(Kernel("many_args", "turn", (16, 1, 2, 3, 4, 5, 6, 7, 8, 9), 6487), (16, 1, 2, 3, 4, 5, 6, 7, 8, 9), 150000),
    Timed(Kernel("call_chain", "first", (1234,), 19830), (1234,), 800000),
    Timed(Kernel("error_propagation", "level1", (1234,), 2242), (1234,), 1500000),
    Timed(Kernel("may_wait", "block", (0, 5, 7), 7807007), (0, 5, 7), 8000),
    Timed(Kernel("tail_recursion", "loop", (100, 7), 11857809), (100, 7), 150000),
)}


@dataclasses.dataclass(frozen=True)
class Code:
    kernel: str
    preset: str
    label: str
    edit: tuple = ()  # (function of edits, its arguments)
    passes: tuple = ()  # options of `opt`
    offset: int = None  # bytes after a multiple of 64 where the code begins; None: where it happens to

    def edited(self, ir):
        return self.edit[0](ir, *self.edit[1]) if self.edit else ir


@dataclasses.dataclass(frozen=True)
class Experiment:
    """`reference` is the label, in the same kernel, that ratios are taken to."""

    name: str
    reference: str
    codes: tuple


def of_presets(kernels, *presets):
    return tuple(Code(kernel, preset, preset) for kernel in kernels for preset in presets)


def accesses():
    found = [Code("fib", PRESET, "as it is")]
    for kind in ("stores", "loads"):
        found += [Code("fib", PRESET, f"{number} {kind}", (edits.with_accesses, (number, kind))) for number in (1, 2, 4, 8, 16)]
    return tuple(found)


def callbacks():
    found = []
    for kernel in ("fib", "tak", "ackermann", "mutual_recursion"):
        found += [Code(kernel, "v3", "in line"), Code(kernel, "callback", "ten arguments"),
                  Code(kernel, "callback", "two arguments", (edits.with_short_callback, ()))]
        if kernel != "mutual_recursion":
            found.append(Code(kernel, "v4", "no slow path"))
    return tuple(found)


OFFSETS = (0, 16, 32, 48)
PLACED = {"fib": ("v4", "v4-hinted", "trivial-hinted", PRESET, "unwind"),
          "ackermann": ("v4", "v4-hinted", "trivial-hinted", PRESET, "unwind"),
          "mutual_recursion": (PRESET, "unwind")}


def without_place(code):
    """What is executed does not depend on where it lies: the code that is counted for all places."""
    return code if code.offset is None else dataclasses.replace(code, offset=0, label=f"{code.preset} at 0")


def placements():
    return tuple(Code(kernel, preset, f"{preset} at {offset}", offset=offset) for kernel, presets in PLACED.items()
                 for preset in presets for offset in OFFSETS)


INLINED = ("-passes=default<O3>", "-disable-loop-unrolling")
UNROLLED = ("-passes=default<O3>",)


def inlining():
    found = []
    for kernel in KERNELS:
        if kernel == "tail_recursion":
            continue
        for preset in ("baseline", PRESET):
            found += [Code(kernel, preset, preset), Code(kernel, preset, f"{preset}, inlined", passes=INLINED),
                      Code(kernel, preset, f"{preset}, inlined and unrolled", passes=UNROLLED)]
        found.append(Code(kernel, "optimised", "optimised"))
    return tuple(found)


EXPERIMENTS = (
    Experiment("stores and loads", "as it is", accesses()),
    Experiment("an opaque callback", "in line", callbacks()),
    Experiment("where code lies", "v4 at 0", placements()),
    Experiment("tail calls", "baseline", of_presets(["tail_recursion"], "baseline", "v3", "v4", PRESET, "unwind", "optimised")),
    Experiment("inlining and unrolling", "baseline", inlining()),
)
