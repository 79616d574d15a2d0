"""Natives that say what they take and give: what they read and write, modules that disagree, and their faults."""

import unittest

from hosts import HostTest, TIERS

HEAD = """module declared
entry @main
native vo_println results=0
native vo_conv_str_bytes results=1
native host_show results=2
native host_swap results=2
native host_sum results=1
native host_tell results=1
native host_check results=2
native host_hold results=0
native host_wrong_kind results=1
native host_no_such_result results=1
native host_undeclared results=2
"""

# The type of errors, as a compiler describes it: a struct of a message and a cause, whose pointer has a method.
ERRORS = """interface error {
	name Error
	method Error signature=18
}
struct types=rip {
	field msg string:17 slots=1
	field cause interface:19 offset=1 slots=2
}
named errors.Error struct:0 {
	method Error @Error signature=18 pointer
}
""" + "".join(f"type basic {kind}\n" for kind in """void bool int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64
        float32 float64 void void void string""".split()) + """type func [] [string:17]
type interface 0 {
	method Error signature=18
}
type named 0 struct=0
type pointer struct:20
wellknown error_named=0 error_interface=0 error_pointer=21 error_struct=0 message=0 cause=1
fn Error params=1 results=1 types=r {
	PtrGet r0, r0, 0
	Return r0, 1
}
"""

KINDS = """fn main {
	LoadInt r0, 1
	LoadInt r1, -5
	LoadInt r2, 7
	LoadConst r3, 2.5
	LoadConst r4, 1.5
	ConvF64F32 r4, r4
	StrNew r5, "ab"
	StrNew r6, "xyz"
	CallExtern @vo_conv_str_bytes, r6, r6 args=1
	CallExtern @host_show, r0, r0 args=7
	IfaceAssign r2, r0, iface(string), string
	IfaceAssign r4, r1, iface(int), int
	CallExtern @vo_println, r2, r2 args=4
	LoadInt r0, 3
	LoadInt r1, 4
	CallExtern @host_swap, r0, r0 args=2
	IfaceAssign r2, r0, iface(int), int
	IfaceAssign r4, r1, iface(int), int
	CallExtern @vo_println, r2, r2 args=4
	LoadInt r0, 0
	LoadInt r1, 2
	LoadInt r2, 10
	SliceAppend r0, r0, r1 bytes=8
	LoadInt r2, 20
	SliceAppend r0, r0, r1 bytes=8
	CallExtern @host_sum, r0, r0 args=1
	IfaceAssign r2, r0, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	LoadInt r0, 0
	CallExtern @host_sum, r0, r0 args=1
	IfaceAssign r2, r0, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	Return r0, 0
}
"""


TELL = ["CallExtern @host_tell, r0, r0 args=2", "IfaceAssign r0, r0, iface(string), string",
        "CallExtern @vo_println, r0, r0 args=2"]
LINK = 5


def module(body, head=HEAD):
    return head + body


def main(*lines):
    return "fn main {\n" + "".join(f"\t{line}\n" for line in lines) + "\tReturn r0, 0\n}\n"


class DeclaredNatives(HostTest):
    def expect(self, text, status, output, *arguments):
        for tier in TIERS:
            with self.subTest(tier=tier):
                self.check(self.run_host("declared_natives", self.write("declared.vot", text), tier, *arguments), status,
                           output)

    def refuse(self, function, cause):
        """The module is not run: the native of the call in the last line but one disagrees with it."""
        path = self.folder / "declared.vot"
        text = module(function)
        pc = function.count("\n") - 4
        self.expect(text, 1, f"kind {LINK}: {self.place(path, text, pc)}: {cause}\n")

    def place(self, path, text, pc):
        """Of the only call of a native of the host's."""
        line = next(i for i, each in enumerate(text.splitlines(), 1) if "CallExtern @host_" in each)
        return f"{path}: function main (#0), pc {pc} (CallExtern) at {path}:{line}"

    def test_numbers_and_texts(self):
        self.expect(module(KINDS), 0, "yes -5 7 2.5 1.5 ab xyz 23\n4 3\n30\n0\n")

    def test_interfaces(self):
        self.expect(module(main(
            "LoadInt r0, 1",
            "IfaceAssign r0, r0, iface(bool), bool", *TELL,
            "LoadInt r0, -4",
            "IfaceAssign r0, r0, iface(int), int", *TELL,
            "LoadInt r0, 200",
            "IfaceAssign r0, r0, iface(uint8), uint8", *TELL,
            "LoadConst r0, 0.25",
            "IfaceAssign r0, r0, iface(float64), float64", *TELL,
            'StrNew r0, "text"',
            "IfaceAssign r0, r0, iface(string), string", *TELL,
            "LoadInt r0, 0",
            "LoadInt r1, 0", *TELL,
        )), 0, "bool true\nint -4\nuint 200\nfloat64 0.25\nstring text\n\n")

    def test_errors(self):
        check = ["CallExtern @host_check, r0, r0 args=1", "CallExtern @vo_println, r0, r0 args=2"]
        body = main("LoadInt r0, 2", *check, "LoadInt r0, 3", *check)
        self.expect(module(ERRORS + body), 0, "<nil>\n3 is odd\n")
        self.expect(module(body), 1,
                    "<nil>\nkind 8: native host_check: it gives an error, and the module has no type for errors\n")

    def test_what_is_held_is_given_back(self):
        def hold(megabytes):
            return module(main(f"LoadInt r0, {megabytes}", "CallExtern @host_hold, r0, r0 args=1"))
        self.expect(hold(0), 0, "second\nfirst\n")
        self.expect(hold(-1), 1, "second\nfirst\nkind 8: less than nothing\n")
        self.expect(hold(200), 1, "second\nfirst\nkind 6: heap limit of 67108864 bytes reached\n")

    def test_faults_of_natives(self):
        for name, text in [
                ("wrong_kind", "parameter 0 is declared as int, and it is used as string"),
                ("no_such_result", "it uses result 1, and has 1")]:
            self.expect(module(main("LoadInt r0, 2", f"CallExtern @host_{name}, r0, r0 args=1")), 1,
                        f"kind 8: native host_{name}: {text}\n")
        self.expect(module(main("CallExtern @host_undeclared, r0, r0 args=2")), 1,
                    "kind 8: native host_undeclared: it was registered without a signature\n")

    def test_faults_of_programs(self):
        self.expect(module(main("LoadInt r0, 2", "CallExtern @host_sum, r0, r0 args=1")), 1,
                    "kind 8: native host_sum: what the program passes as parameter 0 is no slice of int\n")
        self.expect(module(main('StrNew r0, "ab"', "CallExtern @host_sum, r0, r0 args=1")), 1,
                    "kind 8: native host_sum: what the program passes as parameter 0 is no slice of int\n")
        for name in ["string", "bytes"]:
            first, second = ("r7", "r6") if name == "string" else ("r5", "r7")
            self.expect(module(main('StrNew r5, "a"', "LoadInt r7, 77", f"Copy r5, {first}", f"Copy r6, {second}",
                                    "CallExtern @host_show, r0, r0 args=7")), 1,
                        "kind 8: native host_show: what the program passes as parameter "
                        f"{5 if name == 'string' else 6} is no {name}\n")

    def test_modules_that_disagree(self):
        self.refuse(main("CallExtern @host_sum, r0, r0 args=2"),
                    "native host_sum: the call passes 2 slots, and its parameters take 1")
        self.refuse(main("LoadInt r1, 1", "CallExtern @host_tell, r0, r0 args=1"),
                    "native host_tell: the call passes 1 slots, and its parameters take 2")
        path = self.folder / "declared.vot"
        for results in [0, 1, 3]:
            text = module(main("LoadInt r0, 1", "LoadInt r1, 2", "CallExtern @host_swap, r0, r0 args=2"),
                          HEAD.replace("host_swap results=2", f"host_swap results={results}"))
            said = f"kind {LINK}: {self.place(path, text, 2)}: native host_swap: " \
                   f"the module expects {results} slots of results, and it gives 2\n"
            self.expect(text, *((1, said) if results else (0, "")))

    def test_types_of_slots_say_nothing(self):
        """Compilers pass strings and slices in temporaries for values."""
        body = main('StrNew r0, "ab"', "IfaceAssign r0, r0, iface(string), string", "CallExtern @host_tell, r0, r0 args=2",
                    "IfaceAssign r0, r0, iface(string), string", "CallExtern @vo_println, r0, r0 args=2")
        self.expect(module(body.replace("fn main", "fn main types=vv")), 0, "string ab\n")

    def test_bad_declarations(self):
        self.expect(module(main()), 0, "".join(f"kind 4: {text}\n" for text in [
            "native host_a: it has 33 parameters, and there may be 32", "native host_b: result 0: 9 is no kind of a value",
            "native host_c: its signature is NULL", "a native needs a name and a function"]), "bad")


if __name__ == "__main__":
    unittest.main()
