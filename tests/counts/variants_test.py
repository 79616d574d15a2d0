"""Variants of a preset: what is edited in the IR, and that they are counted beside it."""

import json
import pathlib
import subprocess
import shutil
import sys
import tempfile
import unittest

from counting import BUILD, ROOT

sys.path.insert(0, str(ROOT / "perf"))

from counts import variants  # noqa: E402

IR = """define protected { i64, i64 } @volt_f1_fib(ptr swiftself %0, i64 %1) #1 {
  %2 = musttail call { i64, i64 } @volt_f1_fib_rest(ptr swiftself %0, i64 %1)
}
define internal { i64, i64 } @volt_f1_fib_rest(ptr swiftself %0, i64 %1) #1 {
  %3 = call preserve_mostcc i64 @volt_thunk_capture_1(ptr %0, i64 %1)
}
define i32 @volt_f1_fib_entry(ptr %0, ptr %1, ptr %2) {
  %4 = call { i64, i64 } @volt_f1_fib(ptr swiftself %0, i64 %3)
}
"""


def named(name):
    return next(variant for variant in variants.VARIANTS if variant.name == name)


class Edits(unittest.TestCase):
    def test_conventions_are_those_of_inner_forms(self):
        text = variants.edited(IR, named("fastcc"))
        self.assertEqual(text.count("fastcc"), 4)
        self.assertIn("define protected fastcc { i64, i64 } @volt_f1_fib(ptr %0", text)
        self.assertIn("musttail call fastcc { i64, i64 } @volt_f1_fib_rest(ptr %0", text)
        self.assertIn("define i32 @volt_f1_fib_entry(", text)
        self.assertIn("call preserve_mostcc i64 @volt_thunk_capture_1(", text)

    def test_the_context_as_an_argument(self):
        self.assertEqual(variants.edited(IR, named("argument")), IR.replace("swiftself ", ""))

    def test_passes_change_no_text(self):
        self.assertEqual(variants.edited(IR, named("hotcoldsplit")), IR)


@unittest.skipUnless(shutil.which(variants.LLC) and shutil.which(variants.OPT), "LLVM's tools are not installed")
class Command(unittest.TestCase):
    def test_variants_are_counted_beside_the_preset(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "counts.json"
            subprocess.run([ROOT / "perf" / "count-backends", "fib", "--target=x86_64", f"--preset={variants.PRESET}",
                            "--variants", f"--build={BUILD}", f"--json={path}"], check=True, capture_output=True)
            kernel, = json.loads(path.read_text())["kernels"]
        counted = {row["preset"]: row for row in kernel["counts"]}
        self.assertEqual(set(counted), {variants.PRESET, *(variants.PRESET + variants.MARK + variant.name
                                                           for variant in variants.VARIANTS)})
        # fib's calls are the same in each: the variants change how, and not what.
        self.assertEqual({row["calls"] for row in counted.values()}, {counted[variants.PRESET]["calls"]})


if __name__ == "__main__":
    unittest.main()
