"""What the tables of opcodes, traps, presets and hints have is tested and told of; nobody has to remember it."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = ROOT / "runtime" / "include" / "volt"
CALLS = ROOT / "backend-llvm" / "calls"


def rows(path, pattern):
    found = re.findall(pattern, path.read_text(), re.MULTILINE)
    if not found:
        raise AssertionError(f"{path} has no rows of the form that is looked for")
    return found


def texts(folder, pattern):
    return [path.read_text(errors="replace") for path in sorted((ROOT / folder).glob(pattern))]


class Tables(unittest.TestCase):
    def test_each_opcode_is_in_a_program_that_runs_in_every_mode(self):
        used = {word for text in texts("tests/programs", "*.vot") for word in re.findall(r"^\s*(\w+)", text, re.MULTILINE)}
        names = rows(HEADERS / "opcodes.def", r"^OPCODE\(\d+, (\w+),")
        self.assertEqual([name for name in names if name not in used], [])

    def test_each_trap_is_raised_by_a_test(self):
        said = texts("tests/programs", "*.out") + texts("tests/interpreter", "*_test.c")
        for name, message in rows(HEADERS / "traps.def", r'^TRAP\((\w+), "([^"]*)"\)'):
            beginning = message.split("%")[0].rstrip("[")
            self.assertTrue(any(beginning in text for text in said), name)

    def test_the_man_page_names_each_set_of_hints(self):
        words = re.findall(r"[\w+-]+", (ROOT / "runtime" / "cli" / "volt.1").read_text())
        for name in rows(CALLS / "axes.h", r'^\tHINT_SET\(\w+, "([^"]+)"'):
            self.assertIn(name, words)


if __name__ == "__main__":
    unittest.main()
