"""The tables on the terminal, and the words that table and page have in common."""

import sys

from compare import backends, results, statistics

SHORT_SECONDS = 0.1  # below it, noise of the start-up that is subtracted matters
NOTES = [
    "time: processor time of the run without start-up (process, loading, compilation) and without what is compiled "
    "later; ratios below 1 are faster",
    f"intervals: {statistics.DESCRIPTION}; no conclusion: the interval reaches 1 or has less than that; too short: nothing is "
    f"said of runs below {statistics.MEASURABLE * 1000:.0f} ms",
    "same code: the object files of the whole program are equal, so it was run once",
    "exits: what one run of the whole program took, by status; later: what was compiled for the functions that they "
    "left",
    "status: what the optimiser left of the hot function's status. kept: it may return one that is not OK; trivial: "
    "the same, but its exits do nothing else; unwinds: it returns none, exits unwind; no status: LLVM proved that it "
    "never exits",
    "c: clang -O2, which may inline and turn calls into jumps; c-same-shape: calls stay calls, as in Volt's code",
    "hints=profile has no row: a profile exists only with --tier=auto, and without one the code is that of both+cc",
]


def format_ratio(compared):
    if compared is None:
        return "1"
    return f"{compared['ratio']:.3f}" + statistics.interval_text(compared)


def conclusion_of(compared):
    return compared["conclusion"] if compared else ""


def to(row, reference=backends.REFERENCE):
    """The row beside a reference; None for the reference itself and for references that did not run."""
    return row["ratios"].get(reference)


def format_count(number):
    return "" if number is None else str(number)


def format_exits(exits):
    if exits is None:
        return ""
    return ", ".join(f"{number} {status}" for status, number in exits.items() if number) or "none"


def reason_of(row):
    """Why the hot function stays interpreted, if it does."""
    return row["code"].get(results.HOST, {}).get("reason")


def status_of(row):
    return "interpreted" if reason_of(row) else row["status"] or ""


def same_code(name):
    return f"same code as {name}" if name else ""


def format_start(row):
    later = f" + {row['late_seconds'] * 1000:.0f} later" if row["late_seconds"] >= 0.0005 else ""
    return f"{row['start_seconds'] * 1000:.0f}{later} ms"


def table_cells(row):
    code = row["code"].get(results.HOST, {})
    compared = to(row)
    return [row["backend"], f"{row['seconds']:.3f} s", format_ratio(compared), conclusion_of(compared),
            *[format_count(code.get(name)) for name in ("hot_bytes", "cold_bytes", "callee_saved")],
            format_start(row), format_exits(row["exits"]), status_of(row),
            same_code(row["same_code_as"])]


HEADER = ["back end", "time", f"ratio to {backends.REFERENCE}", "", "hot bytes", "cold", "callee-saved", "start-up",
          "exits", "status", ""]


def notes(programs):
    """What a reader of these programs' rows must know."""
    rows = [row for program in programs for row in program["backends"]]
    shown = list(NOTES)
    if any(row["seconds"] < SHORT_SECONDS for row in rows):
        shown.append(f"note: some runs are shorter than {SHORT_SECONDS} s, too short for more than a first look")
    fewer = {row["backend"] for program in programs for row in program["backends"] if row["rounds"] < program["rounds"]}
    if fewer:
        shown.append(f"note: fewer rounds than the others: {', '.join(sorted(fewer))}")
    shown += [f"note: {program['program']} is in no mean: {results.APART[program['program']]}" for program in programs
              if program["program"] in results.APART]
    return shown + [f"note: {reason}" for reason in sorted({reason_of(row) for row in rows if reason_of(row)})]


def print_columns(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        cells = [line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  ".join(cells).rstrip())


def print_program(program):
    print(f"\n{program['program']}, size {program['size']}, function {program['hot_function']}: medians of "
          f"{program['rounds']} interleaved rounds")
    print_columns([HEADER] + [table_cells(row) for row in program["backends"]])


def geometric_cells(row):
    return [row["backend"], str(row["programs"]), format_ratio(row),
            "" if row["backend"] == row["reference"] else row["conclusion"]]


def print_geometric(geometric):
    for group, by_reference in geometric.items():
        print(f"\ngeometric means of the ratios to {backends.REFERENCE}, {group} (programs were not resampled)")
        print_columns([["back end", "programs", "ratio", ""]]
                      + [geometric_cells(row) for row in by_reference[backends.REFERENCE]])


def print_all(programs, geometric):
    for program in programs:
        print_program(program)
    if len(programs) > 1:
        print_geometric(geometric)
    print()
    for note in notes(programs):
        print(note)
    sys.stdout.flush()
