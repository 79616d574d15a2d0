"""Of the runtime, the tier uses nothing but public headers, those of the analyses, and how names are shown: what its sources
include, and where they may look."""

import json
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIER = ROOT / "backend-llvm"
RUNTIME = ROOT / "runtime"
PUBLIC = RUNTIME / "include"
SHOWING = "bytecode/model/printable.h"  # how names of a module are shown, of the library that the tier links
# The folders of the tier: each uses those before it.
ORDER = ["include", "guard", "ir", "calls", "lower", "codegen", "report", "cache", "jit"]
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))


def includes():
    """Each file of the tier with all that follows each of its #include."""
    for source in sorted([*TIER.rglob("*.c"), *TIER.rglob("*.h")]):
        for rest in re.findall(r"^\s*#\s*include\s*(.*)", source.read_text(), re.MULTILINE):
            yield source, rest


def is_own(source, name):
    return any((folder / name).exists() for folder in (source.parent, TIER, TIER / "include"))


def is_allowed(source, rest):
    quoted, system = re.match(r'"([^"]+)"', rest), re.match(r"<([^>]+)>", rest)
    if system:
        return not (RUNTIME / system[1]).exists()
    name = quoted[1] if quoted else "a name that is computed"
    return is_own(source, name) or (PUBLIC / name).exists() or (
        (name.startswith("analysis/") or name == SHOWING) and (RUNTIME / name).exists())


class Includes(unittest.TestCase):
    def test_names(self):
        found = list(includes())
        self.assertGreater(len(found), 50)
        self.assertEqual([(source, rest) for source, rest in found if not is_allowed(source, rest)], [])
        self.assertTrue(any(rest == '"volt/tier.h"' for _, rest in found))

    def test_folders_are_in_order(self):
        self.assertEqual({path.name for path in TIER.iterdir() if path.is_dir()}, set(ORDER))
        for source, rest in includes():
            folder = source.relative_to(TIER).parts[0]
            included = re.match(r'"(\w+)/', rest)
            if included and included[1] in ORDER:
                self.assertLessEqual(ORDER.index(included[1]), ORDER.index(folder), f"{source} includes {rest}")

    def test_rule(self):
        source = TIER / "jit" / "tier.c"
        for rest in ['"state/vm_state.h"', "<state/vm_state.h>", "HEADER", '"analysis/none.h"']:
            self.assertFalse(is_allowed(source, rest), rest)

    def test_search_paths(self):
        commands = json.loads((BUILD / "compile_commands.json").read_text())
        # A suite that compiles one of the tier's files for itself has paths of its own.
        own = [entry for entry in commands
               if TIER in pathlib.Path(entry["file"]).parents and "/volt_llvm_objects" in entry["command"]]
        self.assertGreater(len(own), 10)
        for entry in own:
            folders = {pathlib.Path(folder) for folder in
                       re.findall(r"-(?:I|isystem|iquote) ?(\S+)", entry["command"])}
            inside = {folder for folder in folders if RUNTIME in [folder, *folder.parents] or folder == ROOT}
            self.assertEqual(inside, {RUNTIME, PUBLIC}, entry["file"])


if __name__ == "__main__":
    unittest.main()
