"""The VM's own writing to the streams of its host: slow readers, full devices, descriptors that are closed."""

import fcntl
import os
import subprocess
import time
import unittest

from hosts import HostTest, SECONDS, TIERS, host

LINES = 50000
FILE_ERROR = 1  # VOLT_ERROR_FILE

PRINT = """module print
entry @main
native vo_println results=0
native os_blocking_fileWrite results=3
fn main {{
	LoadInt r0, 0
	LoadInt r1, {count}
	StrNew r2, "some text"
	LoadInt r4, {stream}
	StrNew r5, "some text\\n"
next:
	IfaceAssign r8, r2, iface(string), string
	{write}
	ForLoop r0, r1, next
	Return r0, 0
}}
"""
PRINTLN = "CallExtern @vo_println, r8, r8 args=2"
WRITE = "CallExtern @os_blocking_fileWrite, r8, r4 args=2"

# Prints, and writes to a pipe of its own.
DESCRIPTORS = """module descriptors
entry @main
native vo_println results=0
native os_nativePipe results=4
native os_blocking_fileWrite results=3
fn main {
	CallExtern @os_nativePipe, r0, r0 args=0
	StrNew r4, "printed"
	IfaceAssign r6, r4, iface(string), string
	CallExtern @vo_println, r6, r6 args=2
	Copy r8, r1
	StrNew r9, "data"
	CallExtern @os_blocking_fileWrite, r10, r8 args=2
	IfaceAssign r14, r10, iface(int), int
	CallExtern @vo_println, r14, r14 args=2
	Return r0, 0
}
"""


class Streams(HostTest):
    def run_with(self, program, tier, closed="-", **streams):
        """Status, what was reported, and the process, of a host whose report goes to a pipe."""
        reading, writing = os.pipe()
        os.dup2(writing, 20)
        process = subprocess.Popen([*host("streams"), str(program), tier, "20", closed], pass_fds=[20],
                                   stdin=subprocess.DEVNULL, **streams)
        os.close(20)
        os.close(writing)
        return process, reading

    def finish(self, process, reading):
        with open(reading, encoding="utf-8") as report:
            text = report.read()
        return process.wait(timeout=SECONDS), text

    def through_slow_pipe(self, program, tier, stream):
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETFL, fcntl.fcntl(writing, fcntl.F_GETFL) | os.O_NONBLOCK)
        process, report = self.run_with(program, tier, **{stream: writing})
        os.close(writing)
        time.sleep(0.5)
        with open(reading, "rb") as pipe:
            text = pipe.read()
        return text, self.finish(process, report)

    def test_nothing_is_lost_between_interruptions(self):
        for tier in TIERS:
            for stream, number, write in (("stdout", 1, PRINTLN), ("stdout", 1, WRITE), ("stderr", 2, WRITE)):
                program = self.write("print.vot", PRINT.format(count=LINES, stream=number, write=write))
                with self.subTest(tier=tier, stream=stream, write=write):
                    self.assertEqual(self.through_slow_pipe(program, tier, stream), (b"some text\n" * LINES, (0, "")))

    def test_a_full_device_ends_the_program(self):
        program = self.write("print.vot", PRINT.format(count=1 << 30, stream=1, write=PRINTLN))
        for tier in TIERS:
            with open("/dev/full", "wb") as full, self.subTest(tier=tier):
                self.assertEqual(self.finish(*self.run_with(program, tier, stdout=full)),
                                 (1, f"kind {FILE_ERROR}: standard output: No space left on device\n"))

    def test_so_does_a_reader_that_goes_away(self):
        program = self.write("print.vot", PRINT.format(count=1 << 30, stream=1, write=PRINTLN))
        for tier in TIERS:
            with self.subTest(tier=tier):
                process, report = self.run_with(program, tier, stdout=subprocess.PIPE)
                process.stdout.read(100)
                process.stdout.close()
                self.assertEqual(self.finish(process, report),
                                 (1, f"kind {FILE_ERROR}: standard output: Broken pipe\n"))

    def test_closed_descriptors(self):
        program = self.write("descriptors.vot", DESCRIPTORS)
        for when in ("", "+"):
            for closed in ("0", "2", "02"):
                with self.subTest(closed=closed + when):
                    process, report = self.run_with(program, "interp", closed + when, stdout=subprocess.PIPE)
                    output, _ = process.communicate(timeout=SECONDS)
                    self.assertEqual((output, self.finish(process, report)), (b"printed\n4\n", (0, "")))
            for closed in ("1", "012"):
                with self.subTest(closed=closed + when):
                    self.assertEqual(self.finish(*self.run_with(program, "interp", closed + when)),
                                     (1, f"kind {FILE_ERROR}: standard output: Bad file descriptor\n"))


if __name__ == "__main__":
    unittest.main()
