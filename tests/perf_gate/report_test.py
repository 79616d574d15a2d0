"""What the gate prints."""

import contextlib
import io
import unittest

from fixtures import TARGET, key, row

from gates import report
from gates.comparison import Comparison, compare
from gates.relations import Verdict


def printed(before, after):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        report.print_comparison(compare(TARGET, before, after))
    return output.getvalue()


class Changes(unittest.TestCase):
    def test_table_aligns_names_left_and_numbers_right(self):
        self.assertEqual(report.table(["a", "number"], [["long", "7"], ["b", "1234567"]], 1),
                         "a      number\nlong        7\nb     1234567")

    def test_worse_and_better_have_tables_of_their_own(self):
        text = printed({key(): row(loads=100, stores=200)}, {key(): row(loads=150, stores=100)})
        better, worse = text.index("Better:"), text.index("WORSE by more than 1 %:")
        self.assertRegex(text[better:worse], r"x86_64 +fib +fib +v3 +stores +200 +100 +-50\.00 %")
        self.assertRegex(text[worse:], r"x86_64 +fib +fib +v3 +loads +100 +150 +\+50\.00 %")
        self.assertNotIn("within", text)

    def test_the_largest_change_comes_first(self):
        text = printed({key("a"): row(loads=100), key("b"): row(loads=100), key("c"): row(spills=0)},
                       {key("a"): row(loads=110), key("b"): row(loads=130), key("c"): row(spills=1)})
        lines = [line.split()[3] for line in text.splitlines() if line.startswith(TARGET)]
        self.assertEqual(lines, ["c", "b", "a"])
        self.assertIn("from none", text)

    def test_commands_for_the_worst_rows(self):
        presets = [f"p{number}" for number in range(9)]
        text = printed({key(preset): row(loads=100, stores=10) for preset in presets},
                       {key(preset): row(loads=200 + number, stores=20) for number, preset in enumerate(presets)})
        commands = [line.strip() for line in text.splitlines() if "--assembly" in line]
        self.assertEqual(len(commands), report.SHOWN_COMMANDS)
        self.assertEqual(commands[0], "./perf/gate --assembly fib fib p8 x86_64")
        self.assertIn("the same for the 4 others", text)

    def test_gone_rows_say_why(self):
        text = printed({key(): row(loads=1)}, {key(): row("fib calls volt_helper_x")})
        self.assertRegex(text, r"GONE.*\n  x86_64 fib fib v3: loads\n    fib calls volt_helper_x\n")

    def test_nothing_is_printed_without_changes(self):
        self.assertEqual(printed({key(): row(loads=1)}, {key(): row(loads=1)}), "")


class Summary(unittest.TestCase):
    def test_passed(self):
        self.assertEqual(report.summary(Comparison(compared=3), [], []),
                         "gate: passed: 3 figures compared, 0 worse, 0 gone, 0 better, 0 relations broken")

    def test_an_update_accepts_what_got_worse_and_no_broken_relation(self):
        comparison = compare(TARGET, {key(): row(loads=1)}, {key(): row(loads=2)})
        verdict = Verdict("a <= b", TARGET, 2, 1, "fib")
        self.assertRegex(report.summary(comparison, [], []), "^gate: FAILED: .* 1 worse")
        self.assertRegex(report.summary(comparison, [], [], updates=True), "^gate: changed: .* 1 worse")
        self.assertRegex(report.summary(comparison, [verdict], [], updates=True), "^gate: FAILED")

    def test_a_broken_relation_fails(self):
        verdict = Verdict("a <= b", TARGET, 2, 1, "fib")
        self.assertRegex(report.summary(Comparison(), [verdict], []), "^gate: FAILED: .* 1 relations broken$")
        self.assertRegex(report.relations_table([verdict]), r"a <= b +x86_64 +fib +2\.000 +1 +BROKEN")

    def test_what_was_not_compared_is_said(self):
        self.assertTrue(report.summary(Comparison(), [], ["aarch64"]).endswith("(no baseline for aarch64)"))


if __name__ == "__main__":
    unittest.main()
