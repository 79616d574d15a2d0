"""Natives of the host: in the place of standard ones, and with text."""

import unittest

from hosts import HostTest, TIERS, in_tiers

# Those that compiled code does itself, one that it calls as a function, and what they give for 6.25, in the order of NAMES.
NAMES = ["math_Sqrt", "math_Floor", "math_Ceil", "math_Trunc", "math_Cbrt"]
STANDARD = "2.5 6 7 6 1\n"
ROUNDS = 100

PROGRAM = "module natives\nentry @main\nnative vo_println results=0\n" + "".join(
    f"native {name} results=1\n" for name in NAMES) + f"""fn main {{
	LoadInt r0, 0
	LoadInt r1, {ROUNDS}
next:
	LoadConst r2, 6.25
""" + "".join(f"	CallExtern @{name}, r{3 + i}, r2 args=1\n" for i, name in enumerate(NAMES[:-1])) + """	LoadConst r2, 1.0
	CallExtern @math_Cbrt, r7, r2 args=1
	ForLoop r0, r1, next
""" + "".join(f"	IfaceAssign r{10 + 2 * i}, r{3 + i}, iface(float64), float64\n" for i in range(len(NAMES))) + """	CallExtern @vo_println, r10, r10 args=10
	Return r0, 0
}
"""

TEXT = """module text
entry @main
native vo_println results=0
native host_shout results=1
fn main {
	StrNew r0, "abc, Xyz"
	CallExtern @host_shout, r1, r0 args=1
	IfaceAssign r2, r1, iface(string), string
	CallExtern @vo_println, r2, r2 args=2
	StrNew r0, ""
	CallExtern @host_shout, r1, r0 args=1
	Return r0, 0
}
"""


class Natives(HostTest):
    def run_with(self, tier, *names):
        return self.run_host("replaced_native", self.write("natives.vot", PROGRAM), tier, *names)

    def test_nothing_is_replaced(self):
        for tier in TIERS:
            self.check(self.run_with(tier), 0, STANDARD + "calls 0\n")

    def test_each_alone(self):
        for tier, (i, name) in in_tiers(enumerate(NAMES)):
            with self.subTest(tier=tier, name=name):
                values = STANDARD.split()
                values[i] = "42"
                self.check(self.run_with(tier, name), 0, " ".join(values) + f"\ncalls {ROUNDS}\n")

    def test_all(self):
        for tier in TIERS:
            self.check(self.run_with(tier, *NAMES), 0, f"42 42 42 42 42\ncalls {ROUNDS * len(NAMES)}\n")

    def test_after_the_run_it_is_too_late(self):
        for tier in TIERS:
            self.check(self.run_with(tier, "-math_Sqrt"), 1,
                       STANDARD + "kind 4: native math_Sqrt: the program has been run already\ncalls 0\n")

    def test_text(self):
        for tier in ["defaults", *TIERS]:
            self.check(self.run_host("text_natives", self.write("text.vot", TEXT), tier), 1,
                       "8 bytes\nABC, XYZ\nkind 8: 0 bytes cannot be shouted\n")


if __name__ == "__main__":
    unittest.main()
