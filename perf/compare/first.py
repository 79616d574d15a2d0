"""What is compared when nothing is chosen: few kernels on few back ends, few whole programs, one table, in about a minute."""

import html
import pathlib

from compare import backends, chart, page, report, results, statistics, whole

# Sizes at which compiled code runs for a tenth of a second or more.
KERNELS = {"fib": 37, "nqueens": 12, "mutual_recursion": 1000000}
PROGRAMS = ("matmul_rows", "struct_copy", "word_count")
# From line to line one thing is added; then C.
STEPS = (
    ("baseline", "calls through memory"),
    ("v3", "arguments, results and status in registers"),
    ("record", "exits record live values instead of writing frames"),
    ("record+both+cc", "the optimiser is told what is cold"),
    ("record-hinted", "context in a register, stack check where a call follows, short paths apart"),
    (backends.SAME_SHAPE, "C, a call for each call"),
    ("c", "C, which may inline"),
)
NAMES = tuple(name for name, _ in STEPS)
ROUNDS = statistics.fewest_rounds() + 1
INTERPRETER_ROUNDS = 1  # many times slower than what it is compared with
# No round begins that would end later, of the kernels and of all; where nothing else runs, all take less.
KERNEL_SECONDS, SECONDS = 60, 100
FULL = "./perf/compare-backends --full"
HEADER = ["back end", "what is added", f"beside {backends.REFERENCE}", "beside the line above", "", "beside C"]


def ratio_text(found):
    return f"{found['ratio']:.2f}" if found else ""


def step_cells(found):
    return [ratio_text(found) + statistics.interval_text(found, 2), found["conclusion"]] if found else ["", ""]


def compared(comparisons, name, reference):
    """The geometric mean of the ratios; None: one of them did not run, or they are the same."""
    of_both = results.pairs(comparisons, name, reference) if reference and name != reference else []
    return statistics.compared(of_both) if of_both else None


def lines(comparisons):
    """The table: each step beside the reference, the one before it, and C."""
    ran = {row["backend"] for program in comparisons for row in program["backends"]}
    steps, table, before = [step for step in STEPS if step[0] in ran], [HEADER], None
    for name, words in steps:
        step = compared(comparisons, name, before if name not in ("c", backends.SAME_SHAPE) else None)
        table.append([name, words, ratio_text(compared(comparisons, name, backends.REFERENCE)) or "1",
                      *step_cells(step),
                      ratio_text(compared(comparisons, name, backends.SAME_SHAPE))])
        before = name
    return table


def program_lines(summaries):
    """Whole programs: `volt run` beside each of the others."""
    names = {whole.C: "C", whole.GO: "Go", whole.INTERPRETER: "the interpreter"}
    return [f"volt run beside {names[found['reference']]}: {found['ratio']:.2f}{statistics.interval_text(found, 2)}"
            for found in summaries]


def print_all(everything, path):
    kernels = ", ".join(program["program"] for program in everything["comparisons"])
    rounds = max(program["rounds"] for program in everything["comparisons"])
    print(f"\nKernels ({kernels}), compiled ahead of time: geometric means of ratios of times, {rounds} interleaved rounds\n")
    table = lines(everything["comparisons"])
    report.print_columns([[line[0], line[1].ljust(max(len(other[1]) for other in table)), *line[2:]] for line in table])
    print(f"\nWhole programs ({', '.join(row['program'] for row in everything['programs'])}), start-up and compilation "
          "included\n")
    for line in [*program_lines(everything["summaries"]), *everything["missing"]]:
        print(line)
    print(f"\nbelow 1 is faster; brackets: {statistics.DESCRIPTION}\n\nthe page: {path}\neverything: {FULL}   "
          "(20 minutes and more; --help says what else there is)")


def document(everything):
    comparisons = everything["comparisons"]
    table = lines(comparisons)
    rows = results.geometric_rows(comparisons)
    return page.document("Volt at a first look", [
        page.lead(everything["default"], comparisons),
        chart.of_rows("chart_first", page.points(rows), page.AXIS, page.marks(everything["default"])),
        page.table("kernels: geometric means of ratios of times", table[0],
                   [(line, False) for line in table[1:]]),
        "<ul>", *[f"<li>Whole programs: {html.escape(line)}</li>" for line in program_lines(everything["summaries"])],
        *[f"<li>{html.escape(line)}</li>" for line in everything["missing"]], "</ul>",
        page.introduction(everything["machine"]),
        f"<p>Everything: <code>{FULL}</code>.</p>"])


def write_page(path, everything):
    pathlib.Path(path).write_text(document(everything), encoding="utf-8")
