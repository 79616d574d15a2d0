"""What stands first: the question, the answer in a sentence, five rows, a picture, goals and what came of them."""

from compare import backends, statistics
from results_page import data, figures, glossary, targets

QUESTION = """\
**The question.** When the optimiser is told which paths are cold, does a call in registers that still carries a complete way
out beat one through memory: on real programs, on x86-64 and on AArch64?"""

ROWS = (
    ("calls through memory", "baseline"),
    ("calls in registers, complete exits, no hints", "v3"),
    ("the same with all hints", "hinted"),
    ("exits that record, hints, and the rest of the default", "record-hinted"),
    ("C with the same calls", backends.SAME_SHAPE),
)


def yes_or_no(compared):
    if compared is None or not statistics.is_certain(compared):
        return "Not decided by so few rounds"
    return {"faster": "Yes", "slower": "No"}.get(compared["conclusion"], "Not by what could be told apart")


def times_as_long(compared):
    return f"{compared['ratio']:.2f}" if compared else "(not measured)"


def answer(times, counts):
    """One sentence; its first word is that of the complete exits with hints, which the question is about."""
    hinted = times.in_group("hinted", backends.REFERENCE, "all programs")
    record = times.in_group("record-hinted", backends.REFERENCE, "all programs")
    c = times.in_group("record-hinted", backends.SAME_SHAPE, "all programs")
    counted = counts.geometric_ratio("record-hinted", "aarch64", backends.REFERENCE, "all programs")
    instructions = f", and {counted:.2f} of the instructions on AArch64" if counted else ""
    return (f"**The answer.** {yes_or_no(hinted)}: with hints, complete exits take {times_as_long(hinted)} times as long as calls "
            f"through memory, and exits that record what is live take {times_as_long(record)} times as long{instructions}, which "
            f"is {times_as_long(c)} times the time of C with the same calls.")


def rows(times, counts):
    lines = []
    for what, name in ROWS:
        found = [times.in_group(name, backends.REFERENCE, group) if name != backends.REFERENCE else None
                 for group in ("pure recursion", "other programs")]
        cells = ["1" if name == backends.REFERENCE else data.measured(one) for one in found]
        lines.append([f"{what} (`{name}`)", *cells,
                      *[data.exact(counts.geometric_ratio(name, target, backends.REFERENCE, "all programs"))
                        for target in ("x86_64", "aarch64")]])
    return data.table([f"ratio to `{backends.REFERENCE}`", "time, pure recursion", "time, other programs", "instructions, x86-64",
                       "instructions, AArch64"], lines)


def goals(times):
    """Before anything is called missed: what was wanted."""
    lines = [[question, limit, targets.summary(found)] for question, limit, found in targets.questions(times)]
    return "\n\n".join(["### What was wanted, and what came of it", data.table(["goal", "limit", "found"], lines, words=True)])


def section(times, counts, pictures):
    picture = figures.shown("kernels", pictures)
    return "\n\n".join(filter(None, [QUESTION, answer(times, counts), picture, rows(times, counts), glossary.section(),
                                       goals(times)]))
