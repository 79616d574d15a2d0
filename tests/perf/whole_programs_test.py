"""Whole programs: every mode prints what the twins print, and the figures beside C and Go are put together right."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "perf"))
sys.path.insert(0, str(ROOT / "tests" / "programs"))

import modes  # noqa: E402
from compare import measure, programs, whole, whole_report  # noqa: E402

VOLT = os.environ.get("VOLT", str(ROOT / "build" / "release" / "volt"))
HAS_TIER = os.environ.get("VOLT_TIER", "ON") == "ON"
COMPILER = os.environ.get("CC", "cc")
TIMEOUT = 300 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))
AT_LEAST = 12

# Those without a C twin, at their quick sizes: 303 primes are below 2000, and 277050 is their sum.
KNOWN = {"chan_pipeline": "pipeline 303 277050\n"}


def output_of(command):
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=True).stdout


def all_modes():
    """Of the presets the default only: kernels are what presets are tested with."""
    found = [*modes.INTERPRETER, *(modes.AUTOMATIC if HAS_TIER else [])]
    return found + ([modes.Mode("llvm", ("--tier=llvm", "--sync"))] if HAS_TIER else [])


class Sets(unittest.TestCase):
    def test_enough_programs_have_twins_in_both_languages(self):
        self.assertGreaterEqual(len([program for program in whole.find([]) if program.c_twin]), AT_LEAST)

    def test_every_file_belongs_to_a_program(self):
        names = {program.name for program in whole.find([])}
        self.assertEqual({path.stem for path in whole.FOLDER.glob("*.vot")} - names, set())
        self.assertEqual({path.stem for path in whole.FOLDER.glob("*.c")} - names, set())

    def test_a_kernel_keeps_its_twin_in_c(self):
        program, = whole.find(["closure_calls"])
        self.assertEqual((program.c_twin.parent, program.c_options), (whole.FOLDER.parent, ("-DTWIN_PLAIN",)))

    def test_unknown_name(self):
        with self.assertRaisesRegex(programs.ProgramError, "no whole program nothing; there are: bounds_heavy"):
            whole.find(["nothing"])


@unittest.skipUnless(pathlib.Path(VOLT).exists(), f"no {VOLT}")
class Outputs(unittest.TestCase):
    def expected(self, program, size, folder):
        if not program.c_twin:
            return KNOWN[program.name]
        return output_of(whole.compile_c(COMPILER, program, size, folder))

    def test_every_mode_prints_what_the_twin_prints(self):
        for program in whole.find([]):
            size = program.program.quick_size
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                expected = self.expected(program, size, folder)
                source = folder / "program.vot"
                source.write_text(program.program.with_size(size))
                for mode in all_modes():
                    with self.subTest(program=program.name, mode=mode.name):
                        self.assertEqual(output_of([VOLT, "run", str(source), *mode.options]), expected)

    @unittest.skipUnless(whole.installed_compilers().go, "go is not installed")
    def test_go_twins_print_the_same(self):
        go = whole.installed_compilers().go
        for program in whole.find([]):
            size = program.program.quick_size
            with self.subTest(program=program.name), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                self.assertEqual(output_of(whole.compile_go(go, program, size, folder)),
                                 self.expected(program, size, folder))


def samples(*seconds):
    return [measure.Sample(2 * each, each) for each in seconds]


def made_up_rows():
    """Twice as long as C, half as long as Go; and once eight times as long as C, without Go."""
    first = {"auto": samples(*[2] * 6), "interpreter": samples(1), "c": samples(*[1] * 6), "go": samples(*[4] * 6)}
    second = {"auto": samples(*[8] * 6), "interpreter": samples(16), "c": samples(*[1] * 6)}
    return [whole.row("first", 10, first), whole.row("second", 20, second)]


class Figures(unittest.TestCase):
    def test_ratios(self):
        first, second = made_up_rows()
        self.assertEqual({name: found["ratio"] for name, found in first["ratios"].items()},
                         {"c": 2, "go": 0.5, "interpreter": 2})
        self.assertEqual(first["ratios"]["c"]["interval"], (2, 2))
        self.assertIsNone(first["ratios"]["interpreter"]["interval"])  # it ran once
        self.assertNotIn("go", second["ratios"])

    def test_means(self):
        found = {one["reference"]: one for one in whole.summaries(made_up_rows())}
        self.assertAlmostEqual(found["c"]["ratio"], 4)
        self.assertEqual((found["c"]["worst"], found["c"]["worst_ratio"]), ("second", 8))
        self.assertEqual((found["go"]["programs"], found["go"]["ratio"]), (1, 0.5))

    def test_what_is_not_installed_is_said(self):
        self.assertEqual(whole.Compilers("clang", "go").missing(), [])
        clang, go = whole.Compilers(None, None).missing()
        self.assertIn("apt-get install clang-22", clang)
        self.assertIn("apt-get install golang-go", go)

    def test_page_and_table(self):
        rows = made_up_rows()
        everything = {"programs": rows, "summaries": whole.summaries(rows), "missing": ["Go <is> left out"], "quick": True}
        self.assertEqual(whole_report.cells(rows[1])[2:6], ["8.000 s", "1.000 s", "", "16.000 s"])
        section = whole_report.section(everything)
        for text in ("geometric mean 4.000 [4.000, 4.000] over 2 programs, worst 8.00 (second)", "Go &lt;is&gt; left out",
                     whole_report.QUICK_NOTE, "chart_whole_c"):
            self.assertIn(text, section)


if __name__ == "__main__":
    unittest.main()
