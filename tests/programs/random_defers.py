#!/usr/bin/env python3
"""Makes programs of random functions that defer calls, and compares what the interpreter and compiled code make of them.

    random_defers.py --volt=build/release/volt [--programs=N] [--seed=N]

Calls are deferred once or in loops, to functions, known and unknown closures and nil, for errors only, and by deferred
functions. Anything may panic, and deferred functions recover from some of it. Exits are forced at some check, and steps
are counted: what a program prints must not change.
"""

import random
import sys

import modes
import random_runs

FUNCTIONS = 14  # in one program
ROUNDS = 25  # of main: the same work with other panics
FORCED_EXITS = 3  # runs with one, for each program
LAST_CHECK = 6000
MODES = [mode for mode in modes.AUTOMATIC if mode.name in ("auto-sync", "auto-quick", "auto-loops")]
WHOLE = modes.Mode("llvm", ("--tier=llvm", "--sync"))

HEAD = """
module random_defers
entry @main
native vo_println results=0
global fuel slots=1 kind=int types=v
global ticks slots=1 kind=int types=v
global panics_at slots=1 kind=int types=v
global kept slots=1 kind=closure types=r

""" + random_runs.SHOW_NUMBER + """; tick(n): panics with n when it has been called so many times
fn tick params=1 locals=6 {
	GlobalGet r1, @ticks
	LoadInt r2, 1
	AddI r1, r1, r2
	GlobalSet @ticks, r1
	GlobalGet r2, @panics_at
	ModI r1, r1, r2
	JumpIf r1, done
	IfaceAssign r4, r0, iface(int), int
	Panic r4
done:
	Return r0, 0
}

; burn: whether there is any fuel
fn burn locals=2 results=1 {
	GlobalGet r0, @fuel
	LoadInt r1, 1
	SubI r0, r0, r1
	GlobalSet @fuel, r0
	LoadInt r1, 0
	GtI r0, r0, r1
	Return r0, 1
}

; add: a closure that adds 1 to the object that it has captured
fn add params=1 param_count=0 locals=4 closure captures=[int:0 1] {
	ClosureGet r1, 0
	PtrGet r2, r1, 0
	LoadInt r3, 1
	AddI r2, r2, r3
	PtrSet r1, 0, r2
	Return r0, 0
}

; tell: a closure that prints and counts what it has captured
fn tell params=1 param_count=0 locals=4 closure captures=[int:0 1] {
	ClosureGet r1, 0
	PtrGet r1, r1, 0
	Call @show_number, r1 args=1
	Call @tick, r1 args=1
	Return r0, 0
}

; bare: a closure that has captured nothing and gives a result
fn bare params=1 param_count=0 locals=3 results=1 closure {
	LoadInt r1, 7
	Call @show_number, r1 args=1
	Return r1, 1
}

; rescue(n): prints n and what it recovers
fn rescue params=1 locals=5 {
	Recover r3
	IfaceAssign r1, r0, iface(int), int
	CallExtern @vo_println, r1, r1 args=4
	Return r0, 0
}

; round(n, panics_at)
fn round params=2 locals=6 {
	Copy r2, r0
	DeferPush @rescue, r2 args=1
	LoadInt r3, 150
	GlobalSet @fuel, r3
	GlobalSet @panics_at, r1
	Call @f0, r0 args=1 results=1
	Call @show_number, r0 args=1
	Return r0, 0
}
"""

NUMBER, OBJECT, CLOSURE, FLAG, ROUND, ROUNDS_OF_LOOP = "r1", "r2", "r3", "r4", "r5", "r6"
CALL = 10  # the first slot of what is called


class Generator:
    """One program; the same seed gives the same text."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.labels = 0

    def label(self):
        self.labels += 1
        return f"label{self.labels}"

    def deeper(self, number):
        """A function behind this one, so that no chain of calls comes back."""
        names = [f"f{other}" for other in range(number + 1, min(number + 5, FUNCTIONS))]
        return self.random.choice(names + ["show_number", "tick", "rescue"])

    def closure(self):
        """Leaves one in CLOSURE that the compiler knows, or does not, or nil."""
        known = f"\tClosureNew {CLOSURE}, @{self.random.choice(['add', 'tell', 'tell'])}, 1\n" \
                f"\tPtrSet {CLOSURE}, 1, {OBJECT} flags=1\n"
        there = self.label()
        return self.random.choice([
            known,
            known,
            f"\tClosureNew {CLOSURE}, @bare, 0\n",
            f"\tGlobalGet {CLOSURE}, @kept\n",
            f"{known}\tGlobalSet @kept, {CLOSURE}\n",
            f"{known}\tJumpIf {FLAG}, {there}\n\tClosureNew {CLOSURE}, @bare, 0\n{there}:\n",
            f"\tLoadInt {CLOSURE}, 0\n" if self.random.random() < 0.3 else known,
        ])

    def push(self, number):
        opcode = self.random.choice(["DeferPush"] * 4 + ["ErrDeferPush"] * self.errors)
        if self.random.random() < 0.4:
            return f"{self.closure()}\t{opcode} {CLOSURE}, r{CALL} args=0\n"
        value = self.random.choice([f"\tCopy r{CALL}, {NUMBER}\n", f"\tLoadInt r{CALL}, {number * 100}\n"])
        return f"{value}\t{opcode} @{self.deeper(number)}, r{CALL} args=1\n"

    def step(self, number):
        kind = self.random.random()
        if kind < 0.45:
            return self.push(number)
        if kind < 0.6:
            callee = self.deeper(number)
            results = 1 if callee[1:].isdigit() else 0
            return f"\tCopy r{CALL}, {NUMBER}\n\tCall @{callee}, r{CALL} args=1 results={results}\n"
        if kind < 0.65:
            return f"{self.closure()}\tCallClosure {CLOSURE}, r{CALL} args=0\n"
        if kind < 0.75:
            return f"\tCopy r{CALL}, {NUMBER}\n\tCall @tick, r{CALL} args=1\n"
        if kind < 0.8:
            return f"\tRecover r{CALL}\n\tCallExtern @vo_println, r{CALL}, r{CALL} args=2\n"
        if kind < 0.85:
            return f"\tLoadInt r{CALL}, 6\n\tModI {FLAG}, {NUMBER}, r{CALL}\n\tDivI r{CALL}, r{CALL}, {FLAG}\n"
        return f"\tLoadInt r{CALL}, {number + 1}\n\tAddI {NUMBER}, {NUMBER}, r{CALL}\n"

    def part(self, number):
        """A step, a step that may be left out, or a loop."""
        kind, label = self.random.random(), self.label()
        body = self.step(number)
        if kind < 0.5:
            return body
        if kind < 0.8 or not self.loops:
            return f"\tLoadInt r{CALL}, {self.random.choice([2, 3])}\n\tModI {FLAG}, {NUMBER}, r{CALL}\n" \
                   f"\tJumpIf {FLAG}, {label}\n{body}{label}:\n"
        rounds = self.random.randrange(1, 4)
        return f"\tLoadInt {ROUND}, 0\n\tLoadInt {ROUNDS_OF_LOOP}, {rounds}\n{label}:\n{body}" \
               f"\tAddI {NUMBER}, {NUMBER}, {ROUND}\n\tForLoop {ROUND}, {ROUNDS_OF_LOOP}, {label}\n"

    def leave(self):
        flags = self.random.choice([0, 0, 1]) if self.errors else 0
        return f"\tReturn {OBJECT}, 1 flags={2 | flags}\n" if self.on_heap else f"\tReturn {NUMBER}, 1 flags={flags}\n"

    def function(self, number):
        self.errors, self.loops = self.random.choice([(0, True), (0, True), (0, False), (2, False), (1, True)])
        self.on_heap = self.random.random() < 0.5
        results = " heap_start=2 heap_count=1 heap_slots=[1]" if self.on_heap else ""
        text = f"\nfn f{number} params=1 locals=16 results=1{results} {{\n\tCopy {NUMBER}, r0\n" \
               f"\tLoadInt r{CALL}, 2\n\tPtrNew {OBJECT}, r{CALL}, 1\n\tPtrSet {OBJECT}, 0, r0\n" \
               f"\tCall @burn, r{CALL} args=0 results=1\n\tJumpIfNot r{CALL}, none{number}\n"
        for _ in range(self.random.choice([2, 4, 6, 22])):
            text += self.part(number)
            if self.random.random() < 0.08:
                text += f"\tLoadInt r{CALL}, 5\n\tModI {FLAG}, {NUMBER}, r{CALL}\n\tJumpIf {FLAG}, on{self.labels}\n" \
                        f"{self.leave()}on{self.labels}:\n"
        return f"{text}none{number}:\n{self.leave()}}}\n"

    def program(self):
        text = HEAD + "".join(self.function(number) for number in range(FUNCTIONS))
        main = "".join(f"\tLoadInt r0, {round}\n\tLoadInt r1, {self.random.choice([3, 7, 11, 19, 40, 1000])}\n"
                       "\tCall @round, r0 args=2\n" for round in range(ROUNDS))
        return f"{text}\nfn main {{\n{main}\tReturn r0, 0\n}}\n"


def runs_of(_options, _seed, generator):
    runs = [(mode, ()) for mode in [*MODES, WHOLE]]
    checks = [generator.random.randrange(1, LAST_CHECK) for _ in range(FORCED_EXITS)]
    runs += [(MODES[number % len(MODES)], (f"--force-exit={check}",)) for number, check in enumerate(checks)]
    return runs + [(MODES[0], ("--schedule-seed=7",)), (MODES[0], ("--collect-always",))]


if __name__ == "__main__":
    sys.exit(random_runs.main(__doc__, 3, Generator, ROUNDS, runs_of))
