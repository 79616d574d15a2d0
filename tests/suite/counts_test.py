"""The counting behind tests/run: a failure must never be lost, whatever a test prints."""

import unittest

import counts

LOG = """Start testing: now
----------------------------------------------------------
1/3 Testing: strings
1/3 Test: strings
Output:
----------------------------------------------------------
Running suite(s): strings
80%: Checks: 10, Failures: 1, Errors: 1
100%: Checks: 5, Failures: 0, Errors: 0
<end of output>
Test Failed.
2/3 Testing: programs/run
Output:
interp: 7 passed, 0 failed
skipped: no tool
test_it (x.X.test_it) ... skipped "no 'tty'"
skipped: no tool
3 passed, 0 failed
12 passed, 0 failed, 2 skipped
Test Passed.
3/3 Testing: silent
Output:
Test Passed.
"""


class Counting(unittest.TestCase):
    def test_log(self):
        self.assertEqual(counts.of_log(LOG), {
            "strings": counts.Counts(passed=13, failed=2),
            "programs/run": counts.Counts(passed=12, skipped=2),
            "silent": counts.Counts(passed=1),
        })

    def test_names_of_failed_cases(self):
        """As unittest, Check and our own runners name them; of what passed, none."""
        log = """1/4 Testing: cli
FAIL: test_run (run_test.Run.test_run) (mode='interp')
FAIL: test_run (run_test.Run.test_run) (mode='interp')
ERROR: test_dump (dump_test.Dump.test_dump)
Test Failed.
2/4 Testing: strings
66%: Checks: 3, Failures: 1, Errors: 1
tests/object/strings_test.c:40:F:strings:slices_share:0: Assertion 'a == b' failed
tests/object/strings_test.c:90:E:strings:long_ones:3: (after this point) Received signal 11
tests/object/strings_test.c:95:P:strings:empty_ones:0: Passed
Test Failed.
3/4 Testing: programs/run
FAILED sum in mode interp
    no output
Test Failed.
4/4 Testing: silent
Segmentation fault
Test Failed.
5/5 Testing: good
FAILED is what the program prints
Test Passed.
"""
        self.assertEqual(counts.failed_cases(log), {
            "cli": ["test_run (run_test.Run.test_run) (mode='interp')", "test_dump (dump_test.Dump.test_dump)"],
            "strings": ["slices_share", "long_ones"],
            "programs/run": ["sum in mode interp"],
            "silent": [],
        })

    def test_reasons_for_skipping(self):
        self.assertEqual(counts.skip_reasons(LOG), [("programs/run", "no tool"), ("programs/run", "no 'tty'")])

    def test_crash_after_a_good_summary(self):
        self.assertEqual(counts.of_test("100%: Checks: 5, Failures: 0, Errors: 0\n", passed=False),
                         counts.Counts(passed=5, failed=1))

    def test_crash_before_any_summary(self):
        self.assertEqual(counts.of_test("Segmentation fault\n", passed=False), counts.Counts(failed=1))

    def test_failures_with_good_status(self):
        with self.assertRaises(ValueError):
            counts.of_test("1 passed, 1 failed\n", passed=True)

    def test_closing_line(self):
        self.assertEqual(str(counts.Counts(3, 0)), "3 passed, 0 failed")
        self.assertEqual(str(counts.Counts(3, 1, 2)), "3 passed, 1 failed, 2 skipped")


if __name__ == "__main__":
    unittest.main()
