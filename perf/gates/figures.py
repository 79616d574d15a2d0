"""What is compared: the figures of a kernel's function under one preset. Less is better in each."""

import dataclasses

# Of the call that volt-count makes (perf/counts/README.md).
EXECUTED = ["instructions", "loads", "stores", "taken_branches", "calls"]

# Of the function's own code: figure, and its name in what `volt compile --emit=metrics` prints.
STATIC = {
    "hot_bytes": "hot_bytes",
    "cold_bytes": "cold_bytes",
    "callee_saved": "callee_saved",
    "spills": "spills",
    "reloads": "reloads",
    "weighted_spills": "weighted_spills",
    "call_sites": "calls",
}

FIGURES = [*EXECUTED, *STATIC]


class GateError(Exception):
    """Why the gate cannot say whether something got worse."""


@dataclasses.dataclass(frozen=True, order=True)
class Key:
    """What a row is about. `kernel` is the name of a program of perf/programs."""

    kernel: str
    function: str
    preset: str


@dataclasses.dataclass(frozen=True)
class Row:
    """Figures by name; one that does not exist is left out. `reason` says why those that ought to exist do not."""

    figures: dict
    reason: str = ""
