"""The page: its sections in their order."""

from results_page import answer, data, hints, machines, original, steps, targets, times, tried, whole_programs

HEAD = """\
# Results

Written by `perf/results`: numbers and verdicts come from the measurements, the words of the first section from
[results_page/answer.md](results_page/answer.md). [README.md](README.md) says how things are measured."""

QUICK = "**This page is from a quick run, with small sizes and few rounds: it shows the form and no results.**"


def machine(measured):
    found = measured.machine
    words = [found.get(name) for name in ("processor", "triple", "compiler", "clang", "system")]
    rounds = max(program["rounds"] for program in measured.programs.values())
    return (f"Measured on: {', '.join(word for word in words if word)}; {found['processors']} processors. "
            f"{len(measured.programs)} programs, {rounds} interleaved rounds.")


def write(measured, counted, text, programs=None):
    """The whole page, from what the JSON files hold and the text of the answer."""
    found, counts = data.Times(measured), data.Counts(counted)
    parts = [HEAD, machine(found), *([QUICK] if found.quick else []), "## The answer",
             answer.filled(text, found, counts), original.section(found, counts), times.section(found),
             whole_programs.section(programs),
             hints.section(found), steps.section(found), machines.section(found, counts), tried.section(counts),
             targets.section(found)]
    return "\n\n".join(filter(None, parts)) + "\n"
