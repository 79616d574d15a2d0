"""The programs that are measured: interpreter, every preset and the C twin print the same, and what is known in advance."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "perf"))

from compare import backends, programs  # noqa: E402

VOLT = os.environ.get("VOLT", str(ROOT / "build" / "release" / "volt"))
HAS_TIER = os.environ.get("VOLT_TIER", "ON") == "ON"
COMPILER = os.environ.get("CC", "cc")
TIMEOUT = 300 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))

# Outputs that follow from what a program computes, at sizes where that is easy to say.
KNOWN = {
    "fib": (20, "fib 6765"),
    "tak": (1, "tak 9"),  # tak(24, 16, 8), by the recursion that returns z
    "ackermann": (1, f"ackermann {2 ** 12 - 3}"),  # ack(3, n) = 2^(n + 3) - 3
    "mutual_recursion": (128, f"mutual_recursion {sum(range(0, 128, 2))}"),
    "nqueens": (8, "nqueens 92"),
}


def output_of(command):
    process = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=True)
    return process.stdout.strip()


def volt_backends():
    presets = backends.presets(VOLT) if HAS_TIER else []
    return [backends.Volt("interpreter", VOLT, ("--tier=interp",))] + [
        backends.preset_backend(VOLT, preset) for preset in presets]


def twin_command(program, size, folder, *options):
    binary = folder / program.name
    subprocess.run([COMPILER, "-O1", "-Wall", "-Wextra", "-Werror", *options, f"-DSIZE={size}", str(program.c_twin),
                    "-o", str(binary)], check=True)
    return [str(binary)]


@unittest.skipUnless(pathlib.Path(VOLT).exists(), f"no {VOLT}")
class Outputs(unittest.TestCase):
    def check(self, program, size, expected=None):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            wanted = expected or output_of(twin_command(program, size, folder))
            for backend in volt_backends():
                with self.subTest(program=program.name, backend=backend.name):
                    self.assertEqual(output_of(backend.prepare(program, size, folder)), wanted)

    def twins(self):
        found = [program for program in programs.find(ROOT / "perf" / "programs", []) if program.c_twin.exists()]
        self.assertGreater(len(found), len(KNOWN))
        return found

    def test_known_outputs(self):
        for name, (size, expected) in KNOWN.items():
            program, = programs.find(ROOT / "perf" / "programs", [name])
            self.check(program, size, expected)
            with tempfile.TemporaryDirectory() as folder:
                twin = output_of(twin_command(program, size, pathlib.Path(folder)))
                self.assertEqual(twin, expected)

    def test_twins_print_the_same(self):
        for program in self.twins():
            if program.name not in KNOWN:
                self.check(program, program.quick_size)

    def test_plain_twins_print_the_same(self):
        for program in self.twins():
            size = KNOWN[program.name][0] if program.name in KNOWN else program.quick_size
            with self.subTest(program=program.name), tempfile.TemporaryDirectory() as name:
                plain, same_shape = (output_of(twin_command(program, size, pathlib.Path(name), *options))
                                     for options in (("-DTWIN_PLAIN", "-O2"), ()))
                self.assertEqual(plain, same_shape)

    def test_size_zero_only_starts(self):
        for program in self.twins():
            self.check(program, programs.START_SIZE)


if __name__ == "__main__":
    unittest.main()
