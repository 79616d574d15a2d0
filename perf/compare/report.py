"""What is shown: progress while measuring, a table for people, JSON for programs."""

import dataclasses
import json
import os
import platform
import sys

from compare import backends, statistics


@dataclasses.dataclass
class Comparison:
    """One program on all back ends."""

    program: object
    size: int
    rounds: int
    series: list
    code: dict  # back end name: metrics or None

    def rows(self):
        reference = next(series.seconds() for series in self.series if series.name == backends.REFERENCE)
        for series in self.series:
            yield row(series, reference, self.code[series.name])


def row(series, reference, code):
    seconds = series.seconds()
    return {
        "backend": series.name,
        "seconds": statistics.median(seconds),
        "wall_seconds": statistics.median(series.wall_seconds()),
        "start_seconds": statistics.median(series.start_seconds()),
        "ratio": statistics.median(seconds) / statistics.median(reference),
        "ratio_interval": statistics.ratio_interval(seconds, reference),
        "code_bytes": code.get("code_bytes") if code else None,
        "callee_saved": code.get("callee_saved") if code else None,
        "metrics": code,
        "samples": [dataclasses.asdict(sample) for sample in series.runs],
        "start_samples": [dataclasses.asdict(sample) for sample in series.starts],
    }


SHORT_SECONDS = 0.1  # below it, noise of the start-up that is subtracted matters


def progress(number, rounds, name):
    """One line that is written over; only a terminal gets it, others get one line for each round."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[Kround {number} of {rounds}: {name}" if name else "\r\033[K")
    elif name and progress.shown != (number, rounds):
        progress.shown = (number, rounds)
        sys.stderr.write(f"round {number} of {rounds}\n")
    sys.stderr.flush()


progress.shown = None


def format_ratio(values):
    if values["backend"] == backends.REFERENCE:
        return "1"
    interval = values["ratio_interval"]
    shown = f"{values['ratio']:.3f}"
    return shown + (f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else "")


def format_count(number):
    """Callee-saved registers are a number or a list of their names."""
    if isinstance(number, list):
        return str(len(number))
    return "" if number is None else str(number)


def table_cells(values):
    code = "interpreted" if stays_interpreted(values) else format_count(values["code_bytes"])
    return [values["backend"], f"{values['seconds']:.3f} s", format_ratio(values), code,
            format_count(values["callee_saved"]), f"{values['start_seconds'] * 1000:.0f} ms"]


def stays_interpreted(values):
    return bool(values["metrics"]) and "reason" in values["metrics"]


def print_notes(rows):
    print("time: processor time of the run without start-up (process, loading, compilation); ratios below 1 are faster")
    if any(values["seconds"] < SHORT_SECONDS for values in rows):
        print(f"note: some runs are shorter than {SHORT_SECONDS} s, too short for more than a first look")
    for reason in sorted({values["metrics"]["reason"] for values in rows if stays_interpreted(values)}):
        print(f"note: {reason}")


def print_table(comparison):
    rows = list(comparison.rows())
    header = ["back end", "time", f"ratio to {backends.REFERENCE}", "code bytes", "callee-saved", "start-up"]
    lines = [header] + [table_cells(values) for values in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    print(f"\n{comparison.program.name}, size {comparison.size}, function {comparison.program.hot_function}: medians of "
          f"{comparison.rounds} interleaved rounds, ratios with 95 % intervals")
    for line in lines:
        cells = [line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  ".join(cells).rstrip())
    print_notes(rows)
    sys.stdout.flush()


def as_json(comparison):
    return {
        "program": comparison.program.name,
        "size": comparison.size,
        "rounds": comparison.rounds,
        "reference": backends.REFERENCE,
        "backends": list(comparison.rows()),
    }


def write_json(path, comparisons):
    machine = {"machine": platform.machine(), "system": platform.platform(), "processors": os.cpu_count()}
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "comparisons": [as_json(item) for item in comparisons]}, file, indent=1)
        file.write("\n")
