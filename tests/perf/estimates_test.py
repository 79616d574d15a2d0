"""Estimated cycles: blocks of executed instructions, and what the page says of them."""

import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import fixture  # noqa: E402
from estimates import blocks  # noqa: E402
from results_page import data, estimated  # noqa: E402

TWO_ADDITIONS, RETURN = ["4801c0", "4801c0"], "c3"  # add %rax, %rax


class Blocks(unittest.TestCase):
    def test_a_block_ends_where_the_count_changes_and_where_instructions_are_missing(self):
        found = blocks.blocks_of([(0, 5, "90"), (1, 5, "4801c0"), (4, 3, "90"), (9, 3, "90"), (10, 3, "c3")])
        self.assertEqual([(block.count, block.codes) for block in found],
                         [(5, ["90", "4801c0"]), (3, ["90"]), (3, ["90", "c3"])])

    @unittest.skipUnless(shutil.which(blocks.MCA) and shutil.which(blocks.MC), "LLVM's tools are not installed")
    def test_additions_that_wait_for_each_other_take_a_cycle_each(self):
        core = next(core for core in blocks.CORES if core.name == "znver4")
        executed = [(0, 10, TWO_ADDITIONS[0]), (3, 10, TWO_ADDITIONS[1])]
        self.assertAlmostEqual(blocks.estimate(executed, core), 20, delta=1)


class Page(unittest.TestCase):
    def test_an_estimate_stands_beside_the_time(self):
        times = data.Times(fixture.everything([fixture.comparison("fib", {"baseline": 2.0, "v3": 1.0})]))
        rows = [{"kernel": "fib", "preset": preset, "core": core.name, "cycles": cycles} for core in blocks.CORES
                for preset, cycles in (("baseline", 100), ("v3", 25))]
        text = estimated.section({"estimates": rows}, times)
        self.assertIn("| `v3` | 0.500 [0.500, 0.500] | 0.250 | 0.250 | 0.250 | 0.250 |", text)
        self.assertIn("by a factor of 2.00 in the geometric mean", text)

    def test_nothing_was_estimated(self):
        self.assertEqual(estimated.section(None, None), "")


if __name__ == "__main__":
    unittest.main()
