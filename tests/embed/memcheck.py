"""Running hosts under valgrind: what it needs, and what it says."""

import os
import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ERRORS_FOUND = 99
# Two tools that replace the allocator do not go together, and it runs no emulated programs.
WHY_NOT = ("with sanitizers" if os.environ.get("VOLT_SANITIZE", "OFF") == "ON" else
           "emulated" if os.environ.get("VOLT_EMULATOR") else
           "valgrind is not installed" if not shutil.which("valgrind") else "")


def without_debug_information(folder, libraries):
    """Copies that valgrind can read, and the environment in which they are found: what Clang has compiled of LLVM has forms
    of DWARF 5 that make its version 3.19 give up."""
    for library in libraries:
        subprocess.run(["strip", "--strip-debug", "-o", str(folder / library.name), str(library)], check=True)
    return {**os.environ, "LD_LIBRARY_PATH": str(folder)}


def run(command, environment, seconds):
    valgrind = ["valgrind", "-q", f"--error-exitcode={ERRORS_FOUND}", f"--suppressions={HERE / 'valgrind.supp'}",
                f"--suppressions={HERE.parent / 'programs' / 'valgrind.supp'}"]
    return subprocess.run([*valgrind, *map(str, command)], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=seconds)
