#!/usr/bin/env python3
"""Makes programs of random work on maps and parts of strings, and compares what the interpreter and compiled code make
of them.

    random_maps.py --volt=build/release/volt [--programs=N] [--seed=N]

Optimised code sets a key where it has just found it, unless a map may have changed (lower/map_work.c), and looks parts of
strings up without making them (codegen/string_parts.c). Programs print their maps in order, so it shows when one grew.
"""

import sys

import random_objects
import random_runs

MAPS = ["r1", "r2"]  # map[int]int
WORDS = "r3"  # map[string]int
TEXTS = ["r4", "r5", "r6"]
NUMBERS = [f"r{slot}" for slot in range(7, 12)]
ROUND, ROUNDS = "r12", "r13"
CALL = 16  # the first slot of what is called
DESCRIPTOR, KEY, VALUE = "r20", "r21", "r23"  # the key's slot stands behind the descriptor
BOUNDS = "r25"  # and r26

HEAD = """
module random_maps
entry @main
native vo_println results=0
global kept slots=1 kind=map types=r

""" + random_runs.SHOW_NUMBER + random_runs.REPORT + """fn show_text params=1 types=rpi {
	IfaceAssign r1, r0, iface(string), string
	CallExtern @vo_println, r1, r1 args=2
	Return r0, 0
}

fn show_map params=1 types=rvvvvv locals=20 {
	MapIterInit r6, r0
next:
	MapIterNext r1, r6, r3 key=1 value=1
	JumpIfNot r3, done
	Copy r4, r1
	Call @show_number, r4 args=1
	Copy r4, r2
	Call @show_number, r4 args=1
	Jump next
done:
	Return r0, 0
}

fn show_words params=1 locals=20 {
	MapIterInit r6, r0
next:
	MapIterNext r1, r6, r3 key=1 value=1
	JumpIfNot r3, done
	Copy r4, r1
	Call @show_text, r4 args=1
	Copy r4, r2
	Call @show_number, r4 args=1
	Jump next
done:
	Return r0, 0
}

fn new results=1 types=rvv {
	LoadConst r1, 8589934594
	LoadInt r2, 2
	MapNew r0, r1 key=1 value=1
	Return r0, 1
}

fn new_words results=1 types=rvv {
	LoadConst r1, 73014444034
	LoadInt r2, 17
	MapNew r0, r1 key=1 value=1
	Return r0, 1
}

; fill(a map, n): n more keys
fn fill params=2 types=rvvvvv {
	JumpIfNot r0, done
	LoadInt r2, 0
	LoadInt r5, 3
next:
	LoadInt r3, 257
	MulI r4, r2, r5
	MapSet r0, r3, r2
	ForLoop r2, r1, next
done:
	Return r0, 0
}

fn remove params=2 types=rvvv {
	LoadInt r2, 1
	Copy r3, r1
	MapDelete r0, r2
	Return r0, 0
}

"""


class Generator(random_objects.Generator):
    """One program; the same seed gives the same text."""

    head, functions = HEAD, 4

    def get(self, map_slot, key):
        """Some find out whether the key is there."""
        if self.random.random() < 0.3:
            return (f"LoadInt {DESCRIPTOR}, 65539\n\tCopy {KEY}, {key}\n\tMapGet {VALUE}, {map_slot}, {DESCRIPTOR}\n\t"
                    f"AddI {VALUE}, {VALUE}, r24")
        return f"LoadInt {DESCRIPTOR}, 65538\n\tCopy {KEY}, {key}\n\tMapGet {VALUE}, {map_slot}, {DESCRIPTOR}"

    def set(self, map_slot, key, value):
        return f"LoadInt {DESCRIPTOR}, 257\n\tCopy {KEY}, {key}\n\tMapSet {map_slot}, {DESCRIPTOR}, {value}"

    def remove(self, map_slot, key):
        return f"LoadInt {DESCRIPTOR}, 1\n\tCopy {KEY}, {key}\n\tMapDelete {map_slot}, {DESCRIPTOR}"

    def between(self, map_slot, key):
        """What stands between looking a key up and setting one."""
        choose = self.random.choice
        return self.random.choices([
            f"AddI {VALUE}, {VALUE}, {choose(NUMBERS)}",
            f"DivI {VALUE}, {VALUE}, {choose(NUMBERS)}",
            self.remove(map_slot, key),
            f"Copy {choose(MAPS)}, {choose(MAPS)}",
            f"Copy r{CALL}, {choose(MAPS)}\n\tCopy r{CALL + 1}, {choose(NUMBERS)}\n\tCall @remove, r{CALL} args=2",
            f"Copy r{CALL}, {choose(MAPS)}\n\tLoadInt r{CALL + 1}, {choose([3, 9])}\n\tCall @fill, r{CALL} args=2",
        ], [12, 3, 1, 1, 1, 1])[0]

    def update(self, map_slot, key, other_map, other_key):
        same = self.random.random() < 0.8
        return "\n\t".join([self.get(map_slot, key), self.between(map_slot, key),
                            self.set(map_slot if same else other_map, key if same else other_key, VALUE)])

    def part(self):
        """Most bounds are within most texts."""
        low = self.random.choice([0, 0, 1, 1, 2, 3])
        high = low + self.random.choice([0, 1, 1, 2, 2, 3])
        return (f"LoadInt {BOUNDS}, {low}\n\tLoadInt r26, {high}\n\t"
                f"StrSlice {self.random.choice(TEXTS[1:])}, {self.random.choice(TEXTS[:2])}, {BOUNDS}")

    def instruction(self):
        choose = self.random.choice
        one, two, number, other = choose(MAPS), choose(MAPS), choose(NUMBERS), choose(NUMBERS)
        text, further = choose(TEXTS), choose(TEXTS)
        kinds = [
            (12, self.update(one, number, two, other)),
            (3, self.set(one, number, other)),
            (3, f"{self.get(one, number)}\n\tCopy {other}, {VALUE}"),
            (2, self.remove(one, number)),
            (1, f"Copy {one}, {two}"),
            (1, f"GlobalSet @kept, {one}"),
            (1, f"GlobalGet {one}, @kept"),
            (6, self.part()),
            (6, f"{self.part()}\n\t{self.update(WORDS, TEXTS[1], WORDS, further)}"),
            (6, f"{self.part()}\n\t{self.update(WORDS, TEXTS[2], WORDS, further)}"),
            (3, self.update(WORDS, text, WORDS, further)),
            (2, self.remove(WORDS, text)),
            (4, f"{self.part()}\n\t{choose(['StrEq', 'StrNe'])} {number}, {text}, {further}"),
            (1, f"StrLen {number}, {text}"),
            (1, f'StrNew {TEXTS[0]}, "{choose(["abcabcabc", "ababa", "xyzzy"])}"'),
            (4, f"AddI {number}, {number}, {other}"),
            (3, f"LoadInt {number}, {self.random.randrange(24)}"),
        ]
        return self.random.choices([text for _, text in kinds], [weight for weight, _ in kinds])[0]

    def function(self, number):
        count = self.random.randrange(5, 18)
        types = "vrrrrrr" + "v" * 33
        text = f"fn f{number} locals=40 types={types} {{\n\tDeferPush @report, r{CALL} args=0\n"
        for slot in NUMBERS:
            text += f"\tLoadInt {slot}, {self.random.choice([0, 1, 2, 3, 7, 12])}\n"
        for slot in MAPS:
            text += f"\tCall @new, {slot} results=1\n"
        text += f"\tCall @new_words, {WORDS} results=1\n"
        for slot in TEXTS:
            text += f'\tStrNew {slot}, "abcabcabc"\n'
        text += f"\tLoadInt {ROUND}, 0\n\tLoadInt {ROUNDS}, {self.random.choice([3, 9])}\nagain:\n"
        text += "".join(self.line(line, count) for line in range(count))
        text += f"line{count}:\n\tForLoop {ROUND}, {ROUNDS}, again\n"
        for slot in NUMBERS:
            text += f"\tCopy r{CALL}, {slot}\n\tCall @show_number, r{CALL} args=1\n"
        for slot in MAPS:
            text += f"\tCopy r{CALL}, {slot}\n\tCall @show_map, r{CALL} args=1\n"
        text += f"\tCopy r{CALL}, {WORDS}\n\tCall @show_words, r{CALL} args=1\n"
        return text + "\tReturn r0, 0\n}\n\n"


if __name__ == "__main__":
    sys.exit(random_runs.main(__doc__, 3, Generator, Generator.functions + 1, random_objects.runs_of))
