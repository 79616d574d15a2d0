"""What was expected or wanted before anything was measured, and whether it came true."""

from compare import backends, intermediate, statistics
from results_page import data

REACHED, MISSED, UNDECIDED, UNKNOWN = "reached", "missed", "undecided", "not measured"

INTRODUCTION = """\
## Expected and found

Reached and missed are said only where the whole interval, of 95 % confidence or more, lies on one side of the limit; an
exact number has no interval."""


def judged(compared, limit):
    """Whether a ratio stays at the limit or below it."""
    if compared is None:
        return UNKNOWN
    if compared["conclusion"] == statistics.TOO_SHORT or not statistics.is_certain(compared):
        return UNDECIDED
    low, high = compared["interval"]
    return REACHED if high <= limit else MISSED if low > limit else UNDECIDED


def line(what, limit, compared):
    return [what, f"<= {limit:g}", data.measured(compared), judged(compared, limit)]


def beside_best(times):
    """record-hinted beside the trivial form where there is one, else beside C."""
    for name in times.programs:
        v4 = times.row(name, "v4")
        if v4 and v4["status"] == intermediate.TRIVIAL:
            yield line(f"`record-hinted` to `v4`: {name}", 1.05, times.compared("record-hinted", "v4", [name]))
        else:
            yield line(f"`record-hinted` to `{backends.SAME_SHAPE}`: {name}", 1.15,
                       times.compared("record-hinted", backends.SAME_SHAPE, [name]))


def beside_baseline(times):
    """2.5 times as fast is 0.4 times the time."""
    yield line(f"`record-hinted` to `{backends.REFERENCE}`: all programs, geometric mean (2.5 times as fast)", 1 / 2.5,
               times.in_group("record-hinted", backends.REFERENCE, "all programs"))


def hints_elsewhere(times):
    """Faster at all: the limit is 1, and an interval that reaches it decides nothing."""
    names = times.names("other programs")
    chosen = [(name, [name]) for name in names]
    for label, programs in [*chosen, ("other programs, geometric mean", names)]:
        compared = times.compared("hinted", "v3", programs)
        verdict = {"faster": REACHED, "slower": MISSED}.get(compared["conclusion"], UNDECIDED) if compared else UNKNOWN
        yield [f"`hinted` to `v3`: {label}", "< 1", data.measured(compared), verdict]


def unwinding(times):
    for name in times.names("pure recursion"):
        yield line(f"`unwind` to `{backends.SAME_SHAPE}`: {name}", 1.03,
                   times.compared("unwind", backends.SAME_SHAPE, [name]))


def saved_registers(times):
    mine, limit = (times.code("fib", name, "aarch64", "callee_saved") for name in ("record-hinted", "v4"))
    known = mine is not None and limit is not None
    yield ["callee-saved registers of `fib` on AArch64, `record-hinted` and `v4`", f"<= {limit}" if known else "",
           str(mine) if known else "", (REACHED if mine <= limit else MISSED) if known else UNKNOWN]


QUESTIONS = {
    "Recording exits cost little more than trivial ones, or than no exits at all":
        ("1.05 times `v4` where it applies, else 1.15 times C with the same calls, in each program", beside_best),
    "Recording exits make calls fast": ("0.4 times `baseline` over all programs", beside_baseline),
    "Hints help where there is more than recursion": ("`hinted` faster than `v3`, in each program", hints_elsewhere),
    "Exits that unwind cost nothing": ("1.03 times C with the same calls, in pure recursion", unwinding),
    "Recording exits need no more registers": ("those of `v4` for `fib`, on AArch64", saved_registers),
}


def questions(times):
    """[(question, limit in words, lines)] of those about which something was measured."""
    found = [(question, limit, list(lines_of(times))) for question, (limit, lines_of) in QUESTIONS.items()]
    return [each for each in found if each[2]]


def summary(lines):
    verdicts = [verdict for *_, verdict in lines]
    return ", ".join(f"{verdicts.count(name)} {name}" for name in (REACHED, MISSED, UNDECIDED, UNKNOWN)
                     if name in verdicts)


def section(times):
    parts = [INTRODUCTION]
    for question, _, lines in questions(times):
        parts += [f"### {question}", f"{summary(lines).capitalize()}.", data.table(["what", "limit", "found", ""], lines)]
    return "\n\n".join(parts)
