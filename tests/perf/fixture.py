"""Comparisons with times that are easy to reckon with, as perf/compare-backends would have measured them."""

import pathlib
import sys
import types

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "perf"))

from compare import measure, metrics, results  # noqa: E402

START = measure.Sample(0.5, 0.5)
ROUNDS = 6  # the fewest that allow a conclusion
MACHINE = {"machine": "x86_64", "processor": "A <processor>", "processors": 2, "system": "Linux", "clang": "clang 22",
           "triple": "x86_64-unknown-linux-gnu", "compiler": "LLVM 22"}
METRICS = {"code_bytes": 100, "hot_bytes": 60, "cold_bytes": 40, "callee_saved": 3, "frame_bytes": 24, "spills": 1,
           "reloads": 2}


def series(name, seconds, rounds=ROUNDS):
    """A back end that takes the same time in each round."""
    run = measure.Sample(START.processor + seconds, START.wall + seconds)
    return measure.Series(name, [run] * rounds, [START] * rounds, {"panic": 0, "yield": 4})


def facts(same_as=None, status="kept", callee_saved=3):
    code = {target: {**METRICS, "callee_saved": callee_saved} for target in metrics.TARGETS}
    return metrics.Facts(code, {target: same_as for target in metrics.TARGETS}, status)


def comparison(name, times, same=(), statuses=None):
    """`times` is {back end: seconds}, `same` is {back end: the earlier one whose code it has}."""
    same, statuses = dict(same), statuses or {}
    known = {backend: facts(same.get(backend), statuses.get(backend, "kept"))
             for backend in [*times, *same] if backend not in ("interpreter", "c", "c-same-shape")}
    program = types.SimpleNamespace(name=name, hot_function=name)
    return results.of_program(program, 10, [*times, *same], [series(*item) for item in times.items()], known)


def everything(comparisons):
    return {"machine": MACHINE, "quick": False, "default": "record-hinted", "comparisons": comparisons,
            "geometric_means": results.geometric_means(comparisons)}
