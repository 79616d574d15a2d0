"""How far the measuring is, and how long it will still take, on standard error."""

import sys
import time

INTERVAL = 15  # seconds between lines where the output is not a terminal


def format_duration(seconds):
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


class TimeLeft:
    """Estimates from how long each step took when it ran last; a step that has not run yet takes the mean."""

    def __init__(self, rounds_of_steps, clock=time.monotonic):
        self.left = dict(rounds_of_steps)
        self.took, self.clock, self.running = {}, clock, None

    def begin(self, step):
        """This step starts now, and with that the one before has ended."""
        now = self.clock()
        if self.running:
            name, since = self.running
            self.took[name] = now - since
            self.left[name] -= 1
        self.running = step, now

    def seconds(self):
        if not self.took:
            return None
        mean = sum(self.took.values()) / len(self.took)
        return sum(rounds * self.took.get(step, mean) for step, rounds in self.left.items())


class Progress:
    """A terminal gets one line that is written over; others get a line from time to time."""

    def __init__(self, stream=sys.stderr, clock=time.monotonic):
        self.stream, self.clock, self.shown, self.time_left = stream, clock, None, None

    def start(self, rounds_of_steps):
        self.time_left = TimeLeft(rounds_of_steps, self.clock)

    def step(self, number, rounds, program, backend):
        self.time_left.begin((program, backend))
        seconds = self.time_left.seconds()
        left = "" if seconds is None else f", about {format_duration(seconds)} left"
        self.show(f"round {number} of {rounds}, {program}: {backend}{left}")

    def show(self, text):
        if self.stream.isatty():
            self.stream.write(f"\r\033[K{text}")
        elif self.shown is None or self.clock() - self.shown >= INTERVAL:
            self.shown = self.clock()
            self.stream.write(f"{text}\n")
        self.stream.flush()

    def end(self):
        if self.stream.isatty():
            self.stream.write("\r\033[K")
            self.stream.flush()
