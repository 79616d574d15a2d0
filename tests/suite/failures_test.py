"""The last lines of tests/run and .ci/run name what failed and how to reproduce it: with stand-ins for all that they start."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOOD = "#!/bin/sh\nexit 0\n"

# A ctest that leaves the log of three tests, of which two fail.
CTEST = """#!/bin/sh
mkdir -p build/release/Testing/Temporary
cat >build/release/Testing/Temporary/LastTest.log <<'END'
1/3 Testing: cli
FAIL: test_run (run_test.Run.test_run)
1 passed, 1 failed
Test Failed.
2/3 Testing: tier/exits
Segmentation fault
Test Failed.
3/3 Testing: suite
4 passed, 0 failed
Test Passed.
END
echo "what ctest says"
exit 8
"""

FAILED_TESTS = """== FAILED release cli: test_run (run_test.Run.test_run); reproduce with: ctest --preset release -R '^cli$'
== FAILED release tier/exits; reproduce with: ctest --preset release -R '^tier/exits$'
5 passed, 2 failed
"""

# Stands for what analyses find: the list of files must have something of both kinds.
PYTHON = """#!/bin/sh
[ "$1" != .ci/unique_commands.py ] || printf '/runtime/a.c\\n/tests/a.c\\n'
"""


class LastLines(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = pathlib.Path(temporary.name)

    def write_script(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def copy(self, *names):
        for name in names:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)

    def run_script(self, *command):
        environment = {**os.environ, "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}"}
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True)

    def check_end(self, process, expected):
        self.assertEqual(process.returncode, 1, process.stderr)
        self.assertEqual(process.stdout[-len(expected):], expected)

    def prepare_tests(self):
        self.copy("tests/run", "tests/suite/run_presets.py", "tests/suite/counts.py")
        for name in ("cmake/setup.sh", "bin/cmake"):
            self.write_script(name, GOOD)

    def test_of_tests(self):
        self.prepare_tests()
        self.write_script("bin/ctest", CTEST)
        process = self.run_script("tests/run")
        self.check_end(process, FAILED_TESTS)
        self.assertIn("what ctest says\n", process.stdout)

    def test_of_many_cases(self):
        """Ten are named of each test, and the others counted."""
        self.prepare_tests()
        cases = "\n".join(f"FAILED seed {seed}" for seed in range(12))
        self.write_script("bin/ctest", CTEST.replace("FAIL: test_run (run_test.Run.test_run)", cases))
        lines = self.run_script("tests/run").stdout.splitlines()
        again = "reproduce with: ctest --preset release -R '^cli$'"
        self.assertEqual(lines[-13:-2], [f"== FAILED release cli: seed {seed}; {again}" for seed in range(10)]
                         + [f"== FAILED release cli: 2 more; {again}"])

    def test_of_ctest_itself(self):
        self.prepare_tests()
        self.write_script("bin/ctest", "#!/bin/sh\necho No tests were found >&2\nexit 8\n")
        self.check_end(self.run_script("tests/run", "--filter=x"),
                       "== FAILED release: ctest itself; reproduce with: ctest --preset release --parallel 2 "
                       "--no-tests=error -R x\n0 passed, 1 failed\n")

    def test_of_what_comes_before_tests(self):
        for name, message in (("cmake/setup.sh", "cmake/setup.sh; reproduce with: cmake/setup.sh build test"),
                              ("bin/cmake", "release: it cannot be configured; reproduce with: cmake --preset release")):
            with self.subTest(name=name):
                self.prepare_tests()
                self.write_script(name, "#!/bin/sh\nexit 1\n")
                self.check_end(self.run_script("tests/run"), f"== FAILED {message}\n0 passed, 1 failed\n")

    def prepare_gates(self, tests):
        self.copy(".ci/run")
        for name in ("cmake/setup.sh", "bin/cmake", "bin/clang-format", "bin/clang-tidy-22", "bin/cppcheck", "perf/gate",
                     "perf/compare-backends"):
            self.write_script(name, GOOD)
        self.write_script("bin/python3", PYTHON)
        self.write_script("tests/run", tests)
        for folder in ("build/analysis", "runtime", "backend-llvm"):
            (self.root / folder).mkdir(parents=True)
        (self.root / "README.md").write_text("./tests/run\n./perf/compare-backends\n")
        page = self.root / "build" / "docs" / "docs" / "html" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text("page")
        (page.parents[1] / "warnings").write_text("")

    def test_of_gates_and_tests(self):
        """A gate that fails early, tests of both machines, and a gate behind them."""
        self.prepare_gates(f"#!/bin/sh\ncat <<'END'\n{FAILED_TESTS}END\nexit 1\n")
        self.write_script("bin/uname", "#!/bin/sh\necho x86_64\n")
        (self.root / "README.md").write_text("nothing\n")
        self.write_script("perf/gate", "#!/bin/sh\nexit 1\n")
        named = FAILED_TESTS[:FAILED_TESTS.rindex("5 passed")]
        self.check_end(self.run_script(".ci/run"),
                       "== FAILED gate readme; reproduce with: .ci/run --gate=readme\n" + named + named +
                       "== FAILED gate exact; reproduce with: .ci/run --gate=exact\n20 passed, 6 failed\n")

    def test_of_tests_without_an_end(self):
        self.prepare_gates("#!/bin/sh\necho '== release: configure and build'\nexit 1\n")
        self.write_script("bin/uname", "#!/bin/sh\necho aarch64\n")
        self.check_end(self.run_script(".ci/run"),
                       "== FAILED ./tests/run --all: it ended without its closing line\n12 passed, 1 failed\n")

    def test_nothing_failed(self):
        self.prepare_gates("#!/bin/sh\necho '7 passed, 0 failed'\n")
        process = self.run_script(".ci/run")
        self.assertEqual(process.returncode, 0, process.stdout)
        self.assertNotIn("FAILED", process.stdout)


if __name__ == "__main__":
    unittest.main()
