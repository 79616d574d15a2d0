"""Hosts with a locale of their own: numbers and letters of programs do not depend on it."""

import json
import os
import shutil
import subprocess
import unittest

from hosts import HostTest, in_tiers

CANNOT = 77  # exit status of a host

# Prints floats on both islands, formats, parses and encodes them.
PROGRAM = """module numbers
entry @main
native vo_print results=0
native vo_println results=0
native vo_conv_bytes_str results=1
native vo_conv_str_bytes results=1
native fmt_nativeSprintf results=1
native strconv_FormatFloat results=1
native strconv_ParseFloat results=2
native encoding_json_marshalAny results=3
native encoding_json_Unmarshal results=2
native encoding_toml_marshalAny results=3
native encoding_toml_Unmarshal results=2
struct types=f {
	field F float64:13 offset=0 slots=1
}
interface ""
named main.Record struct:0
""" + "".join(f"type basic {kind}\n" for kind in (
    "void bool int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float32 float64 void void void string"
).split()) + """
type named 0 struct=0 ; 18: Record
type pointer struct:18 ; 19: *Record

fn show params=1 {
	IfaceAssign r1, r0, iface(float64), float64
	CallExtern @vo_println, r1, r1 args=2
	Return r0, 0
}
fn say params=1 {
	IfaceAssign r1, r0, iface(string), string
	CallExtern @vo_println, r1, r1 args=2
	Return r0, 0
}
fn say_bytes params=1 {
	CallExtern @vo_conv_bytes_str, r1, r0 args=1
	IfaceAssign r2, r1, iface(string), string
	CallExtern @vo_print, r2, r2 args=2
	Return r0, 0
}
fn parse params=1 {
	LoadInt r1, 64
	CallExtern @strconv_ParseFloat, r2, r0 args=2
	IfaceAssign r4, r2, iface(float64), float64
	IfaceAssign r6, r3, iface(bool), bool
	CallExtern @vo_println, r4, r4 args=4
	Return r0, 0
}
; format_float(value float64, form byte): with two digits
fn format_float params=2 {
	LoadInt r2, 2
	LoadInt r3, 64
	CallExtern @strconv_FormatFloat, r4, r0 args=4
	Call @say, r4 args=1
	Return r0, 0
}
fn elsewhere params=2 param_count=1 closure param_types=[port:0 1] {
	LoadConst r2, 0.1
	Call @show, r2 args=1
	PortSend r1, r2 slots=1
	Return r0, 0
}
fn main {
	LoadConst r0, 2.75
	Call @show, r0 args=1
	LoadConst r0, 1e21
	Call @show, r0 args=1
	LoadConst r0, 1.5e-7
	Call @show, r0 args=1

	LoadInt r1, 16
	LoadInt r2, 2
	LoadInt r3, 2
	SliceNew r11, r1, r2 bytes=16
	LoadConst r0, 2.75
	IfaceAssign r5, r0, iface(float64), float64
	LoadInt r7, 0
	SliceSet r11, r7, r5 bytes=16
	LoadInt r7, 1
	SliceSet r11, r7, r5 bytes=16
	StrNew r10, "%f|%8.3f"
	CallExtern @fmt_nativeSprintf, r0, r10 args=2
	Call @say, r0 args=1

	LoadConst r0, 2.75
	LoadInt r1, 101
	Call @format_float, r0 args=2
	LoadConst r0, 2.75
	LoadInt r1, 102
	Call @format_float, r0 args=2
	LoadConst r2, 1.0
	LoadConst r3, 0.0
	DivF r0, r2, r3
	LoadInt r1, 71
	Call @format_float, r0 args=2
	StrNew r0, "2.75"
	Call @parse, r0 args=1
	StrNew r0, "2,75"
	Call @parse, r0 args=1
	StrNew r0, "INFINITY"
	Call @parse, r0 args=1

	LoadInt r1, 15
	PtrNew r0, r1, 1
	StrNew r8, "{\\"f\\":2.75}"
	CallExtern @vo_conv_str_bytes, r4, r8 args=1
	IfaceAssign r5, r0, iface(19), pointer
	CallExtern @encoding_json_Unmarshal, r8, r4 args=3
	CallExtern @encoding_json_marshalAny, r8, r5 args=2
	Call @say_bytes, r8 args=1
	StrNew r9, ""
	Call @say, r9 args=1
	StrNew r8, "f = 3.25"
	CallExtern @vo_conv_str_bytes, r4, r8 args=1
	IfaceAssign r5, r0, iface(19), pointer
	CallExtern @encoding_toml_Unmarshal, r8, r4 args=3
	CallExtern @encoding_toml_marshalAny, r8, r5 args=2
	Call @say_bytes, r8 args=1

	LoadInt r0, 13
	LoadInt r1, 0
	PortNew r2, r0, r1 slots=1
	IslandNew r3
	ClosureNew r4, @elsewhere, 0
	Copy r5, r2
	GoIsland r3, r4, r5 args=1
	PortRecv r5, r2 slots=1
	Return r0, 0
}
"""

OUTPUT = """2.75
1000000000000000000000
0.00000015
2.750000|   2.750
2.75e0
2.75
INF
2.75 true
0 false
inf true
{"f":2.75}
f = 3.25
0.1
"""


class Locales(HostTest):
    def make_locale(self, name):
        """Compiles the locale into a folder of the test's own; the environment that finds it there."""
        compiler = shutil.which("localedef")
        if compiler is None:
            self.skipTest("there is no localedef to make a locale with")
        path = self.folder / f"{name}.UTF-8"
        made = subprocess.run([compiler, "-i", name, "-f", "UTF-8", path], capture_output=True, text=True, check=False)
        if not path.is_dir():
            self.skipTest(f"the locale {name} cannot be made: {made.stderr.strip()}")
        # The C library loses its copy of this path, which the leak sanitizer would hold against the host.
        known = self.write("known_leaks", "leak:argz_add_sep\n")
        return {**os.environ, "LOCPATH": str(self.folder), "LSAN_OPTIONS": f"suppressions={known}:print_suppressions=0"}

    def check_locale(self, name, number):
        """`number`: how the locale writes 1.5."""
        environment = self.make_locale(name)
        program = self.write("numbers.vot", PROGRAM)
        for tier, scope in in_tiers(("process", "thread")):
            process = self.run_host("foreign_locale", program, tier, f"{name}.UTF-8", scope, env=environment,
                                    encoding="utf-8")
            if process.returncode == CANNOT:
                self.skipTest(process.stderr.strip())
            said = f"{name} {tier} {scope}: {process.stdout}{process.stderr}"
            self.assertEqual(process.returncode, 0, said)
            self.assertEqual(process.stderr, "", said)
            form, rest = process.stdout.split("\n", 1)
            self.assertEqual(form, "text form the same", said)
            output, rest = rest.split("statistics ", 1)
            self.assertEqual(output, f"in the host's function {number}\n{OUTPUT}", said)
            statistics, after = rest.split("after the run ", 1)
            json.loads(statistics)
            self.assertEqual(after, f"{number}\n", said)

    def test_a_decimal_comma(self):
        self.check_locale("de_DE", "1,5")

    def test_letters_with_other_pairs(self):
        self.check_locale("tr_TR", "1,5")

    def test_a_point_of_two_bytes(self):
        self.check_locale("ps_AF", "1\u066b5")


if __name__ == "__main__":
    unittest.main()
