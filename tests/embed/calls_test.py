"""Functions that the host calls: values, errors, fibers that go on, interrupts, in every tier."""

import unittest

from hosts import HERE, HostTest, TIERS, in_tiers

# What the program itself prints.
SCENARIOS = {"values": "", "handles": "", "signatures": "", "order": "main\n", "panics": "", "fibers": "", "exits": "",
             "natives": "", "steps": "", "heap": "", "heaps": "", "interrupts": "",
             "islands": "", "ended_islands": "", "compiled_islands": "", "threads": ""}
OFTEN = ["values", "order", "panics", "fibers", "exits", "natives", "islands", "ended_islands"]


class Calls(HostTest):
    def check_scenarios(self, scenarios, *often):
        for tier, scenario in in_tiers(scenarios):
            with self.subTest(tier=tier, scenario=scenario):
                self.check(self.run_host("calls", "calls.vot", tier, scenario, *often, cwd=HERE), 0,
                           SCENARIOS[scenario])

    def test_scenarios(self):
        self.check_scenarios(SCENARIOS)

    @unittest.skipUnless("auto" in TIERS, "built without a tier")
    def test_no_options_at_all(self):
        self.check(self.run_host("calls", "calls.vot", "auto", "defaults", cwd=HERE), 0, "")

    @unittest.skipUnless("auto" in TIERS, "built without a tier")
    def test_wrong_options(self):
        for tier in "auto", "llvm":
            self.check(self.run_host("calls", "calls.vot", tier, "wrong_options", cwd=HERE), 0, "")

    def test_when_rare_things_happen_often(self):
        self.check_scenarios(OFTEN, "often")


if __name__ == "__main__":
    unittest.main()
