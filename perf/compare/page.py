"""The results as one HTML page that needs nothing else: charts inside, no script, light and dark."""

import html

from compare import backends, chart, metrics, report, results, statistics

STYLE = """
:root { color-scheme: light dark; --text: #1d2127; --back: #ffffff; --line: #d5d9df; --soft: #5d6570; --mark: #eef1f5; }
@media (prefers-color-scheme: dark) {
:root { --text: #e4e7eb; --back: #15181c; --line: #3a4048; --soft: #a2a9b3; --mark: #22272e; }
}
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: var(--text); background: var(--back);
	font: 15px/1.5 system-ui, sans-serif; }
h2 { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; }
svg { width: 100%; max-width: 60rem; height: auto; color: var(--text); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; padding-bottom: 0.3rem; }
th, td { text-align: right; padding: 0.2rem 0.7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: normal; }
th:first-child, td:first-child { text-align: left; }
tr.same td { background: var(--mark); }
p, li { color: var(--soft); }
.faster { color: FASTER; } .slower { color: SLOWER; }
nav a { color: inherit; margin-right: 0.8rem; }
""".replace("FASTER", chart.FASTER).replace("SLOWER", chart.SLOWER)

AXIS = f"ratio to {backends.REFERENCE}"
TIME_HEADER = ["back end", "time", f"ratio to {backends.REFERENCE}", "conclusion", f"ratio to {backends.SAME_SHAPE}",
               "rounds", "start-up", "exits of one run", "status", "same code"]
CODE_HEADER = ["back end", *[name.replace("_", " ") for name in metrics.NAMES], "same code"]


def cell(text):
    mark = f' class="{text}"' if text in chart.COLOURS else ""
    return f"<td{mark}>{html.escape(text)}</td>"


def table(caption, header, lines):
    """`lines` is [(cells, whether the line is marked)]."""
    rows = [f"<tr{' class=same' if marked else ''}>{''.join(map(cell, cells))}</tr>" for cells, marked in lines]
    head = "".join(f"<th>{html.escape(name)}</th>" for name in header)
    return "\n".join(['<div class="wide"><table>', f"<caption>{html.escape(caption)}</caption>",
                      f"<tr>{head}</tr>", *rows, "</table></div>"])


def ratio_cell(row, reference):
    """Empty where the reference did not run."""
    compared = report.to(row, reference)
    return report.format_ratio(compared) if compared or row["backend"] == reference else ""


def time_line(row):
    compared = report.to(row)
    return [row["backend"], f"{row['seconds']:.3f} s", report.format_ratio(compared), report.conclusion_of(compared),
            ratio_cell(row, backends.SAME_SHAPE), str(row["rounds"]), report.format_start(row),
            report.format_exits(row["exits"]), report.status_of(row),
            report.same_code(row["same_code_as"])], bool(row["same_code_as"])


def code_line(row, target):
    same, code = row["same_code"][target], row["code"][target]
    return [row["backend"], *[report.format_count(code.get(name)) for name in metrics.NAMES],
            report.same_code(same)], bool(same)


def code_table(rows, target):
    return table(f"the hot function's code for {target}", CODE_HEADER,
                 [code_line(row, target) for row in rows if target in row["code"]])


def marks(default):
    """Labels of the rows that a reader looks for."""
    return {default: f"{default} (the default)", backends.SAME_SHAPE: f"{backends.SAME_SHAPE} (C)", "c": "c (C, inlined)"}


def points(rows):
    """Geometric means for a chart."""
    return [(row["backend"], None if row["backend"] == row["reference"] else row) for row in rows]


def lead(default, programs):
    """The sentence that the page begins with; empty where the default or what it is compared with did not run."""
    ratios = {}
    for reference in (backends.REFERENCE, backends.SAME_SHAPE):
        of_both = results.pairs(programs, default, reference)
        ratios[reference] = statistics.compared(of_both)["ratio"] if of_both else None
    if None in ratios.values():
        return ""
    count = len(programs)
    over = f"geometric means over {count} programs" if count > 1 else programs[0]["program"]
    return (f"<p><b>{html.escape(default)}, the default, takes {ratios[backends.REFERENCE]:.2f} times as long as "
            f"{backends.REFERENCE}, whose calls go through memory, and {ratios[backends.SAME_SHAPE]:.2f} times as long as C with the "
            f"same calls</b> ({html.escape(over)}).</p>")


def sorted_rows(rows):
    """The fastest first."""
    return sorted(rows, key=lambda row: row["seconds"])


def section(program, default):
    name, rows = program["program"], sorted_rows(program["backends"])
    drawn = [row for row in rows if not row["same_code_as"]]
    return "\n".join([
        f'<h2 id="{html.escape(name)}">{html.escape(name)}</h2>',
        f"<p>Size {program['size']}, hot function <code>{html.escape(program['hot_function'])}</code>, "
        f"{program['rounds']} rounds.</p>",
        chart.of_rows(f"chart_{name}", [(row["backend"], report.to(row)) for row in drawn], AXIS, marks(default)),
        table(f"run, on {results.HOST}", TIME_HEADER, [time_line(row) for row in rows]),
        *[code_table(rows, target) for target in metrics.TARGETS]])


def geometric_section(group, rows, default):
    name, ordered = group.replace(" ", "_"), sorted(rows, key=lambda row: row["ratio"])
    return "\n".join([f"<h2>Geometric means: {group}</h2>",
                      chart.of_rows(f"chart_{name}", points(rows), AXIS, marks(default)),
                      table(f"{group}: ratios to {backends.REFERENCE}", ["back end", "programs", "ratio", "conclusion"],
                            [(report.geometric_cells(row), False) for row in ordered])])


def groups_to_show(programs, geometric):
    """[(group, its rows)] without those that repeat what stands elsewhere: single programs, and groups of the same ones."""
    shown, seen = [], set()
    for group, by_reference in geometric.items():
        of_group = tuple(program["program"] for program in programs if results.GROUPS[group](program["program"]))
        if len(of_group) > 1 and of_group not in seen:
            shown.append((group, by_reference[backends.REFERENCE]))
        seen.add(of_group)
    return shown


def introduction(machine):
    words = [machine["processor"] or machine["machine"], f"{machine['processors']} processors", machine["triple"],
             machine["compiler"], machine["clang"], machine["system"]]
    return (f"<p>{html.escape(', '.join(filter(None, words)))}. Medians of interleaved rounds; ratios have "
            f"{statistics.DESCRIPTION}; programs were not resampled. Marked rows were not run: the code of the whole program is that of the back end named.</p>")


def document(title, parts):
    return "\n".join([
        '<!DOCTYPE html>', '<html lang="en">', '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">', f"<title>{html.escape(title)}</title>",
        f"<style>{STYLE}</style>", f"<h1>{html.escape(title)}</h1>", *parts, "</html>", ""])


def of_results(everything):
    programs, default = everything["comparisons"], everything["default"]
    links = "".join(f'<a href="#{html.escape(program["program"])}">{html.escape(program["program"])}</a>'
                    for program in programs)
    return document("Back ends of Volt", [
        lead(default, programs), f"<nav>{links}</nav>",
        *[geometric_section(group, rows, default) for group, rows in groups_to_show(programs, everything["geometric_means"])],
        *[section(program, default) for program in programs],
        "<h2>How to read this</h2>", introduction(everything["machine"]),
        "<ul>", *[f"<li>{html.escape(note)}</li>" for note in report.notes(programs)], "</ul>"])


def write(path, everything):
    text = of_results(everything)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
