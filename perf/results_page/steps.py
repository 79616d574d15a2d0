"""What is in the presets of today beside exits and hints: one axis after the other."""

from compare import results
from results_page import data

INTRODUCTION = """\
## Beyond exits and hints

From `record` to `record-hinted`, each line with one change more, as ratios of times to `v4`, the design with the slow
path cut away. The last lines give the same axes to the exits of `v4` and of `hinted`: what remains between them and
`record-hinted` is the exit alone."""

STEPS = (
    ("exits record", "record"),
    ("and hints", "record+both+cc"),
    ("and the context in a register of its own", "record-hinted,check=entry,prologue=whole"),
    ("and the stack check where a call follows", "record-hinted,prologue=whole"),
    ("and paths without calls as a function of their own: `record-hinted`", "record-hinted"),
    ("`v4` with stack check and context like that", "v4,check=call,context=pinned"),
    ("`hinted` with all three", "hinted,check=call,prologue=split,context=pinned"),
)


def section(times):
    groups = [group for group in results.GROUPS if times.names(group)]
    lines = [[what, *[data.measured(times.in_group(name, "v4", group)) for group in groups]]
             for what, name in STEPS if name in times.backends()]
    return "\n\n".join([INTRODUCTION, data.table(["ratio to `v4`", *groups], lines)])
