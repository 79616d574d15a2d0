"""The geometric mean of ratios over programs, with a bootstrap interval."""

import math
import random

from compare import statistics


def geometric_mean(values):
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))


def ratio(numerators, denominators):
    return statistics.median(numerators) / statistics.median(denominators)


def mean_ratio(pairs):
    """Mean of the ratios of (numerators, denominators), one pair of lists for each program."""
    return geometric_mean([ratio(top, bottom) for top, bottom in pairs])


def mean_interval(pairs):
    """Interval of `mean_ratio`.

    Whole rounds are drawn, the same for all programs: what disturbed a round disturbed its neighbours too.
    """
    rounds = min(len(numerators) for numerators, _ in pairs)
    if rounds < 2:
        return None
    generator = random.Random(1)
    means = []
    for _ in range(statistics.RESAMPLES):
        drawn = generator.choices(range(rounds), k=rounds)
        means.append(mean_ratio([([top[i] for i in drawn], [bottom[i] for i in drawn]) for top, bottom in pairs]))
    means.sort()
    outside = int(statistics.RESAMPLES * (1 - statistics.CONFIDENCE) / 2)
    return means[outside], means[-1 - outside]
