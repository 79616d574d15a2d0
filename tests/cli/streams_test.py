"""Standard streams as parents leave them: pipes in non-blocking mode, readers that go away, closed descriptors."""

import fcntl
import os
import resource
import signal
import subprocess
import time
import unittest

from volt_command import FAILED, HAS_TIER, OK, PROGRAMS, SECONDS, VOLT, CommandTest, volt

INTERPRETED = ["--tier=interp"]
MODES = [INTERPRETED, ["--tier=llvm", "--sync"], ["--tier=auto", "--threshold=1,1"]] if HAS_TIER else [INTERPRETED]
LINES = 100000

# Writes the line `count` times, as one of the bodies behind it does.
REPEATED = """module repeated
entry @main
native vo_println results=0
native os_blocking_fileWrite results=3
fn main {{
	LoadInt r0, 0
	LoadInt r1, {count}
	StrNew r2, "{line}"
	LoadInt r4, 2
	StrNew r5, "{line}\\n"
next:
	{body}
	ForLoop r0, r1, next
	Return r0, 0
}}
"""
TO_OUTPUT = "IfaceAssign r8, r2, iface(string), string\n\tCallExtern @vo_println, r8, r8 args=2"
TO_ERROR = "CallExtern @os_blocking_fileWrite, r8, r4 args=2"

# The same line from an island, whose end main waits for.
FROM_ISLAND = """module from_island
entry @main
native vo_println results=0
fn lines params=3 param_count=2 closure param_types=[port:0 1, int:0 1] {{
	LoadInt r3, 0
	StrNew r4, "{line}"
next:
	IfaceAssign r8, r4, iface(string), string
	CallExtern @vo_println, r8, r8 args=2
	ForLoop r3, r2, next
	PortSend r1, r3 slots=1
	Return r0, 0
}}
fn main {{
	LoadInt r0, 2
	LoadInt r1, 0
	PortNew r2, r0, r1 slots=1
	IslandNew r3
	ClosureNew r4, @lines, 0
	Copy r5, r2
	LoadInt r6, {count}
	GoIsland r3, r4, r5 args=2
	PortRecv r5, r2 slots=1
	Return r0, 0
}}
"""

# Creates a file, prints, writes to the file.
WRITE_FILE = """module write_file
entry @main
native vo_println results=0
native os_openFile results=3
native os_blocking_fileWrite results=3
native os_fileClose results=2
fn main {
	StrNew r0, "written.txt"
	LoadInt r1, 82
	LoadInt r2, 420
	CallExtern @os_openFile, r4, r0 args=3
	StrNew r8, "printed"
	IfaceAssign r10, r8, iface(string), string
	CallExtern @vo_println, r10, r10 args=2
	Copy r12, r4
	StrNew r13, "data"
	CallExtern @os_blocking_fileWrite, r14, r12 args=2
	CallExtern @os_fileClose, r14, r4 args=1
	Return r0, 0
}
"""


class SlowReader:
    """A pipe in non-blocking mode, nearly nothing of which is read for a while."""

    def __init__(self):
        self.reading, self.writing = os.pipe()
        fcntl.fcntl(self.writing, fcntl.F_SETFL, fcntl.fcntl(self.writing, fcntl.F_GETFL) | os.O_NONBLOCK)

    def read(self, process, pause=0.5):
        os.close(self.writing)
        time.sleep(pause)
        parts = []
        while part := os.read(self.reading, 65536):
            parts.append(part)
        os.close(self.reading)
        return b"".join(parts), process.wait(timeout=SECONDS)



class NonBlocking(CommandTest):
    def slow(self, arguments, stream="stdout", pause=0.5):
        """What came through a slow reader, the status, and what stood on the other stream."""
        reader = SlowReader()
        with open(self.folder / "other", "wb") as other:
            streams = {"stdout": other, "stderr": other, stream: reader.writing}
            process = subprocess.Popen([VOLT, *map(str, arguments)], stdin=subprocess.DEVNULL, **streams)
        text, status = reader.read(process, pause)
        return text, status, (self.folder / "other").read_bytes()

    def test_no_line_is_lost(self):
        program = self.write("lines.vot", REPEATED.format(count=LINES, line="some text", body=TO_OUTPUT))
        for mode in MODES:
            with self.subTest(mode=mode):
                self.assertEqual(self.slow(["run", *mode, program]), (b"some text\n" * LINES, OK, b""))

    def test_standard_error(self):
        program = self.write("errors.vot", REPEATED.format(count=LINES, line="some text", body=TO_ERROR))
        for mode in MODES:
            with self.subTest(mode=mode):
                self.assertEqual(self.slow(["run", *mode, program], "stderr"), (b"some text\n" * LINES, OK, b""))

    def test_islands(self):
        program = self.write("island.vot", FROM_ISLAND.format(count=LINES, line="some text"))
        self.assertEqual(self.slow(["run", program]), (b"some text\n" * LINES, OK, b""))

    def test_one_long_line(self):
        program = self.write("long.vot", REPEATED.format(count=1, line="x" * 60000, body=TO_OUTPUT + "\n\t" + TO_OUTPUT
                                                         + "\n\t" + TO_OUTPUT))
        self.assertEqual(self.slow(["run", program]), ((b"x" * 60000 + b"\n") * 3, OK, b""))

    def test_what_the_command_says(self):
        binary = self.assemble("corner_cases")
        self.check(volt("dump", binary, "-o", self.folder / "text"), OK)
        text = (self.folder / "text").read_bytes()
        program = self.write("large.vot", text + b"".join(
            b"fn more%d {\n%s\tReturn r0, 0\n}\n" % (i, b"\tLoadInt r0, 1\n" * 100) for i in range(200)))
        expected = volt("dump", program).stdout
        self.assertGreater(len(expected), 200000)
        self.assertEqual(self.slow(["dump", program])[:2], (expected.encode(), OK))

    def test_statistics(self):
        functions = "".join(f"fn some_function_{i} {{\n\tReturn r0, 0\n}}\n" for i in range(2000))
        program = self.write("many.vot", REPEATED.format(count=1, line="text", body=TO_OUTPUT) + functions)
        text, status, _ = self.slow(["run", "--stats=json", "--tier=auto", program], "stderr")
        self.assertEqual(status, OK)
        self.assertGreater(len(text), 100000)
        self.assertEqual(text[-2:], b"}\n")

    def test_waiting_takes_no_time(self):
        program = self.write("lines.vot", REPEATED.format(count=LINES, line="some text", body=TO_OUTPUT))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.slow(["run", "--tier=interp", program], pause=0)
        busy = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.slow(["run", "--tier=interp", program], pause=3)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = [now.ru_utime + now.ru_stime - then.ru_utime - then.ru_stime
                   for then, now in ((before, busy), (busy, after))]
        self.assertLess(seconds[1], seconds[0] + 1.5)

    def test_a_reader_that_goes_away(self):
        program = self.write("endless.vot", REPEATED.format(count=1 << 30, line="some text", body=TO_OUTPUT))
        reader = SlowReader()
        process = subprocess.Popen([VOLT, "run", program], stdout=reader.writing, stderr=subprocess.PIPE)
        os.close(reader.writing)
        time.sleep(0.5)
        os.close(reader.reading)
        _, error = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, error), (-signal.SIGPIPE, b""))


class Full(CommandTest):
    def to_full(self, *arguments):
        with open("/dev/full", "wb") as full:
            return subprocess.run([VOLT, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, text=True,
                                  timeout=SECONDS, check=False)

    def test_programs(self):
        output = self.write("output.vot", REPEATED.format(count=1 << 30, line="some text", body=TO_OUTPUT))
        island = self.write("island.vot", FROM_ISLAND.format(count=1 << 30, line="some text"))
        for program in (output, island):
            self.check(self.to_full("run", program), FAILED, error="volt: standard output: No space left on device\n")

    def test_the_commands_own_words(self):
        for arguments in (["--help"], ["--version"], ["run", "--help"], ["dump", PROGRAMS / "fib.vot"]):
            process = self.to_full(*arguments)
            self.assertNotEqual(process.returncode, OK, arguments)
            self.assertEqual(process.stderr, "volt: standard output: No space left on device\n")


class Closed(CommandTest):
    def run_closed(self, program, closed, *options):
        """Runs with these descriptors closed: status, output, error; b"" for what is closed."""
        redirections = " ".join(f"{number}>&-" for number in closed)
        process = subprocess.run(["sh", "-c", f'exec "$@" {redirections}', "sh", VOLT, "run", "--allow=fs", *options,
                                  str(program)], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                                 timeout=SECONDS, check=False)
        return process.returncode, process.stdout, process.stderr

    def test_the_program_does_not_notice(self):
        program = self.write("write_file.vot", WRITE_FILE)
        for closed in ([0], [2], [0, 2]):
            for mode in MODES:
                with self.subTest(closed=closed, mode=mode):
                    self.assertEqual(self.run_closed(program, closed, *mode), (OK, b"printed\n", b""))
                    self.assertEqual((self.folder / "written.txt").read_bytes(), b"data")

    def test_output_is_missed(self):
        program = self.write("write_file.vot", WRITE_FILE)
        for closed in ([1], [0, 1], [1, 2], [0, 1, 2]):
            said = b"" if 2 in closed else b"volt: standard output: Bad file descriptor\n"
            for mode in MODES:
                with self.subTest(closed=closed, mode=mode):
                    self.assertEqual(self.run_closed(program, closed, *mode), (FAILED, b"", said))
                    self.assertIn((self.folder / "written.txt").read_bytes(), [b"", b"data"])

    def test_a_silent_program_needs_no_streams(self):
        program = self.write("silent.vot", WRITE_FILE.replace("CallExtern @vo_println, r10, r10 args=2\n", ""))
        self.assertEqual(self.run_closed(program, [0, 1, 2]), (OK, b"", b""))
        self.assertEqual((self.folder / "written.txt").read_bytes(), b"data")

    def test_standard_error_that_is_closed_is_an_error_value(self):
        program = self.write("errors.vot", REPEATED.format(count=1, line="text", body=TO_ERROR + "\n\tJumpIfNot r8, bad")
                             .replace("\tReturn r0, 0\n", "\tReturn r0, 0\nbad:\n\t" + TO_OUTPUT + "\n\tReturn r0, 0\n"))
        self.assertEqual(self.run_closed(program, []), (OK, b"", b"text\n"))
        self.assertEqual(self.run_closed(program, [2]), (OK, b"text\n", b""))


if __name__ == "__main__":
    unittest.main()
