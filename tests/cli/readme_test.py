"""What README.md tells a newcomer to type."""

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


if __name__ == "__main__":
    unittest.main()
