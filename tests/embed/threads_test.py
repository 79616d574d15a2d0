"""VMs on threads that come and go, one after another and at once."""

import unittest

from hosts import BUSY, BUSY_OUTPUT, GARBAGE, GARBAGE_OUTPUT, HostTest, NO_LEAKS, SANITIZED, TIERS, in_tiers

# How many VMs each variant runs to their end.
VARIANTS = {"first-ends": 2, "moves": 3, "many": 12, "main-ends": 5, "ends-inside": 1, "nested": 2, "before-main": 2}

# When exit() did not wait for the compiler, most of these runs crashed.
ENDS = 3

# A frame of 40 KB that calls itself ten deep, and sums up what each has put into its uppermost slot.
LARGE_FRAMES = """module large_frames
entry @main
native vo_println results=0
fn fill params=1 results=1 locals=5000 {
	LoadInt r1, 0
	LoadInt r2, 4900
next:
	SlotSet r16, r1, r0
	ForLoop r1, r2, next
	JumpIfNot r0, end
	LoadInt r3, 1
	SubI r4, r0, r3
	Call @fill, r4 args=1 results=1
	LoadInt r1, 4899
	SlotGet r5, r16, r1
	AddI r0, r5, r4
end:
	Return r0, 1
}
fn main {
	LoadInt r0, 10
	Call @fill, r0 args=1 results=1
	IfaceAssign r2, r0, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	Return r0, 0
}
"""


class Threads(HostTest):
    on_own_stack = True

    def test_variants(self):
        for tier, (variant, machines) in in_tiers(VARIANTS.items()):
            with self.subTest(tier=tier, variant=variant):
                # The C library keeps what it has noted of a main thread that has ended (process/exit.c).
                options = {"env": NO_LEAKS} if variant == "main-ends" else {}
                self.check(self.run_host("threads", GARBAGE, tier, variant, **options), 0,
                           GARBAGE_OUTPUT * machines)

    @unittest.skipIf(SANITIZED, "a sanitized interpreter needs more stack")
    def test_a_small_stack(self):
        program = self.write("large_frames.vot", LARGE_FRAMES)
        for tier in TIERS:
            with self.subTest(tier=tier):
                self.check(self.run_host("threads", program, tier, "small-stack"), 0, f"{sum(range(11))}\n")

    @unittest.skipIf(SANITIZED, "the sanitizer keeps what is freed")
    def test_memory_of_machines_in_a_row(self):
        for tier in TIERS:
            with self.subTest(tier=tier):
                self.check(self.run_host("threads", BUSY, tier, "in-a-row"), 0, BUSY_OUTPUT * 45)

    def test_the_process_ends_meanwhile(self):
        for program in GARBAGE, BUSY:
            with self.subTest(program=program):
                process = self.run_host("threads", program, "interp", "exits")
                self.assertEqual((process.returncode, process.stderr), (0, ""))

    def test_the_process_ends_while_others_compile(self):
        for tier, variant in in_tiers(("exits-soon", "exits-later") * ENDS):
            process = self.run_host("threads", BUSY, tier, variant, env=NO_LEAKS)
            self.assertEqual((process.returncode, process.stderr), (0, "freed\n"), (tier, variant))


if __name__ == "__main__":
    unittest.main()
