"""Help, version, and command lines that make no sense."""

import re
import unittest

from volt_command import OK, PROGRAMS, ROOT, USAGE, CommandTest, volt

COMMANDS = ["run", "dump", "asm", "verify", "compile", "explain"]
FIB = PROGRAMS / "fib.vot"


class Help(CommandTest):
    def test_lists_every_command(self):
        process = volt("--help")
        self.check(process, OK, error="")
        for command in COMMANDS:
            self.assertRegex(process.stdout, rf"(?m)^  {command} +\w")

    def test_of_each_command(self):
        for command in COMMANDS:
            process = volt(command, "--help")
            self.check(process, OK, error="")
            self.assertTrue(process.stdout.startswith(f"Usage: volt {command} "), process.stdout)

    def test_version(self):
        for arguments in [["--version"]] + [[command, "--version"] for command in COMMANDS]:
            process = volt(*arguments)
            self.check(process, OK, error="")
            self.assertRegex(process.stdout, r"^volt \d+\.\d+\.\d+\n$")

    def test_man_page_and_completion_know_every_option(self):
        man = (ROOT / "runtime" / "cli" / "volt.1").read_text().replace("\\-", "-")
        completion = (ROOT / "runtime" / "cli" / "volt.bash").read_text()
        for command in COMMANDS:
            for option in re.findall(r"--[a-z-]+", volt(command, "--help").stdout):
                if option in ("--output", "--usage"):
                    self.assertIn(option, completion)
                    continue  # the man page shows the short form only
                self.assertIn(option, man, command)
                self.assertIn(option, completion, command)


class BadCommandLine(CommandTest):
    def refuse(self, *arguments, error):
        process = volt(*arguments)
        self.check(process, USAGE, "", error)

    def test_no_command(self):
        self.refuse(error="Usage: volt")

    def test_unknown_command(self):
        self.refuse("fly", error="unknown command 'fly'")

    def test_unknown_option(self):
        for command in COMMANDS:
            self.refuse(command, "--fly", FIB, error="--fly")

    def test_missing_file(self):
        for command in COMMANDS:
            self.refuse(command, error="FILE is missing")

    def test_two_files(self):
        for command in ["dump", "asm", "verify"]:
            self.refuse(command, FIB, FIB, error="one FILE is enough")

    def test_program_arguments_without_dashes(self):
        self.refuse("run", FIB, "argument", error="after --: 'argument'")

    def test_bad_values(self):
        for option in ["--tier=fast", "--threshold=5", "--threshold=5,", "--threshold=a,b", "--force-exit=-1",
                       "--force-exit=", "--stats=xml", "--max-heap=12Q", "--max-heap=", "--max-heap=1MM",
                       "--max-heap=99999999999999999999", "--max-heap=17179869184G", "--max-stack=0", "--max-steps=ten",
                       "--max-steps=18446744073709551616", "--allow=everything", "--allow=fs,", "--allow=",
                       "--schedule-seed=x"]:
            name, value = option.split("=")
            self.refuse("run", option, FIB, error=f"{name} does not take the value '{value}'")

    def test_compile_bad_values(self):
        self.refuse("compile", FIB, error="--emit is missing")
        self.refuse("compile", FIB, "--emit=text", error="--emit does not take the value 'text'")
        self.refuse("compile", FIB, "--emit=ir", "--target=vax", error="--target does not take the value 'vax'")


if __name__ == "__main__":
    unittest.main()
