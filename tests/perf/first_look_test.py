"""What perf/compare-backends says when nothing is chosen, and how its pages begin."""

import io
import re
import shutil
import subprocess
import sys
import unittest
from contextlib import redirect_stdout

import fixture
from compare import backends, chart, first, page, programs, whole

# Each step of two kernels takes a known part of the time of the one before it.
TIMES = {"baseline": 2.0, "v3": 1.0, "record": 1.0, "record+both+cc": 0.5, "record-hinted": 0.4,
         "c-same-shape": 0.4, "c": 0.2}
GO = {"reference": "go", "ratio": 1.5, "interval": (1.25, 2.0), "confidence": 0.97}
INTERPRETER = {"reference": "interpreter", "ratio": 0.25, "interval": None, "confidence": None}


def found(names=("fib", "nqueens")):
    everything = fixture.everything([fixture.comparison(name, TIMES) for name in names])
    return {**everything, "programs": [{"program": "word_count"}], "summaries": [GO, INTERPRETER], "missing": ["C <is> left out"]}


class FirstLook(unittest.TestCase):
    def test_what_is_chosen_exists(self):
        folder = fixture.ROOT / "perf" / "programs"
        self.assertTrue(all(program.c_twin.exists() for program in programs.find(folder, list(first.KERNELS))))
        self.assertEqual(len(whole.find(list(first.PROGRAMS))), len(first.PROGRAMS))

    def test_each_step_stands_beside_the_one_before(self):
        lines = {line[0]: line for line in first.lines(found()["comparisons"])}
        self.assertEqual(list(lines), ["back end", *TIMES])
        self.assertEqual(lines["baseline"][2:], ["1", "", "", "5.00"])
        self.assertEqual(lines["v3"][2:], ["0.50", "0.50 [0.50, 0.50]", "faster", "2.50"])
        self.assertEqual(lines["record"][3:5], ["1.00 [1.00, 1.00]", "no conclusion"])
        self.assertEqual(lines["record-hinted"][2:], ["0.20", "0.80 [0.80, 0.80]", "faster", "1.00"])
        self.assertEqual(lines["c-same-shape"][2:], ["0.20", "", "", ""])
        self.assertEqual(lines["c"][2:], ["0.10", "", "", "0.50"])

    def test_a_step_that_did_not_run_has_no_line(self):
        without = {name: seconds for name, seconds in TIMES.items() if name != "record"}
        lines = {line[0]: line for line in first.lines([fixture.comparison("fib", without)])}
        self.assertNotIn("record", lines)
        self.assertEqual(lines["record+both+cc"][3], "0.50 [0.50, 0.50]")

    def test_the_end_says_where_to_go_on(self):
        with redirect_stdout(io.StringIO()) as output:
            first.print_all(found(), "first.html")
        text = output.getvalue()
        self.assertIn("volt run beside Go: 1.50 [1.25, 2.00]\nvolt run beside the interpreter: 0.25\nC <is> left out\n", text)
        self.assertRegex(text, r"the page: first\.html\neverything: \./perf/compare-backends --full .*\n\Z")
        self.assertLessEqual(max(map(len, text.splitlines())), 160)

    def test_choosing_anything_is_no_first_look(self):
        shown = subprocess.run([sys.executable, "-m", "compare", "--help"], capture_output=True, text=True, check=True,
                               cwd=fixture.ROOT / "perf").stdout
        self.assertIn("--full", shown)


class Pages(unittest.TestCase):
    def test_the_sentence_that_leads(self):
        lead = page.lead("record-hinted", found()["comparisons"])
        self.assertIn("record-hinted, the default, takes 0.20 times as long as baseline", lead)
        self.assertIn("and 1.00 times as long as C", lead)
        self.assertIn("geometric means over 2 programs", lead)
        self.assertEqual(page.lead("none", found()["comparisons"]), "")

    def test_groups_are_shown_once(self):
        def shown(names):
            everything = found(names)
            return [group for group, _ in page.groups_to_show(everything["comparisons"], everything["geometric_means"])]

        self.assertEqual(shown(["fib"]), [])
        self.assertEqual(shown(["fib", "tak"]), ["all programs"])
        self.assertEqual(shown(["fib", "nqueens"]), ["all programs"])
        self.assertEqual(shown(["fib", "tak", "nqueens"]), ["all programs", "pure recursion"])

    @unittest.skipUnless(shutil.which("gnuplot"), "no gnuplot")
    def test_rows_of_a_chart_are_sorted_and_marked(self):
        rows = [(name, {"ratio": ratio, "interval": None, "conclusion": None})
                for name, ratio in (("slow", 3.0), ("record-hinted", 0.25), ("c", 0.5))]
        svg = chart.of_rows("name", [*rows, ("baseline", None)], page.AXIS, page.marks("record-hinted"))
        labels = re.findall(r"<text>(?:<tspan[^>]*>)?([a-z-]+(?: \([^)]*\))?) ?<", svg)
        self.assertEqual(labels[:4], ["record-hinted (the default)", "c (C, inlined)", "baseline", "slow"])

    @unittest.skipUnless(shutil.which("gnuplot"), "no gnuplot")
    def test_the_axis_has_its_whole_label(self):
        """Of a chart whose rows have the longest names, which leave the least room."""
        names = [*backends.POINTS, *page.marks("record-hinted").values()]
        svg = chart.of_rows("name", [(name, None) for name in names], page.AXIS)
        for text in (page.AXIS, "left is faster; bars: intervals"):
            place = re.search(r'translate\(([\d.]+),([\d.]+)\)[^>]*text-anchor="middle">\s*<text>' + text, svg)
            self.assertIsNotNone(place, text)
            half = len(text) * 13 * 0.6 / 2  # of a character's height, its width at most
            self.assertGreater(float(place[1]) - half, 0)
            self.assertLess(float(place[1]) + half, chart.WIDTH)
            self.assertLess(float(place[2]), chart.MARGIN_HEIGHT + chart.ROW_HEIGHT * len(names))


if __name__ == "__main__":
    unittest.main()
