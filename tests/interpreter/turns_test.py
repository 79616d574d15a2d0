"""What a change of fibers costs: what the next ones need is fetched, and few instructions are executed."""

import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["VOLT_BUILD"])
OBJDUMP = os.environ.get("OBJDUMP", "objdump")
MACHINE = os.environ.get("VOLT_MACHINE", platform.machine())
SHORT, LONG = 500, 2500

# Each round is four slices: each fiber is parked once, and wakes the other one once.
PING_PONG = """
fn echo params=2 {{
again:
	ChanRecv r2, r0 slots=1 ok=1
	JumpIfNot r3, end
	ChanSend r1, r2 slots=1
	Jump again
end:
	Return r0, 0
}}
fn main {{
	LoadInt r0, 2
	LoadInt r1, 0
	ChanNew r2, r0, r1 slots=1
	ChanNew r3, r0, r1 slots=1
	Copy r4, r2
	Copy r5, r3
	GoStart @echo, r4 args=2
	LoadInt r6, {rounds}
again:
	ChanSend r2, r1 slots=1
	ChanRecv r7, r3 slots=1
	ForLoop r1, r6, again
	ChanClose r2
	Return r0, 0
}}
"""


class Fetching(unittest.TestCase):
    def test_instructions_that_fetch_are_there(self):
        """A compiler may drop what has no result: all calls of a function that only fetches were gone once."""
        code = subprocess.run([OBJDUMP, "--disassemble", "--no-show-raw-insn", BUILD / "libvolt-runtime.so"],
                              capture_output=True, text=True, check=True).stdout
        self.assertTrue(re.search(r"\t(prefetch\w+|prfm)\s", code))


@unittest.skipUnless(MACHINE == platform.machine() == "x86_64" and shutil.which("valgrind"), "needs x86-64 and Valgrind")
@unittest.skipIf(os.environ.get("VOLT_SANITIZED") == "1", "sanitizers execute instructions of their own")
class Instructions(unittest.TestCase):
    # Nine instructions of bytecode at about ten each, six of them with some forty in the channel; for each slice its
    # end, the next one's beginning, what is fetched and where its fiber goes on, one hundred and twenty. With the
    # scheduler in between it was 1,187.
    MOST = 1000

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("volt", "libvolt-runtime.so.0", "libvolt-bytecode.so.0"):
            subprocess.run(["strip", "-g", BUILD / name, "-o", self.folder / name], check=True)

    def executed(self, rounds):
        source = self.folder / f"{rounds}.vot"
        source.write_text(PING_PONG.format(rounds=rounds))
        output = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.folder}/out",
                                 self.folder / "volt", "run", "--tier=interp", source], capture_output=True, text=True,
                                check=True, env={**os.environ, "LD_LIBRARY_PATH": str(self.folder)}).stderr
        return int(re.search(r"refs:\s+([\d,]+)", output)[1].replace(",", ""))

    def test_of_a_change_of_fibers(self):
        self.assertLess((self.executed(LONG) - self.executed(SHORT)) / (LONG - SHORT), self.MOST)


if __name__ == "__main__":
    unittest.main()
