"""What the measured runs say: rows of one program, and geometric means over programs, as plain values.

They are what the JSON file holds, and what table, page and perf/results are made of.
"""

import dataclasses
import platform

from compare import backends, measure, statistics

HOST_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
HOST = HOST_NAMES.get(platform.machine(), platform.machine())
PURE_RECURSION = ("fib", "tak", "ackermann")  # nothing but calls of themselves, which a trivial exit is made for
# Programs in which back ends differ by something else than what they are compared for. They belong to no mean.
APART = {
    "defer_caller": "exits that record keep its deferred calls in compiled code, and for all others the host makes them, so "
                    "ratios between the two kinds say nothing of what an exit costs",
}
GROUPS = {
    "all programs": lambda name: name not in APART,
    "pure recursion": lambda name: name in PURE_RECURSION,
    "other programs": lambda name: name not in PURE_RECURSION and name not in APART,
}


def seconds_of(row):
    """Time of the program itself in each round, from the samples."""
    return tuple(series_of(row).seconds())


def series_of(row):
    runs, starts = ([measure.Sample(**sample) for sample in row[name]] for name in ("samples", "start_samples"))
    return measure.Series(row["backend"], runs, starts, row["exits"])


def row_of_series(series, facts=None):
    """Everything about one back end but what it is compared with."""
    return {
        "backend": series.name,
        "same_code_as": None,
        "rounds": len(series.runs),
        "seconds": statistics.median(series.seconds()),
        "wall_seconds": statistics.median(series.wall_seconds()),
        "start_seconds": statistics.median(series.start_seconds()),
        "ratios": {},
        "status": facts.status if facts else None,
        "exits": series.exits,
        "late_seconds": series.late(),
        "code": facts.code if facts else {},
        "same_code": facts.same_code if facts else {},
        "samples": [dataclasses.asdict(sample) for sample in series.runs],
        "start_samples": [dataclasses.asdict(sample) for sample in series.starts],
    }


def row_of_same_code(name, other, facts):
    """A back end that was not run, since its code is that of another one."""
    return {**other, "backend": name, "same_code_as": other["backend"], "same_code": facts.same_code}


def ratios_of(rows):
    """{back end: {reference: ratio, interval, conclusion}}"""
    seconds = {row["backend"]: seconds_of(row) for row in rows}
    references = [name for name in backends.RATIO_REFERENCES if name in seconds]
    return {name: {reference: statistics.compared([(mine, seconds[reference])]) for reference in references
                   if reference != name} for name, mine in seconds.items()}


def of_program(program, size, names, series, facts):
    """One program on all back ends; `names` is their order, `series` has those that ran."""
    measured = {item.name: item for item in series}
    rows = {name: row_of_series(measured[name], facts.get(name)) for name in names if name in measured}
    for name in names:
        if name not in measured:
            rows[name] = row_of_same_code(name, rows[facts[name].same_code[HOST]], facts[name])
    ordered = [rows[name] for name in names]
    ratios = ratios_of(ordered)
    return {
        "program": program.name,
        "size": size,
        "hot_function": program.hot_function,
        "rounds": max(row["rounds"] for row in ordered),
        "backends": [{**row, "ratios": ratios[row["backend"]]} for row in ordered],
    }


def rows_by_name(program):
    return {row["backend"]: row for row in program["backends"]}


def pairs(programs, name, reference):
    """[(seconds, seconds of the reference)] of the programs that both ran."""
    found = map(rows_by_name, programs)
    return [(seconds_of(rows[name]), seconds_of(rows[reference])) for rows in found
            if name in rows and reference in rows]


def geometric_rows(programs, reference=backends.REFERENCE):
    """The geometric mean of each back end's ratios, over the programs that it ran."""
    names = dict.fromkeys(row["backend"] for program in programs for row in program["backends"])
    rows = []
    for name in names:
        of_name = pairs(programs, name, reference)
        if of_name:
            rows.append({"backend": name, "programs": len(of_name), "reference": reference,
                         **statistics.compared(of_name)})
    return rows


def geometric_means(programs, references=backends.RATIO_REFERENCES):
    """{group: {reference: rows}}"""
    chosen = {group: [program for program in programs if belongs(program["program"])]
              for group, belongs in GROUPS.items()}
    return {group: {reference: geometric_rows(of_group, reference) for reference in references}
            for group, of_group in chosen.items() if of_group}
