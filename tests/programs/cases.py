"""Programs with their expected output.

A case is NAME.vot (ours) or NAME.vob (the shared collection) with, beside it,
  NAME.out    expected standard output, byte by byte
  NAME.rc     expected exit status (0 if the file is missing)
  NAME.args   arguments of the program, one a line (none if missing)
"""

import dataclasses
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared" / "programs"

# Benchmarks that are quick enough to be tests in every mode of a build without sanitizers.
QUICK_BENCHMARKS = ["fib"]

# Their stacks grow so large that scanning them at every allocation takes minutes; in a build with sanitizers, the
# second list does, too.
SLOW_WHEN_COLLECTING = ["stack_overflow", "deep_recursion", "deferred_depth", "islands_deep_exits", "regexp_long_texts"]
SLOW_WHEN_COLLECTING_SANITIZED = ["goroutines", "map_int", "map_iter", "map_keys", "loops_labels", "many_params"]


@dataclasses.dataclass(frozen=True)
class Case:
    path: pathlib.Path
    is_benchmark: bool = False

    @property
    def name(self):
        return f"{self.path.parent.name}/{self.path.stem}"

    def beside(self, suffix):
        return self.path.with_suffix(suffix)

    @property
    def output(self):
        return self.beside(".out").read_bytes()

    @property
    def status(self):
        file = self.beside(".rc")
        return int(file.read_text()) if file.exists() else 0

    @property
    def arguments(self):
        file = self.beside(".args")
        return file.read_text().splitlines() if file.exists() else []


def own_cases():
    return [Case(path) for path in sorted(HERE.glob("*.vot"))]


def has_shared():
    return SHARED.is_dir()


def conformance_cases():
    return [Case(path) for path in sorted((SHARED / "conformance").glob("*.vob"))]


def benchmark_cases():
    return [Case(path, is_benchmark=True) for path in sorted((SHARED / "bench").glob("*.vob"))]


def shared_files():
    """Every module of the shared collection."""
    return sorted(SHARED.rglob("*.vob"))
