"""Breaks the code generator on purpose, in a copy of the tree, and requires that the gate notices each time."""

import dataclasses
import pathlib
import tempfile

from gates import check, collect, trees
from gates.figures import EXECUTED, GateError

FOLDER = pathlib.Path(__file__).resolve().parent / "sabotage"
KERNELS = ("fib", "tak", "many_args", "error_propagation", "nqueens", "struct_copy")


@dataclasses.dataclass(frozen=True)
class Sabotage:
    """A patch, and where it must be noticed: a gate that fails for another reason has not noticed it."""

    name: str
    what: str
    preset: str
    figures: tuple  # any of them
    reason: str = ""  # part of what is said of figures that are gone

    @property
    def patch(self):
        return FOLDER / f"{self.name}.patch"


SABOTAGES = [
    Sabotage("hints-dropped", "no preset gives hints any more", "hinted", ("instructions", "taken_branches")),
    Sabotage("slot-kept-live", "one more slot is live at each exit", "record-hinted",
             ("callee_saved", "instructions", "loads", "stores", "weighted_spills")),
    Sabotage("helper-on-hot-path", "each function calls a helper before it returns", "record-hinted",
             ("call_sites", "callee_saved", *EXECUTED), "volt_helper_"),
    Sabotage("nothing-inlined", "the optimised level builds no callee into its callers", "optimised",
             ("instructions", "calls", "taken_branches")),
]


def evidence(sabotage, comparison):
    """What of the comparison says that this sabotage was noticed: {figure: number of rows}."""
    found = {}
    for change in comparison.failures:
        if change.key.preset == sabotage.preset and change.figure in sabotage.figures:
            found[change.figure] = found.get(change.figure, 0) + 1
    for gone in comparison.gone:
        if sabotage.reason and gone.key.preset == sabotage.preset and sabotage.reason in gone.reason:
            found["cannot be counted"] = found.get("cannot be counted", 0) + 1
    return found


def say(text):
    print(f"gate: self-test: {text}", flush=True)


def outcome_of(build, baselines, workers):
    selection = collect.select(build, KERNELS, None, None)
    return check.check(build, selection, baselines, workers)


def require_unbroken(build, baselines, workers):
    outcome = outcome_of(build, baselines, workers)
    if outcome.missing:
        raise GateError(f"there is no baseline for LLVM {outcome.version} and {', '.join(outcome.missing)}")
    if outcome.fails:
        check.report_outcome(outcome)
        raise GateError("the tree fails without any sabotage: there is nothing to test")
    say(f"the unbroken tree passes: {outcome.comparison.compared} figures")


def try_sabotage(sabotage, tree, build, baselines, workers):
    """True: noticed."""
    trees.apply_patch(tree, sabotage.patch)
    trees.build(build)
    outcome = outcome_of(build, baselines, workers)
    trees.apply_patch(tree, sabotage.patch, reverse=True)
    found = evidence(sabotage, outcome.comparison)
    if not (outcome.fails and found):
        check.report_outcome(outcome)
        say(f"{sabotage.name}: NOT NOTICED: {sabotage.what}")
        return False
    rows = ", ".join(f"{figure} in {count} rows" for figure, count in found.items())
    broken = sum(not verdict.holds for verdict in outcome.verdicts)
    say(f"{sabotage.name}: noticed: {sabotage.what}")
    say(f"  with {sabotage.preset}: {rows}")
    say(f"  in all: {len(outcome.comparison.failures)} figures worse, {len(outcome.comparison.gone)} gone, "
        f"{broken} relations broken")
    return True


def run(baselines, workers):
    """True: everything was noticed."""
    with tempfile.TemporaryDirectory(prefix="volt-gate-self-test-") as name:
        tree, build = pathlib.Path(name) / "tree", pathlib.Path(name) / "build"
        say("building a copy of the tree")
        trees.copy_working_tree(tree)
        trees.configure(tree, build, "Debug")
        trees.build(build)
        require_unbroken(build, baselines, workers)
        noticed = [try_sabotage(sabotage, tree, build, baselines, workers) for sabotage in SABOTAGES]
    say(f"{sum(noticed)} of {len(noticed)} noticed")
    return all(noticed)
