"""How many test cases passed: read from what the tests print.

A suite written with Check prints "NN%: Checks: N, Failures: N, Errors: N" for each of its runners; our own
runners print "N passed, N failed" or "N passed, N failed, N skipped" at their end. A test that prints neither
counts as one.
"""

import dataclasses
import re

CHECK_SUMMARY = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", re.MULTILINE)
OWN_SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
# "skipped: REASON", and what unittest prints.
SKIP_REASON = re.compile(r"^(?:skipped: (.+)|.+ \.\.\. skipped (['\"])(.+)\2)$", re.MULTILINE)
# What unittest, Check and our own runners print of a test case that failed.
FAILED_CASE = re.compile(r"^(?:(?:FAIL|ERROR): (.+)|[^:\n]+:\d+:[FE]:[^:\n]+:([^:\n]+):-?\d+: .*|FAILED:? (.+))$", re.MULTILINE)
# Sections of ctest's LastTest.log.
LOG_TEST = re.compile(r"^\d+/\d+ Testing: (?P<name>.+)$", re.MULTILINE)


@dataclasses.dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def of_output(output):
    """What a test's output says; None if it says nothing."""
    total = Counts()
    check = CHECK_SUMMARY.findall(output)
    for checks, failures, errors in check:
        bad = int(failures) + int(errors)
        total += Counts(passed=int(checks) - bad, failed=bad)
    own = OWN_SUMMARY.findall(output)
    if own:
        passed, failed, skipped = own[-1]
        total += Counts(int(passed), int(failed), int(skipped or 0))
    return total if check or own else None


def of_test(output, passed):
    """A test that failed has at least one failure, also if it crashed after a good summary or before any."""
    total = of_output(output)
    if total is None:
        return Counts(passed=1) if passed else Counts(failed=1)
    if not passed and not total.failed:
        total += Counts(failed=1)
    if passed and total.failed:
        raise ValueError("a test reports failures and yet ends with status 0:\n" + output)
    return total


def sections(text):
    """Name and output of each test in ctest's LastTest.log."""
    starts = list(LOG_TEST.finditer(text))
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        yield start["name"], text[start.end():end]


def of_log(text):
    """Counts by test name from ctest's LastTest.log."""
    return {name: of_test(section, passed="\nTest Passed." in section) for name, section in sections(text)}


def failed_cases(text):
    """Names of the cases that failed, by the name of the test that has them, from ctest's LastTest.log; each once. None
    are named of a test that ended before it could tell."""
    return {name: list(dict.fromkeys(match[1] or match[2] or match[3] for match in FAILED_CASE.finditer(section)))
            for name, section in sections(text) if "\nTest Passed." not in section}


def skip_reasons(text):
    """Why tests were skipped, by test name, from ctest's LastTest.log; each reason once."""
    found = [(name, match[1] or match[3]) for name, section in sections(text)
             for match in SKIP_REASON.finditer(section)]
    return list(dict.fromkeys(found))
