"""volt opcodes and volt natives."""

import re
import unittest

from volt_command import OK, ROOT, CommandTest, volt

EXTERN = ROOT / "runtime" / "extern"


class Lists(CommandTest):
    def test_opcodes(self):
        process = volt("opcodes")
        self.check(process, OK, error="")
        rows = (ROOT / "runtime" / "include" / "volt" / "opcodes.def").read_text()
        self.assertEqual([line.split()[:2] for line in process.stdout.splitlines()],
                         sorted(map(list, re.findall(r"^OPCODE\((\d+), (\w+),", rows, re.MULTILINE)),
                                key=lambda row: int(row[0])))

    def test_operands_and_effects(self):
        lines = {line.split()[1]: " ".join(line.split()) for line in volt("opcodes").stdout.splitlines()}
        self.assertEqual(lines["AddI"], "19 AddI r[a], r[b], r[c] R[a] = R[b] + R[c] modulo 2^64")
        self.assertRegex(lines["DivI"], r"\[may panic\]$")
        self.assertRegex(lines["Call"], r"Call @function, r\[b\] args=\S+ results=\S+ ")
        self.assertRegex(lines["ForLoop"], r"ForLoop r\[a\], r\[b\], label ")
        self.assertRegex(lines["ChanSend"], r"\[.*may wait.*\]$")

    def test_natives(self):
        """Each that a table has, with what it takes and gives."""
        process = volt("natives")
        self.check(process, OK, error="")
        lines = dict(line.split(None, 1) for line in process.stdout.splitlines())
        rows = set()
        for path in EXTERN.rglob("*.c"):
            rows |= set(re.findall(r'\{"(\w+)",\s+\w+,\s+VOLT_PERMIT_\w+', path.read_text()))
        self.assertEqual(set(lines), rows)
        for name, signature in lines.items():
            self.assertRegex(signature, r"^\(.*\)( -> .+)?$|^\(.*\)( -> .+)?  \[--allow=\w+\]$", name)
        self.assertEqual(lines["math_Sqrt"], "(float64) -> float64")
        self.assertEqual(lines["os_nativeReadFile"], "(name string) -> ([]byte, error)  [--allow=fs]")
        self.assertEqual(lines["os_nativeExit"].split("  ")[0], "(code int)")


if __name__ == "__main__":
    unittest.main()
