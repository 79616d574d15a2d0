"""What --stats says of the compiling tier, and that a program which never gets hot does without it."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from volt_command import EMULATOR, EXECUTABLE, FAILED, HAS_TIER, OK, PROGRAMS, VOLT, CommandTest, volt

FIB = PROGRAMS / "fib.vot"
NEVER = 4000000000

# What square() defers may defer calls itself, so compiled code leaves it to the host, and square()'s returns, too; it is
# never inlined. Ten rounds; pc 4 is the call.
COUNTED = """module counted
entry @main
native vo_println results=0

fn nothing params=1 {
	Return r0, 0
}

fn plain {
	Return r0, 0
}

fn square params=1 locals=2 results=1 defer {
	DeferPush @nothing, r0 args=0
	MulI r1, r0, r0
	Return r1, 1
}

fn main {
	LoadInt r0, 0
	LoadInt r1, 10
	LoadInt r2, 0
next:
	Copy r3, r0
	Call @square, r3 args=1 results=1
	AddI r2, r2, r3
	ForLoop r0, r1, next
	IfaceAssign r4, r2, iface(int), int
	CallExtern @vo_println, r4, r4 args=2
	Return r0, 0
}
"""
CALL_PC = 4


def statuses(**counts):
    return {name: counts.get(name, 0) for name in ("panic", "call", "wait_io", "wait_queue", "replay", "yield")}


def without_turns(tier, looping="main"):
    """On a slow machine the clock ends turns of the function that loops: each is one more exit and one more resume. Not these."""
    turns = tier["exits"]["yield"]
    function, = [function for function in tier["functions"] if function["name"] == looping]
    function["entered"]["resume"] -= turns
    function["exit_sites"] = [site for site in function["exit_sites"] if site["status"] != "yield"]
    for exits in (tier["exits"], function["exits"]):
        exits["yield"] -= turns
    tier["entries"] -= turns
    return tier


# Five steps a round, four calls and a jump back: who looks at every fifth step always sees the same one.
FOUR = """module four
entry @main
native vo_println results=0

""" + "".join(f"fn part{number} params=1 locals=2 results=1 {{\n\tAddI r1, r0, r0\n\tReturn r1, 1\n}}\n\n"
              for number in range(4)) + """fn main {
	LoadInt r0, 0
	LoadInt r1, 100000
next:
	Copy r3, r0
	Call @part0, r3 args=1 results=1
	Call @part1, r3 args=1 results=1
	Call @part2, r3 args=1 results=1
	Call @part3, r3 args=1 results=1
	ForLoop r0, r1, next
	IfaceAssign r4, r3, iface(int), int
	CallExtern @vo_println, r4, r4 args=2
	Return r0, 0
}
"""


# Each fiber's rounds stop where the other one is awaited.
HANDSHAKE = """module handshake
entry @main
native vo_println results=0

fn echo params=2 {
	LoadInt r4, 1
next:
	ChanRecv r2, r0 slots=1 ok=1
	JumpIfNot r3, end
	AddI r2, r2, r4
	ChanSend r1, r2 slots=1
	Jump next
end:
	Return r0, 0
}

fn main {
	LoadInt r0, 2
	LoadInt r1, 0
	ChanNew r2, r0, r1 slots=1
	ChanNew r3, r0, r1 slots=1
	GoStart @echo, r2 args=2
	LoadInt r4, 0
	LoadInt r5, 20000
next:
	ChanSend r2, r4 slots=1
	ChanRecv r6, r3 slots=1
	ForLoop r4, r5, next
	ChanClose r2
	IfaceAssign r7, r6, iface(int), int
	CallExtern @vo_println, r7, r7 args=2
	Return r0, 0
}
"""

# One call in 50 waits: `sum` runs around its loop between two exits that its callee makes.
SELDOM = """module seldom
entry @main
native vo_println results=0

fn feed params=2 {
	LoadInt r2, 0
next:
	ChanSend r0, r2 slots=1
	ForLoop r2, r1, next
	Return r0, 0
}

fn take params=2 {
	LoadInt r2, 50
	ModI r3, r1, r2
	JumpIfNot r3, wait
	Return r3, 1
wait:
	ChanRecv r4, r0 slots=1
	Return r3, 1
}

fn sum params=2 {
	LoadInt r2, 0
	LoadInt r3, 0
next:
	Copy r4, r0
	Copy r5, r2
	Call @take, r4 args=2 results=1
	AddI r3, r3, r4
	ForLoop r2, r1, next
	Return r3, 1
}

fn main {
	LoadInt r0, 2
	LoadInt r1, 0
	ChanNew r2, r0, r1 slots=1
	Copy r3, r2
	LoadInt r4, 20000
	GoStart @feed, r3 args=2
	Copy r3, r2
	LoadConst r4, 1000000
	Call @sum, r3 args=2 results=1
	IfaceAssign r7, r3, iface(int), int
	CallExtern @vo_println, r7, r7 args=2
	Return r0, 0
}
"""


# A hundred calls of spin, each with the same number of rounds.
SPINS = """module spins
entry @main
native vo_println results=0

fn spin params=1 locals=2 {
	LoadInt r1, 0
next:
	ForLoop r1, r0, next
	Return r0, 0
}

fn main {
	LoadInt r0, 0
	LoadInt r1, 100
next:
	LoadInt r2, 4000
	Call @spin, r2 args=1
	ForLoop r0, r1, next
	IfaceAssign r2, r0, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	Return r0, 0
}
"""


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class TierStatistics(CommandTest):
    def statistics(self, program, *options):
        process = volt("run", "--stats=json", *options, program)
        self.check(process, OK)
        return process.stdout, json.loads(process.stderr)["tier"]

    def counted(self, *options):
        output, tier = self.statistics(self.write("counted.vot", COUNTED), *options)
        self.assertEqual(output, "285\n")  # 0 + 1 + 4 + ... + 81
        return without_turns(tier), {function["name"]: function for function in tier["functions"]}

    def test_loop(self):
        """Only the loop gets hot. Round 1 is interpreted; rounds 2 to 10 make a call each that the host executes."""
        tier, functions = self.counted("--tier=auto", "--sync", f"--threshold={NEVER},1")
        main = functions["main"]
        self.assertEqual(main["entered"], {"call": 0, "loop": 1, "resume": 9})
        self.assertEqual(main["exits"], statuses(call=9))
        self.assertEqual(main["exit_sites"], [{"pc": CALL_PC, "status": "call", "count": 9}])
        self.assertEqual(main["level"], "optimised")
        self.assertGreater(main["code_bytes"], 0)
        self.assertGreater(main["compile_ms"], 0)
        self.assertNotIn("call_form", main)
        self.assertEqual(functions["square"]["reason"], "never hot")
        self.assertEqual((tier["entries"], tier["exits"]), (10, statuses(call=9)))
        self.assertEqual((tier["compiled"], tier["not_compilable"]), (1, 0))

    def many_rounds(self, program, *options, rounds=20000):
        output, tier = self.statistics(
            self.write("many.vot", program.replace("LoadInt r1, 10\n", f"LoadInt r1, {rounds}\n")), *options)
        self.assertEqual(output, f"{sum(number * number for number in range(rounds))}\n")
        return {function["name"]: function for function in tier["functions"]}

    def test_code_that_does_not_pay_is_withdrawn(self):
        """square leaves at its DeferPush each time, as it passes less than is taken, and takes main with it: after 2,000 times
        the interpreter has both."""
        functions = self.many_rounds(COUNTED, "--tier=auto", "--sync", "--threshold=1,1")
        for name in ("main", "square"):
            self.assertIn("withdrawn", functions[name]["reason"], name)
            self.assertLess(sum(functions[name]["entered"].values()), 5000, name)
            self.assertEqual(functions[name]["level"], "optimised")

    def test_code_with_a_loop_between_its_exits_stays(self):
        looping = COUNTED.replace("locals=2 results=1 defer", "locals=4 results=1 defer").replace(
            "\tMulI r1, r0, r0\n", "\tLoadInt r2, 0\n\tLoadInt r3, 50\nagain:\n\tForLoop r2, r3, again\n\tMulI r1, r0, r0\n")
        functions = self.many_rounds(looping, "--tier=auto", "--sync", "--threshold=1,1")
        self.assertNotIn("reason", functions["square"])
        self.assertGreater(sum(functions["square"]["entered"].values()), 19000)

    def test_code_that_calls_between_its_exits_stays(self):
        calling = COUNTED.replace("locals=2 results=1 defer", "locals=3 results=1 defer").replace(
            "\tMulI r1, r0, r0\n", "\tCall @plain, r2\n\tMulI r1, r0, r0\n")
        functions = self.many_rounds(calling, "--tier=auto", "--sync", "--threshold=1,1")
        self.assertNotIn("reason", functions["square"])
        self.assertGreater(sum(functions["square"]["entered"].values()), 19000)

    def handshake(self, text):
        output, tier = self.statistics(self.write("handshake.vot", text), "--tier=auto", "--sync", "--threshold=1000,1000")
        self.assertEqual(output, "20000\n")
        return tier, {function["name"]: function for function in tier["functions"]}

    def test_what_mostly_waits_stays_interpreted(self):
        """And the tier is not even loaded."""
        tier, functions = self.handshake(HANDSHAKE)
        self.assertIsNone(tier["name"])
        for name in ("main", "echo"):
            self.assertEqual(functions[name]["level"], "interpreted", name)
            self.assertIn("refused", functions[name]["reason"], name)

    def test_what_loops_between_its_waits_is_compiled(self):
        looping = HANDSHAKE.replace("	AddI r2", "	LoadInt r5, 0\n	LoadInt r6, 50\nagain:\n	ForLoop r5, r6, again\n	AddI r2")
        _, functions = self.handshake(looping)
        self.assertEqual(functions["echo"]["level"], "optimised")
        self.assertNotIn("reason", functions["echo"])
        self.assertIn("refused", functions["main"]["reason"])

    def test_who_calls_what_seldom_waits_keeps_its_code(self):
        """sum is left by each of the 20,000 waits, none of which is its own, and entered again for each."""
        output, tier = self.statistics(self.write("seldom.vot", SELDOM), "--tier=auto", "--sync", "--threshold=1000,1000")
        self.assertEqual(output, f"{sum(range(50)) * 20000}\n")
        functions = {function["name"]: function for function in tier["functions"]}
        for name in ("sum", "take"):
            self.assertNotIn("reason", functions[name], name)
        self.assertLess(functions["take"]["entered"]["call"], 2000)
        self.assertGreater(functions["sum"]["entered"]["resume"], 15000)

    def test_hot_loop_compiles_its_function_to_be_called(self):
        """Not main, which is called once."""
        looping = COUNTED.replace("locals=2 results=1 defer", "locals=4 results=1 defer").replace(
            "\tMulI r1, r0, r0\n", "\tLoadInt r2, 0\n\tLoadInt r3, 50\nagain:\n\tForLoop r2, r3, again\n\tMulI r1, r0, r0\n")
        _, tier = self.statistics(self.write("looping.vot", looping), "--tier=auto", "--sync", f"--threshold={NEVER},1")
        functions = {function["name"]: function for function in tier["functions"]}
        self.assertIn("call_form", functions["square"])
        self.assertNotIn("call_form", functions["main"])

    def spin_called_with(self, *rounds):
        calls = "".join(f"\tLoadInt r2, {number}\n\tCall @spin, r2 args=1\n" for number in rounds)
        program = SPINS[:SPINS.index("fn main {")] + f"fn main locals=3 {{\n{calls}\tReturn r0, 0\n}}\n"
        _, tier = self.statistics(self.write("spin.vot", program), "--tier=auto", "--sync", f"--threshold={NEVER},50")
        return next(function for function in without_turns(tier, "spin")["functions"] if function["name"] == "spin")

    def test_short_calls_are_not_compiled_in_the_middle(self):
        """Hot in its second call, spin is interpreted there to the end. A frame that stays in its loop has code in the middle
        when it was seen there eight times, 50 rounds apart."""
        short, long = self.spin_called_with(30, 30, 30), self.spin_called_with(30, 5000, 30)
        self.assertNotIn("resume_form", short)
        self.assertEqual(short["entered"], {"call": 1, "loop": 0, "resume": 0})
        self.assertIn("resume_form", long)
        self.assertEqual(long["entered"], {"call": 1, "loop": 1, "resume": 0})

    def optimised_forms(self, rounds):
        program = self.write("spins.vot", SPINS.replace("LoadInt r2, 4000", f"LoadInt r2, {rounds}"))
        process = volt("run", "--trace-compile", program)
        self.check(process, OK, "100\n")
        return re.findall(r"compile: spin, optimised, to (be called|go on in the middle): wanted", process.stderr)

    def test_short_calls_are_not_optimised_in_the_middle(self):
        """What is called again soon is entered by the call, and so is what better code comes too late for."""
        self.assertEqual(self.optimised_forms(4000), ["be called"])
        self.assertEqual(self.optimised_forms(150000), ["be called", "go on in the middle"])

    def test_calls_of_compiled_callers_are_counted_exactly(self):
        """main leaves compiled code for each but the first, until square has been called a thousand times."""
        for rounds, level in ((999, "interpreted"), (1000, "optimised")):
            functions = self.many_rounds(COUNTED, "--tier=auto", "--sync", "--threshold=1000,1", rounds=rounds)
            self.assertEqual(functions["square"]["level"], level)
            self.assertEqual(functions["square"]["counted_calls"], rounds)

    def test_who_asks_for_compiled_code_keeps_it(self):
        functions = self.many_rounds(COUNTED, "--tier=llvm", "--sync")
        self.assertNotIn("reason", functions["square"])
        # The clock may end turns; there is no other exit.
        self.assertEqual({**functions["square"]["exits"], "yield": 0}, statuses(call=40000))

    def test_who_sleeps_is_woken_at_the_end_of_a_turn_of_compiled_code(self):
        """Turns of compiled code are as long as they may be, though no steps of them are counted: each looks at timers."""
        program = self.write("sleeper.vot", "module sleeper\nentry @main\nglobal over slots=1 kind=int types=v\n"
                             "native time_blocking_sleepNano results=0\nfn spin locals=1 {\nagain:\n"
                             "\tGlobalGet r0, g0\n\tJumpIfNot r0, again\n\tReturn r0, 0\n}\nfn main locals=3 {\n"
                             "\tLoadInt r0, 0\n\tLoadInt r1, 30\n\tGoStart @spin, r2 args=0\nnext:\n"
                             "\tLoadInt r2, 1000000\n\tCallExtern @time_blocking_sleepNano, r2, r2 args=1\n"
                             "\tForLoop r0, r1, next\n\tLoadInt r2, 1\n\tGlobalSet g0, r2\n\tReturn r0, 0\n}\n")
        _, tier = self.statistics(program, "--tier=llvm", "--sync")
        self.assertEqual(tier["exits"]["wait_io"], 30)
        self.assertLess(tier["exits"]["yield"], 6 * 30)  # a turn is longer than such a sleep

    def test_what_is_hot_does_not_depend_on_the_period_of_the_program(self):
        output, tier = self.statistics(self.write("four.vot", FOUR), "--tier=auto", "--sync", f"--threshold=10000,{NEVER}")
        self.assertEqual(output, f"{16 * 99999}\n")
        self.assertEqual({function["name"]: function["level"] for function in tier["functions"]},
                         {"main": "interpreted", **{f"part{number}": "optimised" for number in range(4)}})
        main, = [function for function in tier["functions"] if function["name"] == "main"]
        self.assertEqual((main["counted_calls"], main["counted_loops"]), (1, 99999))

    def test_quick_code_counts_on(self):
        """Whoever runs it, each call is counted and each round, up to where optimised code takes over."""
        program = self.write("four.vot", FOUR.replace("LoadInt r1, 100000", "LoadInt r1, 40000"))
        for options in (("--tier=auto",), ("--tier=auto", "--threshold=1,1"), ("--tier=auto", f"--threshold={NEVER},{NEVER}"),
                        ("--tier=auto", f"--threshold=1,{NEVER}"), ("--tier=auto", f"--threshold={NEVER},1")):
            _, tier = self.statistics(program, *options)
            for function in tier["functions"]:
                expected = (1, 39999) if function["name"] == "main" else (40000, 0)
                self.assertEqual((function["counted_calls"], function["counted_loops"]), expected, (options, function["name"]))

    def test_what_is_wanted_depends_on_counts_alone(self):
        """50,000 calls or 200,000 rounds are worth optimising, whether the program still runs when it is done or not."""
        for rounds, main, part in ((900, None, None), (40000, "quick", "quick"), (60000, "quick", "optimised"),
                                   (250000, "optimised", "optimised")):
            program = self.write("four.vot", FOUR.replace("LoadInt r1, 100000", f"LoadInt r1, {rounds}"))
            for _ in range(3):
                _, tier = self.statistics(program, "--tier=auto")
                wanted = {function["name"]: function.get("wanted") for function in tier["functions"]}
                self.assertEqual(wanted, {"main": main, **{f"part{number}": part for number in range(4)}})

    def test_whole_module(self):
        """Each square leaves twice: at its DeferPush (pc 0) and at its Return (pc 2); main goes on behind each call."""
        _, functions = self.counted("--tier=llvm", "--sync")
        main, square = functions["main"], functions["square"]
        self.assertEqual((main["level"], square["level"]), ("compiled", "compiled"))
        self.assertEqual(main["entered"], {"call": 1, "loop": 0, "resume": 10})
        self.assertEqual(main["exits"], statuses())
        self.assertEqual(square["exits"], statuses(call=20))
        self.assertEqual(square["exit_sites"], [{"pc": 0, "status": "call", "count": 10},
                                                {"pc": 2, "status": "call", "count": 10}])
        self.assertEqual(square["entered"]["loop"], 0)

    def table(self, program, *options):
        """What --stats tells people: the lines before the table, its cells by function, and who has which reason."""
        process = volt("run", "--stats", *options, program)
        self.check(process, OK)
        run, functions, *reasons = process.stderr.split("\n\n")
        columns = ("time", "level", "counted calls", "code", "made in", "exits")
        self.assertEqual(re.split(r"  +| (?=level)", functions.splitlines()[0]), ["function", *columns])
        rows = {line[:28].strip(): dict(zip(columns, (line[29:37].strip(), line[39:50].strip(), line[51:65].strip(),
                                                      line[66:76].strip(), line[77:87].strip(), line[89:])))
                for line in functions.splitlines()[1:] if not line.startswith("(")}
        return run, rows, "".join(reasons)

    def test_table(self):
        """As test_loop, for people."""
        run, rows, reasons = self.table(self.write("counted.vot", COUNTED), "--tier=auto", "--sync", f"--threshold={NEVER},1")
        self.assertRegex(run, r"\nLLVM \S+ compiled 1 times in \S+ ms; code was entered \d+ times; exits: 9 call(, \d+ yield)?$")
        self.assertEqual((rows["main"]["level"], rows["main"]["counted calls"]), ("optimised", "1"))
        self.assertRegex(rows["main"]["exits"], r"^9 call(, \d+ yield)?$")
        self.assertRegex(rows["main"]["code"], r"^[\d.]+ (B|KiB)$")
        self.assertRegex(rows["main"]["made in"], r"^[\d.]+ m?s$")
        self.assertRegex(reasons, r"\n  never hot: (nothing|plain|square)(, (nothing|plain|square)){2}\n$")

    def test_table_is_sorted_by_time(self):
        """The rounds of the two differ so much that no busy machine makes it the other way round."""
        for options, rounds in (([], 600000000), (["--tier=interp"], 40000000), (["--tier=llvm", "--sync"], 600000000)):
            program = self.write("slow.vot", "entry @main\nglobal last\n" + "".join(
                f"fn {name} params=1 {{\n\tLoadInt r1, 0\n\tLoadInt r2, 1\nnext:\n\tMulI r2, r2, r2\n\tAddI r2, r2, r1\n"
                "\tForLoop r1, r0, next\n\tGlobalSet @last, r2\n\tReturn r0, 0\n}\n" for name in ("short", "long")) +
                "fn main {\n\tLoadInt r0, 10000\n\tCall @short, r0 args=1\n"
                f"\tLoadInt r0, {rounds}\n\tCall @long, r0 args=1\n\tReturn r0, 0\n}}\n")
            with self.subTest(options=options):
                _, rows, _ = self.table(program, *options)
                self.assertEqual(list(rows)[0], "long")
                self.assertGreater(float(rows["long"]["time"].rstrip(" %")), 60)

    def test_table_of_what_never_gets_hot(self):
        process = volt("run", "--stats", PROGRAMS / "sum.vot")
        self.check(process, OK, "55\n")
        self.assertRegex(process.stderr, r"\nnothing was compiled\n(\n.*)*  never hot: main\n$")

    def trace(self, option, *options):
        process = volt("run", option, self.write("counted.vot", COUNTED), *options)
        self.check(process, OK, "285\n")
        return process.stderr.splitlines()

    def test_trace_of_compiling(self):
        lines = self.trace("--trace-compile", "--tier=auto", "--sync", f"--threshold={NEVER},1")
        self.assertEqual(lines[0], "volt: compile: main, optimised, to go on in the middle: wanted after 1 calls and 1 rounds of "
                                   "its loops")
        self.assertRegex(lines[1], r"^volt: compile: main, optimised, to go on in the middle: \d+ bytes in \d+\.\d ms$")
        self.assertEqual(len(lines), 2)
        self.assertEqual(self.trace("--trace-compile", "--tier=interp"), [])

    def test_trace_of_exits(self):
        lines = self.trace("--trace-exits", "--tier=auto", "--sync", f"--threshold={NEVER},1")
        calls = [line for line in lines if ": yield: " not in line]
        place = f"main goes on at pc {CALL_PC} (Call) at {self.folder / 'counted.vot'}:25"
        self.assertEqual(len(calls), 9)
        for line in calls:
            self.assertTrue(line.startswith(f"volt: exit: {place}: call: the host must execute the instruction"), line)

    def test_trace_of_a_panic_names_the_instruction_that_does(self):
        """A trap of code that is generated, of a helper's, a native's panic, and one that goes through its caller."""
        first = 4  # the line of each function's first instruction
        for pc, body in [(2, ["LoadInt r0, 1", "LoadInt r1, 0", "DivI r0, r0, r1"]),
                         (2, ["LoadInt r1, 0", "LoadInt r2, 3", "SliceGet r0, r1, r2 bytes=8"]),
                         (2, ["StrNew r1, \"ab\"", "LoadInt r2, 3", "StrIndex r0, r1, r2"]),
                         (1, ["LoadInt r0, 0", "ChanClose r0"])]:
            for calls in False, True:
                text = ["entry @main", "", "fn fails locals=4 {", *body, "Return r0, 0", "}", "fn main {",
                        "Call @fails, r0", "Return r0, 0", "}"]
                path = self.write("panic.vot", "\n".join(text) if calls else
                                  "\n".join(text[:2] + ["fn main locals=4 {"] + text[3:text.index("}") + 1]))
                process = volt("run", "--trace-exits", "--tier=llvm", "--sync", path)
                self.assertEqual(process.returncode, FAILED, process.stderr)
                name, opcode = "fails" if calls else "main", body[pc].split()[0]
                self.assertIn(f"volt: exit: {name} panics at pc {pc} ({opcode}) at {path}:{first + pc}: panic: a panic is pending",
                              process.stderr)

    def test_trace_of_what_cannot_be_compiled(self):
        large = "fn main {\n" + "\tAddI r0, r0, r1\n" * 300000 + "\tReturn r0, 0\n}\n"
        process = volt("run", "--trace-compile", "--tier=llvm", "--sync", self.write("large.vot", large))
        self.check(process, OK)
        self.assertRegex(process.stderr, r"^volt: compile: main stays interpreted: too large to compile")

    def test_never_hot(self):
        output, tier = self.statistics(PROGRAMS / "closures.vot", "--tier=auto")
        self.assertEqual(output, (PROGRAMS / "closures.out").read_text())
        self.assertIsNone(tier["name"])
        self.assertEqual((tier["compiled"], tier["entries"]), (0, 0))
        self.assertEqual({function["reason"] for function in tier["functions"]}, {"never hot"})

    def test_everything_compiled_while_the_program_runs(self):
        """A function that is compiled again beside the whole module gets symbols of its own."""
        for program in ("fib", "closures", "loops", "unwinding"):
            output, tier = self.statistics(PROGRAMS / f"{program}.vot", "--tier=llvm")
            self.assertEqual(output, (PROGRAMS / f"{program}.out").read_text())
            self.assertIsNone(tier["failure"], program)

    def test_no_library_is_loaded_before_it_is_needed(self):
        def loads_tier(*options):
            process = subprocess.run([VOLT, "run", *options, PROGRAMS / "closures.vot"], capture_output=True, text=True,
                                     env={**os.environ, "LD_DEBUG": "files"}, timeout=120, check=True)
            return "libvolt-llvm" in process.stderr

        self.assertFalse(loads_tier("--tier=auto"))
        self.assertTrue(loads_tier("--tier=llvm", "--sync"))

    def failure_of_copy(self, *options):
        """Why a copy of the command and the runtime, in a folder of their own, has no tier."""
        for name in (pathlib.Path(EXECUTABLE).name, "libvolt-bytecode.so.0", "libvolt-runtime.so.0"):
            shutil.copy(pathlib.Path(EXECUTABLE).parent / name, self.folder / name)
        command = [*EMULATOR, self.folder / "volt", "run", "--stats=json", "--threshold=1,1", "--tier=auto", "--sync",
                   *options, FIB]
        process = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.check(process, OK, (PROGRAMS / "fib.out").read_text())
        tier = json.loads(process.stderr)["tier"]
        self.assertIsNone(tier["name"])
        self.assertIn("cannot be loaded", tier["failure"])
        self.assertIn(tier["failure"], {function["reason"] for function in tier["functions"]})
        return tier["failure"]

    def test_names_are_no_error_where_nobody_knows_them(self):
        self.failure_of_copy("--cpu=native", "--preset=none")

    def test_missing_library(self):
        self.assertIn("libvolt-llvm.so.0: cannot open shared object file: No such file", self.failure_of_copy())

    def test_library_that_cannot_be_loaded(self):
        """It stands beside the runtime, so what is wrong with it is told, and not that there is no other."""
        library = self.write("libvolt-llvm.so.0", "no library at all, but long enough to have a header\n" * 4)
        self.assertIn(f"{library}: invalid ELF header", self.failure_of_copy())


if __name__ == "__main__":
    unittest.main()
