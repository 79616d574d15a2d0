"""What large programs need, as their users see it."""

import os
import subprocess
import unittest

from volt_command import EMULATOR, EXECUTABLE, PROGRAMS, VOLT, CommandTest

MILLION = PROGRAMS.parent / "cli" / "million.vot"
ALLOWED_KIB = 1536 << 10


def uses_sanitizers():
    symbols = subprocess.run(["ldd", EXECUTABLE], capture_output=True, text=True, check=True).stdout
    return "libasan" in symbols


class Goroutines(CommandTest):
    @unittest.skipIf(EMULATOR, "the emulator's own memory would be measured")
    @unittest.skipIf(not EMULATOR and uses_sanitizers(), "the sanitizer's own memory would be measured")
    def test_a_million_sleeping_ones_need_less_than_1536_mib(self):
        process = subprocess.Popen([VOLT, "run", MILLION], stdout=subprocess.PIPE, text=True)
        output = process.stdout.read()
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual((process.returncode, output), (0, "499999500000\n"))
        self.assertLess(usage.ru_maxrss, ALLOWED_KIB)


if __name__ == "__main__":
    unittest.main()
