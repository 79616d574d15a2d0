"""volt run as its users see it: output, exit status, diagnostics, statistics."""

import json
import os
import re
import resource
import signal
import subprocess
import unittest

from volt_command import BAD_FILE, FAILED, HAS_TIER, OK, PROGRAMS, USAGE, VOLT, CommandTest, volt

FIB = PROGRAMS / "fib.vot"
PANIC = PROGRAMS / "panic_in_callee.vot"
ENDLESS = PROGRAMS.parent / "cli" / "endless.vot"
LONG_SEARCH = PROGRAMS.parent / "cli" / "long_search.vot"


class Run(CommandTest):
    def test_output_is_the_programs_alone(self):
        expected = (PROGRAMS / "fib.out").read_text()
        self.check(volt("run", FIB), OK, expected, "")
        self.check(volt("run", self.assemble("fib")), OK, expected, "")

    def test_program_arguments_after_dashes(self):
        self.check(volt("run", FIB, "--", "--tier=none", "a b"), OK, (PROGRAMS / "fib.out").read_text(), "")

    def test_options_before_and_after_the_file(self):
        expected = (PROGRAMS / "fib.out").read_text()
        self.check(volt("run", "--tier=interp", FIB), OK, expected, "")
        self.check(volt("run", FIB, "--tier=interp"), OK, expected, "")

    def test_natives_that_there_are_not(self):
        path = self.write("strange.vot", "native nobody_Knows results=1\nfn main {\n\tCallExtern @nobody_Knows, r0, r0 args=0\n"
                                         "\tReturn r0, 0\n}\n")
        self.check(volt("run", path), BAD_FILE, "")
        self.assertEqual(volt("run", path).stderr, f"volt: unresolved extern functions:\n  - [0] nobody_Knows, called in main at {path}:3\n"
                                                   "'volt natives' lists the native functions that there are.\n")

    def test_natives_with_similar_names(self):
        wrong = {"vo_prinln": "vo_println", "println": "vo_println", "Math_sqrt": "math_Sqrt",
                 "strings_indx": "strings_Index", "nobody_Knows": None}
        path = self.write("similar.vot", "fn main {\n" + "".join(f"\tCallExtern @{name}, r0, r0 args=0\n" for name in wrong) +
                          "\tReturn r0, 0\n}\n")
        lines = volt("run", path).stderr.splitlines()[1:-1]
        self.assertEqual(lines, [f"  - [{i}] {name}, called in main at {path}:{i + 2}" + (f" (did you mean {meant}?)" if meant else "")
                                 for i, (name, meant) in enumerate(wrong.items())])

    def test_natives_of_a_file_without_lines(self):
        text = self.write("wrong.vot", "fn main {\n\tReturn r0, 0\n}\nfn helper {\n\tLoadInt r0, 1\n"
                          "\tCallExtern @vo_prinln, r0, r0 args=0\n\tReturn r0, 0\n}\n")
        self.check(volt("asm", text, "-o", self.folder / "wrong.vob"), OK)
        self.assertIn("\n  - [0] vo_prinln, called in helper, pc 1 (did you mean vo_println?)\n",
                      volt("run", self.folder / "wrong.vob").stderr)

    def test_output_to_a_file_that_is_full(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            process = subprocess.run([VOLT, "run", FIB], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(process.returncode, FAILED)
        self.assertIn("standard output: No space left", process.stderr)

    def test_output_to_a_closed_pipe(self):
        reading, writing = os.pipe()
        os.close(reading)
        for command in (["run", FIB], ["dump", FIB]):
            process = subprocess.run([VOLT, *command], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60)
            self.assertEqual(process.returncode, -signal.SIGPIPE)
            self.assertEqual(process.stderr, "")
        os.close(writing)


class Panic(CommandTest):
    def test_message_and_trace(self):
        process = volt("run", PANIC)
        self.check(process, FAILED, (PROGRAMS / "panic_in_callee.out").read_text())
        lines = process.stderr.splitlines()
        self.assertEqual(lines[0], "panic: runtime error: integer divide by zero")
        self.assertGreaterEqual(len(lines), 4)
        for line, function in zip(lines[1:], ["divide", "middle", "main"]):
            self.assertTrue(line.startswith("\t" + function), process.stderr)

    def test_trace_of_text_names_its_lines(self):
        path = self.write("broken.vot", """; divides by nothing
fn divide params=2 {
\tDivI r0, r0, r1
\tReturn r0, 1
}

fn main {
\tLoadInt r0, 7
\tLoadInt r1, 0

\tCall @divide, r0 args=2 results=1
\tReturn r0, 0
}
""")
        message = "panic: runtime error: integer divide by zero\n"
        for mode in [["--tier=interp"]] + [["--tier=llvm", "--sync"]] * HAS_TIER:
            self.check(volt("run", *mode, path), FAILED, "")
            self.assertEqual(volt("run", *mode, path).stderr, f"{message}\tdivide {path}:3\n\tmain {path}:11\n")
        binary = self.folder / "broken.vob"
        self.check(volt("asm", path, "-o", binary), OK, "", "")
        self.assertEqual(volt("run", binary).stderr, f"{message}\tdivide pc 0\n\tmain pc 2\n")

    def test_no_trace(self):
        self.check(volt("run", "--no-trace", PANIC), FAILED)
        self.assertEqual(volt("run", "--no-trace", PANIC).stderr, "panic: runtime error: integer divide by zero\n")


class TraceOfALimit(CommandTest):
    def test_where_it_was_reached(self):
        for mode in [["--tier=interp"]] + [["--tier=llvm", "--sync"]] * HAS_TIER:
            message = f"volt: limit of 1000 steps reached in main {ENDLESS}:7\n"
            self.check(volt("run", *mode, "--max-steps=1000", ENDLESS), FAILED, "")
            self.assertEqual(volt("run", *mode, "--max-steps=1000", ENDLESS).stderr, f"{message}\tmain {ENDLESS}:7\n")
            self.assertEqual(volt("run", *mode, "--no-trace", "--max-steps=1000", ENDLESS).stderr, message)


class Deadlock(CommandTest):
    def test_report_names_functions_and_what_waits(self):
        for mode in [["--tier=interp"]] + [["--tier=llvm", "--sync"]] * HAS_TIER:
            program = self.write("wait.vot", """fn receive params=1 {
\tChanRecv r1, r0 slots=1
\tReturn r1, 1
}

fn main {
\tLoadInt r1, 2
\tLoadInt r2, 0
\tChanNew r0, r1, r2 slots=1
\tCall @receive, r0 args=1 results=1
\tReturn r0, 0
}
""")
            process = volt("run", *mode, program)
            self.check(process, FAILED, "")
            lines = process.stderr.splitlines()
            self.assertEqual(lines[:2], ["panic: deadlock: all fibers are blocked", "  fiber=0 state=Blocked(Queue)"])
            self.assertEqual(lines[-2:], [f"    waits in receive {program}:2: ChanRecv r1, r0 slots=1",
                                          f"    called by main {program}:10"])

    def test_of_many_the_first_hundred_are_told(self):
        program = self.write("many.vot", """fn receive params=1 {
\tChanRecv r1, r0 slots=1
\tReturn r1, 1
}

fn main locals=6 {
\tLoadInt r1, 2
\tLoadInt r2, 0
\tChanNew r0, r1, r2 slots=1
\tLoadInt r3, 250
next:
\tCopy r4, r0
\tGoStart @receive, r4 args=1
\tForLoop r2, r3, next
\tReturn r0, 0
}
""")
        report = volt("run", program).stderr
        self.assertEqual(report.count("state=Blocked"), 100)
        self.assertEqual(report.splitlines()[-1], "  ... 150 more fibers")

    def test_a_select(self):
        lines = volt("run", "--tier=interp", PROGRAMS / "deadlock.vot").stderr.splitlines()
        waiting = [line.rsplit(":", 1)[1] for line in lines if "waits in" in line]
        self.assertEqual(len(waiting), 2)
        self.assertIn(" ChanRecv r3, r0 slots=1", waiting)


class Limits(CommandTest):
    def test_steps(self):
        process = volt("run", "--tier=interp", "--max-steps=1000", ENDLESS)
        self.check(process, FAILED, "")
        self.assertIn("step", process.stderr)

    def test_enough_steps(self):
        self.check(volt("run", "--tier=interp", "--max-steps=100000000", FIB), OK, (PROGRAMS / "fib.out").read_text())

    def test_steps_of_a_search(self):
        for mode in [["--tier=interp"]] + ([["--tier=llvm", "--sync"]] if HAS_TIER else []):
            process = volt("run", *mode, "--max-steps=100000", LONG_SEARCH)
            self.check(process, FAILED, "searching\n")
            self.assertIn("limit of 100000 steps reached", process.stderr)

    def test_stack_overflow_is_a_panic(self):
        process = volt("run", "--tier=interp", "--max-stack=1M", PROGRAMS.parent / "cli" / "recursion.vot")
        self.check(process, FAILED, "", "panic: runtime error: stack overflow\n")


    def test_processor_time(self):
        """The signal of this limit ends the program, as any that does not handle it."""
        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (1, 20))

        for mode in [["--tier=interp"]] + [["--tier=llvm", "--sync"]] * HAS_TIER:
            process = volt("run", *mode, ENDLESS, preexec_fn=limit)
            self.check(process, -signal.SIGXCPU, "", "")


class Statistics(CommandTest):
    def test_json(self):
        process = volt("run", "--stats=json", FIB)
        self.check(process, OK, (PROGRAMS / "fib.out").read_text())
        statistics = json.loads(process.stderr)
        self.assertGreater(statistics["seconds"]["run"], 0)

    def test_text(self):
        process = volt("run", "--stats", FIB)
        self.check(process, OK, (PROGRAMS / "fib.out").read_text())
        self.assertRegex(process.stderr, r"^ran \d+(\.\d+)? (us|ms|s) \(reading the module ")
        self.assertRegex(process.stderr, r"\ninterpreted steps: [\d,]+, fibers: 1, heap at the end: \d")

    def test_numbers_are_those_that_people_write(self):
        for number in re.findall(r"\d+\.\d+(?:e-?\d+)?", volt("run", "--stats=json", FIB).stderr):
            self.assertLessEqual(len(re.sub(r"e.*|\.|^0\.0*", "", number).lstrip("0")), 6, number)

    def test_after_a_panic(self):
        process = volt("run", "--stats=json", "--no-trace", PANIC)
        self.check(process, FAILED)
        message, statistics = process.stderr.splitlines()
        self.assertEqual(message, "panic: runtime error: integer divide by zero")
        self.assertIn("seconds", json.loads(statistics))


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class Tier(CommandTest):
    def test_unknown_names(self):
        for options in (["--tier=llvm", "--sync"], ["--tier=llvm"], ["--sync"], []):
            self.check(volt("run", *options, "--preset=none", FIB), USAGE, "", "none")
            self.check(volt("run", *options, "--hints=none-such", FIB), USAGE, "", "none-such")

    def test_same_output(self):
        self.check(volt("run", "--tier=llvm", "--sync", FIB), OK, (PROGRAMS / "fib.out").read_text(), "")


if __name__ == "__main__":
    unittest.main()
