"""Recorded seconds of the original's interpreter, from ../shared/programs/bench.tsv, scaled to this machine."""

import csv
import pathlib

TABLE = pathlib.Path(__file__).resolve().parents[3] / "shared" / "programs" / "bench.tsv"

# What the C fib(38) took on the machine and in the state in which the table was recorded.
RECORDED_CALIBRATION = 0.21


def recorded_seconds():
    """Program name: seconds. Empty without the shared folder."""
    if not TABLE.exists():
        return {}
    with open(TABLE, encoding="utf-8", newline="") as file:
        return {row["name"]: float(row["vm_s"]) for row in csv.DictReader(file, delimiter="\t")}
