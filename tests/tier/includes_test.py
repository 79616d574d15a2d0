"""The tier uses nothing but the public headers of the runtime: what its sources include, and where they may look."""

import json
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIER = ROOT / "backend-llvm"
PUBLIC = ROOT / "runtime" / "include"
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))


def quoted_includes():
    """Each file of the tier with each name that it includes in quotation marks."""
    for source in sorted([*TIER.rglob("*.c"), *TIER.rglob("*.h")]):
        for name in re.findall(r'^\s*#\s*include\s+"([^"]+)"', source.read_text(), re.MULTILINE):
            yield source, name


def is_own(source, name):
    return any((folder / name).exists() for folder in (source.parent, TIER, TIER / "include"))


class Includes(unittest.TestCase):
    def test_names(self):
        includes = list(quoted_includes())
        self.assertGreater(len(includes), 50)
        foreign = [(source, name) for source, name in includes
                   if not is_own(source, name) and not (PUBLIC / name).exists()]
        self.assertEqual(foreign, [])
        self.assertTrue(any(name == "volt/tier.h" for _, name in includes))

    def test_search_paths(self):
        """Even an include that is made by a macro finds no other header of the runtime."""
        commands = json.loads((BUILD / "compile_commands.json").read_text())
        # A suite that has the tier's files in it compiles them again, with paths of its own.
        own = [entry for entry in commands
               if TIER in pathlib.Path(entry["file"]).parents and "/volt-llvm" in entry["command"]]
        self.assertGreater(len(own), 10)
        for entry in own:
            folders = re.findall(r"-(?:I|isystem|iquote) ?(\S+)", entry["command"])
            inside = {pathlib.Path(folder) for folder in folders if (ROOT / "runtime") in
                      [pathlib.Path(folder), *pathlib.Path(folder).parents] or pathlib.Path(folder) == ROOT}
            self.assertEqual(inside, {PUBLIC}, entry["file"])


if __name__ == "__main__":
    unittest.main()
