"""Running the volt command from tests: where it is, and what a run of it gave."""

import os
import pathlib
import pty
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "programs"
VOLT = os.environ.get("VOLT", str(ROOT / "build" / "release" / "volt"))
# Where VOLT is a script that starts an emulator: the emulator, and the executable of another machine.
EMULATOR = os.environ.get("VOLT_EMULATOR", "").split()
EXECUTABLE = os.environ.get("VOLT_EXECUTABLE", VOLT)
SECONDS = 120 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))
HAS_TIER = os.environ.get("VOLT_TIER", "ON") == "ON"
SANITIZED = os.environ.get("VOLT_SANITIZED", "OFF") == "ON"

# For tests of what code LLVM makes, which take it long.
about_code = unittest.skipIf(SANITIZED, "the code is the same with sanitizers: release looks at it")

os.environ["VOLT_CACHE"] = "off"  # tests of the cache name a folder

OK, FAILED, USAGE, BAD_FILE = 0, 1, 2, 3  # exit statuses, runtime/cli/README.md


def volt(*arguments, **options):
    """Runs the command; standard output and error are text unless text=False."""
    options.setdefault("text", True)
    return subprocess.run([VOLT, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
                          **options)


class CommandTest(unittest.TestCase):
    """A test with a folder of its own and checks that show what the command said."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def check(self, process, status, output=None, error=None):
        """Exit status, exact standard output, and a part of standard error ("" for none at all)."""
        said = f"{process.args}\nstandard output: {process.stdout!r}\nstandard error: {process.stderr!r}"
        self.assertEqual(process.returncode, status, said)
        if output is not None:
            self.assertEqual(process.stdout, output, said)
        if error == "":
            self.assertEqual(process.stderr, "", said)
        elif error is not None:
            self.assertIn(error, process.stderr, said)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def open_terminal(self):
        """A file descriptor that is a terminal."""
        try:
            leader, terminal = pty.openpty()
        except OSError as error:
            self.skipTest(f"no terminal can be opened here: {error}")
        self.addCleanup(os.close, leader)
        self.addCleanup(os.close, terminal)
        return terminal

    def assemble(self, name):
        """One of the test programs as a binary module."""
        binary = self.folder / f"{name}.vob"
        self.check(volt("asm", PROGRAMS / f"{name}.vot", "-o", binary), OK, "", "")
        return binary
