"""Tables of times: each back end over all programs, and in each of them."""

from compare import backends, results
from results_page import data

GROUP_SECTION = """\
## Times

Geometric means of ratios of times, with 95 % bootstrap intervals; below 1 is faster. Pure recursion is {pure}: functions
that do nothing but call themselves, which a trivial exit is made for."""

PROGRAM_SECTION = """\
### In each program

Ratios to `{reference}`; `?` where the interval reaches 1 or a run was too short, so that nothing is concluded; `=` where
the compiled code of the whole program is that of another row, which was run in its place. Sections of their own:
`results.html`, which `perf/compare-backends` writes with every interval."""


def group_table(times, reference):
    groups = [group for group in results.GROUPS if times.names(group)]
    lines = [[f"`{name}`", *[data.measured(times.in_group(name, reference, group)) for group in groups]]
             for name in times.backends() if name != reference]
    return data.table([f"ratio to `{reference}`", *groups], lines)


def cell(times, program, backend, reference):
    row = times.row(program, backend)
    if backend == reference:
        return "1"
    same = f" = {row['same_code_as']}" if row and row["same_code_as"] else ""
    return data.short(times.compared(backend, reference, [program])) + same


def program_table(times, programs, reference):
    lines = [[f"`{name}`", *[cell(times, program, name, reference) for program in programs]]
             for name in times.backends()]
    return data.table(["back end", *programs], lines)


def section(times):
    parts = [GROUP_SECTION.format(pure=", ".join(results.PURE_RECURSION)), group_table(times, backends.REFERENCE)]
    if backends.SAME_SHAPE in times.backends():
        parts.append(group_table(times, backends.SAME_SHAPE))
    parts.append(PROGRAM_SECTION.format(reference=backends.REFERENCE))
    parts += [program_table(times, times.names(group), backends.REFERENCE)
              for group in ("pure recursion", "other programs") if times.names(group)]
    return "\n\n".join(parts)
