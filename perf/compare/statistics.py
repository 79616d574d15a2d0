"""Medians, intervals for the ratio of two medians and for geometric means of such ratios, and what they allow to say."""

import functools
import math
import random
import statistics

RESAMPLES = 2000
CONFIDENCE = 0.95
NO_CONCLUSION, TOO_SHORT = "no conclusion", "too short"
MEASURABLE = 0.005  # seconds; what is shorter is not much more than the noise of the start-up that is subtracted

median = statistics.median


def geometric_mean(values):
    if len(values) == 1:
        return values[0]  # exactly
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms))


@functools.cache
def draws(rounds):
    """Numbers of rounds, drawn with replacement, for each resample.

    The same for everybody who has as many rounds: both times of a round were taken close together, so what slowed the
    machine down in that round slowed both, and so it is with programs. The generator has a fixed seed, so the same
    samples give the same interval.
    """
    generator = random.Random(1)
    return [generator.choices(range(rounds), k=rounds) for _ in range(RESAMPLES)]


@functools.lru_cache(maxsize=4096)
def resampled_medians(values):
    return [median([values[number] for number in drawn]) for drawn in draws(len(values))]


def in_common(numerators, denominators):
    """The rounds that both have: one of them may have been left out of later ones."""
    rounds = min(len(numerators), len(denominators))
    return tuple(numerators[:rounds]), tuple(denominators[:rounds])


def resampled_ratios(numerators, denominators):
    return [top / bottom for top, bottom in zip(*map(resampled_medians, in_common(numerators, denominators)))]


def middle(values):
    """The interval that holds the confidence's share of the values."""
    ordered = sorted(values)
    outside = int(len(ordered) * (1 - CONFIDENCE) / 2)
    return ordered[outside], ordered[-1 - outside]


def ratio(numerators, denominators):
    top, bottom = in_common(numerators, denominators)
    return median(top) / median(bottom)


def ratio_interval(numerators, denominators):
    """Bootstrap interval of median(numerators) / median(denominators), over the rounds that both have in common."""
    if min(len(numerators), len(denominators)) < 2:
        return None
    return middle(resampled_ratios(numerators, denominators))


def geometric_ratio(samples):
    """Geometric mean of ratios; `samples` is [(numerators, denominators)] of programs."""
    return geometric_mean([ratio(top, bottom) for top, bottom in samples])


def geometric_interval(samples):
    """Bootstrap interval of the geometric mean of ratios."""
    if min(len(times) for pair in samples for times in pair) < 2:
        return None
    return middle([geometric_mean(ratios) for ratios in zip(*(resampled_ratios(*pair) for pair in samples))])


def conclusion(interval):
    """Below 1 is faster; an interval that reaches 1 says nothing, nor does a single round."""
    if not interval or interval[0] <= 1 <= interval[1]:
        return NO_CONCLUSION
    return "faster" if interval[1] < 1 else "slower"


def compared(samples):
    """Everything about one back end beside another: `samples` has one pair for each program."""
    interval = geometric_interval(samples)
    short = any(median(times) < MEASURABLE for pair in samples for times in pair)
    return {"ratio": geometric_ratio(samples), "interval": interval,
            "conclusion": TOO_SHORT if short else conclusion(interval)}
