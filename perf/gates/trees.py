"""Other trees than the one we stand in: copies of it, and older commits; and building them."""

import os
import pathlib
import shutil
import subprocess

from gates.figures import GateError

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGETS = ["volt", "volt-llvm", "volt-count"]


def run(command, what, **options):
    process = subprocess.run([str(word) for word in command], capture_output=True, **options)
    if process.returncode != 0:
        output = (process.stdout + process.stderr).decode(errors="replace").strip()
        raise GateError(f"{what}:\n{output}")
    return process.stdout


def git(*words, root=ROOT):
    return run(["git", "-C", root, *words], f"git {words[0]} failed")


def copy_working_tree(folder, root=ROOT):
    """Every file that is tracked, or could be: as it is, committed or not."""
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", root=root).decode().split("\0")
    for name in filter(None, names):
        source = root / name
        if source.is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def extract_commit(commit, folder):
    folder.mkdir(parents=True, exist_ok=True)
    run(["tar", "-x", "-C", folder], "tar failed", input=git("archive", commit))


def configure(tree, build, build_type):
    run(["cmake", "-S", tree, "-B", build, "-G", "Ninja", f"-DCMAKE_BUILD_TYPE={build_type}"],
        f"{tree} cannot be configured")


def build(folder, targets=None):
    run(["cmake", "--build", folder, "--parallel", "2", "--target", *(targets or TARGETS)],
        f"{folder} cannot be built")


def apply_patch(tree, patch, reverse=False):
    """With one line of context on each side; where it does not apply, nothing is changed."""
    # Git must not take the folder for a part of a repository around it: it would leave everything out.
    environment = dict(os.environ, GIT_CEILING_DIRECTORIES=str(tree.parent))
    run(["git", "apply", "-C1", *(["--reverse"] if reverse else []), patch], f"{patch.name} does not apply",
        cwd=tree, env=environment)
