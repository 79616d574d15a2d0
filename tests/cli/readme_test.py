"""What README.md tells a newcomer to type, and the file that the specification shows."""

import re
import unittest

from volt_command import OK, ROOT, CommandTest, volt


class Readme(CommandTest):
    def test_the_first_program(self):
        readme = (ROOT / "README.md").read_text()
        program = re.search(r"This is `sum\.vot`:\n\n```\n(.*?)```\n", readme, re.S).group(1)
        promised = re.search(r"`volt run sum\.vot` prints `(.*?)`", readme).group(1)
        self.assertEqual(promised, "55")
        self.assertLessEqual(len(program.splitlines()), 11)
        text = self.write("sum.vot", program)
        self.check(volt("run", text), OK, promised + "\n", "")
        binary = self.folder / "sum.vob"
        self.check(volt("asm", text, "-o", binary), OK, "", "")
        self.check(volt("run", binary), OK, promised + "\n", "")

    def test_the_file_of_the_specification(self):
        page = (ROOT / "runtime" / "bytecode" / "SPECIFICATION.md").read_text()
        example = page[page.index("## An example, byte by byte"):page.index("## Layouts that are not this one")]
        module = b""
        for offset, line in re.findall(r"^([0-9A-F]{3}): (.*)", example, re.M):
            self.assertEqual(len(module), int(offset, 16), line)
            # Bytes, a repeated byte, or a text in quotes, up to two spaces and what it means.
            for byte, times, text in re.findall(r'([0-9A-F]{2})(?:\*(\d+))?\b|"(\w+)"', line.split("  ")[0]):
                module += text.encode() if text else bytes.fromhex(byte) * int(times or 1)
        self.assertEqual(len(module), 194)
        self.check(volt("run", self.write("example.vob", module)), OK, "-2\n", "")


if __name__ == "__main__":
    unittest.main()
