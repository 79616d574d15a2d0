"""The shared libraries: what they export, with which version, and where they and the command look for libraries."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))
LIBRARIES = ["bytecode", "runtime", "llvm"]
PUBLIC = [*ROOT.glob("runtime/include/volt/*.h"), *ROOT.glob("backend-llvm/include/volt/*.h")]
# What libvolt-llvm and the command of the same build use besides: analyses.
OWN = [*ROOT.glob("runtime/analysis/*.h"), *ROOT.glob("runtime/bytecode/model/*.h")]
PRIVATE = {"budget_compute", "tier_library_open"}
DECLARATION = re.compile(r"^(?!static|typedef|#|\s)[\w* ]+?\b(volt_\w+)\(", re.MULTILINE)


def declared(headers):
    return {name for header in headers for name in DECLARATION.findall(header.read_text())}


def exported(library):
    """{symbol: version}"""
    listing = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", BUILD / f"libvolt-{library}.so"],
                             check=True, capture_output=True, text=True).stdout
    symbols = [line.split()[2] for line in listing.splitlines() if line.split()[1] != "A"]
    return dict(symbol.split("@@") for symbol in symbols)


class Symbols(unittest.TestCase):
    def test_they_are_what_headers_declare(self):
        found = {symbol for library in LIBRARIES for symbol in exported(library)}
        self.assertGreater(len(found), 50)
        self.assertEqual(declared(PUBLIC) - found, set())
        self.assertEqual(found - PRIVATE - declared([*PUBLIC, *OWN]), set())
        self.assertLessEqual(PRIVATE, found)

    def test_each_has_a_version(self):
        version = re.search(r"project\(volt VERSION (\d+\.\d+)", (ROOT / "CMakeLists.txt").read_text())[1]
        for library in LIBRARIES:
            versions = {symbol: name for symbol, name in exported(library).items() if symbol not in PRIVATE}
            self.assertEqual(set(versions.values()), {f"VOLT_{version}"}, library)

    def test_no_search_path_is_the_current_folder(self):
        for binary in ["volt", *(f"libvolt-{library}.so" for library in LIBRARIES)]:
            dynamic = subprocess.run(["readelf", "--dynamic", BUILD / binary], check=True, capture_output=True,
                                     text=True).stdout
            (path,) = re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", dynamic)
            self.assertTrue(all(part.startswith("$ORIGIN") for part in path.split(":")), f"{binary}: {path}")


if __name__ == "__main__":
    unittest.main()
