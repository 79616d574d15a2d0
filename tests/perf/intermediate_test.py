"""What perf/compare-backends reads from LLVM IR: whether a function can still return a status that is not OK."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "perf"))

from compare import intermediate, programs  # noqa: E402

VOLT = os.environ.get("VOLT", str(ROOT / "build" / "release" / "volt"))
HAS_TIER = os.environ.get("VOLT_TIER", "ON") == "ON"


def function(body, returned="{ i64, i64 }", name="volt_f1_leaf"):
    return f"define protected {returned} @{name}(ptr %0, i64 %1) #1 {{\nb_entry:\n{body}}}\n"


ALWAYS_OK = function("""\
  %2 = insertvalue { i64, i64 } poison, i64 %1, 0
  %3 = insertvalue { i64, i64 } %2, i64 0, 1
  br label %common.ret

common.ret:
  %4 = phi { i64, i64 } [ %3, %b_entry ], [ { i64 poison, i64 0 }, %other ]
  ret { i64, i64 } %4
""")


class Marks(unittest.TestCase):
    def mark(self, ir, results=1):
        return intermediate.exit_mark(ir, "leaf", results)

    def test_status_that_is_always_ok_is_proved_away(self):
        self.assertEqual(self.mark(ALWAYS_OK), intermediate.PROVED_AWAY)

    def test_constant_status_is_kept(self):
        self.assertEqual(self.mark(ALWAYS_OK.replace("i64 poison, i64 0 }", "i64 poison, i64 6 }")), intermediate.KEPT)
        self.assertEqual(self.mark(ALWAYS_OK.replace("i64 0, 1", "i64 1, 1")), intermediate.KEPT)

    def test_status_of_a_callee_is_kept(self):
        passed_on = function("  %2 = call { i64, i64 } @volt_f1_leaf(ptr %0, i64 %1)\n  ret { i64, i64 } %2\n")
        self.assertEqual(self.mark(passed_on), intermediate.KEPT)

    def test_what_is_not_understood_is_kept(self):
        self.assertEqual(self.mark(ALWAYS_OK.replace("{ i64 poison, i64 0 }", "%unknown")), intermediate.KEPT)

    def test_a_call_of_the_host_is_kept(self):
        calls = ALWAYS_OK.replace("b_entry:\n", "b_entry:\n  call void @volt_helper_grow_stack(ptr %0, i64 %1)\n")
        self.assertEqual(self.mark(calls), intermediate.KEPT)

    def test_external_form(self):
        for status, mark in (("0", intermediate.PROVED_AWAY), ("6", intermediate.KEPT), ("%s", intermediate.KEPT)):
            self.assertEqual(self.mark(function(f"  ret i32 {status}\n", "i32")), mark)

    def test_results_without_status(self):
        only_results = "  %2 = insertvalue {{ i64 }} poison, i64 %1, 0\n{}  ret {{ i64 }} %2\n"
        self.assertEqual(self.mark(function(only_results.format(""), "{ i64 }")), intermediate.PROVED_AWAY)
        raises = "  call void @volt_helper_raise(ptr %0, i32 6)\n"
        self.assertEqual(self.mark(function(only_results.format(raises), "{ i64 }")), intermediate.UNWINDS)
        grows = "  call void @volt_helper_grow_stack(ptr %0, i64 4)\n"  # the status is in the context's memory
        self.assertEqual(self.mark(function(only_results.format(grows), "{ i64 }")), intermediate.KEPT)

    def test_the_trivial_form_is_the_one_that_recurs(self):
        trivial = function("  ret { i64, i64 } { i64 poison, i64 6 }\n", name="volt_f1_leaf_trivial")
        self.assertEqual(self.mark(ALWAYS_OK + trivial), intermediate.TRIVIAL)

    def test_names_are_not_mixed_up(self):
        self.assertIsNone(self.mark(ALWAYS_OK.replace("volt_f1_leaf", "volt_f1_leaf_entry")))

    def test_results_and_triple(self):
        text = "fn leaf params=1 locals=4 results=3 error=1 types=vvvv {\n"
        self.assertEqual((intermediate.results_of(text, "leaf"), intermediate.results_of(text, "none")), (3, 0))
        self.assertEqual(intermediate.target_triple('x\ntarget triple = "a-b-c"\n'), "a-b-c")


@unittest.skipUnless(HAS_TIER and pathlib.Path(VOLT).exists(), f"no {VOLT} with a tier")
class RealCode(unittest.TestCase):
    """Every prologue checks the stack, so no convention lets the status of fib go."""

    MARKS = {"FRAMES": intermediate.KEPT, "CALLBACK": intermediate.KEPT, "TRIVIAL": intermediate.TRIVIAL,
             "RECORD": intermediate.KEPT, "UNWIND": intermediate.UNWINDS}  # by the axis `exit`

    def test_fib(self):
        fib, = programs.find(ROOT / "perf" / "programs", ["fib"])
        rows = re.findall(r'^PRESET\("([^"]+)",(?: *\w+,){3} *(\w+),',
                          (ROOT / "backend-llvm" / "calls" / "presets.def").read_text(), re.MULTILINE)
        self.assertTrue(rows)
        for preset, strategy in rows:
            mark = self.MARKS[strategy]
            ir = subprocess.run([VOLT, "compile", str(fib.path), f"--preset={preset}", "--emit=ir"],
                                capture_output=True, text=True, check=True).stdout
            with self.subTest(preset=preset):
                results = intermediate.results_of(fib.text, "fib")
                self.assertEqual(intermediate.exit_mark(ir, "fib", results), mark)
                self.assertTrue(intermediate.target_triple(ir))


if __name__ == "__main__":
    unittest.main()
