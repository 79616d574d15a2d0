"""The self-test's patches, and what counts as having noticed one. Nothing is built."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from fixtures import ROOT, TARGET, key, row

from gates import self_test, trees
from gates.comparison import compare
from gates.figures import FIGURES, GateError

PATCHED_FILE = re.compile(r"^--- a/(\S+)$", re.MULTILINE)


class Patches(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.tree = pathlib.Path(temporary.name) / "tree"
        self.tree.mkdir()

    def copy(self, patch):
        names = PATCHED_FILE.findall(patch.read_text())
        self.assertTrue(names, patch)
        for name in names:
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        return names

    def test_each_applies_and_can_be_taken_back(self):
        for sabotage in self_test.SABOTAGES:
            names = self.copy(sabotage.patch)
            trees.apply_patch(self.tree, sabotage.patch)
            self.assertTrue(any((ROOT / name).read_text() != (self.tree / name).read_text() for name in names))
            trees.apply_patch(self.tree, sabotage.patch, reverse=True)
            self.assertTrue(all((ROOT / name).read_text() == (self.tree / name).read_text() for name in names))

    def test_each_patch_belongs_to_a_sabotage(self):
        self.assertEqual(sorted(self_test.FOLDER.glob("*.patch")),
                         sorted(sabotage.patch for sabotage in self_test.SABOTAGES))

    def test_one_that_does_not_apply_is_an_error_with_its_name(self):
        patch = self_test.SABOTAGES[0].patch
        for name in self.copy(patch):
            (self.tree / name).write_text("another text\n")
        with self.assertRaisesRegex(GateError, f"{patch.name} does not apply"):
            trees.apply_patch(self.tree, patch)

    def test_figures_and_presets_exist(self):
        for sabotage in self_test.SABOTAGES:
            self.assertLessEqual(set(sabotage.figures), set(FIGURES))


class Evidence(unittest.TestCase):
    sabotage = self_test.Sabotage("name", "what", "v3", ("loads",), "volt_helper_")

    def evidence(self, preset="v3", **after):
        before = {key(preset): row(loads=100, stores=100)}
        return self_test.evidence(self.sabotage, compare(TARGET, before, {key(preset): row(**after)}))

    def test_a_worse_figure_of_its_own(self):
        self.assertEqual(self.evidence(loads=102, stores=100), {"loads": 1})
        self.assertEqual(self.evidence(loads=101, stores=100), {})

    def test_another_figure_or_preset_says_nothing(self):
        self.assertEqual(self.evidence(loads=100, stores=200), {})
        self.assertEqual(self.evidence("v4", loads=200, stores=100), {})

    def test_a_helper_that_ends_the_count(self):
        self.assertEqual(self.evidence(reason="fib calls volt_helper_x"), {"cannot be counted": 1})

    def test_code_that_cannot_be_made_is_no_evidence(self):
        self.assertEqual(self.evidence(reason="the module is not valid"), {})


class Copies(unittest.TestCase):
    def test_a_copy_has_what_git_would_add(self):
        with tempfile.TemporaryDirectory() as name:
            root, copy = pathlib.Path(name) / "root", pathlib.Path(name) / "copy"
            (root / "folder").mkdir(parents=True)
            for path, text in [("folder/tracked", "old"), ("new", "n"), ("ignored", "i"), (".gitignore", "ignored\n")]:
                (root / path).write_text(text)
            subprocess.run(["git", "init", "-q", root], check=True)
            subprocess.run(["git", "-C", root, "add", "folder"], check=True)
            (root / "folder" / "tracked").write_text("changed")
            trees.copy_working_tree(copy, root)
            files = sorted(str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file())
            self.assertEqual(files, [".gitignore", "folder/tracked", "new"])
            self.assertEqual((copy / "folder" / "tracked").read_text(), "changed")


if __name__ == "__main__":
    unittest.main()
