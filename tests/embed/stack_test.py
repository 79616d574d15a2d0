"""Small stacks of the host's threads: every tier gives what it gives elsewhere, and natives have their stack."""

import os
import unittest

from hosts import HostTest, TIERS

SIZES = [64, 4096]  # KiB
SANITIZED = os.environ.get("VOLT_SANITIZE", "OFF") == "ON"

HEAD = "module stacks\nentry @main\nnative vo_println results=0\nnative host_use_stack results=1\n" \
       "native host_same_locale results=1\n"

# down(n) calls a native with every frame of the recursion below it, each 256th time: sum of 1 for each call.
DEEP_RECURSION = HEAD + """fn down params=1 locals=8 results=1 {
	LoadInt r1, 0
	EqI r2, r0, r1
	JumpIf r2, leaf
	LoadInt r1, 255
	And r3, r0, r1
	JumpIf r3, more
	CallExtern @host_use_stack, r4, r4 args=0
	Jump next
more:
	LoadInt r4, 0
next:
	LoadInt r1, 1
	SubI r5, r0, r1
	Call @down, r5 args=1 results=1
	AddI r0, r5, r4
leaf:
	Return r0, 1
}
fn main {
	LoadInt r0, 204800
	Call @down, r0 args=1 results=1
	IfaceAssign r2, r0, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	Return r0, 0
}
"""
CALLS = 204800 // 256

# wide() has a frame of 32 KB and calls itself until each stack is used up.
LARGE_FRAMES = HEAD + """fn same params=1 results=1 {
	Return r0, 1
}
fn wide params=1 results=1 locals=4000 {
	LoadInt r1, 0
	LoadInt r2, 3980
fill:
	SlotSet r16, r1, r0
	ForLoop r1, r2, fill
	LoadInt r1, 3970
	SlotGet r3, r16, r1
	Call @same, r3 args=1 results=1
	LoadInt r1, 0
	EqI r4, r0, r1
	JumpIf r4, done
	LoadInt r1, 1
	SubI r5, r0, r1
	Call @wide, r5 args=1 results=1
	AddI r3, r3, r5
done:
	Return r3, 1
}
fn main {
	LoadInt r0, 400
	Call @wide, r0 args=1 results=1
	IfaceAssign r2, r0, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	Return r0, 0
}
"""

LOCALE = HEAD + """fn main {
	CallExtern @host_same_locale, r0, r0 args=0
	IfaceAssign r2, r0, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	Return r0, 0
}
"""


class SmallStacks(HostTest):
    def run_with(self, program, *arguments):
        return self.run_host("small_stack", self.write("stacks.vot", program), *arguments)

    def check_everywhere(self, program, output):
        for tier in TIERS:
            for size in SIZES:
                with self.subTest(tier=tier, size=size):
                    self.check(self.run_with(program, tier, size), 0, output)

    def test_natives_at_any_depth_of_recursion(self):
        self.check_everywhere(DEEP_RECURSION, f"{CALLS}\n")

    def test_the_largest_frames(self):
        self.check_everywhere(LARGE_FRAMES, f"{sum(range(401))}\n")

    def test_under_the_locale_of_the_caller(self):
        for size in SIZES:
            self.check(self.run_with(LOCALE, "interp", size, "locale"), 0, "1\n")

    @unittest.skipIf(SANITIZED, "sanitizers take more address space than any limit")
    def test_where_there_is_no_other_thread(self):
        process = self.run_with(LARGE_FRAMES, "interp", 64, "alone")
        self.assertEqual(process.returncode, 1, process.stdout + process.stderr)
        self.assertRegex(process.stdout, "^kind 6: the caller's stack is too small .*: Resource temporarily unavailable\n$")
        self.check(self.run_with(LARGE_FRAMES, "interp", 8192, "alone"), 0, f"{sum(range(401))}\n")


if __name__ == "__main__":
    unittest.main()
