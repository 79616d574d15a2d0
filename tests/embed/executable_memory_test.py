"""Where no memory can be made executable, programs are interpreted, quietly, and it is said why."""

import unittest

from hosts import HostTest, TIERS

PROGRAM = """module hot
entry @main
native vo_println results=0
fn fib params=1 results=1 {
	LoadInt r1, 2
	LtI r2, r0, r1
	JumpIf r2, leaf
	LoadInt r1, 1
	SubI r3, r0, r1
	Call @fib, r3 args=1 results=1
	LoadInt r1, 2
	SubI r4, r0, r1
	Call @fib, r4 args=1 results=1
	AddI r0, r3, r4
leaf:
	Return r0, 1
}
fn main {
	LoadInt r0, 20
	Call @fib, r0 args=1 results=1
	IfaceAssign r2, r0, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	Return r0, 0
}
"""
FAILURE = "memory for code cannot be made executable: Permission denied"
HOST_CANNOT = 77
TIER_ERROR = 10  # VOLT_ERROR_TIER


class ExecutableMemory(HostTest):
    def run_with(self, tier):
        process = self.run_host("no_executable_memory", self.write("hot.vot", PROGRAM), tier)
        if process.returncode == HOST_CANNOT:
            self.skipTest("the kernel cannot refuse executable memory")
        return process

    def test_interpreter(self):
        self.check(self.run_with("interp"), 0, "6765\n")

    @unittest.skipUnless("auto" in TIERS, "the build has no compiling tier")
    def test_auto_goes_on_interpreted(self):
        self.check(self.run_with("auto"), 0, f'6765\n"failure": "{FAILURE}"\n')

    @unittest.skipUnless("llvm" in TIERS, "the build has no compiling tier")
    def test_compiling_everything_is_an_error(self):
        self.check(self.run_with("llvm"), 1, f'kind {TIER_ERROR}: {FAILURE}\n"failure": null\n')


if __name__ == "__main__":
    unittest.main()
