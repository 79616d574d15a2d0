"""The ways to run a program. Every mode must give the same output and exit status.

A mode is a name and the options of `volt run`. Modes for compiled code come once for each preset that the tier
offers, so a new preset is tested without a change here.
"""

import dataclasses
import subprocess


@dataclasses.dataclass(frozen=True)
class Mode:
    name: str
    options: tuple

    @property
    def is_interpreter(self):
        return "--tier=interp" in self.options


INTERPRETER = [Mode("interp", ("--tier=interp",))]

# {preset} stands for the name of one.
FOR_EACH_PRESET = [Mode("llvm-{preset}", ("--tier=llvm", "--sync", "--preset={preset}"))]

# The collector runs at every allocation, so whatever it does not know of is lost at once. Slow: only when named.
COLLECTING = [
    Mode("collecting", ("--tier=interp", "--collect-always")),
    Mode("collecting-llvm", ("--tier=llvm", "--sync", "--collect-always")),
]


def presets(volt):
    """Names of the presets, the default first."""
    command = [volt, "compile", "--list-presets"]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    return result.stdout.split()


def with_preset(mode, preset):
    return Mode(mode.name.format(preset=preset), tuple(option.format(preset=preset) for option in mode.options))


def collecting_modes(has_tier):
    return COLLECTING if has_tier else COLLECTING[:1]


def all_modes(volt, has_tier):
    modes = list(INTERPRETER)
    if has_tier:
        modes += [with_preset(mode, preset) for preset in presets(volt) for mode in FOR_EACH_PRESET]
    return modes
