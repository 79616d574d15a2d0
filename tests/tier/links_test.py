"""What the libraries ask the dynamic linker for: the tier needs of ours the bytecode alone, and that the C library."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))
COMPILERS_OWN = re.compile(r"ld-linux|libasan|libubsan|libgcc_s")


def needed(library):
    output = subprocess.run(["readelf", "--dynamic", BUILD / library], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"\(NEEDED\).*\[(.*)\]", output)
    return {name for name in names if not COMPILERS_OWN.search(name)}


class Links(unittest.TestCase):
    def test_bytecode(self):
        self.assertEqual(needed("libvolt-bytecode.so"), {"libc.so.6"})

    def test_tier(self):
        names = needed("libvolt-llvm.so")
        self.assertEqual({name for name in names if "volt" in name}, {"libvolt-bytecode.so.0"})
        for other in ("libgc.", "libuv.", "libunistring"):
            self.assertFalse([name for name in names if name.startswith(other)], other)

    def test_runtime(self):
        names = needed("libvolt-runtime.so")
        self.assertEqual({name for name in names if "volt" in name}, {"libvolt-bytecode.so.0"})
        self.assertFalse([name for name in names if "LLVM" in name])


if __name__ == "__main__":
    unittest.main()
