"""The assembly of a function as it is, beside the one of the commit that wrote the baseline."""

import difflib
import re

from counts import emulate
from gates import baseline, collect, trees
from gates.figures import GateError


def baseline_commit(target, build):
    path = baseline.path_of(baseline.FOLDER, collect.llvm_version(build), target)
    commit = trees.git("log", "-1", "--format=%h", "--", path).decode().strip()
    if not commit:
        raise GateError(f"{path.name} has never been committed, so there is no tree to compare with")
    return commit


def build_of_commit(commit):
    """A build folder of that commit; it is made once."""
    tree = trees.ROOT / "build" / "gate" / commit
    folder = tree / "build" / "release"
    if not (folder / "volt").exists() or not (folder / "libvolt-llvm.so").exists():
        trees.extract_commit(commit, tree)
        trees.configure(tree, folder, "RelWithDebInfo")
        trees.build(folder, ["volt", "volt-llvm"])
    return tree, folder


def assembly(build, tree, key, target):
    """Without the comments that say which instruction code comes from: they have no part in the code."""
    source = collect.available_programs()[key.kernel].path.relative_to(trees.ROOT)
    text = emulate.output_of([build / "volt", "compile", tree / source, f"--func={key.function}",
                              *emulate.options_of(key.preset), f"--target={target}",
                              "--emit=asm"])
    return [line for line in text.splitlines(keepends=True) if not re.match("# [^%]", line)]


def difference(build, key, target):
    """The lines of a unified diff; none if the code is the same."""
    if key.kernel not in collect.available_programs():
        raise GateError(f"there is no program {key.kernel}")
    commit = baseline_commit(target, build)
    old_tree, old_build = build_of_commit(commit)
    return list(difflib.unified_diff(assembly(old_build, old_tree, key, target),
                                     assembly(build, trees.ROOT, key, target), f"baseline ({commit})", "now", n=5))
