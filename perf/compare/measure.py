"""Running commands in turn and taking their times.

What counts is processor time (user and system) of the process, which other processes on the machine disturb less
than wall time; both are recorded. A run contains the start of the process, loading and compilation. The same
program at size 0 contains nothing else, so in each round both run one after the other and the difference is the time
of the program itself.
"""

import dataclasses
import os
import subprocess
import tempfile
import time


class MeasureError(Exception):
    """A run that failed, or outputs that differ between back ends."""


@dataclasses.dataclass(frozen=True)
class Sample:
    """Seconds of one run."""

    processor: float
    wall: float


@dataclasses.dataclass
class Series:
    """All rounds of one back end."""

    name: str
    runs: list
    starts: list

    def seconds(self):
        """Time of the program itself in each round; never below the clock's resolution."""
        return [max(run.processor - start.processor, 1e-6) for run, start in zip(self.runs, self.starts)]

    def wall_seconds(self):
        return [max(run.wall - start.wall, 1e-6) for run, start in zip(self.runs, self.starts)]

    def start_seconds(self):
        return [start.processor for start in self.starts]


def run_once(command):
    """Runs a command to its end; returns its times and its output."""
    with tempfile.TemporaryFile() as output:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise MeasureError(f"exit status {process.returncode} of: {' '.join(command)}")
        output.seek(0)
        return Sample(usage.ru_utime + usage.ru_stime, wall), output.read()


def check_output(outputs, name, output):
    """Every back end must print the same."""
    first_name, first_output = next(iter(outputs.items()), (name, output))
    if output != first_output:
        raise MeasureError(f"{name} printed {output[:200]!r}, but {first_name} printed {first_output[:200]!r}")
    outputs[name] = output


def interleaved(prepared, rounds, progress):
    """Each round runs every back end once, starting with another one each time. Returns one Series for each."""
    series = {item.backend.name: Series(item.backend.name, [], []) for item in prepared}
    outputs = {}
    for number in range(rounds):
        shift = number % len(prepared)
        for item in prepared[shift:] + prepared[:shift]:
            progress(number + 1, rounds, item.backend.name)
            start, _ = run_once(item.start_command)
            run, output = run_once(item.command)
            check_output(outputs, item.backend.name, output)
            series[item.backend.name].starts.append(start)
            series[item.backend.name].runs.append(run)
    progress(rounds, rounds, "")
    return list(series.values())
