"""What perf/compare-backends makes of runs: rows, equal code, and the files that it writes."""

import csv
import html.parser
import io
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest
from contextlib import redirect_stdout

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import fixture  # noqa: E402
from compare import backends, files, metrics, page, programs, report, results  # noqa: E402

HOST = results.HOST
VOLT = os.environ.get("VOLT", str(fixture.ROOT / "build" / "release" / "volt"))
HAS_TIER = os.environ.get("VOLT_TIER", "ON") == "ON"


def two_programs():
    times = {"interpreter": 8.0, "baseline": 2.0, "v3": 1.0, "c-same-shape": 0.5}
    return [fixture.comparison("fib", times, {"v3+weights": "v3"}, {"v3": "trivial"}),
            fixture.comparison("nqueens", {**times, "v3": 4.0}, {"v3+weights": "v3"})]


class Processor(unittest.TestCase):
    def model_of(self, text):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "cpuinfo"
            path.write_text(text)
            return files.processor_model(path)

    def test_designs_of_one_name_are_told_apart(self):
        self.assertEqual(self.model_of("processor\t: 0\ncpu family\t: 26\nmodel\t\t: 2\nmodel name\t: AMD EPYC\n"
                                       "\nprocessor\t: 1\ncpu family\t: 26\nmodel\t\t: 2\nmodel name\t: AMD EPYC\n"),
                         "AMD EPYC (family 26, model 2)")

    def test_others_have_a_name_or_none(self):
        self.assertEqual(self.model_of("processor\t: 0\nCPU part\t: 0xd0c\n\nModel\t\t: A board\n"), "A board")
        self.assertIsNone(self.model_of("processor\t: 0\nCPU part\t: 0xd0c\n"))
        self.assertIsNone(files.processor_model("/nonexistent/cpuinfo"))


class Rows(unittest.TestCase):
    def row(self, name, program=0):
        return results.rows_by_name(two_programs()[program])[name]

    def test_ratios_are_to_every_reference_that_ran(self):
        row = self.row("v3")
        self.assertEqual(row["seconds"], 1.0)
        self.assertEqual({name: compared["ratio"] for name, compared in row["ratios"].items()},
                         {"baseline": 0.5, "c-same-shape": 2.0})
        self.assertEqual(row["ratios"]["baseline"]["conclusion"], "faster")
        self.assertEqual(row["ratios"]["c-same-shape"]["conclusion"], "slower")

    def test_the_reference_is_not_compared_with_itself(self):
        self.assertNotIn("baseline", self.row("baseline")["ratios"])

    def test_equal_code_has_the_results_of_the_one_that_ran(self):
        row = self.row("v3+weights")
        self.assertEqual((row["same_code_as"], row["seconds"], row["status"]), ("v3", 1.0, "trivial"))
        self.assertEqual(row["samples"], self.row("v3")["samples"])
        self.assertEqual(row["ratios"]["v3"]["ratio"], 1.0)
        self.assertEqual(row["ratios"]["v3"]["conclusion"], "no conclusion")

    def test_geometric_means_of_groups(self):
        means = results.geometric_means(two_programs())
        ratio = {group: next(row["ratio"] for row in by_reference["baseline"] if row["backend"] == "v3")
                 for group, by_reference in means.items()}
        self.assertEqual({group: round(value, 9) for group, value in ratio.items()},
                         {"all programs": 1.0, "pure recursion": 0.5, "other programs": 2.0})

    def test_slow_back_end_with_fewer_rounds(self):
        series = [fixture.series("baseline", 1.0, 5), fixture.series("interpreter", 4.0, 2)]
        program = fixture.types.SimpleNamespace(name="p", hot_function="f")
        of_program = results.of_program(program, 1, ["baseline", "interpreter"], series, {"baseline": fixture.facts()})
        self.assertEqual((of_program["rounds"], of_program["backends"][1]["rounds"]), (5, 2))
        self.assertEqual(of_program["backends"][1]["ratios"]["baseline"]["interval"], (4.0, 4.0))
        self.assertIn("note: fewer rounds than the others: interpreter", report.notes([of_program]))


class SameCode(unittest.TestCase):
    def test_the_first_of_equal_ones_stands_for_all(self):
        self.assertEqual(metrics.first_of_each({"a": "1", "b": "2", "c": "1", "d": "1"}),
                         {"a": None, "b": None, "c": "a", "d": "a"})

    def test_what_was_not_compiled_is_equal_to_nothing(self):
        self.assertEqual(metrics.first_of_each({"a": None, "b": None}), {"a": None, "b": None})

    def test_what_is_known_goes_to_back_ends_with_the_same_code(self):
        first, target = fixture.facts(), metrics.TARGETS
        here = metrics.Facts({target[1]: {"code_bytes": 7}}, {target[0]: "a", target[1]: None}, None)
        done = metrics.completed({"a": first, "b": here}, target[0])
        self.assertEqual(done["b"].code, {target[0]: first.code[target[0]], target[1]: {"code_bytes": 7}})
        self.assertEqual(done["b"].status, first.status)

    def test_code_that_is_equal_on_another_machine_only_is_run(self):
        other = next(target for target in metrics.TARGETS if target != HOST)
        here = metrics.Facts({HOST: {"code_bytes": 7}}, {HOST: None, other: "a"}, "trivial")
        done = metrics.completed({"a": fixture.facts(), "b": here}, HOST)
        self.assertEqual((done["b"].status, done["b"].code[HOST]["code_bytes"]), ("trivial", 7))


@unittest.skipUnless(HAS_TIER and pathlib.Path(VOLT).exists(), f"no {VOLT} with a tier")
class RealCode(unittest.TestCase):
    """fib has no floats, so v2 and v3 pass the same; a profile is not there to be used."""

    def fingerprints(self, *chosen):
        fib, = programs.find(fixture.ROOT / "perf" / "programs", ["fib"])
        return {metrics.fingerprint(VOLT, fib, backend, target) for backend in chosen for target in ["aarch64"]}

    def test_equal_code_has_equal_fingerprints(self):
        self.assertEqual(len(self.fingerprints(backends.preset_backend(VOLT, "v2"),
                                               backends.preset_backend(VOLT, "v3"))), 1)
        self.assertEqual(len(self.fingerprints(backends.preset_backend(VOLT, "hinted"),
                                               backends.hints_backend(VOLT, "v3", "both+cc"),
                                               backends.hints_backend(VOLT, "v3", "profile"))), 1)

    def test_other_code_has_another_fingerprint(self):
        chosen = [backends.preset_backend(VOLT, preset) for preset in ("baseline", "v1", "v3", "hinted", "record")]
        found = self.fingerprints(*chosen)
        self.assertEqual(len(found), len(chosen))
        self.assertNotIn(None, found)


class Page(html.parser.HTMLParser):
    """Checks that elements are closed in order, and collects what a page asks for from elsewhere."""

    EMPTY = {"meta", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.outside, self.ids, self.text = [], [], [], []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("src", "href", "xlink:href") and not value.startswith("#"):
                self.outside.append(value)
            if name == "id":
                self.ids.append(value)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise AssertionError(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        self.text.append(data)


class Files(unittest.TestCase):
    def written(self, write):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "file"
            write(path, fixture.everything(two_programs()))
            return path.read_text()

    def test_json_has_every_sample_and_is_read_back_as_it_was(self):
        read = json.loads(self.written(files.write_json))
        self.assertEqual(read["machine"], fixture.MACHINE)
        row = read["comparisons"][0]["backends"][2]
        self.assertEqual((row["backend"], len(row["samples"]), len(row["start_samples"])), ("v3", 6, 6))
        self.assertEqual(results.seconds_of(row), (1.0,) * 6)
        self.assertEqual(read["geometric_means"]["pure recursion"]["baseline"][2]["ratio"], 0.5)

    def test_csv_has_a_line_for_each_back_end(self):
        lines = list(csv.DictReader(io.StringIO(self.written(files.write_csv))))
        self.assertEqual(len(lines), 10)
        line = lines[4]
        self.assertEqual((line["program"], line["backend"], line["same_code_as"]), ("fib", "v3+weights", "v3"))
        self.assertEqual((line["seconds"], line["baseline_ratio"], line["baseline_low"], line["exits_yield"]),
                         ("1.0", "0.5", "0.5", "4"))
        self.assertEqual((line["aarch64_callee_saved"], line["x86_64_hot_bytes"]), ("3", "60"))
        self.assertEqual((lines[0]["x86_64_hot_bytes"], lines[0]["status"]), ("", ""))

    @unittest.skipUnless(shutil.which("gnuplot"), "no gnuplot")
    def test_page_is_well_formed_and_needs_nothing_else(self):
        parser = Page()
        parser.feed(self.written(page.write))
        self.assertEqual((parser.open, parser.outside), ([], []))
        self.assertEqual(len(parser.ids), len(set(parser.ids)))
        text = " ".join(parser.text)
        for part in ("A <processor>", "same code as v3", "0.500 [0.500, 0.500]", "trivial", "Geometric means"):
            self.assertIn(part, text)

    def test_terminal_has_a_table_for_each_program_and_says_what_was_not_run(self):
        with redirect_stdout(io.StringIO()) as output:
            programs = two_programs()
            report.print_all(programs, results.geometric_means(programs))
        text = output.getvalue()
        self.assertIn("fib, size 10, function fib: medians of 6 interleaved rounds", text)
        self.assertRegex(text, r"v3\+weights +1\.000 s +0\.500 \[0\.500, 0\.500\] .*same code as v3")
        self.assertIn("geometric means of the ratios to baseline, pure recursion", text)


if __name__ == "__main__":
    unittest.main()
