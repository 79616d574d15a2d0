#!/usr/bin/env python3
"""Makes programs of random work on small objects and closures, and compares what the interpreter and compiled code make
of them.

    random_objects.py --volt=build/release/volt [--programs=N] [--seed=N]

Optimised code keeps an object in registers until it gets out (codegen/exit_objects.c): into another object, a global, a
call, or the frames of an exit, which is forced at some check. Then there must be one object, with what it held, for all
that refer to it: programs look at words and at whether objects are the same.
"""

import random
import sys

import modes
import random_runs

FUNCTIONS = 8  # in one program
FORCED_EXITS = 3  # runs with one, for each program
LAST_CHECK = 1200
MODES = [mode for mode in modes.AUTOMATIC if mode.name in ("auto-sync", "auto-loops")]

OBJECTS = [f"r{slot}" for slot in range(1, 6)]  # of three words: two numbers and an object, or nil
NUMBERS = [f"r{slot}" for slot in range(6, 10)]
CLOSURES = ["r10", "r11"]
KINDS = 6 * ["add"] + 3 * ["exchange"] + ["ratio"]  # of closures
META, ROUND, ROUNDS = "r12", "r13", "r14"
CALL = 20  # the first slot of what is called

HEAD = """
module random_objects
entry @main
native vo_println results=0
global kept slots=1 kind=pointer types=r

""" + random_runs.SHOW_NUMBER + random_runs.REPORT + """; touch(an object, n): adds n to its first word and 12 / n to its second one
fn touch params=2 locals=6 results=1 {
	PtrGet r2, r0, 0
	AddI r2, r2, r1
	PtrSet r0, 0, r2
	LoadInt r3, 12
	DivI r3, r3, r1
	PtrGet r4, r0, 1
	AddI r4, r4, r3
	PtrSet r0, 1, r4
	Return r2, 1
}

; both(two objects): the second one becomes the first one's, which is the result
fn both params=2 locals=4 results=1 types=rrvv {
	PtrSet r0, 2, r1 flags=1
	LoadInt r2, 7
	PtrSet r1, 1, r2
	Return r0, 1
}

; new(n): an object that holds n
fn new params=1 locals=4 results=1 types=vrvv {
	LoadInt r2, 0
	PtrNew r1, r2, 3
	PtrSet r1, 0, r0
	Return r1, 1
}

fn keep params=1 locals=2 types=rv {
	GlobalSet @kept, r0
	Return r0, 0
}

; A closure with two objects: the first one's word is added to the second one's, which it reads again. Captures go into slots
; for values, as compilers of the language have it.
fn add params=1 param_count=0 locals=6 results=1 closure types=rvvvvv captures=[int:0 1, int:0 1] {
	ClosureGet r1, 0
	ClosureGet r2, 1
	PtrGet r3, r1, 0
	PtrGet r4, r2, 0
	AddI r4, r4, r3
	PtrSet r2, 0, r4
	ClosureGet r5, 1
	PtrGet r5, r5, 0
	Return r5, 1
}

; Closures with two objects: one exchanges what they hold, and one divides the first one's word by the second one's.
fn exchange params=1 param_count=0 locals=6 results=1 closure types=rvvvvv captures=[int:0 1, int:0 1] {
	ClosureGet r1, 0
	ClosureGet r2, 1
	PtrGet r3, r1, 0
	PtrGet r4, r2, 0
	PtrSet r1, 0, r4
	ClosureGet r2, 1
	PtrSet r2, 0, r3
	ClosureGet r2, 1
	PtrGet r3, r2, 0
	Return r3, 1
}

fn ratio params=1 param_count=0 locals=6 results=1 closure captures=[int:0 1, int:0 1] {
	ClosureGet r1, 0
	ClosureGet r2, 1
	PtrGet r3, r1, 0
	PtrGet r4, r2, 1
	DivI r3, r3, r4
	PtrSet r2, 1, r3
	Return r3, 1
}

; look(an object, how deep): what it holds, and what it refers to
fn look params=2 locals=10 types=rvvvvvvvvv {
	JumpIfNot r0, done
	LoadInt r2, 0
	EqI r3, r1, r2
	JumpIf r3, done
	PtrGet r4, r0, 0
	Call @show_number, r4 args=1
	PtrGet r4, r0, 1
	Call @show_number, r4 args=1
	PtrGet r4, r0, 2
	LoadInt r6, 1
	SubI r5, r1, r6
	Call @look, r4 args=2
done:
	Return r0, 0
}

"""


class Generator:
    """One program; the same seed gives the same text."""

    head, functions = HEAD, FUNCTIONS

    def __init__(self, seed):
        self.random = random.Random(seed)

    def instruction(self):
        choose = self.random.choice
        one, two, number = choose(OBJECTS), choose(OBJECTS), choose(NUMBERS)
        closure = choose(CLOSURES)
        word = self.random.randrange(2)
        kinds = [
            (8, f"PtrNew {one}, {META}, 3"),
            (6, f"PtrSet {one}, {word}, {number}"),
            (6, f"PtrGet {number}, {one}, {word}"),
            (2, f"PtrSetN {one}, 0, {NUMBERS[0]}, 2"),
            (2, f"PtrGetN {NUMBERS[2]}, {one}, 0, 2"),
            (4, f"PtrSet {one}, 2, {two} flags=1"),
            (1, f"PtrGet {one}, {two}, 2"),
            (3, f"Copy {one}, {two}"),
            (3, f"EqI {number}, {one}, {two}"),
            (5, f"AddI {number}, {choose(NUMBERS)}, {choose(NUMBERS)}"),
            (2, f"LoadInt {number}, {self.random.randrange(9)}"),
            (3, f"Copy r{CALL}, {one}\n\tCopy r{CALL + 1}, {number}\n\tCall @touch, r{CALL} args=2 results=1\n\t"
                f"Copy {number}, r{CALL}"),
            (2, f"Copy r{CALL}, {one}\n\tCopy r{CALL + 1}, {two}\n\tCall @both, r{CALL} args=2 results=1\n\t"
                f"Copy {one}, r{CALL}"),
            (2, f"Copy r{CALL}, {number}\n\tCall @new, r{CALL} args=1 results=1\n\tCopy {one}, r{CALL}"),
            (1, f"Copy r{CALL}, {one}\n\tCall @keep, r{CALL} args=1"),
            (1, f"GlobalGet {one}, @kept"),
            (4, f"ClosureNew {closure}, @{choose(KINDS)}, 2\n\tPtrSet {closure}, 1, {one} flags=1\n\t"
                f"PtrSet {closure}, 2, {two} flags=1"),
            (1, f"PtrSet {closure}, {1 + word}, {one} flags=1"),
            (3, f"CallClosure {closure}, r{CALL} args=0 results=1\n\tCopy {number}, r{CALL}"),
        ]
        return self.random.choices([text for _, text in kinds], [weight for weight, _ in kinds])[0]

    def line(self, number, count):
        """An instruction behind its label; some are jumps to a label further down."""
        text = f"line{number}:\n\t"
        if self.random.random() < 0.12:
            target = self.random.randint(number + 1, min(count, number + 5))
            return f"{text}{self.random.choice(['JumpIf', 'JumpIfNot'])} {self.random.choice(NUMBERS)}, line{target}\n"
        return f"{text}{self.instruction()}\n"

    def deferred(self):
        """A closure that runs when the function ends, whatever becomes of its objects."""
        if self.random.random() < 0.5:
            return ""
        return (f"\tClosureNew r15, @add, 2\n\tPtrSet r15, 1, {OBJECTS[0]} flags=1\n"
                f"\tPtrSet r15, 2, {OBJECTS[1]} flags=1\n\tDeferPush r15, r{CALL} args=0\n")

    def function(self, number):
        count = self.random.randrange(5, 22)
        types = "vrrrrrvvvvrrvvvr" + "v" * 14
        text = f"fn f{number} locals=30 types={types} {{\n\tDeferPush @report, r{CALL} args=0\n\tLoadInt {META}, 0\n"
        for slot in NUMBERS:
            text += f"\tLoadInt {slot}, {self.random.choice([0, 1, 2, 3, -1, 12])}\n"
        for slot in OBJECTS:
            text += f"\tPtrNew {slot}, {META}, 3\n"
        for slot in CLOSURES:
            text += f"\tClosureNew {slot}, @add, 2\n\tPtrSet {slot}, 1, {OBJECTS[0]}\n\tPtrSet {slot}, 2, {OBJECTS[1]}\n"
        text += self.deferred()
        text += f"\tLoadInt {ROUND}, 0\n\tLoadInt {ROUNDS}, {self.random.choice([1, 4])}\nagain:\n"
        text += "".join(self.line(line, count) for line in range(count))
        text += f"line{count}:\n\tForLoop {ROUND}, {ROUNDS}, again\n"
        for slot in NUMBERS:
            text += f"\tCopy r{CALL}, {slot}\n\tCall @show_number, r{CALL} args=1\n"
        for slot in self.random.sample(OBJECTS, self.random.randrange(4)):
            text += f"\tCopy r{CALL}, {slot}\n\tLoadInt r{CALL + 1}, 3\n\tCall @look, r{CALL} args=2\n"
        return text + "\tReturn r0, 0\n}\n\n"

    def program(self):
        functions = "".join(self.function(number) for number in range(self.functions))
        calls = "".join(f"\tCall @f{number}, r0 args=0\n" for number in range(self.functions))
        again = f"fn main {{\n\tLoadInt r1, 0\n\tLoadInt r2, 3\nagain:\n{calls}\tForLoop r1, r2, again\n"
        return f"{self.head}{functions}{again}\tReturn r0, 0\n}}\n"


def runs_of(_options, _seed, generator):
    runs = [(mode, further) for mode in MODES for further in ((), ("--collect-always",))]
    checks = [generator.random.randint(1, LAST_CHECK) for _ in range(FORCED_EXITS)]
    return runs + [(MODES[0], (f"--force-exit={check}",)) for check in checks]


if __name__ == "__main__":
    sys.exit(random_runs.main(__doc__, 12, Generator, FUNCTIONS + 1, runs_of))
