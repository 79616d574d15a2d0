"""The page that perf/results writes: numbers, verdicts and sections from comparisons with times that are known."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import fixture  # noqa: E402
from compare import backends, measure, whole  # noqa: E402
from results_page import (answer, costs, data, first_screen, glossary, hints, original, page, steps,  # noqa: E402
                          targets)
from results_page import times as text_of_times  # noqa: E402

TIMES = {"interpreter": 8.0, "baseline": 2.0, "v1": 1.5, "v2": 1.25, "v3": 1.0, "v4": 0.5, "callback": 1.6,
         "hinted": 0.8, "record": 0.6, "record-hinted": 0.52, "unwind": 0.5, "v3+weights": 0.9, "c": 0.4,
         "c-same-shape": 0.5}
SAME = {"v3+both+cc": "hinted", "record+both+cc": "record-hinted"}


def everything():
    return fixture.everything([
        fixture.comparison("fib", TIMES, SAME, {"v4": "trivial", "unwind": "unwinds"}),
        fixture.comparison("nqueens", {**TIMES, "hinted": 1.1, "record-hinted": 0.6, "unwind": 0.7}, SAME)])


def of_the_project():
    """Every kernel and back end that the project's text may name."""
    points = {point: 0.55 for point in backends.POINTS}
    kernels = sorted(path.stem for path in (fixture.ROOT / "perf" / "programs").glob("*.c"))
    return fixture.everything([fixture.comparison(name, {**TIMES, **points, "record+both+cc": 0.55}, {"v3+both+cc": "hinted"})
                               for name in kernels])


def counted():
    counts = [{"target": target, "preset": preset, "instructions": number, "loads": 1, "stores": 1, "taken_branches": 1,
               "calls": 1} for target, factor in (("x86_64", 1), ("aarch64", 2))
              for preset, number in (("baseline", 100 * factor), ("v3", 80 * factor), ("v4", 25 * factor * factor),
                                     ("record-hinted", 50))]
    return {"kernels": [{"kernel": "fib", "function": "fib", "arguments": [20], "result": 6765, "counts": counts}]}


def counted_of_the_project():
    """Of the kernels whose counts the project's text names."""
    fib, = counted()["kernels"]
    more = [{**fib["counts"][0], "preset": preset} for preset in ("unwind", "record-hinted")]
    return {"kernels": [fib, {**fib, "kernel": "mutual_recursion", "counts": more}]}


def times():
    return data.Times(everything())


def counts():
    return data.Counts(counted())


def verdicts(lines):
    return {line[0].replace("`", ""): line[-1] for line in lines}


class Verdicts(unittest.TestCase):
    def compared(self, low, ratio, high):
        return {"ratio": ratio, "interval": (low, high), "confidence": 0.96, "conclusion": "slower"}

    def test_the_whole_interval_must_lie_on_one_side(self):
        found = [targets.judged(self.compared(*values), 1.05)
                 for values in ((1.01, 1.02, 1.05), (1.06, 1.1, 1.2), (1.0, 1.04, 1.06), (1.05, 1.05, 1.06))]
        self.assertEqual(found, ["reached", "missed", "undecided", "undecided"])

    def test_few_rounds_and_short_runs_decide_nothing(self):
        for without in ({"interval": None, "confidence": None}, {"confidence": 0.9375}, {"conclusion": "too short"}):
            self.assertEqual(targets.judged({**self.compared(0.5, 0.5, 0.5), **without}, 1), "undecided")
        self.assertEqual(targets.judged(None, 1), "not measured")

    def test_recording_is_compared_with_the_trivial_form_only_where_there_is_one(self):
        self.assertEqual(verdicts(targets.beside_best(times())),
                         {"record-hinted to v4: fib": "reached",  # 0.52 / 0.5 = 1.04
                          "record-hinted to c-same-shape: nqueens": "missed"})  # 0.6 / 0.5 = 1.2

    def test_two_and_a_half_times_as_fast(self):
        line, = targets.beside_baseline(times())
        self.assertEqual(line[1:], ["<= 0.4", "0.279 [0.279, 0.279]", "reached"])  # sqrt(0.26 0.3)

    def test_hints_elsewhere_leave_pure_recursion_out(self):
        self.assertEqual(set(verdicts(targets.hints_elsewhere(times())).items()),
                         {("hinted to v3: nqueens", "missed"), ("hinted to v3: other programs, geometric mean", "missed")})

    def test_unwinding_in_pure_recursion(self):
        self.assertEqual(verdicts(targets.unwinding(times())), {"unwind to c-same-shape: fib": "reached"})

    def test_registers_on_aarch64(self):
        measured = everything()
        for of_v4, verdict in ((3, "reached"), (2, "missed")):
            for row in measured["comparisons"][0]["backends"]:
                if row["backend"] == "v4":
                    row["code"]["aarch64"]["callee_saved"] = of_v4
            line, = targets.saved_registers(data.Times(measured))
            self.assertEqual(line[1:], [f"<= {of_v4}", "3", verdict])

    def test_what_was_not_measured_is_said_to_be(self):
        few = data.Times(fixture.everything([fixture.comparison("fib", {"baseline": 1.0, "v3": 1.0})]))
        self.assertEqual(set(verdicts(targets.beside_best(few)).values()), {"not measured"})
        self.assertEqual(set(verdicts(targets.saved_registers(few)).values()), {"not measured"})


class Answer(unittest.TestCase):
    def filled(self, text, measured=None):
        return answer.filled(text, measured or times(), counts())

    def test_numbers(self):
        self.assertEqual(self.filled("<!-- a\nb -->\nA {{v3 / baseline: fib}}, {{v3 / baseline: all programs}}, "
                                     "{{v4 / baseline: fib, aarch64}}, {{ v4 / v3: pure recursion, x86_64 }}.\n"),
                         "A 0.50, 0.50, 0.50, 0.31.")

    def test_what_was_not_measured_is_an_error(self):
        for text in ("{{v9 / baseline: fib}}", "{{v3 / baseline: none}}", "{{v3 / baseline: fib, riscv}}"):
            with self.assertRaisesRegex(answer.AnswerError, "no number for"):
                self.filled(text)

    def test_what_is_not_understood_is_an_error(self):
        for text in ("{{v3}}", "{{v3 / baseline}}", "{{ open"):
            with self.assertRaisesRegex(answer.AnswerError, "is not of the form"):
                self.filled(text)

    def test_numbers_in_the_text_of_the_project_are_measured(self):
        text = (fixture.ROOT / "perf" / "results_page" / "answer.md").read_text()
        words = answer.filled(text, data.Times(of_the_project()), data.Counts(counted_of_the_project()))
        self.assertNotIn("{", words)


class FirstScreen(unittest.TestCase):
    def said(self, **changed):
        return first_screen.answer(data.Times(fixture.everything([fixture.comparison("fib", {**TIMES, **changed})])), counts())

    def test_the_answer_follows_from_the_numbers(self):
        self.assertIn("**The answer.** Yes: with hints, complete exits take 0.40 times", self.said())
        self.assertIn("**The answer.** No: with hints, complete exits take 2.00 times", self.said(hinted=4.0))
        self.assertIn("**The answer.** Not by what could be told apart", self.said(hinted=2.0))

    def test_few_rounds_decide_nothing(self):
        few = data.Times(everything())
        for program in few.programs.values():
            for row in program["backends"]:
                row["samples"], row["start_samples"] = row["samples"][:3], row["start_samples"][:3]
        self.assertIn("**The answer.** Not decided by so few rounds", first_screen.answer(few, counts()))

    def test_every_preset_is_explained(self):
        rows = (fixture.ROOT / "backend-llvm" / "calls" / "presets.def").read_text()
        self.assertEqual(set(re.findall(r'^PRESET\("([^"]+)"', rows, re.MULTILINE)) - set(glossary.PRESETS), set())

    def test_goals_stand_before_what_was_missed(self):
        text = page.write(everything(), counted(), "### What stands against the limits")
        self.assertLess(text.index("### What was wanted"), text.index("### What stands against"))
        self.assertIn("| Recording exits make calls fast | 0.4 times `baseline` over all programs | 1 reached |", text)


class Costs(unittest.TestCase):
    def row(self, kernel, label, seconds, instructions):
        counts = {target: {"instructions": instructions, "loads": 1, "stores": 1, "taken_branches": 4}
                  for target in ("x86_64", "aarch64")}
        return {"kernel": kernel, "label": label, "preset": "", "seconds": [seconds] * 6, "counts": counts}

    def section(self, name, reference, *rows):
        return costs.section({"experiments": [{"name": name, "reference": reference, "rows": [self.row(*row) for row in rows]}]})

    def test_what_each_store_adds(self):
        text = self.section("stores and loads", "as it is", ("fib", "as it is", 1.0, 100), ("fib", "16 stores", 2.6, 300),
                            ("fib", "16 loads", 1.8, 300))
        self.assertIn("A store costs more than a load: of sixteen before each call of fib, each adds 10.0 % (stores) and 5.0 %", text)
        self.assertIn("| 16 stores | 2.600 [2.600, 2.600] | 3.000 | 3.000 |", text)

    def test_places_that_overlap_tell_nothing_apart(self):
        def of(slow):
            return self.section("where code lies", "v4 at 0", ("ackermann", "v4 at 0", 1.0, 100), ("ackermann", "v4 at 16", 2.0, 100),
                                ("ackermann", "v4-hinted at 0", slow, 50), ("ackermann", "v4-hinted at 16", 4.0, 50))
        self.assertIn("`v4-hinted` beside `v4` is faster or slower by where they lie", of(1.5))
        self.assertIn("`v4-hinted` beside `v4` is slower wherever both lie (3.00 at the fastest places, 2.00 at", of(3.0))

    def test_nothing_was_measured(self):
        self.assertEqual(costs.section(None), "")


class Sections(unittest.TestCase):
    def test_each_kind_of_exit_stands_beside_the_others_with_the_same_axes(self):
        both = fixture.everything([fixture.comparison("fib", {**TIMES, "v4-hinted": 0.4}, SAME),
                                   fixture.comparison("nqueens", TIMES, SAME)])
        text = steps.section(data.Times(both))
        self.assertIn("| hints | 1.600 [1.600, 1.600] | 0.800 [0.800, 0.800] | 1.040 [1.040, 1.040] | 0.650 [0.650, 0.650] | "
                      "1.300 [1.300, 1.300] |", text)  # 0.8, 0.4 and 0.52 to 0.5; 0.52 to 0.8 and to 0.4
        self.assertIn("| nothing | 1.000 [1.000, 1.000] | 0.600 [0.600, 0.600] | 0.600 [0.600, 0.600] |", text)

    def test_each_step_names_presets_and_points_that_are_measured(self):
        known = {*TIMES, *SAME, *backends.POINTS, "v4-hinted", "trivial-hinted"}
        self.assertEqual({name for _, names in steps.STEPS for name in names if name} - known, set())

    def test_rounds_say_how_much_confidence_there_is(self):
        few = data.Times(fixture.everything([fixture.comparison("fib", TIMES)]))
        self.assertIn("96.9 %", text_of_times.rounds_and_confidence(few))
        few.programs["fib"]["rounds"] = 5
        self.assertIn("93.8 %, whatever times are distributed like, so nothing", text_of_times.rounds_and_confidence(few))

    def test_a_program_that_says_nothing_about_exits_is_in_no_mean(self):
        both = [fixture.comparison(name, {**TIMES, "v3": seconds}) for name, seconds in (("nqueens", 1.0), ("defer_caller", 64.0))]
        measured = data.Times(fixture.everything(both))
        self.assertEqual(measured.in_group("v3", "baseline", "all programs")["ratio"], 0.5)
        self.assertEqual(measured.names("other programs"), ["nqueens"])
        text = text_of_times.section(measured)
        self.assertIn("defer_caller stands apart from all means: ", text)
        self.assertIn("| back end | defer_caller |", text)
        self.assertIn("record-hinted to c-same-shape: defer_caller", verdicts(targets.beside_best(measured)))

    def test_the_original_experiment_is_beside_ours(self):
        text = original.section(times(), counts())
        self.assertIn("| trivial slow path (`v4`) | 0.099 s | 0.697 | 0.250 [0.250, 0.250] | 0.250 | 0.500 |", text)
        self.assertIn("| memory ABI (`baseline`) | 0.142 s | 1.000 | 1 | 1.000 | 1.000 |", text)

    def test_hints_are_compared_with_the_preset_without_them(self):
        text = hints.section(times())
        self.assertIn("| `weights` | 0.900 [0.900, 0.900] | 0.900 [0.900, 0.900] | 0.900 [0.900, 0.900] | 2 | 0 | 0 |  |",
                      text)
        self.assertIn("| 1 | 1 | 0 | 2 = `hinted` |", text)
        self.assertNotIn("| `cold` |", text)  # was not measured

    def test_the_page_has_all_sections_and_whole_tables(self):
        text = page.write(everything(), counted(), "Words.")
        titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
        self.assertEqual(titles, ["The original experiment, row by row", "Times", "Hints",
                                  "Like with like", "x86-64", "AArch64", "Expected and found"])
        self.assertIn("is no AArch64: there are no times", text)
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            self.assertEqual(len({line.count("|") for line in block.splitlines()}), 1, block)

    def test_a_machine_that_is_measured_natively_comes_first(self):
        native = everything()
        native["machine"] = {**native["machine"], "machine": "aarch64"}
        text = page.write(native, counted(), "Words.")
        self.assertLess(text.index("## AArch64"), text.index("## x86-64"))
        self.assertIn("ours: time on aarch64", text)
        self.assertIn("is no x86-64: there are no times", text)

    def test_whole_programs_have_a_section_if_they_were_measured(self):
        samples = {name: [measure.Sample(2.0, seconds)] * 6 for name, seconds in [("auto", 3.0), ("c", 2.0)]}
        rows = [whole.row("sieve", 16, samples)]
        programs = {"programs": rows, "summaries": whole.summaries(rows), "missing": ["Go is left out: not there"]}
        text = page.write(everything(), counted(), "Words.", programs)
        for line in ("| `c` | 1 | 1.500 [1.500, 1.500] | sieve 1.50 |",
                     "| sieve | 3.000 s | 2.000 s |  |  | 1.500 [1.500, 1.500] |  |  |", "Go is left out: not there"):
            self.assertIn(line, text)

    def test_a_quick_run_says_so(self):
        self.assertIn("from a quick run", page.write({**everything(), "quick": True}, counted(), "Words."))
        self.assertNotIn("from a quick run", page.write(everything(), counted(), "Words."))


class Command(unittest.TestCase):
    def run_results(self, *options):
        return subprocess.run([fixture.ROOT / "perf" / "results", *options], capture_output=True, text=True, timeout=120)

    @unittest.skipUnless(shutil.which("gnuplot"), "no gnuplot")
    def test_a_page_from_saved_measurements(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "times.json").write_text(json.dumps(of_the_project()))
            (folder / "counts.json").write_text(json.dumps(counted_of_the_project()))
            process = self.run_results(f"--from={folder}/times.json,{folder}/counts.json", f"--output={folder}/page.md")
            self.assertEqual((process.returncode, process.stderr), (0, ""))
            text = (folder / "page.md").read_text()
            self.assertTrue(text.startswith("# Results\n"))
            pictures = re.findall(r"\]\((figures/.*?\.svg)\)", text)
            self.assertEqual(pictures, ["figures/kernels.svg", "figures/original.svg"])
            for picture in pictures:
                self.assertIn("<svg", (folder / picture).read_text())

    def test_bad_files_are_errors(self):
        self.assertEqual(self.run_results("--from=one.json").returncode, 2)
        process = self.run_results("--from=no/times.json,no/counts.json")
        self.assertEqual(process.returncode, 1)
        self.assertIn("no/times.json", process.stderr)


if __name__ == "__main__":
    unittest.main()
