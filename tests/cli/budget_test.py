"""What is too large to be optimised or compiled, and that a program which has ended waits for no compiler."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from volt_command import EMULATOR, EXECUTABLE, FAILED, HAS_TIER, OK, PROGRAMS, SECONDS, CommandTest, about_code, volt

# Instructions of a function, and calls: runtime/analysis/budget.c.
MOST_OPTIMISED, MOST_COMPILED, MOST_OPTIMISED_CALLS = 6000, 30000, 1500
ENDLESS_TIER = os.environ.get("VOLT_ENDLESS_TIER", "")


def module(functions, body):
    """main prints what its body leaves in r0."""
    return ("module large\nentry @main\nnative vo_println results=0\n" + functions + "\nfn main {\n" + body +
            "IfaceAssign r1, r0, iface(int), int\nCallExtern @vo_println, r1, r1 args=2\nReturn r0, 0\n}\n")


def adding(instructions):
    """A function @sized of so many instructions: all but the last add its second argument to its first."""
    return "fn sized params=2 results=1 {\n" + "AddI r0, r0, r1\n" * (instructions - 1) + "Return r0, 1\n}\n"


# Calls @sized(0, 1), thrice.
CALLING = """LoadInt r4, 0
LoadInt r5, 3
again:
LoadInt r2, 0
LoadInt r3, 1
Call @sized, r2 args=2 results=1
Copy r0, r2
ForLoop r4, r5, again
"""

@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class Budget(CommandTest):
    def run_sized(self, instructions, *options):
        program = self.write("large.vot", module(adding(instructions), CALLING))
        process = volt("run", "--stats=json", "--threshold=1,1", "--sync", *options, program)
        self.check(process, OK, f"{instructions - 1}\n")
        tier = json.loads(process.stderr)["tier"]
        self.assertIsNone(tier["failure"])
        return tier, {function["name"]: function for function in tier["functions"]}["sized"]

    def test_optimised(self):
        _, sized = self.run_sized(MOST_OPTIMISED)
        self.assertEqual(sized["level"], "optimised")
        self.assertNotIn("reason", sized)

    def test_too_large_to_be_optimised(self):
        _, sized = self.run_sized(MOST_OPTIMISED + 1)
        self.assertEqual(sized["level"], "quick")
        self.assertEqual(sized["reason"], "too large to optimise: 6001 instructions, limit 6000")
        self.assertGreater(sized["code_bytes"], 0)
        self.assertGreater(sized["entered"]["call"], 0)

    def test_waiting_again_and_again(self):
        """A function with many slots and many exits is not as large as their product, wherever it is entered."""
        received = range(10, 170)  # slots, each with what is received once
        sends = (f"fn sends params=1 {{\nLoadInt r1, 7\nLoadInt r2, 0\nLoadInt r3, {len(received)}\n"
                 "again:\nChanSend r0, r1 slots=1\nForLoop r2, r3, again\nReturn r0, 0\n}\n")
        starts = "LoadInt r5, 2\nLoadInt r6, 0\nChanNew r4, r5, r6 slots=1\nGoStart @sends, r4 args=1\nLoadInt r0, 0\n"
        receives = "".join(f"ChanRecv r{slot}, r4 slots=1\nAddI r0, r0, r{slot}\n" for slot in received)
        program = self.write("waits.vot", module(sends, starts + receives))
        for options in ((), ("--preset=record",)):
            process = volt("run", "--tier=llvm", "--sync", "--trace-compile", *options, program)
            self.assertEqual((process.returncode, process.stdout), (OK, f"{7 * len(received)}\n"), process.stderr)
            called, resumed = (int(re.search(f"main, optimised, to {form}: (\\d+) bytes", process.stderr)[1])
                               for form in ("be called", "go on in the middle"))
            self.assertLess(resumed, 4 * called, options)

    def test_too_large_to_be_compiled(self):
        for options in ((), ("--level=quick",), ("--tier=llvm",)):
            tier, sized = self.run_sized(MOST_COMPILED + 1, *options)
            self.assertEqual(sized["level"], "interpreted", options)
            self.assertEqual(sized["reason"], "too large to compile: 30001 instructions, limit 30000")
            self.assertEqual(tier["not_compilable"], 1)

    def test_beside_the_whole_module(self):
        """Callers that were compiled with the module find it in the table, and it finds them."""
        tier, sized = self.run_sized(MOST_OPTIMISED + 1, "--tier=llvm")
        self.assertEqual(sized["level"], "quick")
        self.assertEqual(sized["reason"], "too large to optimise: 6001 instructions, limit 6000")
        self.assertEqual(tier["not_compilable"], 0)
        self.assertEqual(sized["entered"]["call"], 0)  # main's compiled code calls it

    @about_code
    def test_presets(self):
        """Each way to call a function is one to call a large one."""
        names = volt("compile", "--list-presets").stdout.split()
        for preset in [name for name in names if name.isidentifier() or "-" in name]:
            _, sized = self.run_sized(MOST_OPTIMISED + 1, "--tier=llvm", f"--preset={preset}")
            self.assertEqual(sized["level"], "quick", preset)

    def test_output_of_the_compiler(self):
        """volt compile shows a large function as part of its module, and refuses one that is too large."""
        program = self.write("large.vot", module(adding(MOST_OPTIMISED + 1), CALLING))
        process = volt("compile", "--emit=ir", program)
        self.check(process, OK)
        self.assertIn("optnone", process.stdout)
        program = self.write("larger.vot", module(adding(MOST_COMPILED + 1), CALLING))
        process = volt("compile", "--emit=ir", "--func=sized", program)
        self.assertNotEqual(process.returncode, OK)
        self.assertIn("stays interpreted: too large to compile: 30001 instructions, limit 30000", process.stderr)

    def test_explain(self):
        for count, said in ((MOST_OPTIMISED + 1, "never optimised: too large to optimise: 6001 instructions, limit 6000"),
                            (MOST_COMPILED + 1, "interpreted: too large to compile: 30001 instructions, limit 30000")):
            program = self.write("large.vot", module(adding(count), CALLING))
            self.assertIn(said, volt("explain", program).stdout)
        self.assertNotIn("too large", volt("explain", self.write("small.vot", module(adding(9), CALLING))).stdout)

    def code_bytes_of_calls(self, leaf):
        """Of a function that calls another one, with this body, as often as it may."""
        calls = "Copy r2, r0\nCopy r3, r1\nCall @leaf, r2 args=2 results=1\nAddI r0, r0, r2\n" * (MOST_OPTIMISED_CALLS - 1)
        functions = (f"fn leaf params=2 results=1 {{\n{leaf}Return r0, 1\n}}\n"
                     f"fn sized params=2 results=1 {{\n{calls}Return r0, 1\n}}\n")
        process = volt("run", "--stats=json", "--threshold=1,1", "--sync", self.write("calls.vot", module(functions, CALLING)))
        self.check(process, OK)
        sized = {function["name"]: function for function in json.loads(process.stderr)["tier"]["functions"]}["sized"]
        self.assertEqual(sized["level"], "optimised")
        return sized["code_bytes"]

    @about_code
    def test_inlining(self):
        """5,997 instructions leave no room for copies: the callee's length makes no difference."""
        small = self.code_bytes_of_calls("Xor r0, r0, r1\n" * 3)
        large = self.code_bytes_of_calls("MulI r0, r0, r1\nXor r0, r0, r1\n" * 20)
        self.assertLess(abs(large - small), 1000)

    def test_hot_loop(self):
        """Its resume form is under the same budget as what is called."""
        body = "again:\n" + "AddI r2, r2, r1\n" * MOST_OPTIMISED + "ForLoop r0, r3, again\nCopy r0, r2\nReturn r0, 1\n"
        functions = f"fn sized params=2 results=1 {{\nLoadInt r2, 0\nLoadInt r3, 3\n{body}}}\n"
        program = self.write("loop.vot", module(functions, CALLING))
        process = volt("run", "--stats=json", "--threshold=1000000,1", "--sync", program)
        self.check(process, OK, f"{3 * MOST_OPTIMISED}\n")
        sized = {function["name"]: function for function in json.loads(process.stderr)["tier"]["functions"]}["sized"]
        self.assertEqual((sized["level"], sized["entered"]["call"]), ("quick", 1))  # of two: the first has the loop
        self.assertGreater(sized["entered"]["loop"], 0)
        self.assertEqual(sized["reason"], "too large to optimise: 6005 instructions, limit 6000")


@unittest.skipUnless(ENDLESS_TIER, "the build has no tier that never gets done")
class EndOfProgram(CommandTest):
    def setUp(self):
        super().setUp()
        for name in (pathlib.Path(EXECUTABLE).name, "libvolt-bytecode.so.0", "libvolt-runtime.so.0"):
            shutil.copy(pathlib.Path(EXECUTABLE).parent / name, self.folder / name)
        shutil.copy(ENDLESS_TIER, self.folder / "libvolt-llvm.so.0")

    def run_program(self, program, output, *options):
        """It would never end if it waited for the compiler."""
        command = [*EMULATOR, self.folder / "volt", "run", "--stats=json", *options, program]
        process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                                 check=False)
        self.check(process, OK, output)
        tier = json.loads(process.stderr.splitlines()[-1])["tier"]
        self.assertIsNone(tier["failure"])
        return {function["name"]: function for function in tier["functions"]}

    def test_a_function_is_being_compiled(self):
        program = self.write("small.vot", module(adding(9), CALLING))
        functions = self.run_program(program, "8\n", "--threshold=1,1")
        pending = {"being compiled when the program ended", "waiting to be compiled when the program ended"}
        self.assertIn(functions["sized"]["reason"], pending)
        self.assertEqual(functions["sized"]["level"], "interpreted")

    def test_islands_have_compilers_of_their_own(self):
        for name in ("islands_and_ports", "islands_values"):
            self.run_program(PROGRAMS / f"{name}.vot", (PROGRAMS / f"{name}.out").read_text(), "--threshold=1,1")

    def test_exit_status(self):
        panics = self.write("panics.vot", module(adding(9), CALLING + "LoadInt r2, 0\nDivI r0, r0, r2\n"))
        command = [*EMULATOR, self.folder / "volt", "run", "--threshold=1,1", panics]
        process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                                 check=False)
        self.check(process, FAILED, "", "panic: ")

    def test_the_module_is_being_compiled(self):
        program = self.write("small.vot", module(adding(9), CALLING))
        functions = self.run_program(program, "8\n", "--tier=llvm")
        pending = {"being compiled when the program ended", "waiting to be compiled when the program ended"}
        self.assertEqual({function["reason"] for function in functions.values()} - pending, set())


if __name__ == "__main__":
    unittest.main()
