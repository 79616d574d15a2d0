"""VMs of a host that has used up its descriptors."""

import unittest

from hosts import GARBAGE, HostTest

ATTEMPTS = 5
FAILURE = "event loop: too many open files\n"
# A loop with its process's signal pipe, which the first VM makes and the process keeps.
NEEDED, KEPT = 6, 2


class Descriptors(HostTest):
    def test_too_few_are_an_error_and_stay_free(self):
        for free in range(NEEDED):
            with self.subTest(free=free):
                self.check(self.run_host("descriptors", GARBAGE, free), 0, FAILURE * ATTEMPTS + "lost 0\n")

    def test_just_enough(self):
        """Later VMs find fewer free than the first one."""
        self.check(self.run_host("descriptors", GARBAGE, NEEDED + KEPT), 0, "made\n" * ATTEMPTS + f"lost {KEPT}\n")


if __name__ == "__main__":
    unittest.main()
