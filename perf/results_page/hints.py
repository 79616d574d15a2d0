"""What each hint does alone and together, on exits that write frames and on exits that record."""

from compare import backends, results
from results_page import data

INTRODUCTION = """\
## Hints

Each set of hints beside the same preset without any: geometric means of ratios of times, with intervals. The last columns
count programs: in how many the interval is below 1, above 1, or allows no conclusion, and in how many the compiled code
of the whole program is the same as without hints, or as with another set (named). `hinted` is `v3+both+cc`.
The set `profile` is not here: ahead of time there is no profile, and its code is
that of `both+cc`; with `--tier=auto` there is one, but then functions are also inlined, and nothing would tell what the
hints did."""


def conclusions(times, backend, reference):
    """Names of programs by what their interval says."""
    found = {"faster": [], "slower": [], "undecided": []}
    for name in times.names():
        compared = times.compared(backend, reference, [name])
        if compared:
            found.get(compared["conclusion"], found["undecided"]).append(name)
    return found


def same_code(times, backend):
    """How many programs have the code of which other back end."""
    others = [row["same_code_as"] for name in times.names() if (row := times.row(name, backend))]
    counted = {other: others.count(other) for other in dict.fromkeys(filter(None, others))}
    return ", ".join(f"{number} = `{other}`" for other, number in counted.items())


def line(times, preset, hints, groups):
    backend = f"{preset}+{hints}"
    found = conclusions(times, backend, preset)
    return [f"`{hints}`", *[data.measured(times.in_group(backend, preset, group)) for group in groups],
            *[str(len(found[name])) for name in found], same_code(times, backend)]


def section(times):
    groups = [group for group in results.GROUPS if times.names(group)]
    parts = [INTRODUCTION]
    for preset in backends.HINTED_PRESETS:
        lines = [line(times, preset, hints, groups) for hints in backends.HINTS
                 if f"{preset}+{hints}" in times.backends()]
        if lines:
            parts.append(data.table([f"ratio to `{preset}`", *groups, "faster", "slower", "undecided", "same code"],
                                    lines))
    return "\n\n".join(parts)
