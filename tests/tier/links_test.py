"""What the libraries ask the dynamic linker for: the tier needs of ours the bytecode alone, and that the C library."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("VOLT_BUILD", ROOT / "build" / "release"))
COMPILERS_OWN = re.compile(r"ld-linux|libasan|libubsan|libgcc_s")
# By which debuggers find compiled code: LLVM, where it is in the library, keeps its own to itself.
DEBUGGERS_OWN = {"__jit_debug_descriptor", "__jit_debug_register_code"}
SANITIZERS_OWN = {"__start_asan_globals", "__stop_asan_globals"}


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

    def test_tier_shows_nothing_of_llvm(self):
        """Whatever of LLVM is in it, its host may have another one."""
        command = ["nm", "--dynamic", "--defined-only", "--format=posix", BUILD / "libvolt-llvm.so"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        names = {line.split("@")[0].split()[0] for line in output.splitlines() if line.split()[1] != "A"}
        self.assertEqual(names - SANITIZERS_OWN - DEBUGGERS_OWN, {"volt_tier_get_interface"})

    def test_llvm_is_linked_as_the_build_says(self):
        cache = (BUILD / "CMakeCache.txt").read_text()
        linking = re.search(r"^VOLT_LLVM_LINKING:STRING=(.*)$", cache, re.MULTILINE)[1]
        names = {name for name in needed("libvolt-llvm.so") if "LLVM" in name}
        if linking == "static":
            self.assertEqual(names, set())
        elif linking == "shared":
            self.assertEqual(len(names), 1)
        self.assertLessEqual(len(names), 1)

    def test_runtime(self):
        names = needed("libvolt-runtime.so")
        self.assertEqual({name for name in names if "volt" in name}, {"libvolt-bytecode.so.0"})
        self.assertFalse([name for name in names if "LLVM" in name])


if __name__ == "__main__":
    unittest.main()
