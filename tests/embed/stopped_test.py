"""Where an interrupt or a limit has met the program: in the message, and as a trace, in every tier."""

import unittest

from hosts import HERE, HostTest, TIERS

FILE = "stopped.vot"
LINES = (HERE / FILE).read_text().splitlines()
STEPS, BYTES = 20000, 64 << 20
MEMORY, LIMIT, PANIC, INTERRUPTED = 6, 7, 8, 11


def place(function, instruction):
    """"function file:line" of the only place in the function where this instruction stands."""
    first = next(i for i, line in enumerate(LINES) if line.startswith(f"fn {function} "))
    end = LINES.index("}", first)
    line, = [i + 1 for i in range(first, end) if LINES[i].strip() == instruction]
    return f"{function} {FILE}:{line}"


TURN = place("turn", "Jump again")
OUTER = [TURN, place("middle", "Call @turn, r0"), place("outer", "Call @middle, r0")]
LOOK = place("look", "CallExtern @host_interrupt, r0, r0 args=0")
OUTER_LOOK = [LOOK, place("outer_look", "Call @look, r0")]


def trace(places):
    return "".join(f"\t{text}\n" for text in places)


class Stopped(HostTest):
    def expect(self, function, kind, message, told, steps=0, heap=0):
        for tier in TIERS:
            with self.subTest(tier=tier):
                self.check(self.run_host("stopped", FILE, tier, function, steps, heap, cwd=HERE), 1,
                           f"kind {kind}: {message}\n{told}''\n")

    def test_limit_of_steps(self):
        self.expect("outer", LIMIT, f"limit of {STEPS} steps reached in {TURN}", trace(OUTER), steps=STEPS)

    def test_deep_stack(self):
        call = place("deep", "Call @deep, r1 args=1")
        frames = [TURN, place("deep", "Call @turn, r1")] + [call] * 299 + [place("very_deep", "Call @deep, r0 args=1")]
        self.expect("very_deep", LIMIT, f"limit of {STEPS} steps reached in {TURN}",
                    trace(frames[:50]) + f"\t... {len(frames) - 100} more frames\n" + trace(frames[-50:]), steps=STEPS)

    def test_interrupt(self):
        self.expect("outer_look", INTERRUPTED, f"interrupted in {LOOK}", trace(OUTER_LOOK))

    def test_interrupt_of_another_fiber(self):
        self.expect("receive", INTERRUPTED, f"interrupted in {LOOK}", trace(OUTER_LOOK))

    def test_interrupt_before_work(self):
        """What may take long is not begun, however few steps the time slice has had."""
        expected = {
            "before_text": "StrConcat r0, r0, r0", "before_comparison": "StrEq r0, r0, r0",
            "before_array": "ArrayNew r0, r1, r2 bytes=8", "before_slice": "SliceNew r0, r1, r2 bytes=8",
            "before_channel": "ChanNew r0, r1, r2 slots=1", "before_interfaces": "IfaceEq r0, r1, r1",
            "before_native": "CallExtern @host_wait, r0, r0 args=0",
            "before_native_of_loop": "CallExtern @host_interrupt_at_once, r0, r0 args=0",
        }
        for function, instruction in expected.items():
            with self.subTest(function=function):
                where = place(function, instruction)
                self.check(self.run_host("stopped", FILE, "interp", function, 0, 0, cwd=HERE), 1,
                           f"kind {INTERRUPTED}: interrupted in {where}\n\t{where}\n''\n")

    def test_interrupt_while_all_wait(self):
        call = "CallExtern @host_wait, r0, r0 args=0"
        index = [line.split()[1] for line in LINES if line.startswith("fn ")].index("wait")
        self.expect("wait", INTERRUPTED, "interrupted",
                    f"  fiber=0 state=Blocked(IO)\n    at func={index} pc=0\n    next inst@0=CallExtern\n"
                    f"    waits in {place('wait', call)}: {call}\n")

    def test_interrupt_beside_a_panic(self):
        """The trace is the panic's, and what waits for ever is not added to it."""
        panic = place("panic_behind_interrupt", "DivI r0, r0, r1")
        self.expect("panic_behind_interrupt", PANIC, "runtime error: integer divide by zero", trace([panic]))

    def test_limit_on_an_island(self):
        outer = place("turn_on_island", "Call @outer, r1")
        self.expect("island", LIMIT, f"limit of {STEPS} steps reached in {TURN}", trace([*OUTER, outer]), steps=STEPS)

    def test_memory(self):
        """The instruction is not told, and of compiled code the function that was entered."""
        outer = place("outer_hoard", "Call @hoard, r0")
        for tier in TIERS:
            process = self.run_host("stopped", FILE, tier, "outer_hoard", 0, BYTES, cwd=HERE)
            message, *told = process.stdout.splitlines()
            self.assertEqual(message, f"kind {MEMORY}: heap limit of {BYTES} bytes reached")
            interpreted, entered = ["\thoard", f"\t{outer}", "''"], ["\touter_hoard", "''"]
            self.assertIn(told, [interpreted] if tier == "interp" else [interpreted, entered], tier)


if __name__ == "__main__":
    unittest.main()
