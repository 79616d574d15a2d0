#!/usr/bin/env python3
"""Makes programs of random instructions and compares what the interpreter and compiled code make of them.

    random_code.py --volt=build/release/volt [--programs=N] [--seed=N]

Few slots are used, so that operands overlap and values depend on each other. Instructions that follow each other run as
one in the interpreter and are combined by the optimiser: both must give what single instructions give, traps included.

Floats have slots of their own, into which any bits may come. NaNs are frequent; the bits of one go nowhere but where it
has one identity (runtime/DIFFERENCES.md): the program looks whether a float is a NaN before it takes it for an integer.
"""

import pathlib
import random
import re
import sys

import modes
import random_runs

FUNCTIONS = 40  # in one program
MODE_SHARE = 3
NUMBERS = 6  # r0 to r5; the objects stand in the slots behind them
WORDS, BYTES, HALVES, TRIPLES, POINTER = "r8", "r9", "r10", "r11", "r12"
FLOATS = ["r24", "r25", "r26", "r27", "r28"]
FLOAT_WORDS, FLOAT_MAP = "r13", "r14"
SPARE = "r16"  # words, too: each of the two slots may hold what the other one does
SMALL = [0, 1, 2, 3, -1, 5, 7, 63, 64, -2, 100000]
LARGE = ["1.5", "-0.5", "4294967296", "9223372036854775807", "-9223372036854775808"]
FLOAT_CONSTANTS = ["0.0", "-0.0", "1.0", "-1.0", "1.5", "-0.5", "1e300", "1e-310"] + [
    f"float {bits}"
    for bits in ("0x7ff0000000000000", "0xfff0000000000000", "0x7ff8000000000000", "0xfff8000000000000",
                 "0x7ff8000000000001", "0xfff8123456789abc", "0x7ff0000000000001", "0xffffffffffffffff")
]

TABLE = pathlib.Path(__file__).resolve().parents[2] / "runtime" / "include" / "volt" / "opcodes.def"
ARITHMETIC = re.compile(r"/\* Integer and float arithmetic.*?(?=\n/\*)", re.DOTALL)  # the rows of that section


def arithmetic(*operands):
    """Names of the arithmetic opcodes with these operands."""
    rows = ARITHMETIC.search(TABLE.read_text())[0]
    return re.findall(rf"^OPCODE\(\d+, (\w+), OPERANDS\({re.escape(', '.join(operands))}\)", rows, re.MULTILINE)


UNARY = [name for name in arithmetic("WRITE(A, ONE)", "READ(B, ONE)") if not name.endswith("F")]
OPERATIONS = arithmetic("WRITE(A, ONE)", "READ(B, ONE)", "READ(C, ONE)")
FLOAT_COMPARISONS = [name for name in OPERATIONS if re.fullmatch("(Eq|Ne|Lt|Le|Gt|Ge)F", name)]
FLOAT_BINARY = [name for name in OPERATIONS if name.endswith("F") and name not in FLOAT_COMPARISONS]
BINARY = [name for name in OPERATIONS if not name.endswith("F")]
assert UNARY and BINARY and FLOAT_BINARY and FLOAT_COMPARISONS, "the opcode table has another form"

PRELUDE = """module random_code
entry @main
native vo_println results=0
global infinity kind=float64 types=f

; catch(function number): prints what the function panicked with
fn catch params=1 {
	Recover r3
	IfaceAssign r1, r0, iface(int), int
	CallExtern @vo_println, r1, r1 args=4
	Return r0, 0
}

; show(six numbers)
fn show params=6 {
	IfaceAssign r6, r0, iface(int), int
	IfaceAssign r8, r1, iface(int), int
	IfaceAssign r10, r2, iface(int), int
	IfaceAssign r12, r3, iface(int), int
	IfaceAssign r14, r4, iface(int), int
	IfaceAssign r16, r5, iface(int), int
	CallExtern @vo_println, r6, r6 args=12
	Return r0, 0
}

; show_float(x): prints x, and whether it is the NaN that the machine makes when the program runs
fn show_float params=1 {
	IfaceAssign r2, r0, iface(float64), float64
	GlobalGet r1, @infinity
	SubF r1, r1, r1
	IfaceAssign r6, r1, iface(float64), float64
	IfaceEq r1, r2, r6
	IfaceAssign r4, r1, iface(bool), bool
	CallExtern @vo_println, r2, r2 args=4
	Return r0, 0
}

; show_floats(a map, five floats): also puts them into the map and prints how many keys that has
fn show_floats params=6 {
	LoadInt r6, 257
	LoadInt r8, 1
	Copy r7, r1
	MapSet r0, r6, r8
	Copy r7, r2
	MapSet r0, r6, r8
	Copy r7, r3
	MapSet r0, r6, r8
	Copy r7, r4
	MapSet r0, r6, r8
	Copy r7, r5
	MapSet r0, r6, r8
	MapLen r0, r0
	IfaceAssign r6, r0, iface(int), int
	CallExtern @vo_println, r6, r6 args=2
	Call @show_float, r1 args=1
	Call @show_float, r2 args=1
	Call @show_float, r3 args=1
	Call @show_float, r4 args=1
	Call @show_float, r5 args=1
	Return r0, 0
}
"""

OBJECTS = f"""	LoadInt r20, 2
	LoadInt r21, 5
	LoadInt r22, 5
	SliceNew {WORDS}, r20, r21 bytes=8
	SliceNew {SPARE}, r20, r21 bytes=8
	LoadInt r20, 8
	SliceNew {BYTES}, r20, r21 bytes=1
	LoadInt r20, 5
	SliceNew {HALVES}, r20, r21 bytes=0x84
	LoadInt r20, 15
	SliceNew {TRIPLES}, r20, r21 bytes=24
	LoadInt r20, 13
	SliceNew {FLOAT_WORDS}, r20, r21 bytes=8
	LoadConst r20, 55834574850 ; from float64 to int
	LoadInt r21, 13
	MapNew {FLOAT_MAP}, r20 key=1 value=1
	LoadInt r20, 0
	PtrNew {POINTER}, r20, 3
"""


class Generator:
    """One program; the same seed gives the same text."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.labels = 0
        self.float_weight = 0  # of the function that is being made

    def slot(self, width=1):
        return f"r{self.random.randrange(NUMBERS - width + 1)}"

    def bits_of_number(self, slot, value):
        """The slot gets the bits of a float, unless that is a NaN."""
        self.labels += 1
        skip = f"skip{self.labels}"
        return f"EqF r36, {value}, {value}\n\tJumpIfNot r36, {skip}\n\tCopy {slot}, {value}\n{skip}:"

    def float_instruction(self):
        slot, choose = self.slot, self.random.choice
        one, two, three = (choose(FLOATS) for _ in range(3))
        kinds = [
            (14, f"{choose(FLOAT_BINARY)} {one}, {two}, {three}"),
            (2, f"NegF {one}, {two}"),
            (3, f"LoadConst {one}, {choose(FLOAT_CONSTANTS)}"),
            (2, f"Copy {one}, {two}"),
            (2, f"Copy {one}, {slot()}"),
            (2, f"ConvI2F {one}, {slot()}"),
            (2, f"ConvF2I {slot()}, {one}"),
            (1, f"ConvF64F32 r15, {one}\n\tConvF32F64 {two}, r15"),
            (1, f"ConvF64F32 {slot()}, {one}"),
            (4, f"{choose(FLOAT_COMPARISONS)} {slot()}, {one}, {two}"),
            (3, self.bits_of_number(slot(), one)),
            (1, f"SliceSet {FLOAT_WORDS}, {slot()}, {one} bytes=8"),
            (1, f"SliceGet {one}, {FLOAT_WORDS}, {slot()} bytes=8"),
            (2, f"LoadInt r34, 257\n\tCopy r35, {one}\n\tMapSet {FLOAT_MAP}, r34, {slot()}"),
            (1, f"LoadInt r34, 65538\n\tCopy r35, {one}\n\tMapGet {slot()}, {FLOAT_MAP}, r34"),
            (2, f"IfaceAssign r30, {one}, iface(float64), float64\n\t"
                f"IfaceAssign r32, {two}, iface(float64), float64\n\tIfaceEq {slot()}, r30, r32"),
        ]
        weights = [weight for weight, _ in kinds]
        return self.random.choices(kinds, weights)[0][1]

    def instruction(self):
        slot, choose = self.slot, self.random.choice
        words = lambda: choose([WORDS, SPARE])
        kinds = [
            (14, lambda: f"LoadInt {slot()}, {choose(SMALL)}"),
            (4, lambda: f"LoadConst {slot()}, {choose(LARGE)}"),
            (10, lambda: f"Copy {slot()}, {slot()}"),
            (6, lambda: f"CopyN {slot(3)}, {slot(3)}, {choose([2, 3])}"),
            (32, lambda: f"{choose(BINARY)} {slot()}, {slot()}, {slot()}"),
            (3, lambda: f"{choose(UNARY)} {slot()}, {slot()}"),
            (6, lambda: f"Trunc {slot()}, {slot()}, {choose(['0x81', '0x82', '0x84', 1, 2, 4])}"),
            (5, lambda: f"SliceGet {slot()}, {WORDS}, {slot()} bytes=8"),
            (3, lambda: f"SliceGet {slot()}, {BYTES}, {slot()} bytes=1"),
            (2, lambda: f"SliceGet {slot()}, {HALVES}, {slot()} bytes=0x84"),
            (2, lambda: f"SliceGet {slot(3)}, {TRIPLES}, {slot()} bytes=24"),
            (3, lambda: f"SliceSet {WORDS}, {slot()}, {slot()} bytes=8"),
            (2, lambda: f"SliceSet {BYTES}, {slot()}, {slot()} bytes=1"),
            (2, lambda: f"SliceSet {HALVES}, {slot()}, {slot()} bytes=0x84"),
            (2, lambda: f"SliceLen {slot()}, {WORDS}"),
            (4, lambda: f"LoadInt r22, 2\n\tCopy r23, {slot()}\n\tSliceAppend {words()}, {words()}, r22 bytes=8"),
            (2, lambda: f"Copy {words()}, {words()}"),
            (2, lambda: f"LoadInt r22, 0\n\tLoadInt r23, {self.random.randrange(6)}\n\t"
                        f"SliceSlice {words()}, {words()}, r22"),
            (3, lambda: f"PtrGet {slot()}, {POINTER}, {self.random.randrange(3)}"),
            (2, lambda: f"PtrSet {POINTER}, {self.random.randrange(3)}, {slot()}"),
            (self.float_weight, self.float_instruction),
        ]
        weights = [weight for weight, _ in kinds]
        return self.random.choices(kinds, weights)[0][1]()

    def line(self, number, count):
        """An instruction behind its label; some are jumps to a label further down."""
        text = f"line{number}:\n\t"
        if self.random.random() < 0.1:
            target = f"line{self.random.randint(number + 1, min(count, number + 6))}"
            jump = self.random.choice([f"JumpIf {self.slot()},", f"JumpIfNot {self.slot()},", "Jump"])
            return f"{text}{jump} {target}\n"
        return f"{text}{self.instruction()}\n"

    def function(self, number):
        count = self.random.randrange(4, 24)
        self.float_weight = self.random.choice([20, 20, 300])
        text = f"fn f{number} locals=40 {{\n\tLoadInt r20, {number}\n\tDeferPush @catch, r20 args=1\n{OBJECTS}"
        for slot in range(NUMBERS):
            text += f"\tLoadInt r{slot}, {self.random.choice([0, 1, 2, 3, 4, -1, 255, 1000])}\n"
        for slot in FLOATS:
            text += f"\tLoadConst {slot}, {self.random.choice(FLOAT_CONSTANTS)}\n"
        text += f"\tLoadInt r18, 0\n\tLoadInt r19, {self.random.choice([1, 3])}\nagain:\n"
        # Without a loop around it, LLVM calculates much of the code itself.
        loop = self.random.choice(["", "\tForLoop r18, r19, again\n"])
        text += "".join(self.line(line, count) for line in range(count))
        text += f"line{count}:\n{loop}\tCall @show, r0 args=6\n"
        text += f"\tSliceLen r0, {WORDS}\n\tSliceLen r1, {SPARE}\n\tCall @show, r0 args=6\n"
        for slice_slot, flags in ((SPARE, "8"), (WORDS, "8"), (BYTES, "1"), (HALVES, "0x84")):
            for index in range(3):
                text += f"\tLoadInt r20, {index}\n\tSliceGet r{index}, {slice_slot}, r20 bytes={flags}\n"
            text += "\tCall @show, r0 args=6\n"
        text += f"\tCopy r29, {FLOAT_MAP}\n\tCopyN r30, {FLOATS[0]}, 5\n\tCall @show_floats, r29 args=6\n"
        return text + "\tReturn r0, 0\n}\n\n"

    def program(self):
        functions = "".join(self.function(number) for number in range(FUNCTIONS))
        calls = "".join(f"\tCall @f{number}, r0 args=0\n" for number in range(FUNCTIONS))
        infinity = "\tLoadConst r0, float 0x7ff0000000000000\n\tGlobalSet @infinity, r0\n"
        return f"{PRELUDE}\n{functions}fn main {{\n{infinity}{calls}\tReturn r0, 0\n}}\n"


def runs_of(options, seed, _generator):
    """Some of the modes: those of three programs together are all."""
    every = modes.all_modes(options.volt, has_tier=True)
    return [(mode, ()) for mode in every[1 + seed % MODE_SHARE :: MODE_SHARE]]


if __name__ == "__main__":
    sys.exit(random_runs.main(__doc__, 4, Generator, FUNCTIONS, runs_of))
