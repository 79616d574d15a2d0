"""What gets compiled is the same in every run: of what is hot everything, and of the rest nothing."""

import json
import os
import re
import unittest

from volt_command import HAS_TIER, OK, ROOT, CommandTest, about_code, volt

RUNS = 4 if os.environ.get("VOLT_TEST_SLOWNESS", "1") != "1" else 20
SMALLER = 10
LONGER = (10, 40, 160, 640)  # times the size: one of them is long enough for the compiler to finish
SIZE = re.compile(r"\d+(?=\s*; @size quick \d+\s*$)", re.MULTILINE)


def optimised(*functions):
    return dict.fromkeys(functions, "optimised")


# Program of perf/programs, a size that takes the interpreter about a fifth of a second, and all that is hot in it with the
# level that counts ask for.
PROGRAMS = [
    ("call_chain", 1000000, optimised("first", "second", "third", "fourth", "fifth", "sixth", "main")),
    ("closure_calls", 1000000, optimised("main", "apply", "add", "combine")),
    ("error_propagation", 1000000, optimised("level1", "level2", "level3", "level4", "level5", "level6", "main")),
    ("word_count", 40000, {"count": "optimised", "main": "quick"}),
    ("whole/struct_copy", 400000, optimised("add", "scale", "step", "main")),
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
@about_code
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

    def wanted(self, program):
        return {function["name"]: function["wanted"] for function in self.functions(program) if "wanted" in function}

    def test_the_same_is_asked_for_in_twenty_runs(self):
        """As a user runs them: other threads compile, and what is asked for does not depend on how far they are."""
        for name, size, hot in PROGRAMS:
            program = self.program(name, size)
            for run in range(RUNS):
                self.assertEqual(self.wanted(program), hot, f"{name}, run {run}")

    def test_twenty_exact_runs_say_the_same(self):
        """Forms, levels, sizes of code, entries and exits of each function."""
        for name, size, _ in PROGRAMS:
            program = self.program(name, size // SMALLER)
            runs = [[recorded(function) for function in self.functions(program, *EXACT)] for _ in range(RUNS)]
            for run in runs[1:]:
                self.assertEqual(run, runs[0], name)

    def when_all_is_compiled(self, name, size):
        for factor in LONGER:
            functions = self.functions(self.program(name, factor * size))
            if not any("when the program ended" in function.get("reason", "") for function in functions):
                break
        return {function["name"]: function for function in functions}

    def test_what_is_hot_is_compiled(self):
        """In a run that is long enough, as asked for: nothing is left to be compiled, and nothing was withdrawn."""
        for name, size, hot in PROGRAMS:
            functions = self.when_all_is_compiled(name, size)
            for function in hot:
                self.assertNotIn("reason", functions[function], name)
                self.assertEqual(functions[function]["level"], functions[function]["wanted"], name)


if __name__ == "__main__":
    unittest.main()
