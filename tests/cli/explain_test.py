"""volt explain: what is known of functions, for people and as JSON."""

import json
import pathlib
import re
import shutil
import subprocess
import unittest

from volt_command import BAD_FILE, EMULATOR, EXECUTABLE, FAILED, OK, PROGRAMS, USAGE, VOLT, CommandTest, volt

FIB = PROGRAMS / "fib.vot"

# worker waits, catch defers nothing but is deferred by guarded, and wide has more parameters than a call passes.
PROGRAM = """module waiting
entry @main

fn worker params=1 locals=2 results=1 {
	ChanRecv r1, r0 slots=1
	Return r1, 1
}

fn catch locals=2 {
	Recover r0
	Return r0, 0
}

fn guarded params=1 locals=2 {
	DeferPush @catch, r1
	LoadInt r1, 0
	DivI r1, r0, r1
	Return r0, 0
}

fn main locals=4 {
	LoadInt r2, 0
next:
	LoadInt r0, 1
	Call @guarded, r0 args=1
	LoadInt r1, 3
	ForLoop r2, r1, next
	Return r0, 0
	Copy r0, r1
	Return r0, 0
}

fn wide params=256 locals=256 {
	Return r0, 0
}

fn outer params=1 locals=2 results=1 {
	Copy r1, r0
	Call @worker, r1 args=1 results=1
	Return r1, 1
}
"""

SUMMARY = """worker (#0)
	may wait: ChanRecv at pc 0
	may panic: ChanRecv at pc 0
	compiled
	with --preset=unwind: returns a status, since it may wait
catch (#1)
	never exits
	compiled
	with --preset=unwind: exits unwind
guarded (#2)
	panic only: DivI at pc 2
	compiled
	with --preset=unwind: exits unwind
main (#3)
	panic only: calls DivI at pc 2 through guarded
	compiled; also leaves on: native stack (pc 0), pre-emption
	with --preset=unwind: exits unwind
	loop headers: pc 1
wide (#4)
	never exits
	interpreted: it has more parameters or results than a call can pass
outer (#5)
	may wait: calls ChanRecv at pc 0 through worker
	may panic: calls ChanRecv at pc 0 through worker
	compiled; also leaves on: native stack (pc 0)
	with --preset=unwind: returns a status, since it may wait
"""

LISTING = """
          pc  line  instruction                                   slots that may still be read before it
           0    22  LoadInt r2, 0                                 live -
  loop     1    24  LoadInt r0, 1                                 live r2
           2    25  Call @guarded, r0 args=1                      live r0, r2
           3    26  LoadInt r1, 3                                 live r2
           4    27  ForLoop r2, r1, L1                            live r1-r2
           5    28  Return r0, 0                                  live -
           6    29  Copy r0, r1                                   never reached
           7    30  Return r0, 0                                  never reached
"""
LINES = {"worker": 5, "catch": 10, "guarded": 15, "main": 22, "wide": 34, "outer": 38}


class Explain(CommandTest):
    def setUp(self):
        super().setUp()
        self.program = self.write("waiting.vot", PROGRAM)

    def functions(self, *arguments):
        process = volt("explain", "--json", *arguments)
        self.check(process, OK, error="")
        return json.loads(process.stdout)

    def test_summary(self):
        self.check(volt("explain", self.program), OK, self.placed(SUMMARY), "")

    def placed(self, summary):
        """With the lines that functions begin in."""
        return re.sub(r"^(\w+) \(#\d\)$", lambda found: f"{found[0]} {self.program}:{LINES[found[1]]}", summary,
                      flags=re.MULTILINE)

    def test_one_function(self):
        main = SUMMARY[SUMMARY.index("main"):SUMMARY.index("wide")]
        process = volt("explain", self.program, "--func=main")
        self.check(process, OK, error="")
        shown = self.placed(main) + LISTING
        self.assertEqual(process.stdout[:len(shown)], shown)
        self.assertTrue(process.stdout[len(shown):].startswith("\nexit: compiled code ends with a status"))

    def test_natives(self):
        """Of the library's it is known which wait; one that only a host can have may do anything."""
        calls = "".join(f"fn {name} locals=2 {{\n\tCallExtern @{native}, r0, r0 args=0\n\tReturn r0, 0\n}}\n"
                        for name, native in (("print", "vo_println"), ("sleep", "time_blocking_sleepNano"),
                                             ("ask", "host_ask")))
        program = self.write("natives.vot", "native host_ask results=0\nfn main {\n\tReturn r0, 0\n}\n" + calls)
        exits = {facts["function"]: facts["exits"] for facts in self.functions(program)}
        self.assertEqual(exits, {"main": "nothing", "print": "panic", "sleep": "wait", "ask": "wait"})
        told = volt("explain", program).stdout
        self.assertIn("\tpanic only: CallExtern at pc 0 (native vo_println", told)
        self.assertIn("\tmay wait: CallExtern at pc 0 (native time_blocking_sleepNano, marked as blocking)", told)
        self.assertIn("\twith --preset=unwind: returns a status, since a host's natives may wait\n", told)

    def test_binary_module(self):
        binary = self.folder / "waiting.vob"
        self.check(volt("asm", self.program, "-o", binary), OK, "", "")
        self.check(volt("explain", binary), OK, SUMMARY, "")
        self.assertIn("\n  loop     1     -  LoadInt r0, 1 ", volt("explain", binary, "--func=main").stdout)
        self.assertNotIn("line", self.functions(binary)[0])

    def test_json_summary(self):
        functions = self.functions(self.program)
        self.assertEqual([(row["function"], row["index"], row["exits"], row["compiled"]) for row in functions],
                         [("worker", 0, "wait", True), ("catch", 1, "nothing", True), ("guarded", 2, "panic", True),
                          ("main", 3, "panic", True), ("wide", 4, "nothing", False), ("outer", 5, "wait", True)])
        self.assertEqual(functions[5]["wait"], [{"function": "outer", "pc": 1, "opcode": "Call"},
                                                {"function": "worker", "pc": 0, "opcode": "ChanRecv"}])
        self.assertIsNone(functions[3]["wait"])
        self.assertEqual(functions[4]["refusal"], "it has more parameters or results than a call can pass")
        self.assertIsNone(functions[3]["refusal"])
        self.assertEqual(functions[3]["loop_headers"], [1])
        self.assertEqual(functions[3]["also_leaves_on"], ["native stack", "pre-emption"])
        self.assertEqual(functions[0]["also_leaves_on"], [])
        self.assertEqual([row["unwinds"] for row in functions], [False, True, True, True, False, False])
        self.assertNotIn("instructions", functions[3])
        self.assertEqual({row["function"]: row["line"] for row in functions}, LINES)
        self.assertEqual({row["file"] for row in functions}, {str(self.program)})

    def test_json_of_one_function(self):
        functions = self.functions(self.program, "--func=main")
        self.assertEqual(len(functions), 1)
        self.assertIsNone(functions[0]["everything_live"])
        self.assertEqual([row["live"] for row in functions[0]["instructions"]],
                         [[], [[2, 2]], [[0, 0], [2, 2]], [[2, 2]], [[1, 2]], [], None, None])
        self.assertEqual(functions[0]["instructions"][4], {"pc": 4, "text": "ForLoop r2, r1, L1", "live": [[1, 2]], "line": 27})

    def test_long_chains_are_cut_in_the_middle(self):
        links = "".join(f"fn f{i} {{\n\tCall @f{i + 1}, r0\n\tReturn r0, 0\n}}\n" for i in range(100))
        last = "fn f100 locals=2 {\n\tDivI r0, r0, r1\n\tReturn r0, 0\n}\n"
        path = self.write("chain.vot", f"module chain\nentry @f0\n{links}{last}")
        chain = self.functions(path)[0]["panic"]
        self.assertEqual(len(chain), 33)
        self.assertEqual(chain[31], {"function": "f31", "pc": 0, "opcode": "Call"})
        self.assertEqual(chain[32], {"function": "f100", "pc": 0, "opcode": "DivI"})
        # One callee shorter than the limit nothing is left out.
        chain = self.functions(path)[68]["panic"]
        self.assertEqual([link["function"] for link in chain], [f"f{i}" for i in range(68, 101)])

    def test_many_ranges_are_counted(self):
        # Every other slot is read at the end: 100 ranges, of which 64 are listed.
        count = 200
        reads = "".join(f"\tCopy r{count}, r{slot}\n" for slot in range(0, count, 2))
        path = self.write("ranges.vot", f"module ranges\nentry @main\nfn main locals={count + 1} {{\n{reads}"
                                        "\tReturn r0, 0\n}\n")
        process = volt("explain", path, "--func=main")
        self.check(process, OK, error="")
        self.assertIn("r124, r126 and 36 more slots\n", process.stdout)
        first = self.functions(path, "--func=main")[0]["instructions"][0]
        self.assertEqual((len(first["live"]), first["more_live"]), (64, 36))

    def test_errors(self):
        self.check(volt("explain", FIB, "--func=fob"), USAGE, "", "no function 'fob'; there are: ")
        self.check(volt("explain", self.folder / "none.vob"), BAD_FILE, "", "none.vob")
        broken = self.write("broken.vot", "module broken\nentry @main\nfn main {\n\tLoadInt r0, 1\n}\n")
        self.check(volt("explain", broken), BAD_FILE, "", "broken.vot")

    def test_without_the_tier(self):
        """The analyses need no compiler: the command and the libraries that it links say the same by themselves."""
        for name in (pathlib.Path(EXECUTABLE).name, "libvolt-bytecode.so.0", "libvolt-runtime.so.0"):
            shutil.copy(pathlib.Path(EXECUTABLE).parent / name, self.folder / name)
        for options in ((), ("--json",), ("--func=main",)):
            command = [*EMULATOR, self.folder / "volt", "explain", FIB, *options]
            alone = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
            self.check(alone, OK, volt("explain", FIB, *options).stdout, "")

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w") as full:
            process = subprocess.run([VOLT, "explain", FIB], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(process.returncode, FAILED, process.stderr)


class Names(CommandTest):
    """Methods of different types have one name; a number names one of them, unless it is a name itself."""

    def test_numbers_name_functions(self):
        functions = "".join(f"fn {name} locals={i + 1} {{\n\tReturn r0, 0\n}}\n" for i, name in enumerate(["same", "same", "'#0'", "main"]))
        program = self.write("names.vot", functions.replace("'", '"'))
        self.check(volt("explain", "--func=same", program), USAGE, "", "several functions 'same': name one by its number, as '#0' or '#1'")
        for name, number in (("#1", 1), ("#0", 2), ("main", 3)):
            process = volt("explain", f"--func={name}", program)
            self.assertEqual((process.returncode, process.stdout.count(" (#")), (OK, 1), process.stderr)
            self.assertIn(f"(#{number})", process.stdout)
        for name in ("#4", "#", "#1x", "#-1"):
            self.check(volt("explain", f"--func={name}", program), USAGE, "", f"no function '{name}'")


if __name__ == "__main__":
    unittest.main()
