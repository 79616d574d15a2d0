"""The ways to run a program: the interpreter, each preset of the tier and some points between them, hint sets, each
twin, each peer.

A back end turns a program of some size into a command to run. A new kind of twin is a class here and a row in
`available`.
"""

import dataclasses
import re
import shlex
import subprocess

REFERENCE = "baseline"  # what the table's ratios are taken to
SAME_SHAPE = "c-same-shape"
RATIO_REFERENCES = (REFERENCE, "v3", "v4", SAME_SHAPE, "c")  # what the files have ratios to
INTERPRETER = "interpreter"
BASELINE = "--cpu=baseline"  # the same code on every machine, and what `volt compile` shows
HINTED_PRESETS = ("v3", "v4", "record")  # without hints; on these hint sets are compared: nothing but the hints changes
HINTS = ("weights", "cold", "both", "both+cc")  # as backend-llvm/calls/axes.h names them; `profile`: perf/README.md
# The steps from a preset without hints to `record-hinted`, one axis after the other, for each kind of exit: what has no name.
# Trivial exits cannot have the last, a split prologue. And the same steps without hints.
POINTS = ("hinted,context=pinned", "hinted,check=call,context=pinned", "hinted,check=call,prologue=split,context=pinned",
          "v4-hinted,context=pinned", "v4,check=call,context=pinned",
          "record-hinted,check=entry,prologue=whole", "record-hinted,prologue=whole", "record,check=call,context=pinned")
PEER = re.compile(r"(?P<name>[\w.+/-]+)=(?P<command>.*\{program\}.*)")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Backend:
    """What its kinds have in common; each has a name, and prepares a command."""

    preset: str = ""  # with which volt makes code for it, if it does


@dataclasses.dataclass(frozen=True)
class Volt(Backend):
    """The volt command with some options."""

    name: str
    volt: str
    options: tuple
    hints: str = dataclasses.field(default="", kw_only=True)  # the preset's own if empty

    def prepare(self, program, size, folder):
        return [self.volt, "run", str(sized_source(program, size, folder)), "--cache=off", *self.options, "--stats=json"]

    def compile_options(self):
        """What tells `volt compile` to make the same code."""
        return [f"--preset={self.preset}"] + ([f"--hints={self.hints}"] if self.hints else [])


@dataclasses.dataclass(frozen=True)
class Clang(Backend):
    """The C twin, compiled with some options."""

    name: str
    options: tuple

    def prepare(self, program, size, folder):
        binary = folder / f"{program.name}-{size}-{self.name}"
        command = ["clang-22", "-O2", *self.options, f"-DSIZE={size}", str(program.c_twin), "-o", str(binary), "-lm"]
        subprocess.run(command, check=True)
        return [str(binary)]


# twin.h: measured functions are not inlined, unless the twin is plain.
TWINS = (Clang("c", ("-DTWIN_PLAIN",)), Clang(SAME_SHAPE, ("-fno-optimize-sibling-calls",)))


@dataclasses.dataclass(frozen=True)
class Peer(Backend):
    """Any command that runs the program, another build of volt for example."""

    name: str
    words: tuple

    def prepare(self, program, size, folder):
        source = str(sized_source(program, size, folder))
        return [word.replace("{program}", source) for word in self.words]


def sized_source(program, size, folder):
    source = folder / f"{program.name}-{size}.vot"
    source.write_text(program.with_size(size))
    return source


def presets(volt):
    output = subprocess.run([volt, "compile", "--list-presets"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return output.split()


def preset_backend(volt, preset):
    return Volt(preset, volt, ("--tier=llvm", "--sync", BASELINE, f"--preset={preset}"), preset=preset)


def hints_backend(volt, preset, hints):
    options = ("--tier=llvm", "--sync", BASELINE, f"--preset={preset}", f"--hints={hints}")
    return Volt(f"{preset}+{hints}", volt, options, preset=preset, hints=hints)


def peer(text):
    """The back end that 'NAME=COMMAND {program}' describes; ValueError if it does not."""
    match = PEER.fullmatch(text)
    if not match:
        raise ValueError(f"a peer is 'NAME=COMMAND {{program}}', not '{text}'")
    return Peer(match["name"], tuple(shlex.split(match["command"])))


def of_volt(volt, with_hints=True):
    """Everything that the volt command can be told to do with a program."""
    chosen = [Volt(INTERPRETER, volt, ("--tier=interp",))]
    chosen += [preset_backend(volt, preset) for preset in presets(volt)]
    points = [preset_backend(volt, point) for point in POINTS]
    hinted = [hints_backend(volt, preset, hints) for preset in HINTED_PRESETS for hints in HINTS]
    return chosen + points + (hinted if with_hints else [])


def available(of_every_program, program, wanted=None, peers=()):
    """Back ends for this program; `wanted` limits them, but the reference is always there, and so are peers."""
    chosen = list(of_every_program) + (list(TWINS) if program.c_twin.exists() else [])
    return [backend for backend in chosen if not wanted or backend.name in wanted or backend.name == REFERENCE] + [
        *peers]
