"""Running commands in turn and taking their times.

What counts is processor time (user and system) of the process, which other processes on the machine disturb less
than wall time; both are recorded. A run contains the start of the process, loading and compilation. The same
program at size 0 contains nothing else, so in each round both run one after the other and the difference is the time
of the program itself. What is compiled after the start, because a function was left and continues, is subtracted too.
The back end knows only how long that took by the clock, of which the process had a share: as large as in the whole run,
and of all rounds the least counts, so that rather too little is subtracted.
"""

import dataclasses
import json
import os
import subprocess
import tempfile
import time


class MeasureError(Exception):
    """A run that failed, or outputs that differ between back ends."""


@dataclasses.dataclass(frozen=True)
class Sample:
    """Seconds of one run; `late` went into code that was compiled after the start, as far as the back end tells."""

    processor: float
    wall: float
    late: float = 0.0


@dataclasses.dataclass
class Series:
    """All rounds of one back end."""

    name: str
    runs: list
    starts: list
    exits: dict = None  # {status: number} of the first run, where the back end tells

    def late(self):
        return max(min(run.late for run in self.runs) - min(start.late for start in self.starts), 0.0)

    def seconds(self):
        """Time of the program itself in each round; never below the clock's resolution."""
        late = self.late()
        return [max(run.processor - start.processor - late, 1e-6) for run, start in zip(self.runs, self.starts)]

    def wall_seconds(self):
        late = self.late()
        return [max(run.wall - start.wall - late, 1e-6) for run, start in zip(self.runs, self.starts)]

    def start_seconds(self):
        return [start.processor for start in self.starts]


def tier_statistics(errors):
    """What `volt run --stats=json` says of its tier in the last line of standard error; {} where nothing is said."""
    lines = [line for line in errors.decode(errors="replace").splitlines() if line.startswith('{"')]
    try:
        return (json.loads(lines[-1]).get("tier") if lines else None) or {}
    except ValueError:
        return {}


def late_seconds(tier):
    """By the clock, for forms of functions that are compiled when first needed; others are there at the start."""
    return sum(form["compile_ms"] for function in tier.get("functions", []) for name, form in function.items()
               if name.endswith("_form") and name != "call_form") / 1000


def run_once(command):
    """Runs a command to its end; returns its times, its output, and what it says of its tier."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        said = errors.read()
        if process.returncode != 0:
            raise MeasureError(f"exit status {process.returncode} of: {' '.join(command)}\n"
                               f"{said.decode(errors='replace')[-1000:]}".rstrip())
        tier, processor = tier_statistics(said), usage.ru_utime + usage.ru_stime
        return Sample(processor, wall, late_seconds(tier) * min(processor / wall, 1.0)), output.read(), tier


def check_output(outputs, name, output):
    """Every back end must print the same."""
    first_name, first_output = next(iter(outputs.items()), (name, output))
    if output != first_output:
        raise MeasureError(f"{name} printed {output[:200]!r}, but {first_name} printed {first_output[:200]!r}")
    outputs[name] = output


def rounds_until(rounds, deadline, clock=time.monotonic):
    """Numbers of rounds; none starts, but the first, that would end after the deadline if it took as long as the last."""
    last = 0
    for number in range(rounds):
        begin = clock()
        if number and deadline is not None and begin + last > deadline:
            return
        yield number
        last = clock() - begin


def add_round(series, start, run, tier):
    series.starts.append(start)
    series.runs.append(run)
    series.exits = series.exits or tier.get("exits")


def interleaved(prepared_by_program, rounds, progress, deadline=None, rounds_of=None):
    """Each round runs every back end of every program once, starting with another back end each time.

    `prepared_by_program` is {program name: [Prepared]}; returns {program name: [Series]} in the same order.
    `rounds_of` is {back end name: rounds} of those that take part in the first rounds only.
    """
    series = {program: {item.backend.name: Series(item.backend.name, [], []) for item in group}
              for program, group in prepared_by_program.items()}
    outputs = {program: {} for program in prepared_by_program}
    for number in rounds_until(rounds, deadline):
        for program, group in prepared_by_program.items():
            shift = number % len(group)
            for item in group[shift:] + group[:shift]:
                name = item.backend.name
                if number >= (rounds_of or {}).get(name, rounds):
                    continue
                progress(number + 1, rounds, program, name)
                start, _, _ = run_once(item.start_command)
                run, output, tier = run_once(item.command)
                check_output(outputs[program], name, output)
                add_round(series[program][name], start, run, tier)
    return {program: list(of_program.values()) for program, of_program in series.items()}
