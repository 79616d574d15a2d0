"""Medians, and intervals for the ratio of two medians."""

import random
import statistics

RESAMPLES = 2000
CONFIDENCE = 0.95

median = statistics.median


def ratio_interval(numerators, denominators):
    """Bootstrap interval of median(numerators) / median(denominators), over the rounds that both have in common.

    Rounds are drawn in pairs: both times of a round were taken close together, so what slowed the machine down in
    that round slowed both. The generator has a fixed seed: the same samples give the same interval.
    """
    pairs = list(zip(numerators, denominators))
    if len(pairs) < 2:
        return None
    generator = random.Random(1)
    ratios = []
    for _ in range(RESAMPLES):
        drawn = generator.choices(pairs, k=len(pairs))
        ratios.append(median(top for top, _ in drawn) / median(bottom for _, bottom in drawn))
    ratios.sort()
    outside = int(RESAMPLES * (1 - CONFIDENCE) / 2)
    return ratios[outside], ratios[-1 - outside]
