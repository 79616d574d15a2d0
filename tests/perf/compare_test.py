"""The measuring behind perf/compare-backends: sizes, intervals, and outputs that must agree."""

import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "perf"))

from compare import backends, measure, programs, report, statistics  # noqa: E402


class Programs(unittest.TestCase):
    def load(self, text):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "program.vot"
            path.write_text(text)
            return programs.load(path)

    def test_every_program_states_its_size(self):
        for program in programs.find(ROOT / "perf" / "programs", []):
            self.assertGreater(program.size, 0)
            self.assertIn(f"fn {program.hot_function} ", program.text, program.name)

    def test_size_is_the_last_number_of_its_line(self):
        program = self.load("; @hot f\n\tLoadInt r1, 39 ; @size quick 30\n\tLoadInt r2, 39\n")
        self.assertEqual((program.size, program.quick_size, program.hot_function), (39, 30, "f"))
        self.assertEqual(program.with_size(0), "; @hot f\n\tLoadInt r1, 0 ; @size quick 30\n\tLoadInt r2, 39\n")

    def test_a_program_without_size_is_refused(self):
        with self.assertRaisesRegex(programs.ProgramError, "@size"):
            self.load("; @hot f\n\tLoadInt r1, 39\n")

    def test_unknown_program(self):
        with self.assertRaisesRegex(programs.ProgramError, "no program none; there are: .*fib"):
            programs.find(ROOT / "perf" / "programs", ["none"])


class Shell:
    """A back end that runs a shell command."""

    def __init__(self, name, script):
        self.name, self.script = name, script

    def prepared(self):
        return programs.Prepared(self, ["sh", "-c", self.script], ["true"])


class Measuring(unittest.TestCase):
    def test_each_round_runs_every_back_end_once(self):
        shown = []
        prepared = [Shell("a", "echo 1").prepared(), Shell("b", "echo 1").prepared()]
        series = measure.interleaved(prepared, 3, lambda *values: shown.append(values))
        self.assertEqual([(item.name, len(item.runs), len(item.starts)) for item in series], [("a", 3, 3), ("b", 3, 3)])
        self.assertEqual([name for _, _, name in shown if name], ["a", "b", "b", "a", "a", "b"])

    def test_outputs_that_differ_are_an_error(self):
        prepared = [Shell("a", "echo 1").prepared(), Shell("b", "echo 2").prepared()]
        with self.assertRaisesRegex(measure.MeasureError, "b printed b'2.n', but a printed b'1.n'"):
            measure.interleaved(prepared, 1, lambda *values: None)

    def test_a_run_that_fails_is_an_error(self):
        with self.assertRaisesRegex(measure.MeasureError, "exit status 3"):
            measure.run_once(["sh", "-c", "exit 3"])

    def test_start_up_is_subtracted(self):
        series = measure.Series("a", [measure.Sample(1.5, 2.0)], [measure.Sample(0.5, 0.75)])
        self.assertEqual((series.seconds(), series.wall_seconds()), ([1.0], [1.25]))


class Ratios(unittest.TestCase):
    def test_interval_of_equal_samples_is_a_point(self):
        self.assertEqual(statistics.ratio_interval([2.0] * 5, [4.0] * 5), (0.5, 0.5))

    def test_interval_holds_the_ratio_of_a_noisy_pair(self):
        low, high = statistics.ratio_interval([1.9, 2.0, 2.1, 2.0, 1.95], [1.0, 1.02, 0.98, 1.0, 1.01])
        self.assertLess(low, 2.0)
        self.assertGreater(high, 1.95)
        self.assertLess(high - low, 0.3)

    def test_one_round_has_no_interval(self):
        self.assertIsNone(statistics.ratio_interval([1.0], [1.0]))

    def test_the_reference_has_ratio_one(self):
        sample, start = measure.Sample(2.0, 2.0), measure.Sample(1.0, 1.0)
        row = report.row(measure.Series(backends.REFERENCE, [sample], [start]), [1.0], None)
        self.assertEqual((row["ratio"], row["seconds"], row["code_bytes"]), (1.0, 1.0, None))


if __name__ == "__main__":
    unittest.main()
