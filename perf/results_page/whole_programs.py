"""Whole programs beside C and Go: the geometric means, and each program."""

from compare import statistics, whole, whole_report
from results_page import data

SECTION = """\
## Whole programs

What kernels do not say: the time of the whole process by the clock, of `volt run PROGRAM` (`auto`) and of its twins, start-up
and compilation included ([how](README.md#whole-programs)). Ratios are those of `auto`; below 1 is faster."""


PRESETS = """\
### With other calls and exits

`auto` is compiled with the axes of `record-hinted`. The same with those of other presets, at both levels, everything else (inlining,
loops, profiles) unchanged: what calls and exits matter once everything else is fast. panic_recover_loop is where panics are
frequent."""


def means_table(found):
    lines = [[f"`{one['reference']}`", str(one["programs"]), data.measured(one),
              f"{one['worst']} {one['worst_ratio']:.2f}"] for one in found["summaries"]]
    return data.table(["ratio to", "programs", "geometric mean", "worst"], lines)


def programs_table(found):
    lines = [[row["program"], *[whole_report.seconds_cell(row, backend) for backend in whole_report.BACKENDS],
              *[data.measured(row["ratios"].get(reference)) for reference in whole.REFERENCES]] for row in found["programs"]]
    return data.table(["program", *whole_report.BACKENDS, *[f"auto / {name}" for name in whole.REFERENCES]], lines)


def presets_section(found):
    """What calls and exits of another kind make of the same programs; empty if they were not measured."""
    rows = [row for row in found["programs"] if row.get("presets")]
    if not rows:
        return []
    lines = [[row["program"], *[data.measured(row["presets"].get(preset)) for preset in whole.PRESETS]] for row in rows]
    means = {preset: statistics.compared([(whole.wall_seconds(row, whole.preset_name(preset)), whole.wall_seconds(row, whole.AUTO))
                                          for row in rows]) for preset in whole.PRESETS}
    lines.append(["geometric mean", *[data.measured(means[preset]) for preset in whole.PRESETS]])
    return [PRESETS, data.table(["time, ratio to `auto`", *[f"`{preset}`" for preset in whole.PRESETS]], lines)]


def section(found):
    """Nothing if they were not measured."""
    if not found:
        return ""
    return "\n\n".join([SECTION, means_table(found), programs_table(found), *presets_section(found), *found["missing"]])
