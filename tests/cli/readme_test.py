"""README.md word for word: each of its commands is executed, and prints what it says. And the programs that the page of
the text form and the specification show."""

import os
import pathlib
import re
import subprocess
import unittest

from volt_command import EMULATOR, EXECUTABLE, HAS_TIER, OK, ROOT, SECONDS, CommandTest, volt

README = (ROOT / "README.md").read_text()
# Commands, and the output that is promised behind them.
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n[^\n]*prints\n\n```\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
# What the acceptance of every change executes itself, and what would be executed from here without an end.
BUILD = "cmake/setup.sh && cmake --preset release\ncmake --build --preset release\n"
MEASURE, TEST = "./perf/compare-backends\n", "./tests/run\n"


def blocks():
    return [found.groups() for found in BLOCK.finditer(README)]


class Readme(CommandTest):
    def setUp(self):
        super().setUp()
        if EMULATOR:
            self.skipTest("the README is about the machine that one has")
        (self.folder / "build").mkdir()
        (self.folder / "build" / "release").symlink_to(pathlib.Path(EXECUTABLE).resolve().parent)
        (self.folder / "tests").symlink_to(ROOT / "tests")

    def run_block(self, commands):
        environment = {**os.environ, "HOME": str(self.folder)}
        process = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=self.folder, env=environment,
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
        self.check(process, OK, None, "")
        return process.stdout

    def run_blocks(self, chosen):
        for commands, promised in chosen:
            with self.subTest(commands=commands):
                printed = self.run_block(commands)
                if promised:
                    self.assertEqual(printed[-len(promised):], promised)

    def test_there_is_all(self):
        commands = [commands for commands, _ in blocks()]
        self.assertEqual(len(commands), 6)
        self.assertEqual(len(re.findall(r"^```sh$", README, re.MULTILINE)), 6)
        self.assertEqual([text for text in commands if text in (BUILD, MEASURE, TEST)], [BUILD, MEASURE, TEST])
        self.assertEqual([promised for _, promised in blocks() if promised], ["55\n", "Hello, Vo!\n"])

    @unittest.skipUnless(HAS_TIER, "built without a tier")
    def test_commands(self):
        self.run_blocks([block for block in blocks() if "build/release/volt" in block[0]])

    @unittest.skipIf(os.environ.get("VOLT_SANITIZED", "OFF") == "ON", "an installed sanitized library needs flags")
    def test_embedding(self):
        self.run_blocks([block for block in blocks() if "--install" in block[0]])

    def test_files_that_are_shown(self):
        for path in ["tests/programs/sum.vot", "tests/embed/greet.vot", "tests/embed/embed.c"]:
            self.assertIn(f"({path})", README)
            self.assertIn(f"\n{(ROOT / path).read_text()}```\n", README)
        self.assertLessEqual(len((ROOT / "tests/programs/sum.vot").read_text().splitlines()), 11)


class TextForm(CommandTest):
    def test_the_first_program(self):
        page = (ROOT / "runtime" / "bytecode" / "README.md").read_text()
        promised, program = re.search(r"This program prints `(.*)`:\n\n```\n(.*?)```\n", page, re.DOTALL).groups()
        self.assertEqual(promised, "greatest common divisor: 21")
        self.check(volt("run", self.write("gcd.vot", program)), OK, promised + "\n", "")


class Specification(CommandTest):
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
