"""One comparison from end to end: measure a build, compare with the baselines, check relations."""

import dataclasses

from gates import baseline, collect, comparison, relations, report
from gates.figures import GateError


@dataclasses.dataclass
class Outcome:
    version: str
    rows: dict  # {target: {key: row}}
    comparison: comparison.Comparison
    verdicts: list
    missing: list  # targets without a baseline

    @property
    def breaks_relations(self):
        return any(not verdict.holds for verdict in self.verdicts)

    @property
    def fails(self):
        return self.comparison.fails or self.breaks_relations


def check(build, selection, baselines, workers):
    rows = collect.collect(build, selection, workers)
    outcome = Outcome(collect.llvm_version(build), rows, comparison.Comparison(), [], [])
    for target in selection.targets:
        old = baseline.read(baseline.path_of(baselines, outcome.version, target))
        if old is None:
            outcome.missing.append(target)
        else:
            selected = {key: row for key, row in old.items() if selection.has(key)}
            outcome.comparison.add(comparison.compare(target, selected, rows[target]))
        outcome.verdicts += relations.check(target, rows[target], selection)
    return outcome


def report_missing(outcome):
    for target in outcome.missing:
        print(f"\nNOTICE: there is no baseline for LLVM {outcome.version} and {target}: nothing was compared for it.\n"
              f"  ./perf/gate --update --target={target} makes one from this tree; commit it when the tree is good.")


def report_outcome(outcome, updates=False):
    report.print_relations(outcome.verdicts)
    report.print_comparison(outcome.comparison)
    if not updates:
        report_missing(outcome)
    print(f"\n{report.summary(outcome.comparison, outcome.verdicts, outcome.missing, updates)}")


def update(outcome, selection, baselines):
    """Writes the baselines. A kernel that ought to be counted and is not would vanish from them without a word."""
    for target, rows in outcome.rows.items():
        for key, row in rows.items():
            if row.reason:
                raise GateError(f"{target} {key.kernel} {key.function} {key.preset}: {row.reason}; nothing was written")
    for target, rows in outcome.rows.items():
        path = baseline.path_of(baselines, outcome.version, target)
        baseline.write(path, baseline.merge(baseline.read(path), rows, selection))
        print(f"gate: {path.name} is written; look at its difference, and commit it with the change it is about")
