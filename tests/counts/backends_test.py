"""perf/count-backends: its kernels, its table and its JSON."""

import json
import math
import sys
import unittest

from counting import BUILD, COUNTS, ROOT, TARGETS, CountTest, about_code, output_of, presets, run

sys.path.insert(0, str(ROOT / "perf"))

from counts import emulate, kernels, table  # noqa: E402

COMMAND = [ROOT / "perf" / "count-backends", f"--build={BUILD}"]


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def tak(x, y, z):
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) if y < x else z


def ack(m, n):
    if m == 0:
        return n + 1
    return ack(m - 1, 1) if n == 0 else ack(m - 1, ack(m, n - 1))


def is_even(n):
    return int(n % 2 == 0)


def turn(n, a, b, c, d, e, f, g, h, i):
    if n < 2:
        return (a + 2 * b + 3 * c) ^ (d + e) ^ (f - g) ^ (h + i)
    return turn(n - 1, b, c, d, e, f, g, h, i, a + n) + turn(n - 2, c, a, b, f, d, e, i, g, h - n)


def fourth(x, y):
    fifth = x ^ y
    return ((5 * fifth) ^ (fifth >> 3)) + fifth - y


def third(x, y, z):
    return fourth(x + z, y - z) ^ (y + z)


def second(x, y):
    return third(x & 255, y | 3, x - y) + x


def first(x):
    return second(7 * x, x + 11) + 6 * x


def level6(n):
    return n >> 1  # with an error for n whose low eleven bits are set: none in the call that is counted


def level3(n):
    return 3 * (level6(((n + 3) ^ 4) + 1) + 5 - 4) + n


def level1(n):
    low = n & 65535
    return (2 * level3(low >> 1) ^ low) & 4095


def mix24(x):
    return (5 * x + 77 ^ x >> 4) & 16777215


def hot(x, i):
    first_mix = mix24(x ^ i)
    return first_mix ^ mix24(first_mix + x)


def step(x):
    product = (1103515245 * x + 12345) & 2147483647
    assert product & 16776960, "step sends"
    return product >> 8


def mix(x, i):
    first_step = step(x ^ i)
    return ((x ^ i) - first_step ^ step(7 * i + x + first_step)) & 16777215


def block(channel, x, i):
    assert channel == 0
    for j in range(1000):
        x = mix(x, i + j)
    return x


def wrap(value, bits):
    value &= 2 ** bits - 1
    return value - 2 ** bits if value >> bits - 1 else value


def no_result(*arguments):
    return 0


def bytesum(*slices):
    """Of slices of zeros."""
    count = int(slices[0].split(":")[1])
    return sum(wrap(wrap(-(index & 255), 16) << 3, 32) for index in range(count))


def prefix(rows):
    """Of rows of zeros."""
    _, height, _, width, _ = rows.split(":")
    table, total = [[0] * int(width) for _ in range(int(height))], 0
    for row in range(1, len(table)):
        for column in range(1, int(width)):
            table[row][column] = (table[row - 1][column] + table[row][column - 1] - table[row - 1][column - 1]
                                  + row * column) & 0xffff
            total += table[row][column]
    return total


def queens(n, row, *slices):
    """Ways to complete an empty board."""
    def ways(taken):
        return 1 if len(taken) == n else sum(
            ways((*taken, column)) for column in range(n)
            if all(column != other and abs(column - other) != len(taken) - place for place, other in enumerate(taken)))
    assert row == 0
    return ways(())


def loop(n, accumulator):
    return accumulator if n == 0 else loop(n - 1, (5 * accumulator + n) & 0xffffff)


def first_of_position(*slots):
    """The position stays at 0 without a speed: the bits of 0.0."""
    return 0


HOT_DEFINITIONS = {
    ("matmul_flat", "mul"): no_result, ("bounds_heavy", "gather"): no_result, ("bounds_heavy", "smooth"): no_result,
    ("bounds_heavy", "bytesum"): bytesum, ("bounds_heavy", "dot"): lambda *slices: 0, ("bounds_heavy", "prefix"): prefix,
    ("spectral_norm", "mulAv"): no_result, ("spectral_norm", "mulAtv"): no_result, ("nbody", "advance"): no_result,
    ("quicksort", "sortRange"): no_result, ("nqueens", "solve"): queens, ("struct_copy", "step"): first_of_position,
    ("tail_recursion", "loop"): loop, ("tail_recursion", "gcd"): math.gcd,
}

DEFINITIONS = {function.__name__: function
               for function in (fib, tak, ack, is_even, turn, first, level1, hot, block)}


@about_code
class Kernels(CountTest):
    def test_results_are_those_of_the_definitions(self):
        for kernel in kernels.KERNELS:
            self.assertEqual(DEFINITIONS[kernel.function](*kernel.arguments), kernel.result, kernel.program)

    def test_results_at_the_optimised_level(self):
        """Calls go through the table of inner forms there."""
        for kernel in kernels.HOT:
            expected = HOT_DEFINITIONS[kernel.program, kernel.function](*kernel.arguments)
            self.assertEqual(kernel.result, expected, kernel.function)
            for target in TARGETS:
                counted = emulate.count(BUILD, kernel, kernel.path(), "optimised", target, self.folder)
                self.assertEqual(counted["result"], expected, kernel.function)

    def test_three_results_and_a_status(self):
        """By the convention of Swift they need no memory on x86-64 either, and nothing changes where registers were enough."""
        error_propagation, = kernels.find(["error_propagation"])
        fib, = kernels.find(["fib"])

        def instructions(kernel, target, context):
            counted = emulate.count(BUILD, kernel, kernel.path(), f"record-hinted,context={context}", target, self.folder)
            return counted["instructions"]

        self.assertLess(instructions(error_propagation, "x86_64", "swift"),
                        0.7 * instructions(error_propagation, "x86_64", "pinned"))
        for kernel, target in (error_propagation, "aarch64"), (fib, "aarch64"), (fib, "x86_64"):
            self.assertEqual(instructions(kernel, target, "swift"), instructions(kernel, target, "pinned"))

    def test_functions_exist(self):
        for kernel in [*kernels.find([]), *kernels.HOT]:
            parameters = f"fn {kernel.function} params={len(kernel.arguments)} "
            self.assertIn(parameters, kernel.path().read_text(), kernel.program)


@about_code
class Command(CountTest):
    def test_table_and_json(self):
        file = self.folder / "counts.json"
        lines = output_of([*COMMAND, "fib", f"--json={file}"]).splitlines()
        rows = json.loads(file.read_text())["kernels"][0]["counts"]
        self.assertEqual([(row["target"], row["preset"]) for row in rows],
                         [(target, preset) for target in TARGETS for preset in presets()])
        self.assertEqual(lines[1], "fib: fib(20) = 6765; ratio: instructions to baseline")
        for line, row in zip(lines[3:], rows):
            words = line.split()
            self.assertEqual(words[:2], [row["target"], row["preset"]])
            self.assertEqual(words[3:], [str(row[name]) for name in COUNTS])

    def test_ratio_is_to_the_reference_of_the_same_target(self):
        rows = [{"target": "a", "preset": "baseline", "instructions": 10},
                {"target": "b", "preset": "baseline", "instructions": 40},
                {"target": "b", "preset": "other", "instructions": 20}]
        self.assertEqual([table.ratio(row, rows) for row in rows], [1, 1, 0.5])
        self.assertIsNone(table.ratio(rows[2], rows[2:]))

    def test_one_preset_and_target(self):
        output = output_of([*COMMAND, "fib", f"--preset={presets()[0]}", "--target=aarch64"])
        self.assertEqual([line.split()[:2] for line in output.splitlines()[3:]], [["aarch64", presets()[0]]])

    def test_unknown_names(self):
        for words, message in [(["none"], "no kernel none; there are: .*fib"), (["--preset=none"], "no preset none")]:
            process = run([*COMMAND, *words])
            self.assertEqual((process.returncode, process.stdout), (1, ""))
            self.assertRegex(process.stderr, message)

    def test_every_function_must_give_its_result(self):
        programs = self.folder
        text = (ROOT / "perf" / "programs" / "fib.vot").read_text()
        (programs / "fib.vot").write_text(text.replace("AddI r1, r2, r3", "SubI r1, r2, r3"))
        process = run([*COMMAND, "fib", f"--programs={programs}"])
        self.assertEqual(process.returncode, 1)
        self.assertRegex(process.stderr, r"fib with [\w-]+ for x86_64 gave -?\d+, not 6765")


if __name__ == "__main__":
    unittest.main()
