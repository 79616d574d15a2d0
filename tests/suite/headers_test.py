"""The public headers: what each enumeration calls 0, that functions say what they do, and that the README names them."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = sorted([*ROOT.glob("runtime/include/volt/*.h"), *ROOT.glob("backend-llvm/include/volt/*.h")])
INCLUDED = {"error.h", "host_value.h", "value.h", "visibility.h"}


def first_enumerators(text):
    """The first enumerator of each named enumeration, with its number if it has one; "" if rows of a macro make it."""
    for body in re.findall(r"typedef enum \{\n(.*?)\}", text, re.DOTALL):
        lines = [line.strip() for line in re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL).splitlines()]
        yield next((line for line in lines if line and not line.startswith("#")), "")


def undocumented_functions(text):
    """Declarations with no comment at the beginning of the lines that they stand in without a gap."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        declared = re.match(r"(?!static|typedef|#|\s)[\w* ]+\b(volt_\w+)\(", line)
        above = number
        while declared and lines[above - 1] and not lines[above - 1].rstrip().endswith("*/"):
            above -= 1
        if declared and not lines[above - 1]:
            yield declared[1]


def reference_of(text):
    """A header as Doxygen gets to see it."""
    sys.path.insert(0, str(ROOT / "cmake"))
    import doxygen_filter
    return doxygen_filter.converted(text)


class Headers(unittest.TestCase):
    def test_zero_has_a_name(self):
        found = [(header.name, line) for header in HEADERS for line in first_enumerators(header.read_text())]
        self.assertGreater(len(found), 15)
        self.assertEqual([(name, line) for name, line in found if re.search(r"=\s*[1-9]", line)], [])

    def test_functions_are_documented(self):
        self.assertEqual([name for header in HEADERS for name in undocumented_functions(header.read_text())], [])

    def test_the_rules(self):
        self.assertEqual(list(first_enumerators("typedef enum {\n\tA = 1, /* one */\n\tB,\n} x;\n")), ["A = 1,"])
        text = "/* Says. */\nint volt_a(void);\nint volt_b(void);\n\nvolt_error *volt_c(int x);\n"
        self.assertEqual(list(undocumented_functions(text)), ["volt_c"])

    def test_the_reference_has_the_comments(self):
        text = ("/*\n * A file.\n */\n#define X 1 /* one */\n/* Says. */\nint volt_a(void);\nint volt_b(void);\n\n"
                "/* More. */\nint volt_c(int x);\n")
        self.assertEqual(reference_of(text), "/** @file\n * A file.\n */\n#define X 1 /**< one */\n/** Says. */\n"
                         "int volt_a(void);\n/** @copydoc volt_a */\nint volt_b(void);\n\n/** More. */\nint volt_c(int x);\n")

    def test_the_readme_has_all(self):
        text = (ROOT / "README.md").read_text()
        table = text[text.index("## Embed"):text.index("## Measure")]
        named = set(re.findall(r"`volt/(\w+\.h)`", table))
        self.assertEqual(named, {header.name for header in HEADERS})
        rows = set(re.findall(r"`volt/(\w+\.h)`", "".join(re.findall(r"^\|.*$", table, re.MULTILINE))))
        self.assertEqual(rows, named - INCLUDED)


if __name__ == "__main__":
    unittest.main()
