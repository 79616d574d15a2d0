"""Exact numbers about the compiled code of a program's hot function."""

import json
import subprocess


def of_backend(volt, program, backend):
    """The metrics object that `volt compile --emit=metrics` prints; None where nothing is compiled by Volt.

    A function that the tier leaves to the interpreter has {"reason": why} instead.
    """
    if not backend.preset:
        return None
    command = [volt, "compile", str(program.path), f"--func={program.hot_function}", f"--preset={backend.preset}",
               "--emit=metrics"]
    process = subprocess.run(command, capture_output=True, text=True)
    if process.returncode != 0:
        return {"reason": process.stderr.strip()}
    return json.loads(process.stdout)[0]
