"""Estimated cycles on a wide and a small core of each machine, and what an estimate is worth where there are times."""

import math

from compare import backends, statistics
from estimates import blocks
from results_page import data

INTRODUCTION = """\
## Estimated cycles

`llvm-mca` estimates how long each block of instructions takes on a core, if it followed itself again and again; that is
multiplied by how often the emulator executed it (`perf/estimate-cycles`). It knows nothing of branches that are predicted
wrongly, of caches, or of what one block waits for in the block before, and calls and returns are hardly modelled."""


class Estimates:
    """What perf/estimate-cycles wrote with --json."""

    def __init__(self, everything):
        self.cycles = {(row["kernel"], row["preset"], row["core"]): row["cycles"] for row in everything["estimates"]}

    def kernels(self):
        return list(dict.fromkeys(kernel for kernel, _, _ in self.cycles))

    def presets(self):
        return list(dict.fromkeys(preset for _, preset, _ in self.cycles))

    def ratio(self, kernel, preset, core):
        mine, other = (self.cycles.get((kernel, name, core)) for name in (preset, backends.REFERENCE))
        return mine / other if mine and other else None

    def mean(self, preset, core, kernels):
        ratios = [ratio for kernel in kernels if (ratio := self.ratio(kernel, preset, core))]
        return statistics.geometric_mean(ratios) if ratios else None


def worth(found, times, core):
    """How far the estimated ratios are from the measured ones: the mean of the differences as factors."""
    differences = []
    for kernel in found.kernels():
        for preset in found.presets():
            measured = times.compared(preset, backends.REFERENCE, [kernel])
            estimated = found.ratio(kernel, preset, core)
            if preset != backends.REFERENCE and measured and estimated:
                differences.append(abs(math.log(estimated / measured["ratio"])))
    if not differences:
        return ""
    return (f"On this machine the estimates for {core} are off the measured ratios by a factor of "
            f"{math.exp(sum(differences) / len(differences)):.2f} in the geometric mean, and of {math.exp(max(differences)):.2f} "
            "at most: that is what they are worth elsewhere, at best.")


def section(everything, times):
    """Nothing if nothing was estimated."""
    if not everything:
        return ""
    found, kernels = Estimates(everything), Estimates(everything).kernels()
    header = [f"ratio to `{backends.REFERENCE}`, geometric mean", f"time on {times.host}",
              *[f"{core.target}, {core.size}: {core.name}" for core in blocks.CORES]]
    lines = [[f"`{preset}`", data.measured(times.compared(preset, backends.REFERENCE, kernels)),
              *[data.exact(found.mean(preset, core.name, kernels)) for core in blocks.CORES]] for preset in found.presets()]
    each = [[kernel, *[data.exact(found.ratio(kernel, "record-hinted", core.name)) for core in blocks.CORES],
             data.measured(times.compared("record-hinted", backends.REFERENCE, [kernel]))] for kernel in kernels]
    beside = [worth(found, times, core.name) for core in blocks.CORES if core.target == times.host and core.size == "wide"]
    return "\n\n".join(filter(None, [
        INTRODUCTION, *beside, data.table(header, lines),
        data.table(["`record-hinted`, ratio to `baseline`", *header[2:], header[1]], each)]))
