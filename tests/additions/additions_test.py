"""What is added works, and what happens when one of its files is forgotten.

All additions are made to a copy of the project, which is built; programs show that what is new works. Then one file after
the other is put back: the build must fail, and name what is missing. VOLT_BUILD is the build folder whose compiler is used.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import additions

BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", additions.ROOT / "build" / "release"))
TARGETS = ["volt", "volt-llvm"]
KEPT = ("CMAKE_C_COMPILER", "VOLT_LLVM_VERSION")  # of that build
QUICK = ("-DCMAKE_C_FLAGS=-O0", "-DVOLT_LLVM_LINKING=shared")  # to build, again and again
SECONDS = 600

PROGRAM = """module additions
entry @main
native vo_println results=0
native math_bits_Answer results=1

fn show params=1 locals=4 {
	IfaceAssign r1, r0, iface(int), int
	CallExtern @vo_println, r1, r1 args=2
	Return r0, 0
}

fn twice params=1 locals=2 results=1 {
	Twice r1, r0
	Return r1, 1
}

fn main locals=4 {
	LoadInt r0, 21
	Call @twice, r0 args=1 results=1
	Call @show, r0 args=1
	CallExtern @math_bits_Answer, r0, r0 args=0
	Call @show, r0 args=1
	Return r0, 0
}
"""
HINT = "fn main locals=1 {\n\tHint kind=1\n\tReturn r0, 0\n}\n"
TIRED = "native math_bits_Tire results=0\nfn main locals=1 {\n\tCallExtern @math_bits_Tire, r0, r0 args=0\n\tReturn r0, 0\n}\n"


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", timeout=SECONDS)


def cache_of(build):
    return dict(re.findall(r"^(\w+):\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE))


class Copy:
    """A copy of the project with some of the edits, and its build folder."""

    def __init__(self, folder):
        self.tree, self.build = folder / "tree", folder / "build"
        shutil.copytree(additions.ROOT, self.tree, ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))
        self.changed = {}

    def write(self, edits):
        """Files that stay as they are keep their time, so that only what has changed is built."""
        wanted = additions.contents(edits)
        for path in {*self.changed, *wanted}:
            target, original = self.tree / path, additions.ROOT / path
            if path in wanted:
                if self.changed.get(path) != wanted[path]:
                    target.write_text(wanted[path])
            elif original.exists():
                target.write_text(original.read_text())
            else:
                target.unlink()
        self.changed = wanted

    def configure(self):
        kept = [f"-D{name}={value}" for name, value in cache_of(BUILD).items() if name in KEPT]
        process = run("cmake", "-S", self.tree, "-B", self.build, "-G", "Ninja", "-DVOLT_WERROR=ON", *QUICK, *kept)
        if process.returncode:
            raise AssertionError(process.stdout + process.stderr)

    def make(self):
        """None, or what the build said when it failed."""
        process = run("cmake", "--build", self.build, "--parallel", "2", "--target", *TARGETS, "--", "-k", "0")
        return process.stdout + process.stderr if process.returncode else None

    def volt(self, *arguments):
        return run(self.build / "volt", *arguments)


class Additions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.copy = Copy(cls.folder)
        cls.copy.write(additions.every_edit())
        cls.copy.configure()
        failure = cls.copy.make()
        if failure:
            raise AssertionError(failure)
        cls.program = cls.write_program("program.vot", PROGRAM)

    @classmethod
    def write_program(cls, name, text):
        path = cls.folder / name
        path.write_text(text)
        return path

    def check_output(self, expected, *arguments):
        process = self.copy.volt("run", *arguments)
        self.assertEqual((process.returncode, process.stdout, process.stderr), (0, expected, ""), arguments)

    def emit_ir(self, *options):
        process = self.copy.volt("compile", self.program, "--emit=ir", *options)
        self.assertEqual(process.returncode, 0, process.stderr)
        return process.stdout

    # ---- What is new works ----

    def test_opcode_and_native(self):
        for options in (["--tier=interp"], ["--tier=llvm", "--sync"]):
            self.check_output("42\n42\n", self.program, *options)
        self.assertNotIn("volt_helper_execute", self.emit_ir("--func=twice"))

    def test_exit_strategy(self):
        for n in range(1, 6):
            self.check_output("42\n42\n", self.program, "--tier=llvm", "--sync", "--preset=hinted,exit=again", f"--force-exit={n}")
        process = self.copy.volt("compile", self.program, "--emit=ir", "--preset=v1,exit=again")
        self.assertIn("exit=again needs status=register", process.stderr)

    def test_axis_value(self):
        late, call, entry = (self.emit_ir(f"--preset=v3,check={value}") for value in ("late", "call", "entry"))
        self.assertEqual(late, call)
        self.assertNotEqual(late, entry)

    def test_preset(self):
        self.assertIn("careful\n", self.copy.volt("compile", "--list-presets").stdout)
        self.check_output("42\n42\n", self.program, "--tier=llvm", "--sync", "--preset=careful")

    def test_trap(self):
        process = self.copy.volt("run", self.write_program("tired.vot", TIRED))
        self.assertEqual(process.returncode, 1)
        self.assertIn("runtime error: tired after 7 steps", process.stderr)

    def test_helper(self):
        path = self.write_program("hint.vot", HINT)
        self.check_output("waved\n", path, "--tier=llvm", "--sync")
        self.check_output("", path, "--tier=interp")

    def test_status(self):
        process = self.copy.volt("run", self.program, "--tier=llvm", "--sync", "--stats=json")
        self.assertEqual(json.loads(process.stderr)["tier"]["exits"]["nap"], 0)

    # ---- What is forgotten ----

    def build_without(self, addition, path):
        self.copy.write(additions.every_edit(without=(addition, path)))
        failure = self.copy.make()
        self.copy.write(additions.every_edit())
        return failure

    def test_what_is_forgotten_does_not_compile(self):
        for addition, path, *names in [
            (additions.OPCODE, "runtime/interpreter/ops_integers.h", "op_Twice", "VOLT_OP_Twice"),
            (additions.STRATEGY, "backend-llvm/calls/exit_again.c", "again_strategy"),
            (additions.AXIS_VALUE, "backend-llvm/calls/native_stack.c", "CHECK_LATE"),
            (additions.HELPER, "runtime/tier/helpers.c", "helper_wave"),
            (additions.STATUS, "runtime/interpreter/interpreter.c", "VOLT_STATUS_NAP"),
            (additions.STATUS, "runtime/interpreter/ops_control.h", "VOLT_STATUS_NAP"),
        ]:
            with self.subTest(addition=addition.name, path=path):
                failure = self.build_without(addition, path)
                self.assertIsNotNone(failure, "the build succeeds")
                said = "\n".join(line for line in failure.splitlines() if "error:" in line or "undefined" in line)
                for name in names:
                    self.assertIn(name, said)
        self.assertIsNone(self.copy.make())

    def test_an_opcode_without_lowering_goes_out_of_line(self):
        self.copy.write(additions.every_edit(without=(additions.OPCODE, "backend-llvm/lower/arithmetic.c")))
        self.assertIsNone(self.copy.make())
        self.check_output("42\n42\n", self.program, "--tier=llvm", "--sync")
        self.assertIn("volt_helper_execute", self.emit_ir("--func=twice"))
        self.copy.write(additions.every_edit())
        self.assertIsNone(self.copy.make())


if __name__ == "__main__":
    unittest.main()
