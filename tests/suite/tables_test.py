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


class HelpersOfOpcodes(unittest.TestCase):
    """EMBEDDING.md says for each opcode what it asks of a host: as the tables and the families of the tier have it."""

    LOWER = ROOT / "backend-llvm" / "lower"
    PAGE = ROOT / "backend-llvm" / "EMBEDDING.md"

    @staticmethod
    def listed(names):
        return ", ".join(f"`{name}`" for name in names)

    def opcodes(self):
        return dict(re.findall(r"^OPCODE\(\d+, (\w+),.*?\), ([A-Z][A-Z | ]*),$", (HEADERS / "opcodes.def").read_text(),
                               re.MULTILINE))

    def lowered(self):
        """Opcodes that a family has a row for; those of out_of_line.c are the helper `execute`'s."""
        sources = [path for path in self.LOWER.glob("*.c") if path.name != "out_of_line.c"]
        found = {name for path in sources for name in re.findall(r"\{VOLT_OP_(\w+), lower_\w+\}", path.read_text())}
        return found | set(rows(self.LOWER / "heap_calls.def", r"^HEAP_CALL\((\w+),"))

    def test_each_opcode_has_one_row_at_most(self):
        names = [name for name, _, _ in rows(self.LOWER / "opcode_helpers.def", r"^OPCODE_HELPER\((\w+), (\w+), (\w+)\)")]
        self.assertEqual(sorted(set(names)), sorted(names))
        self.assertLessEqual(set(names), set(self.opcodes()))

    def test_calls_of_one_helper_are_rows(self):
        helpers = {(opcode, helper) for opcode, helper, _ in
                   rows(self.LOWER / "opcode_helpers.def", r"^OPCODE_HELPER\((\w+), (\w+), (\w+)\)")}
        self.assertLessEqual(set(rows(self.LOWER / "heap_calls.def", r"^HEAP_CALL\((\w+), (\w+),")), helpers)

    def test_the_page_has_the_tables(self):
        helpers = rows(self.LOWER / "opcode_helpers.def", r"^OPCODE_HELPER\((\w+), (\w+), (\w+)\)")
        replacements = {"EXECUTED": "`execute` does it", "LEFT": "code leaves with CALL",
                        "REFUSED": "no tier for a module that has them"}
        by_helper = {}
        for opcode, helper, without in helpers:
            by_helper.setdefault((helper, without), []).append(opcode)
        opcodes, lowered, asking = self.opcodes(), self.lowered(), {row[0] for row in helpers}
        self.assertEqual(len(opcodes), len(rows(HEADERS / "opcodes.def", r"^OPCODE\((\d+),")))
        expected = [f"| `{helper}` | {self.listed(names)} | {replacements[without]} |"
                    for (helper, without), names in by_helper.items()]
        others = [name for name in opcodes if name not in asking]
        self.assertFalse([name for name in others if name not in lowered and "FRAME" in opcodes[name]])
        expected += [
            f"* Code of their own: {self.listed([name for name in others if name in lowered])}.",
            f"* `execute`: {self.listed([name for name in others if name not in lowered])}.",
        ]
        lines = self.PAGE.read_text().splitlines()
        self.assertEqual([line for line in expected if line not in lines], [])


if __name__ == "__main__":
    unittest.main()
