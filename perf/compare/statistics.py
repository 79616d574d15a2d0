"""Ratios of times that were taken in the same rounds, their means over programs, and what they allow to say.

Both times of a round were taken close together, so what slowed the machine down in that round slowed both: a round gives
one ratio, and the ratio that counts is the median over rounds. Its interval goes from one of the ordered ratios to
another. Whatever their distribution is, the median that infinitely many rounds would have lies outside with the
probability that a coin falls on one side nearly always; that is the interval's confidence, and nothing is drawn by chance.

A mean over programs is taken in each round and then treated in the same way. So its interval says how well the mean over
these programs is known, and nothing of other programs: programs are not drawn from anywhere.
"""

import math
import statistics

CONFIDENCE = 0.95
NO_CONCLUSION, TOO_SHORT = "no conclusion", "too short"
DESCRIPTION = "intervals of 95 % confidence or more, unless less is written behind them"
MEASURABLE = 0.005  # seconds; what is shorter is not much more than the noise of the start-up that is subtracted

median = statistics.median


def geometric_mean(values):
    if len(values) == 1:
        return values[0]  # exactly
    logarithms = [math.log(value) for value in values]
    return math.exp(math.fsum(logarithms) / len(logarithms))


def confidence(rounds, left_out):
    """That a median lies between the ordered values of `rounds`, without the first and last `left_out` of them.

    It lies below all of them but k if exactly k of the values fall below it: each does with probability 1/2.
    """
    outside = sum(math.comb(rounds, below) for below in range(left_out + 1)) / 2 ** rounds
    return 1 - 2 * outside


def left_out(rounds):
    """As many at each end as the confidence asked for allows; none where even all of the values have less."""
    number = 0
    while 2 * (number + 1) < rounds and confidence(rounds, number + 1) >= CONFIDENCE:
        number += 1
    return number


def fewest_rounds():
    """With which an interval can have the confidence asked for."""
    rounds = 2
    while confidence(rounds, 0) < CONFIDENCE:
        rounds += 1
    return rounds


def interval_of(values):
    """Of the median of these; None for a single one."""
    if len(values) < 2:
        return None
    ordered, outside = sorted(values), left_out(len(values))
    return ordered[outside], ordered[-1 - outside]


def ratios_of_rounds(numerators, denominators):
    """One for each round that both have: one of them may have been left out of later ones."""
    return [top / bottom for top, bottom in zip(numerators, denominators)]


def means_of_rounds(samples):
    """Geometric means over programs in each round that all have; `samples` is [(numerators, denominators)] of programs."""
    return [geometric_mean(ratios) for ratios in zip(*(ratios_of_rounds(*pair) for pair in samples))]


def conclusion(interval, certainty=CONFIDENCE):
    """Below 1 is faster; nothing is said by an interval that reaches 1, or that has less confidence than is asked for."""
    if not interval or certainty < CONFIDENCE or interval[0] <= 1 <= interval[1]:
        return NO_CONCLUSION
    return "faster" if interval[1] < 1 else "slower"


def compared(samples):
    """Everything about one back end beside another: `samples` has one pair for each program."""
    ratios = means_of_rounds(samples)
    interval, certainty = interval_of(ratios), confidence(len(ratios), left_out(len(ratios)))
    short = any(median(times) < MEASURABLE for pair in samples for times in pair)
    return {"ratio": median(ratios), "interval": interval, "confidence": certainty if interval else None,
            "rounds": len(ratios), "conclusion": TOO_SHORT if short else conclusion(interval, certainty)}


def is_certain(found):
    return bool(found["interval"]) and found["confidence"] >= CONFIDENCE


def percent(certainty):
    """98.4 %, and 75 % without decimals that say nothing."""
    return f"{100 * certainty:.1f}".removesuffix(".0") + " %"


def interval_text(found, digits=3):
    """In brackets, with its confidence where that is less than is asked for; empty where there is no interval."""
    if not found["interval"]:
        return ""
    low, high = found["interval"]
    less = "" if is_certain(found) else f" ({percent(found['confidence'])})"
    return f" [{low:.{digits}f}, {high:.{digits}f}]" + less
