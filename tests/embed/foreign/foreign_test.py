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
PANICS = ["apply", "bounds", "deep", "shapes"]
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
}
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
        self.assertEqual(len(PROGRAMS), 12)
        for name in PROGRAMS:
            for options in MODES:
                if (name, options[0]) not in ENDLESS:
                    with self.subTest(program=name, options=options):
                        self.check(name, options)

    def test_every_status_is_counted_somewhere(self):
        self.assertEqual({word for counts in COUNTED.values() for word in counts} & STATUSES, STATUSES)


class Machine(unittest.TestCase):
    def test_what_it_has_not_is_refused(self):
        process = run(HERE.parents[1] / "programs" / "maps.vot")
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
