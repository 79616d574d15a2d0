"""Whole programs as tables: on the terminal, as a section of a page, as JSON and CSV."""

import csv
import html

from compare import chart, page, report, statistics, whole

BACKENDS = (whole.AUTO, *whole.REFERENCES)
NOTES = [
    "time: of the whole process by the clock, start-up and compilation included; no code is left from an earlier run",
    "auto: `volt run PROGRAM --cache=off`; interpreter: with --tier=interp; c: clang -O2 -fwrapv; go: go build",
    f"ratios: medians of interleaved rounds, with {statistics.DESCRIPTION}; programs were not resampled; below 1 auto "
    "is faster",
]
QUICK_NOTE = "small sizes, which are mostly start-up: only to see that everything runs"
HEADER = ["program", "size", *BACKENDS, *[f"auto / {reference}" for reference in whole.REFERENCES]]


def seconds_cell(row, backend):
    return f"{row['seconds'][backend]:.3f} s" if backend in row["seconds"] else ""


def ratio_cell(row, reference):
    return report.format_ratio(row["ratios"][reference]) if reference in row["ratios"] else ""


def cells(row):
    return [row["program"], str(row["size"]), *[seconds_cell(row, backend) for backend in BACKENDS],
            *[ratio_cell(row, reference) for reference in whole.REFERENCES]]


def summary_line(found):
    return (f"auto / {found['reference']}: geometric mean {report.format_ratio(found)} over {found['programs']} programs, "
            f"worst {found['worst_ratio']:.2f} ({found['worst']})")


def all_notes(everything):
    slower = [row["program"] for row in everything["programs"]
              if row["ratios"].get(whole.INTERPRETER, {}).get("conclusion") == "slower"]
    return [*NOTES, *([QUICK_NOTE] if everything["quick"] else []), *everything["missing"],
            *([f"slower than the interpreter: {', '.join(slower)}"] if slower else [])]


def print_all(everything):
    print()
    report.print_columns([HEADER, *map(cells, everything["programs"])])
    print()
    for found in everything["summaries"]:
        print(summary_line(found))
    print()
    for note in all_notes(everything):
        print(note)


def section(everything):
    """The page's section: a chart for each reference, the table, the means."""
    rows = everything["programs"]
    charts = [chart.of_rows(f"chart_whole_{reference}",
                            [(row["program"], row["ratios"][reference]) for row in rows if reference in row["ratios"]],
                            f"whole programs: auto beside {reference}")
              for reference in (found["reference"] for found in everything["summaries"])]
    return "\n".join([
        '<h2 id="whole_programs">Whole programs</h2>', *charts,
        page.table("whole programs: seconds, and ratios of auto", HEADER, [(cells(row), False) for row in rows]),
        "<ul>", *[f"<li>{html.escape(line)}</li>"
                  for line in [*map(summary_line, everything["summaries"]), *all_notes(everything)]], "</ul>"])


def write_page(path, everything):
    with open(path, "w", encoding="utf-8") as file:
        file.write(page.document("Whole programs on Volt", [section(everything)]))


def write_csv(path, everything):
    columns = ["program", "size", *[f"{backend}_seconds" for backend in BACKENDS],
               *[f"{reference}_{name}" for reference in whole.REFERENCES for name in ("ratio", "low", "high")]]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row in everything["programs"]:
            of_backends = {backend: seconds for backend, seconds in row["seconds"].items() if backend in BACKENDS}
            line = {"program": row["program"], "size": row["size"]}
            line |= {f"{backend}_seconds": seconds for backend, seconds in of_backends.items()}
            for reference, compared in row["ratios"].items():
                low, high = compared["interval"] or (None, None)
                line |= {f"{reference}_ratio": compared["ratio"], f"{reference}_low": low, f"{reference}_high": high}
            writer.writerow(line)
