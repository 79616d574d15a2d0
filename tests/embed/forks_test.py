"""Children of hosts that have VMs: they make new ones and free what they inherit, and the rest is refused."""

import pathlib
import unittest

from hosts import GARBAGE, GARBAGE_OUTPUT, HostTest, NO_LEAKS, SANITIZED, TIERS, in_tiers

REFUSED = "kind 4: this VM was made before a fork, by the parent process: the child can only free it\n"
REFUSALS = REFUSED + "statistics none, trace ''\n" + REFUSED


def ended(status):
    return f"child ended with status {status}\n"


LIFE = GARBAGE_OUTPUT
OUTPUTS = {
    "none": LIFE + LIFE + ended(0),
    "idle": LIFE + LIFE + ended(0) + ended(0) + LIFE + ended(0) + REFUSALS + ended(1) + LIFE,
    "unused": REFUSALS + ended(1) + ended(0) + LIFE,
    "daemon": LIFE + REFUSALS + LIFE,
    "in-a-native": REFUSED + LIFE + ended(10) + LIFE,
    "child-in-a-native": LIFE + ended(0) + LIFE,
    "grandchild": LIFE + LIFE + LIFE + ended(0) + ended(3),
}

# The native forks on the thread of an island, and returns.
ISLAND = """module island
entry @main
native vo_println results=0
native host_hook results=1
fn work params=2 param_count=1 closure param_types=[port:0 1] {
	CallExtern @host_hook, r2, r2 args=0
	PortSend r1, r2 slots=1
	Return r0, 0
}
fn main {
	LoadInt r0, 2
	LoadInt r1, 0
	PortNew r2, r0, r1 slots=1
	IslandNew r3
	ClosureNew r4, @work, 0
	Copy r5, r2
	GoIsland r3, r4, r5 args=1
	PortRecv r6, r2 slots=1
	IfaceAssign r8, r6, iface(int), int
	CallExtern @vo_println, r8, r8 args=2
	Return r0, 0
}
"""


class Forks(HostTest):
    on_own_stack = True

    def test_variants(self):
        for tier, (variant, output) in in_tiers(OUTPUTS.items()):
            with self.subTest(tier=tier, variant=variant):
                # The sanitizer of a parent that ends at once has not stopped all of its threads.
                options = {"env": NO_LEAKS} if variant == "daemon" else {}
                self.check(self.run_host("forks", GARBAGE, tier, variant, **options), 0, output)

    @unittest.skipIf(SANITIZED, "in the child the sanitizer has locks and stacks of threads that are not there")
    def test_while_other_threads_run(self):
        for tier in TIERS:
            with self.subTest(tier=tier):
                self.check(self.run_host("forks", GARBAGE, tier, "while-running"), 0, ended(0) * 16)

    @unittest.skipIf(SANITIZED or "auto" not in TIERS, "as above, and files for perf are the tier's")
    def test_while_files_for_perf_are_written(self):
        self.addCleanup(self.remove_maps)
        self.check(self.run_host("forks", GARBAGE, "auto", "while-running", self.folder), 0, ended(0) * 16)

    def remove_maps(self):
        for dump in self.folder.glob("jit-*.dump"):
            pathlib.Path(f"/tmp/perf-{dump.stem.removeprefix('jit-')}.map").unlink(missing_ok=True)

    @unittest.skipIf(SANITIZED, "in the child the sanitizer has locks and stacks of threads that are not there")
    def test_while_another_thread_starts(self):
        self.check(self.run_host("forks", GARBAGE, "interp", "while-starting"), 0, ended(0) * 30)

    def test_on_an_island(self):
        program = self.write("island.vot", ISLAND)
        for tier in TIERS:
            with self.subTest(tier=tier):
                self.check(self.run_host("forks", program, tier, "in-a-native"), 0, ended(1) + "0\n",
                           REFUSED.replace("kind 4", "volt"))


if __name__ == "__main__":
    unittest.main()
