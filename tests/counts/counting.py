"""Running volt-count from tests, on compiled programs and on assembly that a test writes."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))
ASSEMBLER = os.environ.get("ASSEMBLER", "llvm-mc-22")
FIB = ROOT / "perf" / "programs" / "fib.vot"

# For tests of what code LLVM makes: volt-count itself, which reads objects of any kind, is tested in every build.
about_code = unittest.skipIf(os.environ.get("VOLT_SANITIZED", "OFF") == "ON",
                             "the code is the same with sanitizers: release counts it")

TARGETS = ["x86_64", "aarch64"]
COUNTS = ["instructions", "loads", "stores", "taken_branches", "calls"]
OK, FAILED, USAGE = 0, 1, 2


def run(command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, **options)


def output_of(command, **options):
    process = run(command, **options)
    if process.returncode != 0:
        raise AssertionError(f"{command}: status {process.returncode}\n{process.stdout}{process.stderr}")
    return process.stdout


def presets():
    return output_of([BUILD / "volt", "compile", "--list-presets"]).split()


def compile_object(folder, target, preset, source=FIB):
    path = folder / f"{preset}-{target}.o"
    output_of([BUILD / "volt", "compile", source, f"--preset={preset}", f"--target={target}", "--emit=obj", "-o", path])
    return path


class CountTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def compile(self, target, preset, source=FIB):
        return compile_object(self.folder, target, preset, source)

    def assemble(self, target, text):
        path = self.folder / f"{target}.o"
        output_of([ASSEMBLER, f"-triple={target}-linux-gnu", "-filetype=obj", "-o", path], input=text)
        return path

    def run_count(self, path, function, *arguments, options=()):
        return run([BUILD / "volt-count", f"--object={path}", f"--function={function}", *options, "--", *arguments])

    def count(self, path, function, *arguments):
        process = self.run_count(path, function, *arguments)
        self.assertEqual((process.returncode, process.stderr), (OK, ""))
        return json.loads(process.stdout)

    def check_fails(self, message, path, function, *arguments, options=()):
        """Exit status 1, nothing on standard output, and one line on standard error that holds the message."""
        process = self.run_count(path, function, *arguments, options=options)
        self.assertEqual((process.returncode, process.stdout), (FAILED, ""), process.stderr)
        self.assertRegex(process.stderr, message)
        self.assertRegex(process.stderr, r"\Avolt-count: [^\n]+\n\Z")
