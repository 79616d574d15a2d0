"""Both machines apart: what was counted on each, and what the code of fib looks like."""

from compare import backends, metrics
from results_page import data

TITLES = {"x86_64": "x86-64", "aarch64": "AArch64"}
CODE = ("hot_bytes", "cold_bytes", "callee_saved", "frame_bytes", "spills")


def basis(times, target):
    """Where what is said of this machine comes from."""
    if target == times.host:
        return "Times above were taken on this machine; here are exact counts of executed instructions beside them."
    return (f"The machine that measured is no {TITLES[target]}: there are no times. These are exact counts of executed "
            "instructions, from an emulator, of smaller calls (`perf/counts`); they say nothing about what an "
            "instruction costs.")


def instructions(counts, target):
    kernels = [name for name in counts.kernels if any(counts.count(name, preset, target)
                                                      for preset in counts.presets(target))]
    lines = [[f"`{preset}`", data.exact(counts.geometric_ratio(preset, target, backends.REFERENCE, "all programs")),
              *[data.exact(counts.ratio(kernel, preset, target, backends.REFERENCE)) for kernel in kernels]]
             for preset in counts.presets(target)]
    return data.table([f"instructions, ratio to `{backends.REFERENCE}`", "geometric mean", *kernels], lines)


def code(times, target, program="fib"):
    found = [(name, times.row(program, name)) for name in times.backends() if times.row(program, name)]
    lines = [[f"`{name}`", *[str(row["code"][target].get(number, "")) for number in CODE]]
             for name, row in found if target in row["code"]]
    return data.table([f"code of `{program}`", *[name.replace("_", " ") for name in CODE]], lines)


def of_target(times, counts, target):
    parts = [f"## {TITLES[target]}", basis(times, target)]
    if counts.presets(target):
        parts.append(instructions(counts, target))
    if "fib" in times.programs:
        parts.append(code(times, target))
    return "\n\n".join(parts)


def section(times, counts):
    ordered = sorted(metrics.TARGETS, key=lambda target: target != times.host)
    return "\n\n".join(of_target(times, counts, target) for target in ordered)
