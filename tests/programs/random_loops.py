#!/usr/bin/env python3
"""Makes programs of random loops over slices and compares what the interpreter and compiled code make of them.

    random_loops.py --volt=build/release/volt [--programs=N] [--seed=N]

Rounds are alike, as they are in the loops of people: indices that rise or fall, objects that stay the same. What the
optimising level concludes from that (analysis/rounds.h) must not show: not when an index leaves its slice, when slices
share their elements, when the object, the step or the limit changes after all, nor when a round does not come to its end.
"""

import random
import sys

import modes
import random_runs

FUNCTIONS = 24  # in one program
MODES = [mode for mode in modes.AUTOMATIC if mode.name in ("auto-sync", "auto-loops")]

# r0 is the closure. Slices of ints: A and B may share elements, ROWS holds A and B; BYTES, HALVES and SINGLES are packed.
A, B, ROWS, BYTES, HALVES, SINGLES, LIMIT, STEP = (f"r{1 + i}" for i in range(8))
INDEX, OTHER, SUM, LEFT, FLOAT = "r12", "r13", "r14", "r15", "r16"
TEMPORARIES = [f"r{20 + i}" for i in range(6)]
CONSTANT, TEST = "r30", "r31"
PACKED = [(BYTES, 1), (HALVES, 130), (SINGLES, 132)]

HEAD = """
module random_loops
entry @main
native vo_println results=0
global count slots=1 kind=int types=v

""" + random_runs.SHOW_NUMBER + random_runs.REPORT + """fn leaf params=2 locals=4 results=1 {
	LoadInt r2, 3
	AddI r3, r0, r2
	Xor r3, r3, r1
	Return r3, 1
}

fn ratio params=2 locals=4 results=1 {
	DivI r2, r1, r0
	Return r2, 1
}

fn numbers params=2 locals=8 results=1 types=vvrvvvvv {
	LoadInt r3, 2
	Copy r4, r0
	Copy r5, r0
	SliceNew r2, r3, r4 bytes=8
	LoadInt r3, 0
next:
	SliceSet r2, r3, r1 bytes=8
	AddI r1, r1, r3
	ForLoop r3, r0, next
	Return r2, 1
}

"""

HASH = """
; What the elements of a slice come to.
fn hash{size} params=1 locals=8 results=1 types=rvvvvvvv {{
	LoadInt r1, 0
	LoadInt r2, 0
	SliceLen r3, r0
	LoadInt r5, 31
next:
	SliceGet r4, r0, r2 bytes={size}
	MulI r1, r1, r5
	AddI r1, r1, r4
	ForLoop r2, r3, next
	Return r1, 1
}}
"""

SHOW_HASH = """	Copy r6, r{slot}
	Call @hash{size}, r6 args=1 results=1
	Call @show_number, r6 args=1
"""

SIZES = [8, 8, 8, 1, 130, 132]  # of the elements of the six slices of a function
HEAD += "".join(HASH.format(size=size) for size in sorted(set(SIZES)))
HEAD += "fn hashes params=6 locals=12 types=rrrrrrvvvvvv {\n" + "".join(
    SHOW_HASH.format(slot=slot, size=size) for slot, size in enumerate(SIZES) if slot != 2) + "\tReturn r0, 0\n}\n"


# Of a function that gives its slots types, as compilers do; every other one gives none.
TYPES = "".join("r" if slot < 7 or slot == 26 else "f" if slot == 16 else "v" for slot in range(64))


class Generator:
    """One function after the other; `out` is the label behind the loop that is being written."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.labels = 0
        self.out = ""

    def label(self):
        self.labels += 1
        return f"l{self.labels}"

    def pick(self, *choices):
        return self.random.choice(choices)

    def temporary(self):
        return self.random.choice(TEMPORARIES)

    def index(self):
        """Instructions, and the slot where they leave an index. Most go with the rounds."""
        to, number = self.temporary(), self.pick(0, 1, 1, 2, 3, -1, 4, 7, 40, -3)
        constant = f"LoadInt {CONSTANT}, {number}"
        kinds = [
            (4, [], INDEX),
            (2, [], OTHER),
            (4, [constant, f"{self.pick('AddI', 'SubI')} {to}, {INDEX}, {CONSTANT}"], to),
            (1, [f"SubI {to}, {LIMIT}, {INDEX}"], to),
            (1, [f"LoadInt {CONSTANT}, {self.pick(1, 2)}", f"{self.pick('Shl', 'MulI')} {to}, {INDEX}, {CONSTANT}"], to),
            (1, [f"LoadInt {CONSTANT}, 31", f"And {to}, {self.pick(SUM, INDEX)}, {CONSTANT}"], to),
            (1, [f"MulI {to}, {INDEX}, {STEP}"], to),
            (1, [f"LoadInt {to}, {abs(number)}"], to),
        ]
        weights = [weight for weight, _, _ in kinds]
        return self.random.choices(kinds, weights)[0][1:]

    def element(self):
        (lines, index), a, to = self.index(), self.pick(A, A, B), self.temporary()
        if self.random.random() < 0.5:
            return [*lines, f"SliceGet {to}, {a}, {index} bytes=8", f"AddI {SUM}, {SUM}, {to}"]
        return [*lines, f"SliceSet {a}, {index}, {self.pick(SUM, INDEX, to)} bytes=8"]

    def packed(self):
        (lines, index), (a, size) = self.index(), self.random.choice(PACKED)
        if self.random.random() < 0.5:
            return [*lines, f"SliceSet {a}, {index}, {SUM} bytes={size}"]
        return [*lines, f"SliceGet {TEST}, {a}, {index} bytes={size}", f"Xor {SUM}, {SUM}, {TEST}"]

    def row(self):
        (lines, index), row, to = self.index(), "r26", self.temporary()
        rest = [f"SliceGet {to}, {row}, {index} bytes=8", f"AddI {SUM}, {SUM}, {to}"]
        if self.random.random() < 0.3:
            rest = [f"SliceSet {row}, {index}, {SUM} bytes=8"]
        first = [f"LoadInt {CONSTANT}, {self.pick(0, 1)}", f"SliceGet {row}, {ROWS}, {CONSTANT} bytes=8"]
        return [*first, *lines, *rest]

    def sometimes(self, mask, statement):
        skip = self.label()
        return [f"LoadInt {CONSTANT}, {mask}", f"And {TEST}, {SUM}, {CONSTANT}", f"JumpIf {TEST}, {skip}", *statement,
                f"{skip}:"]

    def leave(self):
        return [f"LoadInt {CONSTANT}, 1023", f"And {TEST}, {SUM}, {CONSTANT}", f"JumpIfNot {TEST}, {self.out}"]

    def change(self):
        """What stays the same in most rounds."""
        return self.sometimes(127, self.pick(
            [f"Copy {A}, {B}"], [f"AddI {LIMIT}, {LIMIT}, {STEP}"], [f"Copy {STEP}, {TEST}"],
            [f"AddI {INDEX}, {INDEX}, {STEP}"], [f"GlobalSet g0, {SUM}"], [f"LoadInt {A}, 0"],
            [f"LoadInt {CONSTANT}, 1", f"SliceSet {ROWS}, {CONSTANT}, {A} bytes=8"]))

    def call(self):
        if self.random.random() < 0.5:
            return [f"Copy r40, {INDEX}", f"Copy r41, {SUM}", "Call @leaf, r40 args=2 results=1", f"Copy {SUM}, r40"]
        return [f"LoadInt r40, {self.pick(20, 30, 70)}", f"SubI r40, r40, {INDEX}", f"Copy r41, {SUM}",
                "Call @ratio, r40 args=2 results=1", f"AddI {SUM}, {SUM}, r40"]

    def length(self):
        a = self.pick(A, B, BYTES)
        return self.pick([f"SliceLen {CONSTANT}, {a}", f"AddI {SUM}, {SUM}, {CONSTANT}"],
                         [f"SliceLen {CONSTANT}, {a}", f"IndexCheck {INDEX}, {CONSTANT}"])

    def calculation(self):
        return self.pick([f"ConvI2F {CONSTANT}, {SUM}", f"AddF {FLOAT}, {FLOAT}, {CONSTANT}"],
                         [f"GlobalGet {CONSTANT}, g0", f"AddI {SUM}, {SUM}, {CONSTANT}"],
                         [f"LoadInt {CONSTANT}, 5", f"MulI {SUM}, {SUM}, {CONSTANT}", f"AddI {SUM}, {SUM}, {INDEX}"],
                         [f"AddI {OTHER}, {OTHER}, {STEP}"], [f"Copy {OTHER}, {INDEX}"])

    def statement(self):
        kinds = [(10, self.element), (3, self.packed), (2, self.row), (1, self.leave), (2, self.change), (2, self.call),
                 (2, self.length), (3, self.calculation),
                 (3, lambda: self.sometimes(self.pick(1, 3, 64), self.statement()))]
        return self.random.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]()

    def body(self):
        return [line for _ in range(self.random.randrange(1, 6)) for line in self.statement()]

    def step(self):
        return self.pick([f"LoadInt {CONSTANT}, {self.pick(1, 1, 2, 5, -1)}", f"AddI {INDEX}, {INDEX}, {CONSTANT}"],
                         [f"AddI {INDEX}, {INDEX}, {STEP}"],
                         [f"LoadInt {CONSTANT}, 1", f"AddI {TEST}, {INDEX}, {CONSTANT}", f"Copy {INDEX}, {TEST}"],
                         [f"LoadInt {CONSTANT}, 1", f"AddI {INDEX}, {INDEX}, {CONSTANT}",
                          f"SubI {OTHER}, {OTHER}, {CONSTANT}"])

    def loop(self):
        """No loop has more than 3000 rounds, most because of their own test."""
        again, self.out = self.label(), self.label()
        body = self.body()
        if self.random.random() < 0.4:
            bound = [f"LoadInt {CONSTANT}, 1", f"SubI {LEFT}, {LEFT}, {CONSTANT}", f"JumpIfNot {LEFT}, {self.out}"]
            return [f"{again}:", *bound, *body,
                    f"ForLoop {INDEX}, {LIMIT}, {again} flags={self.pick(0, 0, 0, 1, 2, 4, 6)}", f"{self.out}:"]
        compare = self.pick("LtI", "LtI", "LeI", "NeI", "GtI", "GeI", "LtU")
        operands = self.pick(f"{INDEX}, {LIMIT}", f"{INDEX}, {LIMIT}", f"{LIMIT}, {INDEX}", f"{INDEX}, {OTHER}")
        bound = [f"LoadInt {CONSTANT}, 0", f"GtI {TEST}, {LEFT}, {CONSTANT}", f"JumpIfNot {TEST}, {self.out}",
                 f"LoadInt {CONSTANT}, 1", f"SubI {LEFT}, {LEFT}, {CONSTANT}"]
        return [f"{again}:", *bound, f"{compare} {TEST}, {operands}", f"JumpIfNot {TEST}, {self.out}", *body, *self.step(),
                f"Jump {again}", f"{self.out}:"]

    def function(self, number):
        lines = ["DeferPush @report, r50 args=0"] if self.random.random() < 0.3 else []
        lines += [f"LoadInt {SUM}, {self.pick(0, 1, 77)}", f"LoadConst {FLOAT}, 0.5", f"LoadInt {LEFT}, 3000",
                  f"LoadInt {INDEX}, {self.pick(0, 0, 0, 1, 3, 60, -1)}", f"LoadInt {OTHER}, {self.pick(0, 50, 90)}"]
        for _ in range(self.pick(1, 1, 2)):
            lines += self.loop()
        lines += [f"ConvF2I {FLOAT}, {FLOAT}", f"Xor {SUM}, {SUM}, {FLOAT}", f"Copy r50, {SUM}", "Call @show_number, r50 args=1",
                  f"Copy r50, {INDEX}", "Call @show_number, r50 args=1", "Return r0, 0"]
        types = f" types={TYPES}" if number % 2 else ""
        return f"fn f{number} params=9 param_count=8 closure param_types=[{', '.join(['int:0 1'] * 8)}] locals=64{types} {{\n" + (
            "".join(line + "\n" if line.endswith(":") else f"\t{line}\n" for line in lines)) + "}\n"

    def numbers(self, slot, count, first):
        return [f"LoadInt r60, {count}", f"LoadInt r61, {first}", "Call @numbers, r60 args=2 results=1",
                f"Copy {slot}, r60"]

    def packed_slice(self, slot, size, kind, count):
        return [f"LoadInt r60, {kind}", f"LoadInt r61, {count}", f"LoadInt r62, {count}",
                f"SliceNew {slot}, r60, r61 bytes={size}"]

    def attempt(self, number):
        """Calls a function, catches its panic, and shows what has become of the slices."""
        count = self.pick(40, 100, 300)
        lines = ["DeferPush @report, r50 args=0", *self.numbers("r11", count, self.pick(0, 5))]
        share = [f"LoadInt r60, {self.pick(0, 1, 2, 7)}", f"LoadInt r61, {count}", "SliceSlice r12, r11, r60"]
        lines += self.pick(share, self.numbers("r12", self.pick(40, 99, 301), 9), ["Copy r12, r11"])
        lines += ["LoadInt r60, 18", "LoadInt r61, 2", "LoadInt r62, 2", "SliceNew r13, r60, r61 bytes=8",
                  "LoadInt r60, 0", "SliceSet r13, r60, r11 bytes=8", "LoadInt r60, 1", "SliceSet r13, r60, r12 bytes=8"]
        for slot, (size, kind) in zip(("r14", "r15", "r16"), ((1, 8), (130, 4), (132, 5))):
            lines += self.packed_slice(slot, size, kind, self.pick(40, 100, 400))
        lines += [f"LoadInt r17, {self.pick(count, count, count - 1, count + 1, 20, 500)}",
                  f"LoadInt r18, {self.pick(1, 1, 2, 3, 9, 0, -1)}", "LoadInt r19, 0", f"ClosureNew r10, f_{number}, 0",
                  "DeferPush @hashes, r11 args=6", "CopyN r20, r11, 7", "CallClosure r10, r20 args=8", "Return r0, 0"]
        lines = [line.replace(f"f_{number}", f"@f{number}") for line in lines]
        return f"fn attempt{number} locals=64 {{\n" + "".join(f"\t{line}\n" for line in lines) + "}\n"

    def program(self):
        text = HEAD
        for number in range(FUNCTIONS):
            text += self.function(number) + self.attempt(number)
        calls = "".join(f"\tCall @attempt{number}, r0\n" for number in range(FUNCTIONS) for _ in range(3))
        return text + f"fn main {{\n{calls}\tReturn r0, 0\n}}\n"


def runs_of(_options, _seed, _generator):
    return [(mode, ()) for mode in MODES]


if __name__ == "__main__":
    sys.exit(random_runs.main(__doc__, 8, Generator, FUNCTIONS, runs_of))
