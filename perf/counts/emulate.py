"""Compiles a kernel for each preset and machine, and has volt-count count its call."""

import json
import pathlib
import subprocess

from counts.kernels import KernelError

TARGETS = ["x86_64", "aarch64"]


def output_of(command):
    process = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if process.returncode != 0:
        raise KernelError(process.stderr.strip() or f"exit status {process.returncode} of: {command[0]}")
    return process.stdout


def presets(build):
    return output_of([build / "volt", "compile", "--list-presets"]).split()


def count(build, kernel, source, preset, target, folder):
    """The object that volt-count prints, and the preset."""
    code = pathlib.Path(folder) / f"{kernel.program}-{preset}-{target}.o"
    output_of([build / "volt", "compile", source, f"--preset={preset}", f"--target={target}", "--emit=obj", "-o", code])
    return counted(build, kernel, code, preset, target)


def counted(build, kernel, code, preset, target):
    """The same of an object that is there."""
    found = json.loads(output_of([build / "volt-count", f"--object={code}", f"--target={target}",
                                  f"--function={kernel.function}", "--", *kernel.arguments]))
    if found["result"] != kernel.result:
        raise KernelError(f"{kernel.program} with {preset} for {target} gave {found['result']}, not {kernel.result}")
    return {"preset": preset, **found}
