"""Relations between presets of one build."""

import math
import unittest

from fixtures import TARGET, key, row, selection

from counts.kernels import KERNELS
from gates.relations import RELATIONS, SELF_RECURSIVE, MeanRelation, Relation, check


def rows(**counts):
    """rows(fib=(left, right)): instructions under v4 and v3."""
    result = {}
    for kernel, (left, right) in counts.items():
        result[key("v4", kernel)] = row(instructions=left)
        result[key("v3", kernel)] = row(instructions=right)
    return result


class Each(unittest.TestCase):
    def verdict(self, counts, relation, **options):
        [verdict] = check(TARGET, counts, selection(**options), [relation])
        return verdict

    def test_the_limit_is_still_allowed(self):
        relation = Relation("v4", "v3", limit=1.05)
        self.assertTrue(self.verdict(rows(fib=(105, 100)), relation).holds)
        self.assertFalse(self.verdict(rows(fib=(106, 100)), relation).holds)

    def test_the_worst_kernel_decides_and_is_named(self):
        verdict = self.verdict(rows(fib=(50, 100), tak=(120, 100)), Relation("v4", "v3"))
        self.assertEqual((verdict.where, verdict.value, verdict.holds), ("tak", 1.2, False))

    def test_only_its_kernels_count(self):
        self.assertTrue(self.verdict(rows(fib=(50, 100), tak=(120, 100)), Relation("v4", "v3", kernels=("fib",))).holds)

    def test_a_preset_without_the_figure_breaks_it(self):
        for left in ({}, {key("v4"): row("cannot be counted", hot_bytes=1)}):
            verdict = self.verdict({key("v3"): row(instructions=100)} | left, Relation("v4", "v3"))
            self.assertEqual((verdict.value, verdict.holds), (math.inf, False))

    def test_a_named_kernel_without_rows_breaks_it(self):
        self.assertFalse(self.verdict({}, Relation("v4", "v3", kernels=("fib",))).holds)

    def test_zero_is_at_most_zero(self):
        self.assertTrue(self.verdict(rows(fib=(0, 0)), Relation("v4", "v3")).holds)
        self.assertFalse(self.verdict(rows(fib=(1, 0)), Relation("v4", "v3")).holds)

    def test_what_was_not_selected_is_left_out(self):
        for relation in (Relation("v4", "other"), Relation("v4", "v3", targets=("aarch64",))):
            self.assertEqual(check(TARGET, rows(fib=(9, 1)), selection(), [relation]), [])


class Mean(unittest.TestCase):
    relation = MeanRelation("v4", "v3", limit=0.5)

    def verdicts(self, counts):
        return check(TARGET, counts, selection(every_kernel=True), [self.relation])

    def test_it_is_geometric(self):
        [verdict] = self.verdicts(rows(fib=(1, 1), tak=(1, 4)))
        self.assertAlmostEqual(verdict.value, 0.5)
        self.assertFalse(self.verdicts(rows(fib=(1, 1), tak=(1, 3)))[0].holds)

    def test_of_a_part_there_is_no_mean(self):
        self.assertEqual(check(TARGET, rows(fib=(1, 9)), selection(), [self.relation]), [])


class Table(unittest.TestCase):
    def test_kernels_that_it_names_are_counted(self):
        counted = {kernel.program for kernel in KERNELS}
        self.assertLessEqual(set(SELF_RECURSIVE), counted)
        for relation in RELATIONS:
            self.assertLessEqual(set(relation.kernels), counted)


if __name__ == "__main__":
    unittest.main()
