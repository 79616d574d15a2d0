"""What perf/count-costs changes in a kernel's code."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "perf"))

from costs import codes, edits, experiments  # noqa: E402

IR = """declare void @volt_helper_spill_frame(ptr, i64, ptr, i32) #0
define protected { i64, i64 } @volt_f1_fib(ptr swiftself %0, i64 %1) #1 {
  %7 = call { i64, i64 } @volt_f1_fib(ptr swiftself %0, i64 %6)
  call void @volt_helper_spill_frame(ptr %0, i64 %1, ptr nonnull %v_image, i32 6)
}
define i32 @volt_f1_fib_entry(ptr %0, ptr %1, ptr %2) {
  %4 = call { i64, i64 } @volt_f1_fib(ptr swiftself %0, i64 %3)
}
"""


class Edits(unittest.TestCase):
    def test_accesses_stand_before_calls_but_not_in_entries(self):
        lines = edits.with_accesses(IR, 2, "stores").splitlines()
        self.assertEqual(lines[2:7], [
            "  %extra_1_0 = getelementptr i8, ptr %0, i64 4096", "  store volatile i64 0, ptr %extra_1_0, align 8",
            "  %extra_1_1 = getelementptr i8, ptr %0, i64 4104", "  store volatile i64 1, ptr %extra_1_1, align 8",
            "  %7 = call { i64, i64 } @volt_f1_fib(ptr swiftself %0, i64 %6)"])
        self.assertEqual(edits.with_accesses(IR, 3, "loads").count(" = load volatile i64, ptr %extra_1_"), 3)

    def test_code_without_calls_is_an_error(self):
        with self.assertRaisesRegex(edits.EditError, "no function calls another"):
            edits.with_accesses("define i64 @f() {\n}\n", 1, "loads")
        with self.assertRaisesRegex(edits.EditError, "nothing calls"):
            edits.with_short_callback("define i64 @f() {\n}\n")

    def test_a_callback_keeps_two_arguments(self):
        text = edits.with_short_callback(IR)
        self.assertIn("declare void @volt_helper_spill_frame(ptr, i64) #0\n", text)
        self.assertIn("  call void @volt_helper_spill_frame(ptr %0, i64 %1)\n", text)

    def test_code_is_placed_once(self):
        self.assertEqual(codes.placed("a\n\t.text\nf:\n\t.text\n", 32), "a\n\t.text\n\t.p2align 6\n\t.skip 32\nf:\n\t.text\n")


class Experiments(unittest.TestCase):
    def test_labels_tell_the_codes_of_a_kernel_apart(self):
        for experiment in experiments.EXPERIMENTS:
            names = [(code.kernel, code.label) for code in experiment.codes]
            self.assertEqual(len(names), len(set(names)), experiment.name)

    def test_each_kernel_has_what_ratios_are_taken_to(self):
        for experiment in experiments.EXPERIMENTS:
            if experiment.name != "where code lies":  # each preset is compared with itself at other places
                kernels = {code.kernel for code in experiment.codes}
                self.assertEqual({code.kernel for code in experiment.codes if code.label == experiment.reference}, kernels)

    def test_all_places_of_a_code_are_counted_as_one(self):
        placed = experiments.placements()
        presets = sum(map(len, experiments.PLACED.values()))
        self.assertEqual(len({experiments.without_place(code) for code in placed}), presets)


if __name__ == "__main__":
    unittest.main()
