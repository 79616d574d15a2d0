"""volt dump, volt asm and volt verify."""

import bz2
import gzip
import lzma
import subprocess
import unittest

from volt_command import BAD_FILE, FAILED, HAS_TIER, OK, PROGRAMS, USAGE, VOLT, CommandTest, volt

FIB = PROGRAMS / "fib.vot"


class Convert(CommandTest):
    def test_dump_reads_what_asm_wrote(self):
        binary = self.assemble("fib")
        text = volt("dump", binary)
        self.check(text, OK, error="")
        again = volt("asm", self.write("again.vot", text.stdout), text=False)
        self.check(again, OK, binary.read_bytes())

    def test_dump_of_text_is_dump_of_its_binary(self):
        self.check(volt("dump", FIB), OK, volt("dump", self.assemble("fib")).stdout, "")

    def test_dash_is_standard_input(self):
        """Either form; what is read tells which."""
        binary = self.assemble("fib").read_bytes()
        for module in (FIB.read_bytes(), binary, b"; VOB\n" + FIB.read_bytes()):
            self.assertEqual(self.feed(module, "run", "-").stdout, (PROGRAMS / "fib.out").read_bytes())
            self.assertEqual(self.feed(module, "asm", "-").stdout, binary)
            self.assertEqual(self.feed(module, "dump", "-").stdout.decode(), volt("dump", FIB).stdout)
            for command in (["verify", "-"], ["explain", "-"]):
                self.check(self.feed(module, *command), OK)
        for module, reason in ((b"", "the file is empty"), (b"\0\1\2", 'does not begin with "VOB"'),
                               (b"VO", "ends before its header does"), (b"fn main {", "<stdin>:1:"),
                               (gzip.compress(binary), "compressed (gzip)"), (b"package main\n", "it is source text")):
            process = self.feed(module, "run", "-")
            self.assertEqual(process.returncode, BAD_FILE)
            self.assertIn(reason, process.stderr.decode())

    @staticmethod
    def feed(module, *arguments):
        return subprocess.run([VOLT, *arguments], input=module, capture_output=True, timeout=60, check=False)

    def test_dash_is_standard_output(self):
        self.check(volt("dump", FIB, "-o", "-"), OK, volt("dump", FIB).stdout, "")

    def test_asm_refuses_a_terminal(self):
        terminal = self.open_terminal()
        process = subprocess.run([VOLT, "asm", FIB], stdout=terminal, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(process.returncode, USAGE)
        self.assertIn("binary", process.stderr)

    def test_output_that_cannot_be_written(self):
        self.check(volt("dump", FIB, "-o", self.folder / "none" / "file"), FAILED, "",
                   f"volt: {self.folder}/none/file: No such file or directory\n")
        self.check(volt("dump", FIB, "-o", "/dev/full"), FAILED, "", "/dev/full")
        with open("/dev/full", "w", encoding="ascii") as full:
            process = subprocess.run([VOLT, "dump", FIB], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(process.returncode, FAILED)
        self.assertIn("standard output", process.stderr)

    def test_output_is_not_the_input(self):
        program = self.write("kept.vot", FIB.read_text())
        link = self.folder / "link.vot"
        link.symlink_to(program)
        for command in (["asm", program], ["dump", program], ["asm", link], ["compile", program, "--emit=asm"])[:3 + HAS_TIER]:
            self.check(volt(*command, "-o", program), USAGE, "", f"{program} is the module that is read")
        self.assertEqual(program.read_text(), FIB.read_text())
        self.check(volt("asm", program, "-o", self.folder / "other.vob"), OK, "", "")

    def test_failed_output_leaves_the_old_file(self):
        kept = self.write("kept.vob", "old")
        self.check(volt("asm", self.write("bad.vot", "this is no module\n"), "-o", kept), BAD_FILE)
        self.assertEqual(kept.read_text(), "old")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["bad.vot", "kept.vob"])


class RefusingTest(CommandTest):
    def refuse(self, path, error):
        for arguments in [["run"], ["dump"], ["verify"]]:
            process = volt(*arguments, path)
            self.check(process, BAD_FILE, "", error)
            self.assertIn(path.name, process.stderr)


class BadFile(RefusingTest):
    def test_missing(self):
        self.refuse(self.folder / "none.vob", "No such file")

    def test_folder(self):
        self.refuse(self.folder, "Is a directory")

    def test_empty(self):
        for name in ("empty.vob", "empty.vot", "empty.vo"):
            self.refuse(self.write(name, b""), "the file is empty")

    def test_not_a_module(self):
        self.refuse(self.write("picture.vob", b"\x89PNG\r\n\x1a\n" + bytes(64)), 'does not begin with "VOB"')
        self.refuse(self.write("nearly.vob", b"VO"), "ends before its header does")

    def test_source(self):
        source = "// adds\n/* two\nlines */\npackage main\n\nfunc main() {}\n"
        for name in ("program.vo", "program.vob", "program.vot", "program"):
            self.refuse(self.write(name, source), "it is source text")
        self.refuse(self.write("part.vo", "func f() {}\n"), "it is source text")

    def test_text_of_another_name(self):
        self.refuse(self.write("fib.txt", FIB.read_text()), "a name that ends in .vot")

    def test_binary_with_the_name_of_text(self):
        self.refuse(self.write("fib.vot", self.assemble("fib").read_bytes()), "it is a binary module")

    def test_files_of_other_kinds(self):
        binary = self.assemble("fib").read_bytes()
        self.refuse(self.write("fib.vob.gz", gzip.compress(binary)), "compressed (gzip)")
        self.refuse(self.write("fib.xz", lzma.compress(binary)), "compressed (xz)")
        self.refuse(self.write("fib.bz2", bz2.compress(binary)), "compressed (bzip2)")
        for name in ("program", "program.vot"):
            self.refuse(self.write(name, b"\x7fELF\2\1\1" + bytes(57)), "ELF")

    def test_bad_text_is_told_with_its_line(self):
        process = volt("asm", self.write("bad.vot", FIB.read_text() + "\n)\n"))
        self.check(process, BAD_FILE, "")
        self.assertRegex(process.stderr, r"bad\.vot:\d+")

    def test_verify_is_silent_about_good_files(self):
        self.check(volt("verify", FIB), OK, "", "")
        self.check(volt("verify", self.assemble("fib")), OK, "", "")


class OtherCompilers(RefusingTest):
    """Files of later compilers of the language."""

    LAYOUT = "after 2026-02-23 also wrote version 1, with another layout"

    def test_later_versions(self):
        binary = bytearray(self.assemble("fib").read_bytes())
        for version, sentence in ((2, "2026-04-30 or later"), (14, "2026-04-30 or later"), (15, "version 15")):
            binary[3] = version
            path = self.write("later.vob", bytes(binary))
            self.refuse(path, sentence)
            self.assertNotIn(self.LAYOUT, volt("verify", path).stderr)
        self.assertNotIn("2026", volt("verify", path).stderr)

    def test_the_same_version_with_another_layout(self):
        """Records of natives that end with the kinds of their parameters: two of them."""
        binary = self.assemble("fib").read_bytes()
        name = binary.index(b"\x0a\0\0\0vo_println")
        end = name + 4 + len("vo_println") + 5
        self.refuse(self.write("kinds.vob", binary[:end] + b"\2\0\0\0\1\1" + binary[end:]), self.LAYOUT)

    def test_truncated(self):
        binary = self.assemble("fib").read_bytes()
        self.refuse(self.write("half.vob", binary[:len(binary) // 2]), self.LAYOUT)
        self.refuse(self.write("short.vob", binary[:-1]), self.LAYOUT)

    def test_other_opcodes(self):
        """A module that can be read, but whose code makes no sense: verification says so, and why it may be."""
        binary = self.assemble("fib").read_bytes()
        first = binary.rindex(b"\x40\0\0\0\0\0\0\0")
        path = self.write("renumbered.vob", binary[:first] + b"\xc8" + binary[first + 1:])
        self.check(volt("verify", path), BAD_FILE, "", self.LAYOUT)
        self.check(volt("run", path), BAD_FILE, "", self.LAYOUT)

    def test_the_sentence_is_for_binary_modules_only(self):
        text = "fn main locals=1 {\n\tCopy r0, r9\n\tReturn r0, 0\n}\n"
        process = volt("run", self.write("bad.vot", text))
        self.check(process, BAD_FILE, "", f"pc 0 (Copy) at {self.folder / 'bad.vot'}:2: slots r9 to r9 are outside of the frame")
        self.assertNotIn("2026", process.stderr)


if __name__ == "__main__":
    unittest.main()
