"""The words that stand first on the page. People write them; numbers in them come from what was measured.

{{record-hinted / baseline: all programs}} becomes the geometric mean of ratios of times in a group,
{{record-hinted / baseline: fib}} the ratio in one program, {{record-hinted / baseline: fib, aarch64}} the ratio of
counted instructions on a machine.
"""

import re

from compare import results

NUMBER = re.compile(r"\{\{\s*(\S+) / (\S+): ([^,}]+?)(?:, (\w+))?\s*\}\}")
LEFT_OVER = re.compile(r"\{\{.*?\}\}|\{\{")


class AnswerError(Exception):
    """A number that was not measured, or a text that does not say which it wants."""


def number(match, times, counts):
    backend, reference, where, target = match.groups()
    if target and where in results.GROUPS:
        ratio = counts.geometric_ratio(backend, target, reference, where)
    elif target:
        ratio = counts.ratio(where, backend, target, reference)
    else:
        compared = (times.in_group(backend, reference, where) if where in results.GROUPS
                    else times.compared(backend, reference, [where]))
        ratio = compared["ratio"] if compared else None
    if ratio is None:
        raise AnswerError(f"there is no number for {match[0]}")
    return f"{ratio:.2f}"


def filled(text, times, counts):
    """Without lines of comment, and with the numbers."""
    words = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    words = NUMBER.sub(lambda match: number(match, times, counts), words)
    left_over = LEFT_OVER.search(words)
    if left_over:
        raise AnswerError(f"'{left_over[0]}' is not of the form {{{{BACK END / REFERENCE: GROUP OR PROGRAM[, MACHINE]}}}}")
    return words.strip()
