"""The results as files for programs: JSON with every sample, CSV with one line for each back end of each program."""

import csv
import json
import os
import pathlib
import platform
import subprocess

from compare import backends, metrics

STATUSES = ("panic", "call", "wait_io", "wait_queue", "replay", "yield")
RATIO_COLUMNS = ("ratio", "low", "high", "confidence", "conclusion")
COLUMNS = ["program", "size", "hot_function", "backend", "same_code_as", "rounds", "seconds", "wall_seconds",
           "start_seconds", "late_seconds", "status",
           *[f"{reference}_{name}" for reference in backends.RATIO_REFERENCES for name in RATIO_COLUMNS],
           *[f"exits_{status}" for status in STATUSES],
           *[f"{target}_{name}" for target in metrics.TARGETS for name in (*metrics.NAMES, "same_code_as")]]


def processor_model(path="/proc/cpuinfo"):
    """As the system calls it; some machines say nothing there. On x86, one name may stand for many designs."""
    try:
        lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    known = {}
    for line in lines:
        key, _, value = line.partition(":")
        known.setdefault(key.strip(), value.strip())
    name = known.get("model name") or known.get("Model")
    if name and "cpu family" in known:
        return f"{name} (family {known['cpu family']}, model {known.get('model', '?')})"
    return name


def first_line(command):
    output = subprocess.run(command, capture_output=True, text=True).stdout
    return output.splitlines()[0] if output else None


def host():
    return {"machine": platform.machine(), "processor": processor_model(), "processors": os.cpu_count(),
            "system": platform.platform()}


def machine(volt, programs):
    return {**host(), "clang": first_line(["clang-22", "--version"]), **metrics.machine(volt, programs[0])}


def write_json(path, everything):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(everything, file, indent=1)
        file.write("\n")


def ratio_cells(row, reference):
    compared = row["ratios"].get(reference)
    if not compared:
        return {}
    low, high = compared["interval"] or (None, None)
    values = (compared["ratio"], low, high, compared["confidence"], compared["conclusion"])
    return {f"{reference}_{name}": value for name, value in zip(RATIO_COLUMNS, values)}


def code_cells(row, target):
    code = row["code"].get(target, {})
    return {**{f"{target}_{name}": code.get(name) for name in metrics.NAMES},
            f"{target}_same_code_as": row["same_code"].get(target)}


def csv_line(program, row):
    """An empty cell is something that does not exist for this back end."""
    line = {**program, **row, **{f"exits_{status}": (row["exits"] or {}).get(status) for status in STATUSES}}
    for reference in backends.RATIO_REFERENCES:
        line.update(ratio_cells(row, reference))
    for target in metrics.TARGETS:
        line.update(code_cells(row, target))
    return {column: line.get(column) for column in COLUMNS}


def write_csv(path, everything):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for program in everything["comparisons"]:
            writer.writerows(csv_line(program, row) for row in program["backends"])
