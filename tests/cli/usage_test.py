"""Help, version, and command lines that make no sense."""

import os
import pathlib
import re
import subprocess
import unittest

from volt_command import HAS_TIER, OK, PROGRAMS, ROOT, USAGE, VOLT, CommandTest, volt

OF_FILES = ["run", "dump", "asm", "verify", "compile", "explain"]
LISTS = ["opcodes", "natives"]
COMMANDS = OF_FILES + LISTS
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

    def test_help_is_a_word_too(self):
        self.assertEqual(volt("help").stdout, volt("--help").stdout)
        for command in COMMANDS:
            process = volt("help", command)
            self.check(process, OK, error="")
            self.assertEqual(process.stdout, volt(command, "--help").stdout)
        self.check(volt("help", "fly"), USAGE, "", "unknown command 'fly'")

    def completed(self, line, cwd=None):
        """What bash offers at the end of a command line, with this build's volt first in the path."""
        (self.folder / "volt").symlink_to(pathlib.Path(VOLT).resolve())
        script = (f'source "{ROOT}/runtime/cli/volt.bash"; COMP_LINE=$1; read -ra words <<< "${{1//=/ = }}"; '
                  'COMP_WORDS=("${words[@]}"); [[ $1 == *[=\\ ] ]] && COMP_WORDS+=(""); '
                  'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; _volt; printf "%s\\n" "${COMPREPLY[@]}"')
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"}
        process = subprocess.run(["bash", "-c", script, "bash", line], env=environment, cwd=cwd, capture_output=True, text=True,
                                 timeout=60, check=False)
        (self.folder / "volt").unlink()
        return process.stdout.split()

    def test_completion_knows_values(self):
        self.assertEqual(self.completed("volt run --tier="), ["auto", "interp", "llvm"])
        self.assertEqual(self.completed("volt run --stats="), ["json"])
        self.assertEqual(self.completed("volt run --level=q"), ["quick"])
        self.assertEqual(self.completed("volt compile --target="), ["x86_64", "aarch64"])
        self.assertEqual(self.completed("volt nat"), ["natives"])
        self.assertEqual(self.completed(f"volt explain {FIB} --func="), ["show", "fib", "main"])
        for command, option in [("run", "tier"), ("run", "level"), ("run", "allow"), ("compile", "emit"),
                                ("compile", "target")]:
            offered = self.completed(f"volt {command} --{option}=")
            told = volt(command, f"--{option}=?", FIB).stderr.split(": use ")[1].splitlines()[0]
            self.assertTrue(offered)
            self.assertEqual(set(offered), set(re.findall(r"\w+", told)) & set(offered), option)

    def test_completion_knows_which_files(self):
        place = self.folder / "place"
        (place / "inner").mkdir(parents=True)
        for name in ("a.vob", "b.vot", "c.txt"):
            (place / name).write_text("")
        files = {"a.vob", "b.vot", "c.txt", "inner"}
        for line, expected in [("volt run --cache=", {"off", "inner"}), ("volt run --perf=", {"inner"}),
                               ("volt run --profile=", files), ("volt run --profile ", files), ("volt asm -o ", files),
                               ("volt compile --output=", files), ("volt run --max-heap=", set()), ("volt run --threshold ", set()),
                               ("volt run --schedule-seed=", set()), ("volt run ", files - {"c.txt"}),
                               ("volt run --perf ", files - {"c.txt"}), ("volt asm ", {"b.vot", "inner"}),
                               ("volt dump ", files - {"c.txt"}), ("volt opcodes ", set()), ("volt natives ", set()),
                               ("volt run a.vob -- ", files), ("volt run --stats ", files - {"c.txt"})]:
            with self.subTest(line=line):
                self.assertEqual(set(self.completed(line, place)), expected)

    @unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
    def test_completion_knows_names_of_the_tier(self):
        for option, target in [("hints", "x86_64"), ("cpu", "x86_64"), ("cpu", "aarch64"), ("preset", "x86_64")]:
            offered = self.completed(f"volt compile --{option}=")
            said = volt("compile", FIB, "--emit=ir", f"--target={target}", f"--{option}=?").stderr
            known = re.split(r", (?:or )?| or ", said.split(": use ")[1].strip())
            self.assertLessEqual(set(known), set(offered), said)

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
        for command in OF_FILES:
            self.refuse(command, error="FILE is missing")

    def test_lists_need_nothing(self):
        for command in LISTS:
            self.refuse(command, FIB, error="there is nothing to do with")

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
                       "--schedule-seed=x", "--level=fast", "--cache-size=much"]:
            name, value = option.split("=")
            self.refuse("run", option, FIB, error=f"{name} does not take the value '{value}': use ")

    def test_nothing_is_no_number(self):
        """0 would mean what it means to the library: the default."""
        for option in ["--cache-size=0", "--cache-size=0K", "--threshold=0,5", "--threshold=5,0", "--force-exit=0",
                       "--max-heap=0", "--max-heap=0G", "--max-steps=0", "--max-steps=00", "--schedule-seed=0"]:
            self.refuse("run", option, FIB, error="above 0")

    def test_compile_bad_values(self):
        self.refuse("compile", FIB, error="--emit is missing: use ir, asm, obj, metrics or html")
        self.refuse("compile", FIB, "--emit=text", error="--emit does not take the value 'text'")
        self.refuse("compile", FIB, "--emit=ir", "--target=vax", error="--target does not take the value 'vax'")


if __name__ == "__main__":
    unittest.main()
