"""The host's signals: masks, handlers, and who takes what is sent to the process."""

import unittest

from hosts import BUSY, BUSY_OUTPUT, GARBAGE, GARBAGE_OUTPUT, HostTest, in_tiers

# How many VMs each variant runs to their end.
COLLECTING = {"blocked-by-threads": 6, "blocked-by-main": 4, "masks": 3, "owners": 3}


class Signals(HostTest):
    on_own_stack = True

    def test_collecting_machines(self):
        for tier, (variant, machines) in in_tiers(COLLECTING.items()):
            with self.subTest(tier=tier, variant=variant):
                self.check(self.run_host("signals", GARBAGE, tier, variant), 0, GARBAGE_OUTPUT * machines)

    def test_machines_with_threads(self):
        for tier, variant in in_tiers(("threads", "fetched", "makers")):
            with self.subTest(tier=tier, variant=variant):
                self.check(self.run_host("signals", BUSY, tier, variant), 0, BUSY_OUTPUT)


if __name__ == "__main__":
    unittest.main()
