"""Compiles a kernel for each preset and machine, and has volt-count count its call."""

import json
import pathlib
import subprocess

from counts.kernels import KernelError

TARGETS = ["x86_64", "aarch64"]
LEVELS = ["optimised"]  # of what is compiled because it is hot; they stand where presets do


def output_of(command):
    process = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if process.returncode != 0:
        raise KernelError(process.stderr.strip() or f"exit status {process.returncode} of: {command[0]}")
    return process.stdout


def presets(build):
    return output_of([build / "volt", "compile", "--list-presets"]).split()


def options_of(preset):
    """What makes `volt compile` emit this preset's code, or this level's."""
    return [f"--level={preset}"] if preset in LEVELS else [f"--preset={preset}"]


def compile_object(build, name, source, preset, target, folder):
    code = pathlib.Path(folder) / f"{name}-{preset}-{target}.o"
    output_of([build / "volt", "compile", source, *options_of(preset), f"--target={target}", "--emit=obj", "-o", code])
    return code


def count(build, kernel, source, preset, target, folder):
    """The object that volt-count prints, and the preset."""
    code = compile_object(build, kernel.program, source, preset, target, folder)
    return counted(build, kernel, code, preset, target)


def counted(build, kernel, code, preset, target):
    """The same of an object that is there."""
    found = json.loads(output_of([build / "volt-count", f"--object={code}", f"--target={target}",
                                  f"--function={kernel.function}", "--", *kernel.arguments]))
    if found["result"] != kernel.result:
        raise KernelError(f"{kernel.program} with {preset} for {target} gave {found['result']}, not {kernel.result}")
    return {"preset": preset, **found}
