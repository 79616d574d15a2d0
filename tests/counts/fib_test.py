"""fib on every preset and machine: results, the recurrence of its counts, and that counts do not vary."""

import json
import pathlib
import tempfile
import unittest

from counting import COUNTS, TARGETS, CountTest, about_code, compile_object, presets

TRIVIAL = ("v4-", "trivial-")  # how names of objects begin
FIRST, LAST = 8, 14


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def activations(n):
    return 1 if n < 2 else 1 + activations(n - 1) + activations(n - 2)


@about_code
class Fib(CountTest):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        folder = pathlib.Path(temporary.name)
        cls.objects = [compile_object(folder, target, preset) for target in TARGETS for preset in presets()]
        cls.counted = {}  # by path: what FIRST to LAST take

    def counts_of(self, path):
        if path not in self.counted:
            self.counted[path] = [self.count(path, "fib", n) for n in range(FIRST, LAST + 1)]
        return self.counted[path]

    def test_result(self):
        for path in self.objects:
            for n in (-3, 0, 1, 2, 15):
                self.assertEqual(self.count(path, "fib", n)["result"], fib(n), path.name)

    def test_recurrence(self):
        """count(n) = count(n - 1) + count(n - 2) + c: a call of fib(n) is the two others and a fixed part."""
        for path in self.objects:
            counted = self.counts_of(path)
            for name in COUNTS:
                values = [count[name] for count in counted]
                fixed = {values[i] - values[i - 1] - values[i - 2] for i in range(2, len(values))}
                self.assertEqual(len(fixed), 1, (path.name, name, values))

    def test_calls(self):
        """
        Each activation but the outermost is called by compiled code; that one too where an entry wraps it, and where an
        attempt stands between both (trivial exits), there is one call more.
        """
        for path in self.objects:
            calls = [count["calls"] - activations(n) for n, count in enumerate(self.counts_of(path), start=FIRST)]
            self.assertEqual(len(set(calls)), 1, path.name)
            self.assertIn(calls[0], (-1, 0, 1) if path.name.startswith(TRIVIAL) else (-1, 0), path.name)

    def test_listed_instructions_are_those_that_are_counted(self):
        for target in TARGETS:
            process = self.run_count(self.compile(target, presets()[0]), "fib", LAST, options=["--instructions"])
            found = json.loads(process.stdout)
            listed = found["executed"]
            self.assertEqual(sum(times for _, times, _ in listed), found["instructions"])
            self.assertEqual(listed, sorted(listed))
            ends = [offset + len(code) // 2 for offset, _, code in listed]
            self.assertTrue(all(end <= offset for end, (offset, _, _) in zip(ends, listed[1:])))

    def test_runs_are_equal(self):
        for path in self.objects:
            first = self.run_count(path, "fib", LAST)
            self.assertEqual(first.stdout, self.run_count(path, "fib", LAST).stdout)


if __name__ == "__main__":
    unittest.main()
