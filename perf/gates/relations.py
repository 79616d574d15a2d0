"""What must hold between presets of the same build, whatever the baseline says."""

import dataclasses
import math

# Functions that call nothing but themselves: those that v4 makes a form without exits for.
SELF_RECURSIVE = ("fib", "tak", "ackermann", "many_args")


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A relation on one machine. `value` is the left figure over the right one, where it is closest to the limit."""

    text: str
    target: str
    value: float
    limit: float
    where: str

    @property
    def holds(self):
        return self.value <= self.limit


@dataclasses.dataclass(frozen=True)
class Relation:
    """`figure` under `preset` is at most `limit` times what it is under `other`, in each kernel."""

    preset: str
    other: str
    figure: str = "instructions"
    limit: float = 1
    kernels: tuple = ()  # none named: all that have the figure
    targets: tuple = ("x86_64", "aarch64")

    def text(self):
        factor = f"{self.limit:g} x " if self.limit != 1 else ""
        return f"{self.figure}: {self.preset} <= {factor}{self.other}"

    def applies(self, target, selection):
        return target in self.targets and {self.preset, self.other} <= set(selection.presets)

    def verdict(self, target, ratios):
        where, value = max(ratios.items(), key=lambda item: item[1])
        return Verdict(self.text(), target, value, self.limit, where)


class MeanRelation(Relation):
    """The same of the geometric mean over all kernels."""

    def text(self):
        return f"{super().text()}, geometric mean"

    def applies(self, target, selection):
        return selection.every_kernel and super().applies(target, selection)

    def verdict(self, target, ratios):
        mean = math.exp(math.fsum(math.log(value) for value in ratios.values()) / len(ratios))
        return Verdict(self.text(), target, mean, self.limit, f"{len(ratios)} kernels")


# Limits have room for a few percent of what was measured when they were written: README.md, "Relations".
RELATIONS = [
    Relation("record-hinted", "v4", limit=1.05, kernels=SELF_RECURSIVE),
    Relation("record-hinted", "baseline", limit=0.9),
    MeanRelation("record-hinted", "baseline", limit=0.5),
    Relation("record-hinted", "v4", figure="callee_saved", kernels=("fib",), targets=("aarch64",)),
    Relation("hinted", "v3"),
    Relation("record-hinted", "trivial-hinted", limit=1.05, kernels=SELF_RECURSIVE),
]


def ratio(left, right):
    return left / right if right else (math.inf if left else 1)


def ratios_of(relation, rows):
    """By "kernel function", where the right side has the figure. A left side without it breaks the relation."""
    ratios = {}
    for key, row in rows.items():
        if key.preset != relation.other or (relation.kernels and key.kernel not in relation.kernels):
            continue
        mine = rows.get(dataclasses.replace(key, preset=relation.preset))
        if relation.figure in row.figures:
            left = mine.figures.get(relation.figure) if mine else None
            where = key.kernel if key.kernel == key.function else f"{key.kernel} {key.function}"
            ratios[where] = math.inf if left is None else ratio(left, row.figures[relation.figure])
    return ratios


def check(target, rows, selection, relations=None):
    """Verdicts on what was selected: a relation of which a preset is not among it is left out."""
    verdicts = []
    for relation in RELATIONS if relations is None else relations:
        if not relation.applies(target, selection):
            continue
        wanted = [name for name in relation.kernels or selection.kernels if name in selection.kernels]
        ratios = ratios_of(relation, rows)
        if ratios:
            verdicts.append(relation.verdict(target, ratios))
        elif wanted and relation.kernels:
            verdicts.append(Verdict(relation.text(), target, math.inf, relation.limit, "nothing to compare"))
    return verdicts
