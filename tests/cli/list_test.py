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
        self.assertRegex(lines["CallExtern"], r"CallExtern @native, r\[a\], r\[c\] args=flags results=N ")
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
            self.assertRegex(signature, r"^\(.*\)( -> .+)?(  \[(may wait|(may wait, )?--allow=\w+)\])?$", name)
        self.assertEqual(lines["math_Sqrt"], "(float64) -> float64")
        self.assertEqual(lines["os_nativeReadFile"], "(name string) -> ([]byte, error)  [--allow=fs]")
        self.assertEqual(lines["os_nativeExit"].split("  ")[0], "(code int)")

    def test_natives_that_wait(self):
        """Those that transfer, look up or sleep, and those whose dynamic access may end in a method of the program."""
        waiting = {line.split()[0] for line in volt("natives").stdout.splitlines() if "may wait" in line}
        transfers = {"net_blocking_" + name for name in
                     ("tcpConnRead", "tcpConnWrite", "tcpListenerAccept", "unixConnRead", "unixConnWrite",
                      "unixListenerAccept", "udpConnReadFrom", "udpConnWriteTo")}
        lookups = {"net_" + name for name in ("dial", "unixDial", "listen", "listenPacket", "lookupAddr", "lookupHost",
                                              "lookupIP", "resolveTCPAddr", "resolveUDPAddr")}
        system = {"os_blocking_fileRead", "os_blocking_fileWrite", "os_exec_runCaptureOutput", "os_exec_waitProcess",
                  "time_blocking_sleepNano"}
        dynamic = {"dyn_" + name for name in ("field", "index", "set_field", "set_index_unified", "call", "method",
                                              "GetAttr", "SetAttr", "GetIndex", "SetIndex")}
        self.assertEqual(waiting, transfers | lookups | system | dynamic)


if __name__ == "__main__":
    unittest.main()
