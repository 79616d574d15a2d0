"""What is printed: relations, what got better and worse, and how to see why."""

import math

SHOWN_COMMANDS = 5


def table(header, lines, left):
    """Columns as wide as they need; the first `left` ones begin on the left."""
    lines = [header, *lines]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    texts = []
    for line in lines:
        cells = [cell.ljust(width) if column < left else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(line, widths))]
        texts.append("  ".join(cells).rstrip())
    return "\n".join(texts)


def percent_text(change):
    return "from none" if change.percent is None else f"{change.percent:+.2f} %"


def change_lines(changes):
    return [[change.target, change.key.kernel, change.key.function, change.key.preset, change.figure,
             str(change.before), str(change.after), percent_text(change)] for change in changes]


def by_size(change):
    return (-math.inf if change.percent is None else -abs(change.percent), change.target, change.key)


def changes_table(title, changes):
    header = ["target", "kernel", "function", "preset", "figure", "baseline", "now", "change"]
    return f"\n{title}\n{table(header, change_lines(sorted(changes, key=by_size)), 5)}"


def gone_line(gone):
    key = gone.key
    return (f"  {gone.target} {key.kernel} {key.function} {key.preset}: {', '.join(gone.figures)}\n"
            f"    {gone.reason}")


def new_line(target, key, figures):
    return f"  {target} {key.kernel} {key.function} {key.preset}: {', '.join(figures)}"


def number(value):
    return f"{value:.3f}" if math.isfinite(value) else "none"


def relations_table(verdicts):
    header = ["relation", "target", "closest", "ratio", "limit", ""]
    return table(header, [[verdict.text, verdict.target, verdict.where, number(verdict.value), f"{verdict.limit:g}",
                           "holds" if verdict.holds else "BROKEN"] for verdict in verdicts], 3)


def assembly_command(target, key):
    return f"./perf/gate --assembly {key.kernel} {key.function} {key.preset} {target}"


def print_commands(changes):
    places = list(dict.fromkeys((change.target, change.key) for change in sorted(changes, key=by_size)))
    print("\nThe difference in assembly:")
    for place in places[:SHOWN_COMMANDS]:
        print(f"  {assembly_command(*place)}")
    if len(places) > SHOWN_COMMANDS:
        print(f"  and the same for the {len(places) - SHOWN_COMMANDS} others")


def print_comparison(comparison):
    failures = comparison.failures
    slightly = [change for change in comparison.worse if not change.is_failure]
    if comparison.new:
        print("\nNot in the baseline; ./perf/gate --update adds it:")
        for new in comparison.new:
            print(new_line(*new))
    if comparison.better:
        print(changes_table("Better:", comparison.better))
    if slightly:
        print(changes_table("Worse, within 1 %:", slightly))
    if failures:
        print(changes_table("WORSE by more than 1 %:", failures))
    if comparison.gone:
        print("\nGONE: the baseline has it, this build does not:")
        for gone in comparison.gone:
            print(gone_line(gone))
    if failures:
        print_commands(failures)


def print_relations(verdicts):
    if verdicts:
        print(f"\n{relations_table(verdicts)}")


def summary(comparison, verdicts, missing, updates=False):
    """One line. `missing` are the targets without a baseline; an update accepts every change."""
    broken = sum(not verdict.holds for verdict in verdicts)
    parts = [f"{comparison.compared} figures compared", f"{len(comparison.failures)} worse",
             f"{len(comparison.gone)} gone", f"{len(comparison.better)} better", f"{broken} relations broken"]
    fails = broken or (comparison.fails and not updates)
    word = "FAILED" if fails else "changed" if updates else "passed"
    note = f" (no baseline for {', '.join(missing)})" if missing else ""
    return f"gate: {word}: {', '.join(parts)}{note}"
