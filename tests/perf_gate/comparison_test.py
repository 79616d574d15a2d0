"""What the gate calls worse, better, gone and new."""

import unittest

from fixtures import TARGET, key, row, selection

from gates.comparison import NO_ROW, Comparison, compare


class Figures(unittest.TestCase):
    def compare(self, before, after, figure="instructions"):
        return compare(TARGET, {key(): row(**{figure: before})}, {key(): row(**{figure: after})})

    def test_one_percent_more_is_the_limit(self):
        self.assertFalse(self.compare(1000, 1010).fails)
        self.assertTrue(self.compare(1000, 1011).fails)
        self.assertFalse(self.compare(100, 101).fails)
        self.assertTrue(self.compare(99, 100).fails)

    def test_the_limit_is_exact_for_large_counts(self):
        large = 10**18
        self.assertFalse(self.compare(large, large + large // 100).fails)
        self.assertTrue(self.compare(large, large + large // 100 + 1).fails)

    def test_one_more_of_few_is_too_many(self):
        self.assertTrue(self.compare(3, 4, "callee_saved").fails)
        self.assertTrue(self.compare(0, 1, "spills").fails)

    def test_worse_within_the_limit_is_said_and_does_not_fail(self):
        result = self.compare(1000, 1001)
        self.assertEqual([(change.before, change.after) for change in result.worse], [(1000, 1001)])
        self.assertEqual(result.failures, [])

    def test_better_never_fails(self):
        result = self.compare(1000, 500)
        self.assertEqual((len(result.better), result.worse, result.fails), (1, [], False))
        self.assertEqual(result.better[0].percent, -50)

    def test_equal_figures_are_compared_and_not_listed(self):
        result = self.compare(7, 7)
        self.assertEqual((result.compared, result.better, result.worse, result.fails), (1, [], [], False))

    def test_a_change_from_nothing_has_no_percentage(self):
        self.assertIsNone(self.compare(0, 2, "spills").worse[0].percent)

    def test_one_figure_does_not_pay_for_another(self):
        result = compare(TARGET, {key(): row(loads=100, stores=100)}, {key(): row(loads=10, stores=102)})
        self.assertEqual([change.figure for change in result.failures], ["stores"])


class Rows(unittest.TestCase):
    def test_a_row_that_is_gone_fails(self):
        result = compare(TARGET, {key(): row(loads=1), key("v4"): row(loads=1)}, {key(): row(loads=1)})
        self.assertTrue(result.fails)
        self.assertEqual([(gone.key, gone.figures, gone.reason) for gone in result.gone],
                         [(key("v4"), ("loads",), NO_ROW)])

    def test_a_figure_that_is_gone_fails_and_says_why(self):
        result = compare(TARGET, {key(): row(instructions=5, hot_bytes=9)},
                         {key(): row("volt-count: fib calls volt_helper_x", hot_bytes=9)})
        self.assertTrue(result.fails)
        self.assertEqual((result.gone[0].figures, result.gone[0].reason),
                         (("instructions",), "volt-count: fib calls volt_helper_x"))

    def test_new_rows_and_figures_are_no_failure(self):
        result = compare(TARGET, {key(): row(loads=1)}, {key(): row(loads=1, stores=2), key("new"): row(loads=3)})
        self.assertFalse(result.fails)
        self.assertEqual(result.new, [(TARGET, key("new"), ("loads",)), (TARGET, key(), ("stores",))])

    def test_a_figure_that_only_the_baseline_knows_is_gone(self):
        self.assertTrue(compare(TARGET, {key(): row(old_figure=1)}, {key(): row()}).fails)

    def test_comparisons_of_several_targets_add_up(self):
        total = Comparison()
        for target in ("x86_64", "aarch64"):
            total.add(compare(target, {key(): row(loads=1)}, {key(): row(loads=2)}))
        self.assertEqual([change.target for change in total.failures], ["x86_64", "aarch64"])
        self.assertEqual(total.compared, 2)


class Selections(unittest.TestCase):
    def test_what_is_named_is_all_that_is_looked_at(self):
        self.assertTrue(selection().has(key("v3", "tak")))
        self.assertFalse(selection().has(key("v3", "other")))
        self.assertFalse(selection().has(key("other")))

    def test_without_names_the_baseline_may_have_what_no_longer_exists(self):
        self.assertTrue(selection(every_kernel=True).has(key("v3", "other")))
        self.assertTrue(selection(every_preset=True).has(key("other")))
        self.assertFalse(selection(every_preset=True).has(key("other", "other")))


if __name__ == "__main__":
    unittest.main()
