"""A host that uses LLVM itself, of the same version, which is loaded before the tier's."""

import pathlib
import unittest

from hosts import NO_LEAKS, TIERS, HostTest

PROGRAMS = pathlib.Path(__file__).resolve().parents[1] / "programs"


@unittest.skipUnless(len(TIERS) > 1, "the build has no compiling tier")
class OtherLLVM(HostTest):
    def test_neither_notices_the_other(self):
        for tier in TIERS:
            process = self.run_host("other_llvm", PROGRAMS / "fib.vot", tier, env=NO_LEAKS)
            expected = (PROGRAMS / "fib.out").read_text()
            self.assertEqual(process.returncode, 0, process.stderr)
            self.assertEqual(process.stderr, "")
            self.assertTrue(process.stdout.startswith(expected), process.stdout)
            self.assertRegex(process.stdout[len(expected):], r"^the host's own: .*\n$")


if __name__ == "__main__":
    unittest.main()
