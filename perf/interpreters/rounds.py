"""Interleaved rounds. What counts is user processor time: the interpreter's work, without that of the system.

Start-up is not subtracted: that of both interpreters is a few milliseconds, and users pay for it.
"""

import dataclasses
import os
import subprocess
import tempfile
import time

from compare import measure, report


@dataclasses.dataclass(frozen=True)
class Sample:
    """Seconds of one run."""

    user: float
    system: float
    wall: float


def run_once(command):
    with tempfile.TemporaryFile() as output:
        begin = time.monotonic()
        try:
            process = subprocess.Popen(command.words, stdin=subprocess.DEVNULL, stdout=output)
        except OSError as error:
            raise measure.MeasureError(f"cannot run {command.words[0]}: {error.strerror}") from error
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise measure.MeasureError(f"exit status {process.returncode} of: {' '.join(command.words)}")
        output.seek(0)
        return Sample(usage.ru_utime, usage.ru_stime, wall), output.read()


def interleaved(commands, rounds):
    """Each round runs every command once, beginning with another one each time. Returns name: samples."""
    samples = {command.name: [] for command in commands}
    outputs = {}
    for number in range(rounds):
        shift = number % len(commands)
        for command in commands[shift:] + commands[:shift]:
            report.progress(number + 1, rounds, command.name)
            sample, output = run_once(command)
            measure.check_output(outputs.setdefault(command.output, {}), command.name, output)
            samples[command.name].append(sample)
    report.progress(rounds, rounds, "")
    return samples
