"""What tests/run installs, builds and runs for which options, on which machine: with stand-ins for all that it starts."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

RUN = pathlib.Path(__file__).resolve().parents[1] / "run"
RECORDER = '#!/bin/sh\necho "$(basename "$0") $*" >>"$LOG"\n'


class Run(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = pathlib.Path(temporary.name)
        for name in ("cmake/setup.sh", "bin/cmake", "bin/python3"):
            self.write_script(name, RECORDER)
        (self.root / "tests").mkdir()
        shutil.copy(RUN, self.root / "tests" / "run")

    def write_script(self, name, text):
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run_on(self, machine, *options):
        """The process, and the commands that it started."""
        self.write_script("bin/uname", f"#!/bin/sh\necho {machine}\n")
        log = self.root / "log"
        log.write_text("")
        environment = {**os.environ, "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}", "LOG": str(log)}
        process = subprocess.run([self.root / "tests" / "run", *options], env=environment, capture_output=True, text=True)
        return process, log.read_text().splitlines()

    def check(self, machine, options, groups, presets, tests):
        process, commands = self.run_on(machine, *options)
        self.assertEqual(process.returncode, 0, process.stderr)
        expected = [f"setup.sh {groups}"]
        for preset in presets:
            expected.append(f"cmake --preset {preset}")
            expected.append(f"cmake --build --preset {preset} --parallel 2")
        self.assertEqual(commands, expected + [f"python3 tests/suite/run_presets.py {tests}"])

    def test_the_own_machine_needs_no_cross_preset(self):
        for machine in ("x86_64", "aarch64"):
            for options in ((), (f"--target={machine}",)):
                with self.subTest(machine=machine, options=options):
                    self.check(machine, options, "build test", ["release"], "release")

    def test_all_of_the_own_machine(self):
        self.check("x86_64", ("--all",), "build test", ["release", "debug"], "--all release debug")
        self.check("x86_64", ("--all", "--target=x86_64", "--filter=cli"), "build test", ["release", "debug"],
                   "--all --filter=cli release debug")
        self.check("x86_64", ("--all", "--preset=llvm19"), "build test llvm19", ["llvm19"], "--all llvm19")

    def test_aarch64_on_another_machine(self):
        self.check("x86_64", ("--target=aarch64",), "build test aarch64", ["aarch64"], "aarch64")

    def test_options_go_on_to_the_tests(self):
        self.check("x86_64", ("--target=aarch64", "--subset", "--filter=a|b"), "build test aarch64", ["aarch64"],
                   "--subset --filter=a|b aarch64")
        self.check("aarch64", ("--target=aarch64", "--subset", "--preset=release"), "build test", ["release"],
                   "--subset release")

    def test_targets_that_do_not_work(self):
        for machine, target in (("aarch64", "x86_64"), ("x86_64", "riscv64")):
            process, commands = self.run_on(machine, f"--target={target}")
            self.assertEqual((process.returncode, commands), (2, []))
            self.assertIn(f"--target={target} does not work on {machine}", process.stderr)


if __name__ == "__main__":
    unittest.main()
