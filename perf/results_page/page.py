"""The page: its sections in their order."""

from results_page import (answer, costs, data, estimated, figures, first_screen, hints, machines, original, steps, targets, times, tried,
                          whole_programs)

HEAD = """\
# Results

Written by `perf/results`: numbers and verdicts come from the measurements, the words on what was missed from
[results_page/answer.md](results_page/answer.md). [README.md](README.md) says how things are measured."""

QUICK = "**This page is from a quick run, with small sizes and few rounds: it shows the form and no results.**"


def machine(measured):
    found = measured.machine
    words = [found.get(name) for name in ("processor", "triple", "compiler", "clang", "system")]
    rounds = max(program["rounds"] for program in measured.programs.values())
    return (f"Measured on: {', '.join(word for word in words if word)}; {found['processors']} processors. "
            f"{len(measured.programs)} programs, {rounds} interleaved rounds.")


def write(measured, counted, text, programs=None, found_costs=None, found_estimates=None):
    """The whole page, from what the JSON files hold and the text on what was missed."""
    found, counts = data.Times(measured), data.Counts(counted)
    pictures = figures.of_page(found, programs)
    parts = [HEAD, *([QUICK] if found.quick else []), first_screen.section(found, counts, pictures),
             answer.filled(text, found, counts), machine(found), original.section(found, counts),
             figures.shown("original", pictures), times.section(found),
             whole_programs.section(programs), figures.shown("programs", pictures),
             hints.section(found), steps.section(found), costs.section(found_costs), machines.section(found, counts),
             estimated.section(found_estimates, found), tried.section(counts), targets.section(found)]
    return "\n\n".join(filter(None, parts)) + "\n"
