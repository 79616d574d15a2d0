"""Rows that tests make up."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "perf"))
sys.dont_write_bytecode = True

from gates.collect import Selection  # noqa: E402
from gates.figures import Key, Row  # noqa: E402

TARGET = "x86_64"


def key(preset="v3", kernel="fib", function=None):
    return Key(kernel, function or kernel, preset)


def row(reason="", **figures):
    return Row(figures, reason)


def selection(kernels=("fib", "tak"), presets=("v3", "v4"), **every):
    return Selection(tuple(kernels), tuple(presets), (TARGET,), **every)
