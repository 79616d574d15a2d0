"""Instructions that order memory on AArch64, which no run on a machine with a stronger order can miss.

Two tables of pointers to code are written by the compiler's thread and read by the program's: the VM's (entry and
continuation of each function) and that of compiled code (inner forms, called through `volt_inner_table`). A pointer is
published by a store-release (stlr) and read by a load-acquire (ldar, ldapr) before what it leads to is read: the number
of results, resume points, constants beside the code. The address that a call jumps to is not enough for these: it
orders only what is read through the pointer itself. Instructions are no data: fetching them is ordered by a barrier
that the system executes on every processor (membarrier), before the address is published.
"""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
VOLT = os.environ.get("VOLT", str(ROOT / "build" / "release" / "volt"))
EMULATED = bool(os.environ.get("VOLT_EMULATOR"))
OBJDUMP = os.environ.get("OBJDUMP", "objdump")
IS_AARCH64 = os.environ.get("VOLT_MACHINE") == "aarch64"
SECONDS = 60 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))

TABLE = re.compile(r"ldr\s+(x\d+), \[x\d+, :got_lo12:volt_inner_table\]")
ACQUIRE = re.compile(r"\b(ldar|ldapr)\s+x\d+,")
RELEASE = re.compile(r"\bstlr\s+x\d+,")


def output_of(*command, **options):
    process = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True, **options)
    return process


def functions_of(assembly):
    """The text of each function, by its symbol."""
    parts = re.split(r"^(volt_\w+):", assembly, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


class CompiledCode(unittest.TestCase):
    def check_calls(self, preset, program):
        assembly = output_of(VOLT, "compile", str(ROOT / "perf" / "programs" / f"{program}.vot"), f"--preset={preset}",
                             "--target=aarch64", "--emit=asm").stdout
        readers = {name: body for name, body in functions_of(assembly).items() if TABLE.search(body)}
        self.assertTrue(readers, f"{program} in {preset} does not look at the table of inner forms")
        for name, body in readers.items():
            with self.subTest(program=program, preset=preset, function=name):
                self.assertRegex(body, ACQUIRE)
                for register in TABLE.findall(body):
                    self.assertNotRegex(body, rf"\bldr\s+x\d+, \[{register}, x\d+, lsl #3\]", "an entry without order")

    def test_inner_forms_are_read_with_acquire(self):
        for preset in ("hinted", "record-hinted"):
            for program in ("closure_calls", "interface_calls"):
                self.check_calls(preset, program)


@unittest.skipUnless(IS_AARCH64, "the build is not for AArch64")
class OwnCode(unittest.TestCase):
    def disassemble(self, variable):
        return output_of(OBJDUMP, "-d", os.environ[variable]).stdout

    def test_the_queue_publishes_with_release(self):
        self.assertGreaterEqual(len(RELEASE.findall(self.disassemble("QUEUE_OBJECT"))), 2, "entry and continuation")

    def test_compiled_code_is_entered_with_acquire(self):
        self.assertGreaterEqual(len(ACQUIRE.findall(self.disassemble("RUN_OBJECT"))), 2, "entry and continuation")

    def test_inner_forms_are_published_with_release(self):
        self.assertRegex(self.disassemble("COMPILE_OBJECT"), RELEASE)

    def system_calls(self, names):
        command = [VOLT, "run", str(ROOT / "tests" / "programs" / "fib.vot"), "--tier=llvm", "--sync"]
        if EMULATED:
            return output_of(*command, env={**os.environ, "QEMU_STRACE": "1"}).stderr
        if not shutil.which("strace"):
            self.skipTest("strace is not installed")
        return output_of("strace", "-f", "-e", f"trace={names}", *command).stderr

    def test_new_instructions_are_fetched_by_every_thread(self):
        calls = self.system_calls("membarrier")
        # First it is announced, then it follows each linking.
        self.assertGreater(len(re.findall(r"membarrier\(.*\) = 0", calls)), 1, calls[-2000:])

    def test_code_is_never_writable_and_executable(self):
        """As tier/stack_test.c says of this process, where the list of mappings is the machine's own."""
        calls = re.findall(r"(mmap|mprotect)\(\w+, ?\d+, ?([A-Z_|]+)", self.system_calls("mmap,mprotect"))
        executable = [(name, words.split("|")) for name, words in calls if "PROT_EXEC" in words]
        self.assertIn("mprotect", dict(executable), "no code was made executable")
        for _, words in executable:
            self.assertNotIn("PROT_WRITE", words)


if __name__ == "__main__":
    unittest.main()
