"""What is in the presets of today beside exits: one axis after the other, for each kind of exit, like with like."""

from results_page import data

INTRODUCTION = """\
## Like with like

The same hints, check, context and prologue for each kind of exit: complete ones, trivial ones, and those that record; ratios
of times. From line to line one thing changes. Trivial exits exist in functions that call nothing but themselves, and cannot
have a split prologue."""

KINDS = ("frames", "trivial", "record")
# What is there beside the exit, and the back end for each kind; None: it makes no sense, or tells nothing more.
STEPS = (
    ("nothing", ("v3", "v4", "record")),
    ("hints", ("hinted", "v4-hinted", "record+both+cc")),
    ("... and the context in a register of its own",
     ("hinted,context=pinned", "v4-hinted,context=pinned", "record-hinted,check=entry,prologue=whole")),
    ("... and the stack check where a call follows",
     ("hinted,check=call,context=pinned", "trivial-hinted", "record-hinted,prologue=whole")),
    ("... and paths without calls as a function of their own",
     ("hinted,check=call,prologue=split,context=pinned", None, "record-hinted")),
    ("context and check, without hints", (None, "v4,check=call,context=pinned", "record,check=call,context=pinned")),
)


def compared(times, name, reference, programs):
    return data.measured(times.compared(name, reference, programs)) if name and reference else ""


def line(times, step, kinds, reference, programs):
    """The chosen kinds beside the reference, and the last of them, which records, beside each of the others."""
    what, names = step[0], [step[1][KINDS.index(kind)] for kind in kinds]
    return [what, *[compared(times, name, reference, programs) for name in names],
            *[compared(times, names[-1], other, programs) for other in names[:-1]]]


def table(times, reference, kinds, programs):
    header = [f"beside the exit; ratio to `{reference}`", *kinds, *[f"record / {kind}" for kind in kinds[:-1]]]
    return data.table(header, [line(times, step, kinds, reference, programs) for step in STEPS])


def section(times):
    parts = [INTRODUCTION]
    pure, other = times.names("pure recursion"), times.names("other programs")
    if pure:
        parts += [f"Pure recursion ({', '.join(pure)}):", table(times, "v4", KINDS, pure)]
    for name in pure:
        parts += [f"Of these {name}:", table(times, "v4", KINDS, [name])]
    if other:
        parts += ["Other programs, where what has trivial exits is like `frames`:",
                  table(times, "v3", ("frames", "record"), other)]
    return "\n\n".join(parts)
