"""Some hosts under valgrind, interpreted: values, panics, fibers, natives and waits of the API."""

import os
import pathlib
import unittest

import memcheck
from hosts import HERE, HostTest, host
from waits_test import PROGRAM as WAITING

SECONDS = 300 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))
SCENARIOS = ["values", "panics", "fibers", "natives"]


@unittest.skipIf(memcheck.WHY_NOT, memcheck.WHY_NOT)
class Valgrind(HostTest):
    def run_checked(self, command, output):
        process = memcheck.run([*host(command[0]), *command[1:]], os.environ, SECONDS)
        self.check(process, 0, output)

    def test_calls(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario=scenario):
                self.run_checked(["calls", pathlib.Path(HERE) / "calls.vot", "interp", scenario], "")

    def test_waits(self):
        self.run_checked(["waits", self.write("waits.vot", WAITING), "interp", "completed"], "result 7\nfreed 1\n")


if __name__ == "__main__":
    unittest.main()
