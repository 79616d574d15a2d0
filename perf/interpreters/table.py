"""Results: rows for each program, a table for people, JSON for programs."""

import dataclasses
import json
import os
import platform
import sys

from compare import statistics
from interpreters import kernels, original

HEADER = ["program", "size", "volt", "lua", "volt / lua", "original, scaled", "original / volt"]


@dataclasses.dataclass
class Results:
    sizes: dict  # program name: size
    samples: dict  # command name: list of rounds.Sample
    recorded: dict  # program name: seconds of the original at the same size

    def user(self, name):
        """Seconds of each round; never below the clock's resolution, so that there is a ratio."""
        return [max(sample.user, 1e-6) for sample in self.samples[name]]

    def scale(self):
        """Seconds here for a second of the recorded table; each round has its own."""
        return [seconds / original.RECORDED_CALIBRATION for seconds in self.user(kernels.CALIBRATION)]

    def original_seconds(self, name):
        """The original's seconds as they would be in each round; None if nobody recorded them."""
        return [self.recorded[name] * factor for factor in self.scale()] if name in self.recorded else None

    def row(self, name):
        volt, lua, past = self.user(f"{name} volt"), self.user(f"{name} lua"), self.original_seconds(name)
        return {
            "program": name,
            "size": self.sizes[name],
            "volt_seconds": statistics.median(volt),
            "lua_seconds": statistics.median(lua),
            "volt_to_lua": statistics.compared([(volt, lua)]),
            "original_seconds": statistics.median(past) if past else None,
            "original_to_volt": statistics.compared([(past, volt)]) if past else None,
        }

    def means(self):
        """Geometric means over all programs (for the original: over those with recorded times)."""
        lua = [(self.user(f"{name} volt"), self.user(f"{name} lua")) for name in self.sizes]
        past = [(self.original_seconds(name), self.user(f"{name} volt")) for name in self.sizes if name in self.recorded]
        return {
            "volt_to_lua": statistics.compared(lua),
            "original_to_volt": statistics.compared(past) if past else None,
        }


def format_seconds(seconds):
    return "" if seconds is None else f"{seconds:.3f} s"


def format_ratio(compared):
    return "" if compared is None else f"{compared['ratio']:.2f}" + statistics.interval_text(compared, digits=2)


def cells(values):
    return [values["program"], str(values["size"]), format_seconds(values["volt_seconds"]),
            format_seconds(values["lua_seconds"]), format_ratio(values["volt_to_lua"]),
            format_seconds(values["original_seconds"]), format_ratio(values["original_to_volt"])]


def print_table(results, rounds):
    means = results.means()
    lines = [HEADER] + [cells(results.row(name)) for name in results.sizes]
    lines.append(["geometric mean", "", "", "", format_ratio(means["volt_to_lua"]), "",
                  format_ratio(means["original_to_volt"])])
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    print(f"medians of user processor time over {rounds} interleaved rounds, ratios with {statistics.DESCRIPTION}")
    for line in lines:
        columns = [line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  ".join(columns).rstrip())
    calibration = results.user(kernels.CALIBRATION)
    print(f"volt / lua: below 1 is faster than Lua. {kernels.CALIBRATION}: {statistics.median(calibration):.3f} s here, "
          f"from {min(calibration):.3f} to {max(calibration):.3f}; {original.RECORDED_CALIBRATION} s where the original "
          "was timed" + ("" if results.recorded else " (its table is not here or the size is another)"))
    sys.stdout.flush()


def write_json(path, results, rounds):
    content = {
        "machine": {"machine": platform.machine(), "system": platform.platform(), "processors": os.cpu_count()},
        "rounds": rounds,
        "programs": [results.row(name) for name in results.sizes],
        "geometric_mean": results.means(),
        "samples": {name: [dataclasses.asdict(sample) for sample in samples]
                    for name, samples in results.samples.items()},
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
