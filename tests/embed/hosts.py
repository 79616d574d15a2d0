"""Running the hosts of this folder: where they are, and what a run gave."""

import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 120 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))
TIERS = ["interp", "auto", "llvm"] if os.environ.get("VOLT_TIER", "ON") == "ON" else ["interp"]
SANITIZED = os.environ.get("VOLT_SANITIZE", "OFF") == "ON"

# For processes that leave something to their end on purpose, or to the end of a child's child.
NO_LEAKS = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}
LARGE_STACK_BYTES = 64 << 20

# Needs several collections; calls host_hook once.
GARBAGE = HERE / "garbage.vot"
GARBAGE_OUTPUT = f"{100 * sum(range(20000))} {sum(range(1000))}\n"

# Has every kind of thread that Volt makes when it calls host_hook.
BUSY = HERE / "busy.vot"
BUSY_OUTPUT = "6765\n"


def host(name):
    """The command that starts it, with an emulator if it is for another machine."""
    return [*os.environ.get("VOLT_EMULATOR", "").split(), os.path.join(os.environ["VOLT_HOSTS"], f"embed_{name}")]


def in_tiers(variants):
    """Pairs of a tier and a variant: all of them, or with sanitizers, which are slow, each variant in one tier by turns."""
    return [(tier, variant) for place, variant in enumerate(variants) for number, tier in enumerate(TIERS)
            if not SANITIZED or place % len(TIERS) == number]


def take_large_stack():
    _, most = resource.getrlimit(resource.RLIMIT_STACK)
    large = LARGE_STACK_BYTES if most == resource.RLIM_INFINITY else min(LARGE_STACK_BYTES, most)
    resource.setrlimit(resource.RLIMIT_STACK, (large, most))


class HostTest(unittest.TestCase):
    """A test with a folder of its own. `on_own_stack`: its programs run on the threads of their hosts, whose usual stack
    is too small for that where sanitizers make frames larger."""

    on_own_stack = False

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def run_host(self, name, *arguments, **options):
        options = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "check": False, **options}
        if SANITIZED and self.on_own_stack:
            options["preexec_fn"] = take_large_stack
        return subprocess.run([*host(name), *map(str, arguments)], timeout=SECONDS, **options)

    def check(self, process, status, output, error=""):
        said = f"{process.args}\nstandard output: {process.stdout!r}\nstandard error: {process.stderr!r}"
        self.assertEqual((process.returncode, process.stdout, process.stderr), (status, output, error), said)
