"""The foreign machine under valgrind, compiled code included: nothing is read that nobody has written, or that is freed."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import memcheck  # noqa: E402

MACHINE = os.environ["VOLT_FOREIGN"]
SECONDS = 300 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))
RUNS = [("leaving", "--optimised", "--collect=1"), ("pipeline", "--module", "--collect-in-turns=1")]


@unittest.skipIf(memcheck.WHY_NOT, memcheck.WHY_NOT)
class Valgrind(unittest.TestCase):
    def test_programs(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            libraries = pathlib.Path(os.environ["VOLT_LIBRARIES"]).glob("libvolt-*.so.*")
            environment = memcheck.without_debug_information(folder, libraries)
            for program, *options in RUNS:
                command = [MACHINE, f"--cache={folder / 'cache'}", *options, HERE / f"{program}.vot"]
                with self.subTest(program=program, options=options):
                    # Compiled before, from the copies: code is of one build.
                    subprocess.run(list(map(str, command)), env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                   timeout=SECONDS)
                    process = memcheck.run(command, environment, SECONDS)
                    self.assertNotEqual(process.returncode, memcheck.ERRORS_FOUND, process.stderr)
                    self.assertEqual(process.stdout, (HERE / f"{program}.out").read_text(), process.stderr)


if __name__ == "__main__":
    unittest.main()
