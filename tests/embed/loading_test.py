"""A host that opens the library, and closes it, at run time."""

import os
import unittest

from hosts import GARBAGE, GARBAGE_OUTPUT, HostTest, TIERS


class Loading(HostTest):
    def test_opened_and_closed_again_and_again(self):
        for tier in TIERS:
            with self.subTest(tier=tier):
                self.check(self.run_host("loading", GARBAGE, tier, os.environ["VOLT_RUNTIME"]), 0, GARBAGE_OUTPUT * 4)


if __name__ == "__main__":
    unittest.main()
