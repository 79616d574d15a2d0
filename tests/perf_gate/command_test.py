"""perf/gate as its users see it, on one kernel and two presets."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from fixtures import ROOT

from gates import baseline

BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))
PASSED, WORSE, CANNOT_SAY = 0, 1, 2
IS_BUILT = all((BUILD / name).exists() for name in ("volt", "volt-count", "libvolt-llvm.so"))


@unittest.skipUnless(IS_BUILT, f"{BUILD} has no volt-count and tier")
class Command(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def gate(self, *words):
        command = [ROOT / "perf" / "gate", f"--build={BUILD}", f"--baselines={self.folder}", *words]
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)

    def compare(self, *words):
        return self.gate("fib", "--preset=v4", "--preset=record-hinted", *words)

    def change(self, target, preset, **figures):
        [path] = self.folder.glob(f"llvm-*-{target}.txt")
        rows = baseline.read(path)
        [key] = [key for key in rows if key.preset == preset]
        rows[key].figures.update(figures)
        baseline.write(path, rows)

    def test_from_update_to_failure(self):
        process = self.compare("--update")
        self.assertEqual(process.returncode, PASSED, process.stdout + process.stderr)
        self.assertEqual(len(list(self.folder.iterdir())), 2)

        process = self.compare()
        self.assertEqual(process.returncode, PASSED, process.stdout)
        self.assertRegex(process.stdout.splitlines()[-1],
                         r"^gate: passed: 48 figures compared, 0 worse, 0 gone, 0 better")

        self.change("aarch64", "v4", instructions=1000, loads=10**9)
        process = self.compare()
        self.assertEqual(process.returncode, WORSE)
        self.assertRegex(process.stdout,
                         r"WORSE by more than 1 %:\n.*\naarch64 +fib +fib +v4 +instructions +1000 +\d+ +\+")
        self.assertRegex(process.stdout, r"Better:\n.*\naarch64 +fib +fib +v4 +loads +1000000000 +\d+ +-")
        self.assertIn("./perf/gate --assembly fib fib v4 aarch64\n", process.stdout)
        self.assertEqual(self.compare("--target=x86_64").returncode, PASSED)

        self.assertEqual(self.compare("--update", "--target=aarch64").returncode, PASSED)
        self.assertEqual(self.compare().returncode, PASSED)

    def test_without_a_baseline_it_passes_and_says_so(self):
        process = self.compare("--target=x86_64")
        self.assertEqual(process.returncode, PASSED)
        self.assertRegex(process.stdout,
                         r"NOTICE: there is no baseline for LLVM \d+\.\d+ and x86_64: nothing was compared")
        self.assertIn("./perf/gate --update --target=x86_64 makes one", process.stdout)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_cannot_be_said(self):
        for words, message in [(["none"], "no kernel none; there are: .*fib"),
                               (["--preset=none"], "no preset none; there are: .*v4"),
                               ([f"--build={self.folder}"], "has no volt")]:
            process = self.gate(*words)
            self.assertEqual((process.returncode, process.stdout), (CANNOT_SAY, ""))
            self.assertRegex(process.stderr, f"gate: .*{message}")

    def test_damaged_baseline(self):
        self.compare("--update", "--target=x86_64")
        [path] = self.folder.iterdir()
        path.write_text(re.sub(r"^(fib +fib +v4 +)\d+", r"\1many", path.read_text(), flags=re.MULTILINE))
        process = self.compare("--target=x86_64")
        self.assertEqual(process.returncode, CANNOT_SAY)
        self.assertRegex(process.stderr, rf"gate: {path.name}:\d+: .*many")


if __name__ == "__main__":
    unittest.main()
