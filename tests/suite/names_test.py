"""Names lead to one place: no two sources share one, and the README's way through the files is one that can be walked."""

import collections
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("runtime", "backend-llvm", "perf")
JOURNEY_FILES = 8


def sources():
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.[ch]"))]


class Names(unittest.TestCase):
    def test_no_two_sources_have_one_name(self):
        paths = collections.defaultdict(list)
        for path in sources():
            paths[path.name].append(str(path.relative_to(ROOT)))
        self.assertGreater(len(paths), 200)
        self.assertEqual([each for each in paths.values() if len(each) > 1], [])

    def test_a_guard_has_the_name_of_its_header(self):
        for path in sources():
            guards = re.findall(r"^#ifndef (\w+_H)$", path.read_text(), re.MULTILINE)
            if path.suffix == ".h" and guards:
                words = re.sub(r"\W", "_", path.name).upper()
                self.assertTrue(guards[0].endswith(words), f"{path}: {guards[0]}")


class Journey(unittest.TestCase):
    """backend-llvm/README.md, "From hot to running"."""

    def test_each_step_has_the_functions_that_it_names(self):
        readme = ROOT / "backend-llvm" / "README.md"
        section = re.search(r"^## From hot to running$(.*?)^## ", readme.read_text(), re.MULTILINE | re.DOTALL)[1]
        steps = re.findall(r"^\d+\. \[`[^`]+`\]\(([^)]+)\):(.*?)(?=^\d+\. |\Z)", section, re.MULTILINE | re.DOTALL)
        self.assertTrue(0 < len(steps) <= JOURNEY_FILES, steps)
        texts = [(readme.parent / path).read_text() for path, _ in steps]
        for (path, words), text in zip(steps, texts):
            names = re.findall(r"`(\w+)\(\)`", words)
            self.assertTrue(names, path)
            self.assertRegex(text, rf"(?m)^\w[^;]*\b{names[0]}\(", path)
            for name in names[1:]:
                self.assertTrue(any(re.search(rf"(?m)^\w[^;]*\b{name}\(", other) for other in texts), name)


if __name__ == "__main__":
    unittest.main()
