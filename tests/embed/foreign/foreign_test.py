"""The foreign machine runs its programs in every mode, and leaves compiled code with every status."""

import os
import pathlib
import re
import subprocess
import unittest

HERE = pathlib.Path(__file__).resolve().parent
MACHINE = os.environ["VOLT_FOREIGN"]
SECONDS = 120 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))
PROGRAMS = sorted(path.stem for path in HERE.glob("*.vot"))
PANICS = ["apply", "bounds", "deep", "leaving", "shapes"]
DEADLOCKS = ["pipeline"]
ENDLESS = [("hot", "--interpreted"), ("hot", "--quick")]  # it waits for optimised code
MODES = [["--interpreted"], ["--background"], ["--quick"], ["--optimised"], ["--module"],
         ["--optimised", "--force-exits=1"], ["--quick", "--force-exits=3"]]
# What must have been counted: statuses that the program is about, levels, and loops that went on in new code.
COUNTED = {
    ("sleepers", "--quick"): {"wait_io": 4},
    ("sleepers", "--optimised"): {"wait_io": 4},
    ("apply", "--optimised"): {"replay": 60},
    ("pipeline", "--optimised"): {"wait_queue": 1},
    ("bounds", "--quick"): {"panic": 1},
    ("counters", "--module"): {"call": 1, "ok": 100},
    ("turns", "--optimised"): {"yield": 1},
    ("deep", "--optimised"): {"yield": 2},
    ("hot", "--background"): {"quick": 1, "optimised": 1, "replaced": 1},
    ("either", "--optimised"): {"call": 4},
    ("leaving", "--quick"): {"wait_io": 5, "panic": 6},
    ("leaving", "--optimised"): {"wait_io": 5, "panic": 6},
}
# At every allocation or behind it; what is collected elsewhere is freed too late or never.
COLLECTED = ["apply", "counters", "either", "leaving", "pipeline", "shapes", "tally", "words"]
COLLECTING = [["--interpreted", "--collect=1"], ["--quick", "--collect-in-turns=1"],
              ["--optimised", "--collect=1"], ["--optimised", "--collect-in-turns=1"]]
# Helpers that compiled code can do without, each with a program that asks for it.
REPLACED = {"string_new": "words", "string_concatenate": "words", "string_equal": "words", "object_new": "counters",
            "closure_new": "counters", "array_new": "sieve", "slice_new": "squares", "slice_append": "bounds",
            "interface_assert": "shapes", "map_new": "tally", "map_get": "tally", "map_set": "tally", "map_length": "tally"}
# Closures and methods are called without the machine.
NEVER_COUNTED = {("counters", "--optimised"): ["call"], ("shapes", "--optimised"): ["call"]}
STATUSES = {"ok", "panic", "call", "wait_io", "wait_queue", "replay", "yield"}


def run(path, *options):
    return subprocess.run([MACHINE, "--report", *options, str(path)], capture_output=True, text=True, timeout=SECONDS)


class Programs(unittest.TestCase):
    def check(self, name, options):
        process = run(HERE / f"{name}.vot", *options)
        self.assertEqual(process.stdout, (HERE / f"{name}.out").read_text(), process.stderr)
        self.assertEqual(process.returncode, int(name in PANICS + DEADLOCKS), process.stderr)
        self.assertRegex(process.stderr, r"\Aquick \d.*\n\Z")
        counted = {word: int(number) for word, number in re.findall(r"(\w+) (\d+)", process.stderr)}
        if len(options) == 1:
            for word, least in COUNTED.get((name, options[0]), {}).items():
                self.assertGreaterEqual(counted[word], least, f"{word}: {process.stderr}")
            for word in NEVER_COUNTED.get((name, options[0]), []):
                self.assertEqual(counted[word], 0, f"{word}: {process.stderr}")
        if options == ["--interpreted"]:
            self.assertEqual(set(counted.values()), {0})

    def test_programs(self):
        self.assertEqual(len(PROGRAMS), 16)
        for name in PROGRAMS:
            for options in MODES:
                if (name, options[0]) not in ENDLESS:
                    with self.subTest(program=name, options=options):
                        self.check(name, options)

    def test_every_status_is_counted_somewhere(self):
        self.assertEqual({word for counts in COUNTED.values() for word in counts} & STATUSES, STATUSES)


    def test_collecting(self):
        for name in COLLECTED:
            for options in COLLECTING:
                with self.subTest(program=name, options=options):
                    self.check(name, options)

    def test_garbage_is_freed(self):
        for options in COLLECTING:
            with self.subTest(options=options):
                process = run(HERE / "words.vot", *options)
                counted = re.search(r"collections (\d+) freed (\d+)$", process.stderr)
                self.assertGreater(int(counted[1]), 0, process.stderr)
                self.assertGreater(int(counted[2]), 0, process.stderr)

    def test_helpers_that_are_left_out(self):
        for helper, name in REPLACED.items():
            with self.subTest(helper=helper):
                self.check(name, ["--optimised", f"--without={helper}"])


class Machine(unittest.TestCase):
    def test_helpers_that_nothing_can_replace(self):
        for helper, name, asks in [
                ("execute", "squares", "all code may call"), ("trap", "squares", "all code may call"),
                ("capture_frame", "squares", "preset record-hinted"), ("hot", "squares", "count_heat"),
                ("channel_send", "pipeline", r"function \w+ \(#\d+\), pc \d+ \(ChanSend\)"),
                ("call_native", "squares", r"function \w+ \(#\d+\), pc \d+ \(CallExtern\)"),
                ("recover", "leaving", r"function catch \(#\d+\), pc 0 \(Recover\)")]:
            with self.subTest(helper=helper):
                process = run(HERE / f"{name}.vot", f"--without={helper}")
                self.assertEqual((process.returncode, process.stdout), (2, ""))
                self.assertRegex(process.stderr, asks)
                self.assertIn(f"the host has no helper {helper}", process.stderr)

    def test_what_it_has_not_is_refused(self):
        process = run(HERE.parents[1] / "programs" / "islands_and_ports.vot")
        self.assertEqual((process.returncode, process.stdout), (2, ""))
        self.assertRegex(process.stderr, r"function \w+ \(#\d+\), pc \d+ \(\w+\).*this machine has no such instruction")

    def test_it_sees_public_headers_alone(self):
        names = {name for path in HERE.glob("*.[ch]") for name in re.findall(r"#include <([^>]+)>", path.read_text())}
        own = {path.name for path in HERE.glob("*.h")}
        quoted = {name for path in HERE.glob("*.[ch]") for name in re.findall(r'#include "([^"]+)"', path.read_text())}
        self.assertEqual(quoted, own)
        self.assertEqual({name for name in names if "/" in name},
                         {"volt/bytecode.h", "volt/llvm.h", "volt/traps.def", "volt/verify.h"})

    def test_the_tutorial_shows_its_code(self):
        page = (HERE.parents[2] / "backend-llvm" / "EMBEDDING.md").read_text()
        blocks = re.findall(r"^```c\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        sources = [path.read_text() for path in HERE.glob("*.[ch]")]
        self.assertGreater(len(blocks), 5)
        self.assertEqual([block for block in blocks if not any(block in source for source in sources)], [])


if __name__ == "__main__":
    unittest.main()
