"""What gets compiled is the same in every run: of what is hot everything, and of the rest nothing."""

import json
import os
import re
import unittest

from volt_command import HAS_TIER, OK, ROOT, CommandTest, volt

IS_SLOW = os.environ.get("VOLT_TEST_SLOWNESS", "1") != "1" or os.environ.get("VOLT_SANITIZED", "OFF") == "ON"
RUNS = 4 if IS_SLOW else 20
LONG = 10  # times the size: the compiler has done what it was asked for well before the end
NEVER_HOT = "never hot"
SIZE = re.compile(r"\d+(?=\s*; @size quick \d+\s*$)", re.MULTILINE)

# Program of perf/programs, a size that takes the interpreter about a fifth of a second, and all that is hot in it.
PROGRAMS = [
    ("call_chain", 1000000, {"first", "second", "third", "fourth", "fifth", "sixth", "main"}),
    ("closure_calls", 1000000, {"main", "apply", "add", "combine"}),
    ("error_propagation", 1000000, {"level1", "level2", "level3", "level4", "level5", "level6", "main"}),
    ("word_count", 40000, {"count", "main"}),
    ("whole/struct_copy", 400000, {"add", "scale", "step", "main"}),
]

# Exact in every run of a build: the clock decides nothing, and code is compiled when it is asked for.
EXACT = ("--tier=auto", "--sync", "--schedule-seed=5")


def without_times(form):
    return {name: value for name, value in form.items() if name not in ("compile_ms", "published_after_ms")}


def recorded(function):
    """All that is said of a function but how long something took."""
    return {name: without_times(value) if isinstance(value, dict) else value
            for name, value in without_times(function).items()}


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class SameCode(CommandTest):
    def program(self, name, size):
        text = (ROOT / "perf" / "programs" / f"{name}.vot").read_text()
        text, count = SIZE.subn(str(size), text)
        self.assertEqual(count, 1, name)
        return self.write("program.vot", text)

    def functions(self, program, *options):
        process = volt("run", "--stats=json", *options, program)
        self.check(process, OK)
        tier = json.loads(process.stderr.splitlines()[-1])["tier"]
        self.assertIsNone(tier["failure"])
        return tier["functions"]

    def test_the_same_functions_are_hot_in_twenty_runs(self):
        """As a user runs them. What is still being compiled at the end is hot, too."""
        for name, size, hot in PROGRAMS:
            program = self.program(name, size)
            for run in range(RUNS):
                found = {function["name"] for function in self.functions(program) if function.get("reason") != NEVER_HOT}
                self.assertEqual(found, hot, f"{name}, run {run}")

    def test_twenty_exact_runs_say_the_same(self):
        """Forms, levels, sizes of code, entries and exits of each function."""
        for name, size, _ in PROGRAMS:
            program = self.program(name, size // LONG)
            runs = [[recorded(function) for function in self.functions(program, *EXACT)] for _ in range(RUNS)]
            for run in runs[1:]:
                self.assertEqual(run, runs[0], name)

    def test_what_is_hot_is_compiled(self):
        """In a run that is long enough nothing hot is interpreted at the end."""
        for name, size, hot in PROGRAMS:
            levels = {function["name"]: function["level"] for function in self.functions(self.program(name, LONG * size))}
            self.assertEqual({function for function, level in levels.items() if level != "interpreted"}, hot, name)


if __name__ == "__main__":
    unittest.main()
