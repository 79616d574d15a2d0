"""The measuring behind perf/compare-backends: sizes, back ends, rounds, intervals, and outputs that must agree."""

import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "perf"))

from compare import backends, measure, programs, progress, statistics  # noqa: E402


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


class Backends(unittest.TestCase):
    def program(self, folder, twin):
        path = pathlib.Path(folder) / "one.vot"
        path.write_text("; @hot f\n\tLoadInt r1, 39 ; @size quick 30\n")
        if twin:
            path.with_suffix(".c").write_text("")
        return programs.load(path)

    def test_a_peer_runs_its_command_on_the_sized_program(self):
        with tempfile.TemporaryDirectory() as name:
            peer = backends.peer("old=/opt/old/volt run '--preset=a b' {program} -q")
            command = peer.prepare(self.program(name, False), 12, pathlib.Path(name))
            self.assertEqual(peer.name, "old")
            self.assertEqual(command, ["/opt/old/volt", "run", "--preset=a b", f"{name}/one-12.vot", "-q"])
            self.assertIn("LoadInt r1, 12 ;", pathlib.Path(command[3]).read_text())

    def test_a_peer_without_name_or_program_is_refused(self):
        for text in ("volt run {program}", "old=volt run", "", "=volt {program}"):
            with self.assertRaisesRegex(ValueError, "a peer is 'NAME=COMMAND {program}'"):
                backends.peer(text)

    def test_wanted_back_ends_come_with_the_reference_and_peers(self):
        every = [backends.preset_backend("volt", name) for name in ("hinted", "baseline", "v3")]
        with tempfile.TemporaryDirectory() as name:
            chosen = backends.available(every, self.program(name, True), ["v3"], [backends.peer("x=y {program}")])
            self.assertEqual([backend.name for backend in chosen], ["baseline", "v3", "x"])

    def test_both_twins_are_there_when_there_is_a_source(self):
        with tempfile.TemporaryDirectory() as name:
            self.assertEqual([item.name for item in backends.available([], self.program(name, True))],
                             ["c", "c-same-shape"])
        with tempfile.TemporaryDirectory() as name:
            self.assertEqual(backends.available([], self.program(name, False)), [])

    def test_hint_sets_change_nothing_but_the_hints(self):
        backend = backends.hints_backend("volt", "v3", "both+cc")
        self.assertEqual((backend.name, backend.compile_options()), ("v3+both+cc", ["--preset=v3", "--hints=both+cc"]))
        self.assertEqual(backend.options, ("--tier=llvm", "--sync", "--cpu=baseline", "--preset=v3", "--hints=both+cc"))


class Shell:
    """A back end that runs a shell command."""

    def __init__(self, name, script):
        self.name, self.script = name, script

    def prepared(self):
        return programs.Prepared(self, ("sh", "-c", self.script), ("true",))


class Measuring(unittest.TestCase):
    def test_each_round_runs_every_back_end_once(self):
        shown = []
        groups = {"p": [Shell("a", "echo 1").prepared(), Shell("b", "echo 1").prepared()],
                  "q": [Shell("a", "echo 2").prepared()]}
        series = measure.interleaved(groups, 3, lambda *values: shown.append(values))
        self.assertEqual([(item.name, len(item.runs), len(item.starts)) for item in series["p"]],
                         [("a", 3, 3), ("b", 3, 3)])
        self.assertEqual([(program, name) for _, _, program, name in shown],
                         [("p", "a"), ("p", "b"), ("q", "a"), ("p", "b"), ("p", "a"), ("q", "a"), ("p", "a"),
                          ("p", "b"), ("q", "a")])

    def test_a_slow_back_end_may_take_part_in_the_first_rounds_only(self):
        groups = {"p": [Shell("a", "echo 1").prepared(), Shell("slow", "echo 1").prepared()]}
        series = measure.interleaved(groups, 4, lambda *values: None, rounds_of={"slow": 2})
        self.assertEqual([len(item.runs) for item in series["p"]], [4, 2])

    def test_no_round_starts_that_would_end_after_the_deadline(self):
        times = iter([0, 10, 10, 20, 20])  # begin and end of two rounds, and when the third would begin
        self.assertEqual(list(measure.rounds_until(5, 25, lambda: next(times))), [0, 1])

    def test_the_first_round_runs_whatever_the_deadline(self):
        times = iter([0, 10, 10])
        self.assertEqual(list(measure.rounds_until(5, -1, lambda: next(times))), [0])

    def test_outputs_that_differ_are_an_error(self):
        groups = {"p": [Shell("a", "echo 1").prepared(), Shell("b", "echo 2").prepared()]}
        with self.assertRaisesRegex(measure.MeasureError, "b printed b'2.n', but a printed b'1.n'"):
            measure.interleaved(groups, 1, lambda *values: None)

    def test_a_run_that_fails_is_an_error(self):
        with self.assertRaisesRegex(measure.MeasureError, "exit status 3"):
            measure.run_once(["sh", "-c", "exit 3"])

    def test_start_up_is_subtracted(self):
        series = measure.Series("a", [measure.Sample(1.5, 2.0)], [measure.Sample(0.5, 0.75)])
        self.assertEqual((series.seconds(), series.wall_seconds()), ([1.0], [1.25]))

    def test_what_is_compiled_after_the_start_is_subtracted_at_its_least(self):
        runs = [measure.Sample(2.0, 2.0, 0.5), measure.Sample(2.5, 2.5, 0.25)]
        series = measure.Series("a", runs, [measure.Sample(0.5, 0.5)] * 2)
        self.assertEqual(series.seconds(), [1.25, 1.75])

    def test_late_compilation_and_exits_are_read_from_statistics(self):
        told = ('{"steps":1,"tier":{"name":"LLVM 22","exits":{"panic":0,"yield":2},"functions":[{"name":"f",'
                '"call_form":{"compile_ms":7.0},"resume_form":{"compile_ms":4.0},"exits":{}},'
                '{"name":"g","call_form":{"compile_ms":1.0},"loop_form":{"compile_ms":2.0}}]}}')
        script = f"echo 1; echo other >&2; echo '{told}' >&2"
        groups = {"p": [Shell("a", script).prepared(), Shell("b", "echo 1; echo '{\"broken' >&2").prepared()]}
        told_all, nothing = measure.interleaved(groups, 1, lambda *values: None)["p"]
        share = min(told_all.runs[0].processor / told_all.runs[0].wall, 1.0)
        self.assertEqual((told_all.late(), told_all.exits), (0.006 * share, {"panic": 0, "yield": 2}))
        self.assertEqual((nothing.late(), nothing.exits), (0.0, None))

    def test_time_left_counts_each_step_as_long_as_it_took(self):
        times = iter([0, 4, 5])
        left = progress.TimeLeft({"slow": 2, "fast": 2}, lambda: next(times))
        left.begin("slow")
        self.assertIsNone(left.seconds())
        left.begin("fast")  # slow took 4; fast is taken for the mean until it has run
        self.assertEqual(left.seconds(), 1 * 4 + 2 * 4)
        left.begin("slow")  # fast took 1
        self.assertEqual(left.seconds(), 1 * 4 + 1 * 1)


class Confidence(unittest.TestCase):
    """Worked out by hand: the median lies outside of all n values if they all fall on one side, 2 / 2^n."""

    def test_of_all_values(self):
        for rounds, expected in ((2, 1 / 2), (3, 3 / 4), (5, 15 / 16), (6, 31 / 32), (7, 63 / 64)):
            self.assertEqual(statistics.confidence(rounds, 0), expected)

    def test_without_the_extremes(self):
        """Outside if at most one of n falls on one side: 2 (1 + n) / 2^n; if at most two: 2 (1 + n + n (n - 1) / 2) / 2^n."""
        self.assertEqual(statistics.confidence(8, 1), 1 - 18 / 256)  # 92.97 %
        self.assertEqual(statistics.confidence(9, 1), 1 - 20 / 512)  # 96.09 %
        self.assertEqual(statistics.confidence(12, 2), 1 - 158 / 4096)  # 96.14 %

    def test_of_21_rounds_it_is_the_table_of_the_sign_test(self):
        """P(X <= 5) = 0.0133 and P(X <= 6) = 0.0392 for 21 tosses of a coin."""
        self.assertEqual(statistics.left_out(21), 5)
        self.assertEqual(round((1 - statistics.confidence(21, 5)) / 2, 4), 0.0133)
        self.assertEqual(round((1 - statistics.confidence(21, 6)) / 2, 4), 0.0392)

    def test_as_many_are_left_out_as_95_percent_allow(self):
        self.assertEqual([statistics.left_out(rounds) for rounds in (1, 2, 3, 5, 6, 8, 9, 11, 12)],
                         [0, 0, 0, 0, 0, 0, 1, 1, 2])
        self.assertEqual(statistics.fewest_rounds(), 6)

    def test_as_text(self):
        self.assertEqual([statistics.percent(value) for value in (0.75, 0.9375, 0.96875)], ["75 %", "93.8 %", "96.9 %"])
        one = {"interval": (0.5, 2.25), "confidence": 0.75}
        self.assertEqual(statistics.interval_text(one), " [0.500, 2.250] (75 %)")
        self.assertEqual(statistics.interval_text({**one, "confidence": 0.96}, digits=1), " [0.5, 2.2]")
        self.assertEqual(statistics.interval_text({"interval": None, "confidence": None}), "")


class Ratios(unittest.TestCase):
    def ratio(self, *samples):
        found = statistics.compared(samples)
        return found["ratio"], found["interval"]

    def test_each_round_gives_a_ratio(self):
        """3, 1/2, 2, 4, 1: from the first to the last, since five rounds have not enough to leave any out."""
        found = statistics.compared([((6.0, 1.0, 4.0, 4.0, 1.0), (2.0, 2.0, 2.0, 1.0, 1.0))])
        self.assertEqual((found["ratio"], found["interval"], found["confidence"], found["rounds"]), (2.0, (0.5, 4.0), 15 / 16, 5))

    def test_what_slows_both_times_of_a_round_leaves_no_doubt(self):
        slowed = (1.0, 3.0, 2.0, 5.0, 4.0)
        self.assertEqual(self.ratio((tuple(2 * time for time in slowed), slowed)), (2.0, (2.0, 2.0)))

    def test_one_outlier_of_nine_stays_outside_and_of_eight_does_not(self):
        self.assertEqual(self.ratio(((1.0,) * 8 + (9.0,), (1.0,) * 9)), (1.0, (1.0, 1.0)))
        self.assertEqual(self.ratio(((1.0,) * 7 + (9.0,), (1.0,) * 8)), (1.0, (1.0, 9.0)))

    def test_an_even_number_of_rounds_has_the_mean_of_both_in_the_middle(self):
        self.assertEqual(self.ratio(((1.0, 2.0, 4.0, 8.0), (1.0,) * 4)), (3.0, (1.0, 8.0)))

    def test_one_round_has_no_interval(self):
        found = statistics.compared([((1.0,), (2.0,))])
        self.assertEqual((found["ratio"], found["interval"], found["confidence"], found["conclusion"]),
                         (0.5, None, None, statistics.NO_CONCLUSION))

    def test_only_rounds_that_both_ran_count(self):
        self.assertEqual(self.ratio(((2.0, 2.0), (1.0, 1.0, 100.0, 100.0, 100.0))), (2.0, (2.0, 2.0)))

    def test_an_interval_that_reaches_1_gives_no_conclusion(self):
        self.assertEqual([statistics.conclusion(interval) for interval in
                          ((0.9, 0.99), (1.01, 1.1), (0.9, 1.1), (0.9, 1.0), (1.0, 1.1), None)],
                         ["faster", "slower", *["no conclusion"] * 4])

    def test_five_rounds_give_no_conclusion_and_six_do(self):
        self.assertEqual([statistics.compared([((1.0,) * rounds, (2.0,) * rounds)])["conclusion"] for rounds in (5, 6)],
                         ["no conclusion", "faster"])

    def test_what_is_too_short_gives_no_conclusion(self):
        compared = statistics.compared([((0.001,) * 6, (1.0,) * 6)])
        self.assertEqual((compared["conclusion"], compared["interval"]), (statistics.TOO_SHORT, (0.001, 0.001)))

    def test_a_mean_over_programs_is_taken_in_each_round(self):
        """Ratios 2 and 8, then 4 and 1, then 1 and 1: means 4, 2, 1."""
        ratio, interval = self.ratio(((2.0, 4.0, 1.0), (1.0, 1.0, 1.0)), ((8.0, 3.0, 5.0), (1.0, 3.0, 5.0)))
        self.assertAlmostEqual(ratio, 2)
        self.assertAlmostEqual(interval[0], 1)
        self.assertAlmostEqual(interval[1], 4)

    def test_programs_with_fewer_rounds_limit_a_mean(self):
        ratio, interval = self.ratio(((4.0, 4.0), (1.0, 1.0)), ((1.0, 1.0, 9.0), (1.0, 1.0, 1.0)))
        self.assertAlmostEqual(ratio, 2)
        self.assertAlmostEqual(interval[1], 2)


if __name__ == "__main__":
    unittest.main()
