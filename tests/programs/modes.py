"""The ways to run a program. Every mode must give the same output and exit status.

A mode is a name and the options of `volt run`. Modes for compiled code come once for each preset that the tier
offers, so a new preset is tested without a change here.
"""

import dataclasses
import os
import subprocess

# Runs are independent of each other, and leave nothing behind.
os.environ["VOLT_CACHE"] = "off"

RARE_PRESETS = ("baseline", "v1", "v2", "v3", "v4", "v4-hinted", "hinted", "trivial-hinted", "callback", "record")

# The default preset makes nearly the same code for another processor, the same while the program runs, and other code by
# another convention only of functions with three results.
RARE_MODES = ("llvm-baseline-cpu", "llvm-later", "llvm-swift", "auto-swift")


@dataclasses.dataclass(frozen=True)
class Mode:
    name: str
    options: tuple

    @property
    def is_interpreter(self):
        return "--tier=interp" in self.options

    @property
    def stack_options(self):
        """Filling a stack of the ordinary size takes seconds, so only two modes do, one for each way to run."""
        return () if self.name in ("interp", "auto") else ("--max-stack=32M",)

    @property
    def compiles_everything(self):
        return "--tier=llvm" in self.options

    @property
    def is_rare(self):
        """Of what others have, too, or a point of the design space that is there for comparison."""
        return self.name in RARE_MODES or any(option == f"--preset={name}" for option in self.options for name in RARE_PRESETS)

    @property
    def compiles_at_once(self):
        """Everything, before or when it is first used: that takes most of the time of a short program."""
        return "--sync" in self.options


INTERPRETER = [Mode("interp", ("--tier=interp",))]

# What gets hot is compiled: as a user runs programs; at once, in the background or at a known time; and loops only,
# whose frames then always enter compiled code in the middle.
AUTOMATIC = [
    Mode("auto", ("--tier=auto",)),
    Mode("auto-eager", ("--tier=auto", "--threshold=1,1")),
    Mode("auto-sync", ("--tier=auto", "--sync", "--threshold=1,1")),
    Mode("auto-quick", ("--tier=auto", "--sync", "--level=quick", "--threshold=1,1")),
    Mode("auto-loops", ("--tier=auto", "--sync", "--threshold=4000000000,1")),
    Mode("llvm-later", ("--tier=llvm",)),  # everything, while the program runs
    Mode("llvm-baseline-cpu", ("--tier=llvm", "--sync", "--cpu=baseline")),  # the others: for the processor they run on
    # A convention that no preset has, also where callers and callees are of different levels.
    Mode("llvm-swift", ("--tier=llvm", "--sync", "--preset=record-hinted,context=swift")),
    Mode("auto-swift", ("--tier=auto", "--sync", "--threshold=1,1", "--preset=record-hinted,context=swift")),
]

# {preset} stands for the name of one.
FOR_EACH_PRESET = [Mode("llvm-{preset}", ("--tier=llvm", "--sync", "--preset={preset}"))]

# The collector runs at every allocation, so whatever it does not know of is lost at once. Slow: only when named.
COLLECTING = [
    Mode("collecting", ("--tier=interp", "--collect-always")),
    Mode("collecting-llvm", ("--tier=llvm", "--sync", "--collect-always")),
    Mode("collecting-auto", ("--tier=auto", "--sync", "--threshold=1,1", "--collect-always")),
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
        names = presets(volt)
        gone = set(RARE_PRESETS) - set(names)
        if gone:
            raise ValueError(f"RARE_PRESETS has what is no preset: {', '.join(sorted(gone))}")
        modes += AUTOMATIC
        modes += [with_preset(mode, preset) for preset in names for mode in FOR_EACH_PRESET]
    return modes
