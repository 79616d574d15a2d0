"""Whole programs beside C and Go: the geometric means, and each program."""

from compare import whole, whole_report
from results_page import data

SECTION = """\
## Whole programs

What kernels do not say: the time of the whole process by the clock, of `volt run PROGRAM` (`auto`) and of its twins, start-up
and compilation included ([how](README.md#whole-programs)). Ratios are those of `auto`; below 1 is faster."""


def means_table(found):
    lines = [[f"`{one['reference']}`", str(one["programs"]), data.measured(one),
              f"{one['worst']} {one['worst_ratio']:.2f}"] for one in found["summaries"]]
    return data.table(["ratio to", "programs", "geometric mean", "worst"], lines)


def programs_table(found):
    lines = [[row["program"], *[whole_report.seconds_cell(row, backend) for backend in whole_report.BACKENDS],
              *[data.measured(row["ratios"].get(reference)) for reference in whole.REFERENCES]] for row in found["programs"]]
    return data.table(["program", *whole_report.BACKENDS, *[f"auto / {name}" for name in whole.REFERENCES]], lines)


def section(found):
    """Nothing if they were not measured."""
    if not found:
        return ""
    return "\n\n".join([SECTION, means_table(found), programs_table(found), *found["missing"]])
