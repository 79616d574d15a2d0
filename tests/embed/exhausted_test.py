"""VMs that have met their memory limit, in every tier."""

import unittest

from hosts import HERE, HostTest, in_tiers


class Exhausted(HostTest):
    def test_scenarios(self):
        for tier, scenario in in_tiers(("lists", "bursts", "parked", "sleepers")):
            with self.subTest(tier=tier, scenario=scenario):
                self.check(self.run_host("exhausted", "exhausted.vot", tier, scenario, cwd=HERE), 0, "")


if __name__ == "__main__":
    unittest.main()
