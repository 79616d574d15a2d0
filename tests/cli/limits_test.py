"""What large programs need, as their users see it."""

import os
import subprocess
import unittest

from volt_command import EMULATOR, EXECUTABLE, HAS_TIER, PROGRAMS, VOLT, CommandTest, volt

MILLION = PROGRAMS.parent / "cli" / "million.vot"
RECURSION = PROGRAMS.parent / "cli" / "recursion.vot"
ALLOWED_KIB = 1536 << 10


def uses_sanitizers():
    symbols = subprocess.run(["ldd", EXECUTABLE], capture_output=True, text=True, check=True).stdout
    return "libasan" in symbols


def run_and_measure(*arguments):
    """Exit status, standard output, and what the kernel has counted."""
    process = subprocess.Popen([VOLT, "run", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, output, usage


@unittest.skipIf(EMULATOR, "the emulator's own memory would be measured")
@unittest.skipIf(not EMULATOR and uses_sanitizers(), "the sanitizer's own memory would be measured")
class Memory(CommandTest):
    def test_a_million_sleeping_goroutines_need_less_than_1536_mib(self):
        status, output, usage = run_and_measure(MILLION)
        self.assertEqual((status, output), (0, "499999500000\n"))
        self.assertLess(usage.ru_maxrss, ALLOWED_KIB)

    def test_pages_of_a_deep_stack_are_touched_first_once(self):
        """Doubling copies nothing from some size on: a stack of 128 MiB has 32768 pages, and its frames have 8192."""
        status, _, usage = run_and_measure("--tier=interp", "--max-stack=128M", RECURSION)
        self.assertEqual(status, 1)
        self.assertLess(usage.ru_minflt, 50000)


GOROUTINES = """fn blocked params=1 locals=2 {
	ChanRecv r1, r0 slots=1
	Return r0, 0
}
fn main locals=5 {
	LoadInt r1, 2
	LoadInt r2, 0
	ChanNew r0, r1, r2 slots=1
	LoadInt r3, 100000000
next:
	Copy r4, r0
	GoStart @blocked, r4 args=1
	ForLoop r2, r3, next
	Return r0, 0
}
"""
DEFERRED = """fn nothing defer {
	Return r0, 0
}
fn main locals=3 defer {
	LoadInt r0, 0
	LoadInt r1, 100000000
next:
	DeferPush @nothing, r2 args=0
	ForLoop r0, r1, next
	Return r0, 0
}
"""
FRAMES = """fn deeper locals=6 {
	Call @deeper, r0 args=0 results=0
	Return r0, 0
}
fn main locals=6 {
	Call @deeper, r0 args=0 results=0
	Return r0, 0
}
"""
HEAP_LIMIT = 16 << 20


class MemoryBesideTheHeap(CommandTest):
    """A program has it without an object: more than the limit, however it is run, ends it, and not the process."""

    def test_goroutines_calls_and_frames_count(self):
        for name, text in (("goroutines", GOROUTINES), ("deferred", DEFERRED), ("frames", FRAMES)):
            program = self.write(f"{name}.vot", f"module {name}\nentry @main\n{text}")
            for tier in (["--tier=interp"], ["--tier=auto"], ["--tier=llvm", "--sync"]) if HAS_TIER else (["--tier=interp"],):
                process = volt("run", *tier, f"--max-heap={HEAP_LIMIT}", program)
                self.assertEqual((process.returncode, process.stdout, process.stderr.splitlines()[0]),
                                 (1, "", f"volt: heap limit of {HEAP_LIMIT} bytes reached"), (name, *tier))


if __name__ == "__main__":
    unittest.main()
