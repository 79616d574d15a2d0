"""A host that uses the collector, too."""

import unittest

from hosts import GARBAGE, GARBAGE_OUTPUT, HostTest, in_tiers

# How many VMs each variant runs to their end.
VARIANTS = {"before": 2, "after": 2, "threads": 4, "other-first": 1, "settings": 1, "chosen-signals": 1,
            "incremental": 2}


class Collector(HostTest):
    def test_objects_and_settings_of_the_host(self):
        for tier, (variant, machines) in in_tiers(VARIANTS.items()):
            with self.subTest(tier=tier, variant=variant):
                self.check(self.run_host("collector", GARBAGE, tier, variant), 0, GARBAGE_OUTPUT * machines)

    def test_a_collector_that_cannot_be_shared(self):
        for variant, cause in {"no-interior-pointers": "has set the collector (libgc) to ignore interior pointers",
                               "announced-writes": "tells the collector (libgc) of its writes"}.items():
            with self.subTest(variant=variant):
                self.check(self.run_host("collector", GARBAGE, "interp", variant), 9,
                           f"kind 4: the host {cause}: Volt's heap cannot share it\n")


if __name__ == "__main__":
    unittest.main()
