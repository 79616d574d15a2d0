"""The text of a baseline."""

import pathlib
import tempfile
import unittest

from fixtures import key, row, selection

from gates import baseline, check
from gates.comparison import Comparison
from gates.figures import FIGURES, GateError

ROWS = {
    key("v4", "tak"): row(hot_bytes=99, callee_saved=0),
    key("v3"): row(**{figure: number for number, figure in enumerate(FIGURES)}),
    key("baseline"): row(instructions=123456789012),
}


class Text(unittest.TestCase):
    def test_there_and_back(self):
        self.assertEqual(baseline.parse(baseline.as_text(ROWS), "file"), ROWS)

    def test_lines_are_sorted_and_one_for_each_row(self):
        lines = baseline.as_text(ROWS).splitlines()[2:]
        self.assertEqual([line.split()[:3] for line in lines],
                         [["fib", "fib", "baseline"], ["fib", "fib", "v3"], ["tak", "tak", "v4"]])

    def test_what_does_not_exist_is_a_dash(self):
        words = baseline.as_text(ROWS).splitlines()[-1].split()
        self.assertEqual(words[3 + FIGURES.index("instructions")], "-")
        self.assertEqual(words[3 + FIGURES.index("callee_saved")], "0")

    def test_a_change_is_one_changed_line(self):
        before = baseline.as_text(ROWS).splitlines()
        after = baseline.as_text(ROWS | {key("v3"): row(instructions=10**8), key("v1"): row(loads=1)}).splitlines()
        self.assertEqual(len(set(before) - set(after)), 1)
        self.assertEqual(len(set(after) - set(before)), 2)

    def test_an_older_file_may_have_other_columns(self):
        text = "# comment\nkernel function preset loads old\nfib fib v3 7 8\n\n"
        self.assertEqual(baseline.parse(text, "file"), {key(): row(loads=7, old=8)})

    def test_damaged_files_are_refused_with_the_line(self):
        head = "kernel function preset loads\n"
        for text, message in [("fib fib v3 7\n", "file:1: the first line must name the columns"),
                              (head + "fib fib v3\n", "file:2: 3 columns, and the heading has 4"),
                              (head + "fib fib v3 x\n", "file:2: .*'x'")]:
            with self.assertRaisesRegex(GateError, message):
                baseline.parse(text, "file")


class Files(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_one_for_each_version_and_machine(self):
        self.assertEqual(baseline.path_of(self.folder, "22.1", "aarch64").name, "llvm-22.1-aarch64.txt")

    def test_written_and_read(self):
        path = self.folder / "new" / "llvm-22.1-x86_64.txt"
        self.assertIsNone(baseline.read(path))
        baseline.write(path, ROWS)
        self.assertEqual(baseline.read(path), ROWS)

    def test_an_update_leaves_alone_what_was_not_looked_at(self):
        old = {key("v3"): row(loads=1), key("v3", "gone"): row(loads=2), key("other"): row(loads=3)}
        new = {key("v3"): row(loads=9)}
        self.assertEqual(baseline.merge(old, new, selection(presets=("v3",))),
                         {key("v3"): row(loads=9), key("v3", "gone"): row(loads=2), key("other"): row(loads=3)})
        self.assertEqual(baseline.merge(old, new, selection(every_kernel=True, every_preset=True)), new)
        self.assertEqual(baseline.merge(None, new, selection()), new)

    def test_an_update_writes_nothing_while_a_kernel_cannot_be_counted(self):
        rows = {"x86_64": {key(): row(loads=1)}, "aarch64": {key("v4"): row("fib calls volt_helper_x", loads=1)}}
        outcome = check.Outcome("22.1", rows, Comparison(), [], [])
        with self.assertRaisesRegex(GateError, "aarch64 fib fib v4: fib calls volt_helper_x; nothing was written"):
            check.update(outcome, selection(), self.folder)
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
