"""volt dump, volt asm and volt verify."""

import subprocess
import unittest

from volt_command import BAD_FILE, FAILED, OK, PROGRAMS, USAGE, VOLT, CommandTest, volt

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

    def test_dash_is_standard_output(self):
        self.check(volt("dump", FIB, "-o", "-"), OK, volt("dump", FIB).stdout, "")

    def test_asm_refuses_a_terminal(self):
        terminal = self.open_terminal()
        process = subprocess.run([VOLT, "asm", FIB], stdout=terminal, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(process.returncode, USAGE)
        self.assertIn("binary", process.stderr)

    def test_output_that_cannot_be_written(self):
        self.check(volt("dump", FIB, "-o", self.folder / "none" / "file"), FAILED, "", "No such file")
        self.check(volt("dump", FIB, "-o", "/dev/full"), FAILED, "", "/dev/full")
        with open("/dev/full", "w", encoding="ascii") as full:
            process = subprocess.run([VOLT, "dump", FIB], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(process.returncode, FAILED)
        self.assertIn("standard output", process.stderr)

    def test_failed_output_leaves_the_old_file(self):
        kept = self.write("kept.vob", "old")
        self.check(volt("asm", self.write("bad.vot", "this is no module\n"), "-o", kept), BAD_FILE)
        self.assertEqual(kept.read_text(), "old")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["bad.vot", "kept.vob"])


class BadFile(CommandTest):
    def refuse(self, path, error):
        for arguments in [["run"], ["dump"], ["verify"]]:
            process = volt(*arguments, path)
            self.check(process, BAD_FILE, "", error)
            self.assertIn(path.name, process.stderr)

    def test_missing(self):
        self.refuse(self.folder / "none.vob", "No such file")

    def test_folder(self):
        self.refuse(self.folder, None)

    def test_empty(self):
        self.refuse(self.write("empty.vob", b""), None)

    def test_not_a_module(self):
        self.refuse(self.write("picture.vob", b"\x89PNG\r\n\x1a\n" + bytes(64)), None)

    def test_truncated(self):
        binary = self.assemble("fib").read_bytes()
        self.refuse(self.write("half.vob", binary[:len(binary) // 2]), None)
        self.refuse(self.write("short.vob", binary[:-1]), None)

    def test_bad_text_is_told_with_its_line(self):
        process = volt("asm", self.write("bad.vot", FIB.read_text() + "\n)\n"))
        self.check(process, BAD_FILE, "")
        self.assertRegex(process.stderr, r"bad\.vot:\d+")

    def test_verify_is_silent_about_good_files(self):
        self.check(volt("verify", FIB), OK, "", "")
        self.check(volt("verify", self.assemble("fib")), OK, "", "")


if __name__ == "__main__":
    unittest.main()
