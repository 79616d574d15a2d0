"""What was measured and counted, and how its numbers are written. Everything is reckoned from the samples."""

from compare import results, statistics
from counts import variants


class Times:
    """What perf/compare-backends wrote with --json."""

    def __init__(self, everything):
        self.machine, self.quick = everything["machine"], everything.get("quick", False)
        self.programs = {program["program"]: program for program in everything["comparisons"]}
        self.host = results.HOST_NAMES.get(self.machine["machine"], self.machine["machine"])

    def apart(self):
        """{program: why it belongs to no mean}, of those that were measured."""
        return {name: why for name, why in results.APART.items() if name in self.programs}

    def names(self, group="all programs"):
        return [name for name in self.programs if results.GROUPS[group](name)]

    def backends(self):
        return list(dict.fromkeys(row["backend"] for program in self.programs.values() for row in program["backends"]))

    def row(self, program, backend):
        return results.rows_by_name(self.programs[program]).get(backend) if program in self.programs else None

    def compared(self, backend, reference, programs):
        """Ratio (geometric mean over programs), interval, conclusion; None where one of both did not run in any."""
        samples = results.pairs([self.programs[name] for name in programs if name in self.programs], backend, reference)
        return statistics.compared(samples) if samples else None

    def in_group(self, backend, reference, group):
        return self.compared(backend, reference, self.names(group))

    def code(self, program, backend, target, name):
        row = self.row(program, backend)
        return row["code"].get(target, {}).get(name) if row else None


class Counts:
    """What perf/count-backends wrote with --json."""

    def __init__(self, everything):
        self.kernels = {kernel["kernel"]: kernel for kernel in everything["kernels"]}

    def counted(self, target):
        return list(dict.fromkeys(row["preset"] for kernel in self.kernels.values() for row in kernel["counts"]
                                  if row["target"] == target))

    def presets(self, target):
        return [name for name in self.counted(target) if variants.MARK not in name]

    def has_variants(self, target):
        return len(self.counted(target)) > len(self.presets(target))

    def count(self, kernel, preset, target, name="instructions"):
        rows = self.kernels.get(kernel, {"counts": []})["counts"]
        found = [row[name] for row in rows if row["preset"] == preset and row["target"] == target]
        return found[0] if found else None

    def ratio(self, kernel, preset, target, reference):
        mine, other = self.count(kernel, preset, target), self.count(kernel, reference, target)
        return mine / other if mine and other else None

    def geometric_ratio(self, preset, target, reference, group):
        ratios = [self.ratio(kernel, preset, target, reference) for kernel in self.kernels
                  if results.GROUPS[group](kernel)]
        ratios = [ratio for ratio in ratios if ratio]
        return statistics.geometric_mean(ratios) if ratios else None


def exact(ratio):
    return "" if ratio is None else f"{ratio:.3f}"


def measured(compared):
    return "" if compared is None else f"{compared['ratio']:.3f}{statistics.interval_text(compared)}"


def short(compared):
    """For large tables: a question mark stands for what allows no conclusion."""
    if compared is None:
        return ""
    return f"{compared['ratio']:.2f}" + ("" if compared["conclusion"] in ("faster", "slower") else " ?")


def table(header, lines, words=False):
    """A table of Markdown, numbers to the right, words to the left."""
    rows = [header, ["---"] + ["---" if words else "--:"] * (len(header) - 1), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
