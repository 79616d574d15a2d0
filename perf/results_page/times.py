"""Tables of times: each back end over all programs, and in each of them."""

from compare import backends, results, statistics
from results_page import data

GROUP_SECTION = """\
## Times

Geometric means of ratios of times; below 1 is faster. {statistics} Pure recursion is {pure}: functions that do nothing but
call themselves, which a trivial exit is made for. {apart}"""

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


def rounds_and_confidence(times):
    """What can be said with as many rounds as there were; back ends with fewer have it written behind each interval."""
    rounds = max(program["rounds"] for program in times.programs.values())
    certainty = statistics.confidence(rounds, statistics.left_out(rounds))
    if rounds < 2:
        return "One round allows no interval."
    return (f"A ratio is the median of {rounds} rounds' ratios, and its interval goes from one of them to another: it holds "
            f"the true median with a confidence of {statistics.percent(certainty)}, whatever times are distributed like"
            f"{'' if certainty >= statistics.CONFIDENCE else ', so nothing is concluded from it'}. A mean is taken in each "
            "round over the programs; these were not resampled, so nothing is said of other programs.")


def words_of_apart(times):
    return " ".join(f"{name} stands apart from all means: {why}." for name, why in times.apart().items())


def section(times):
    parts = [GROUP_SECTION.format(pure=", ".join(results.PURE_RECURSION), statistics=rounds_and_confidence(times),
                                  apart=words_of_apart(times)).rstrip(),
             group_table(times, backends.REFERENCE)]
    if backends.SAME_SHAPE in times.backends():
        parts.append(group_table(times, backends.SAME_SHAPE))
    parts.append(PROGRAM_SECTION.format(reference=backends.REFERENCE))
    parts += [program_table(times, names, backends.REFERENCE)
              for names in (times.names("pure recursion"), times.names("other programs"), list(times.apart())) if names]
    return "\n\n".join(parts)
