"""Rows of a build beside those of the baseline: what got worse, what got better, what is gone or new."""

import dataclasses

from gates.figures import FIGURES

TOLERANCE_PERCENT = 1
NO_ROW = "there is no such kernel, function or preset any more"


@dataclasses.dataclass(frozen=True)
class Change:
    """A figure that has another value than in the baseline."""

    target: str
    key: object
    figure: str
    before: int
    after: int

    @property
    def is_failure(self):
        return self.after * 100 > self.before * (100 + TOLERANCE_PERCENT)

    @property
    def percent(self):
        """None: there was nothing, and now there is something."""
        return 100 * (self.after - self.before) / self.before if self.before else None


@dataclasses.dataclass(frozen=True)
class Gone:
    """A row of the baseline, or some of its figures, that the build does not have."""

    target: str
    key: object
    figures: tuple
    reason: str


@dataclasses.dataclass
class Comparison:
    worse: list = dataclasses.field(default_factory=list)
    better: list = dataclasses.field(default_factory=list)
    gone: list = dataclasses.field(default_factory=list)
    new: list = dataclasses.field(default_factory=list)  # (target, key, figures)
    compared: int = 0  # figures that both have

    @property
    def failures(self):
        return [change for change in self.worse if change.is_failure]

    @property
    def fails(self):
        return bool(self.failures or self.gone)

    def add(self, other):
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def names_of(*rows):
    """Figures that a row has; one that the gate does not know any more stands in an older baseline."""
    has = [figure for row in rows for figure in row.figures]
    return tuple(dict.fromkeys([figure for figure in FIGURES if figure in has] + has))


def compare_row(comparison, target, key, before, after):
    figures = names_of(before, after)
    gone = tuple(figure for figure in figures if figure in before.figures and figure not in after.figures)
    if gone:
        comparison.gone.append(Gone(target, key, gone, after.reason or "the build does not say"))
    new = tuple(figure for figure in figures if figure in after.figures and figure not in before.figures)
    if new:
        comparison.new.append((target, key, new))
    for figure in figures:
        if figure in before.figures and figure in after.figures:
            comparison.compared += 1
            change = Change(target, key, figure, before.figures[figure], after.figures[figure])
            if change.after != change.before:
                (comparison.worse if change.after > change.before else comparison.better).append(change)


def compare(target, baseline, measured):
    """Both are rows by key, of one machine, and of what was selected only."""
    comparison = Comparison()
    for key in sorted(baseline.keys() | measured.keys()):
        if key not in measured:
            comparison.gone.append(Gone(target, key, names_of(baseline[key]), NO_ROW))
        elif key not in baseline:
            comparison.new.append((target, key, names_of(measured[key])))
        else:
            compare_row(comparison, target, key, baseline[key], measured[key])
    return comparison
