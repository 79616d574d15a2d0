"""Waits that threads of the host complete: in time, and when the program or the whole VM is gone."""

import unittest

from hosts import HostTest, in_tiers

PROGRAM = """module waits
entry @__entry__
native host_wait results=1
fn __entry__ {
	Call @main, r0
	Return r0, 0
}
fn main {
	Return r0, 0
}
fn f params=1 results=1 types=vv {
	CallExtern @host_wait, r1, r0 args=1
	Return r1, 1
}
"""
SCENARIOS = {
    "completed": "result 7\nfreed 1\n",
    "interrupted": "kind 11: interrupted\nfreed 1\n",
    "limited": "kind 6: heap limit of 33554432 bytes reached\nfreed 1\nfreed 1\n",
}


class Waits(HostTest):
    def test_scenarios(self):
        for tier, (scenario, output) in in_tiers(SCENARIOS.items()):
            with self.subTest(tier=tier, scenario=scenario):
                self.check(self.run_host("waits", self.write("waits.vot", PROGRAM), tier, scenario), 0, output)


if __name__ == "__main__":
    unittest.main()
