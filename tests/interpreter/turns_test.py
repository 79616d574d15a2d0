"""What a change of fibers costs: what the next ones need is fetched."""

import os
import pathlib
import re
import subprocess
import unittest

BUILD = pathlib.Path(os.environ["VOLT_BUILD"])
OBJDUMP = os.environ.get("OBJDUMP", "objdump")

class Fetching(unittest.TestCase):
    def test_instructions_that_fetch_are_there(self):
        """A compiler may drop what has no result: all calls of a function that only fetches were gone once."""
        code = subprocess.run([OBJDUMP, "--disassemble", "--no-show-raw-insn", BUILD / "libvolt-runtime.so"],
                              capture_output=True, text=True, check=True).stdout
        self.assertTrue(re.search(r"\t(prefetch\w+|prfm)\s", code))


if __name__ == "__main__":
    unittest.main()
