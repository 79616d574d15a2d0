"""Instructions that compiling takes. They are shown and not compared: they depend on libraries of the machine too.

`perf stat` counts them where the machine lets it. Callgrind can everywhere, and is slow: it counts one program.
"""

import re
import shutil
import subprocess
import tempfile

from counts import emulate
from gates import collect
from gates.figures import GateError

SLOW_KERNEL = "fib"
COLLECTED = re.compile(r"Collected : (\d+)")


def compile_command(build, kernel, preset, target):
    return [str(build / "volt"), "compile", str(collect.available_programs()[kernel].path), *emulate.options_of(preset),
            f"--target={target}", "--emit=obj", "--output=/dev/null"]


def with_perf(command):
    """None: this machine does not count."""
    if not shutil.which("perf"):
        return None
    process = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", *command], capture_output=True, text=True)
    number = process.stderr.split(",")[0].strip()
    return int(number) if process.returncode == 0 and number.isdigit() else None


def with_callgrind(command):
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", *command],
                                 capture_output=True, text=True)
    found = COLLECTED.search(process.stderr)
    if process.returncode != 0 or not found:
        raise GateError(f"callgrind does not count: {process.stderr.strip()}")
    return int(found[1])


def choose_tool(command):
    """A name, and the function that counts."""
    if with_perf(command) is not None:
        return "perf stat", with_perf
    if shutil.which("valgrind"):
        return "callgrind", with_callgrind
    return None, None


def measure(build, selection):
    """The tool's name, and (target, kernel, preset, instructions) of each compilation; None: there is no tool."""
    tool, count = choose_tool(compile_command(build, SLOW_KERNEL, selection.presets[0], selection.targets[0]))
    if not tool:
        return None, []
    names = selection.kernels if tool == "perf stat" else [SLOW_KERNEL]
    presets = selection.presets if tool == "perf stat" else selection.presets[:1]
    return tool, [(job.target, job.program.name, job.preset,
                   count(compile_command(build, job.program.name, job.preset, job.target)))
                  for job in collect.jobs_of(selection) if job.program.name in names and job.preset in presets]
