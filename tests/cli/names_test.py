"""Names are any text. What the command shows of them is plain text: nothing that a terminal obeys, no line more."""

import json
import re
import signal
import subprocess
import unicodedata
import unittest

from volt_command import BAD_FILE, EMULATOR, FAILED, HAS_TIER, OK, SANITIZED, SECONDS, USAGE, VOLT, CommandTest, volt

# Colours; the same with the control character of one byte, which is two in UTF-8; a turn of the direction of writing;
# an end of line; the end of a page's data.
NAMES = ["\x1b[31mred", "\x9b31mgreen", "\u202eevil\u2066", "two\nlines\u2028three",
         "</script><img src=x onerror=alert(1)>"]
SHOWN = [r"\x1b[31mred", r"\xc2\x9b31mgreen", r"\xe2\x80\xaeevil\xe2\x81\xa6", r"two\x0alines\xe2\x80\xa8three",
         "</script><img src=x onerror=alert(1)>"]
OBEYED = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def quoted(text):
    return '"' + "".join(f"\\x{byte:02x}" for byte in text.encode()) + '"'


def chain(last):
    """A module in which each name's function calls the next one's, and the last one does what is given."""
    functions = [f"fn {quoted(name)} params=1 locals=4 {{\n\tLoadInt r1, 0\n\tLoadInt r2, 9\n"
                 "again:\n\tForLoop r1, r2, again\n"
                 f"\tCall @{quoted(following)}, r0 args=1\n\tReturn r0, 0\n}}\n"
                 for name, following in zip(NAMES, [*NAMES[1:], "last"])]
    lines = "".join(f"\tfunction {{\n\t\tat 0 file={number} line=7\n\t}}\n" for number in range(len(NAMES)))
    files = "".join(f"\tfile {quoted(name + '.vo')}\n" for name in NAMES)
    return (f"module {quoted(NAMES[0])}\nentry @main\n" + "".join(functions) +
            f"fn last params=1 locals=4 {{\n{last}\tReturn r0, 0\n}}\n"
            f"fn main locals=4 {{\n\tCall @{quoted(NAMES[0])}, r0 args=1\n\tReturn r0, 0\n}}\n"
            f"debug {{\n{files}{lines}}}\n")


PANICS = "\tLoadInt r1, 0\n\tDivI r1, r1, r1\n"
WAITS = "\tLoadInt r1, 2\n\tLoadInt r2, 0\n\tChanNew r0, r1, r2 slots=1\n\tChanRecv r1, r0 slots=1\n"


class Names(CommandTest):
    def check_plain(self, text, *expected):
        """Of what a terminal obeys, only ends of lines and tabulators."""
        for number, character in enumerate(text):
            plain = character in "\n\t" or unicodedata.category(character) != "Cc"
            self.assertTrue(plain and not OBEYED.match(character), repr(text[max(number - 40, 0):number + 40]))
        for name in expected:
            self.assertIn(name, text)

    def check_run(self, program, status, *options, expected=SHOWN):
        process = volt("run", *options, program)
        self.check(process, status, "")
        self.check_plain(process.stderr, *expected)

    def test_traces_of_panics_and_reports_of_deadlocks(self):
        for last in PANICS, WAITS:
            program = self.write("program.vot", chain(last))
            for mode in [["--tier=interp"]] + [["--tier=llvm", "--sync"]] * HAS_TIER:
                self.check_run(program, FAILED, *mode)

    @unittest.skipUnless(HAS_TIER, "built without a tier")
    def test_traces_of_the_tier_and_statistics(self):
        program = self.write("program.vot", chain(PANICS))
        mode = ["--tier=llvm", "--sync", "--no-trace"]
        self.check_run(program, FAILED, *mode, "--trace-compile", "--trace-exits")
        process = volt("run", *mode, "--stats", program)
        self.check_plain(process.stderr, SHOWN[0], SHOWN[4][:25] + "...")
        process = volt("run", *mode, "--stats=json", program)
        self.check_plain(process.stderr)
        functions = json.loads(process.stderr[process.stderr.index("{"):])["tier"]["functions"]
        self.assertEqual([function["name"] for function in functions][:len(NAMES)], NAMES)

    def test_explain(self):
        program = self.write("program.vot", chain(PANICS))
        process = volt("explain", program)
        self.check(process, OK, error="")
        self.check_plain(process.stdout, *SHOWN, *(name + ".vo:7" for name in SHOWN))
        process = volt("explain", "--func=#1", program)
        self.check_plain(process.stdout, SHOWN[1])
        process = volt("explain", "--json", program)
        self.check_plain(process.stdout)
        self.assertEqual([function["function"] for function in json.loads(process.stdout)][:len(NAMES)], NAMES)

    def test_text_form(self):
        program = self.write("program.vot", chain(PANICS))
        binary = self.folder / "program.vob"
        self.check(volt("asm", program, "-o", binary), OK)
        process = volt("dump", binary)
        self.check(process, OK, error="")
        self.check_plain(process.stdout, r"two\nlines")
        again = self.write("again.vot", process.stdout)
        self.check(volt("asm", again, "-o", self.folder / "again.vob"), OK)
        self.assertEqual((self.folder / "again.vob").read_bytes(), binary.read_bytes())

    def test_errors(self):
        broken = chain(PANICS).replace("locals=4 {\n\tLoadInt r1, 0\n", "locals=4 {\n\tLoadInt r9, 0\n", 1)
        process = volt("verify", self.write("broken.vot", broken))
        self.check(process, BAD_FILE)
        self.check_plain(process.stderr, SHOWN[0])
        program = self.write("program.vot", chain(PANICS))
        process = volt("explain", "--func=nothing", program)
        self.check(process, USAGE)
        self.check_plain(process.stderr, *SHOWN)
        native = (f"native {quoted(NAMES[0])} results=0\n"
                  "fn main {\n\tCallExtern n0, r0, r0 args=0\n\tReturn r0, 0\n}\n")
        process = volt("run", self.write("native.vot", native))
        self.check(process, BAD_FILE)
        self.check_plain(process.stderr, SHOWN[0])
        for text in "fn \x1b[31m {", "\x9b", 'fn main {\n\tLoadInt r0, "\u202e"\n}\n':
            process = volt("verify", self.write("text.vot", text))
            self.check(process, BAD_FILE)
            self.check_plain(process.stderr, ".vot:")

    @unittest.skipUnless(HAS_TIER, "built without a tier")
    def test_compile(self):
        program = self.write("program.vot", chain(PANICS))
        for kind in "ir", "asm", "metrics", "html":
            with self.subTest(kind=kind):
                process = volt("compile", "--emit=" + kind, program)
                self.check(process, OK, error="")
                self.check_plain(process.stdout)
        self.assertNotIn("<img", process.stdout)

    def test_profiles(self):
        spins = "\tLoadInt r1, 0\n\tLoadInt r2, 300000000\nspin:\n\tForLoop r1, r2, spin\n"
        program = self.write("program.vot", chain(spins))
        for form in "folded", "html":
            profile = self.folder / f"profile.{form}"
            self.check(volt("run", "--tier=interp", "--max-steps=50000000", f"--profile={profile}", program), FAILED)
            self.check_plain(profile.read_text(), *([SHOWN[0], SHOWN[3]] if form == "folded" else []))
        self.assertNotIn("<img", profile.read_text())

    def test_long_names_are_cut(self):
        text = ("fn main {\n\tCall @last, r0\n\tReturn r0, 0\n}\nfn \"" + "\\x07" * 1000 +
                "\" {\n\tReturn r0, 0\n}\nfn last {\n" + PANICS)
        process = volt("explain", self.write("long.vot", text + "\tReturn r0, 0\n}\n"))
        self.check(process, OK)
        self.assertIn("\n" + r"\x07" * 63 + "... (#1)", process.stdout)


class Faults(CommandTest):
    @unittest.skipIf(SANITIZED or EMULATOR, "the sanitizer or the emulator has a word of its own")
    def test_the_process_does_not_end_without_a_word(self):
        program = self.write("forged\x1b.vot", "fn main {\n\tLoadInt r0, 77\n\tStrLen r1, r0\n\tReturn r0, 0\n}\n")
        process = volt("run", program)
        self.check(process, -signal.SIGSEGV, "")
        shown = str(program).replace("\x1b", r"\x1b")
        self.assertEqual(process.stderr, f"volt: {shown}: memory that is not there was used: "
                         "most likely a word of the module that is no reference\n")

    @unittest.skipIf(SANITIZED or EMULATOR, "the sanitizer or the emulator has a word of its own")
    def test_a_signal_of_another_process_is_not_called_a_fault(self):
        program = self.write("loops.vot", "native vo_println results=0\nfn main {\n\tLoadInt r0, 1\n"
                             "\tIfaceAssign r0, r0, iface(int), int\n\tCallExtern @vo_println, r0, r0 args=2\nagain:\n\tJump again\n}\n")
        with subprocess.Popen([VOLT, "run", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            self.assertEqual(process.stdout.readline(), "1\n")
            process.send_signal(signal.SIGSEGV)
            _, error = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, error), (-signal.SIGSEGV, ""))


if __name__ == "__main__":
    unittest.main()
