"""--debugger, --perf and volt-gdb.py: names and lines of compiled code for those who look at the process from outside."""

import json
import pathlib
import platform
import shutil
import struct
import subprocess
import unittest

from volt_command import EMULATOR, EXECUTABLE, HAS_TIER, OK, PROGRAMS, ROOT, SECONDS, USAGE, VOLT, CommandTest, about_code, volt

NOW = ("--sync", "--threshold=1,1")
EXTENSION = ROOT / "runtime" / "cli" / "volt-gdb.py"
# Sum over i < 40 of i * 3 / 7, four times.
PROGRAM = """module lines
entry @main
native vo_println results=0
fn leaf params=1 results=1 {
	LoadInt r1, 3
	MulI r1, r0, r1
	LoadInt r2, 7
	DivI r1, r1, r2
	Return r1, 1
}
fn work params=1 results=1 {
	LoadInt r1, 0
	LoadInt r2, 0
next:
	Copy r4, r1
	Call @leaf, r4 args=1 results=1
	AddI r2, r2, r4
	ForLoop r1, r0, next
	Return r2, 1
}
fn main {
	LoadInt r0, 0
	LoadInt r1, 4
again:
	LoadInt r2, 40
	Call @work, r2 args=1 results=1
	ForLoop r0, r1, again
	IfaceAssign r2, r2, iface(int), int
	CallExtern @vo_println, r2, r2 args=2
	Return r0, 0
}
debug {
	file "lines.vo"
	function {
		at 0 file=0 line=3 column=2
		at 4 file=0 line=4 column=2
	}
	function {
		at 0 file=0 line=8 column=2
		at 2 file=0 line=9 column=3
		at 4 file=0 line=10 column=3
		at 5 file=0 line=11 column=3
	}
	function {
		at 0 file=0 line=20 column=2
		at 4 file=0 line=22 column=3
	}
}
"""
OUTPUT = f"{sum(i * 3 // 7 for i in range(40))}\n"


def records(dump):
    """(kind, content) of each record of a jitdump file; its header is looked at."""
    magic, version, size, machine = struct.unpack_from("<IIII", dump)
    assert (magic, version, size) == (0x4A695444, 1, 40), dump[:40]
    assert machine == {"x86_64": 62, "aarch64": 183}[platform.machine()] or EMULATOR, machine
    while size < len(dump):
        kind, length = struct.unpack_from("<II", dump, size)
        yield kind, dump[size + 16:size + length]
        size += length


def lines_of(content):
    """(address of the function, [(address, line, file)]) of a record of lines."""
    address, count = struct.unpack_from("<QQ", content)
    rows, at = [], 16
    for _ in range(count):
        place, line = struct.unpack_from("<QI", content, at)
        end = content.index(b"\0", at + 16)
        rows.append((place, line, content[at + 16:end].decode()))
        at = end + 1
    return address, rows


def functions_of(dump):
    """{name: (address, code, lines)}."""
    found, lines = {}, {}
    for kind, content in records(dump):
        if kind == 2:
            address, rows = lines_of(content)
            lines[address] = rows
        elif kind == 0:
            address, size = struct.unpack_from("<QQ", content, 16)
            end = content.index(b"\0", 40)
            code = content[end + 1:]
            assert len(code) == size > 0, content
            found[content[40:end].decode()] = (address, code, lines.get(address, []))
    return found


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class PerfTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.program = self.write("lines.vot", PROGRAM)

    def test_the_files(self):
        self.check(volt("run", *NOW, f"--perf={self.folder}", self.program), OK, OUTPUT, "")
        dump = next(self.folder.glob("jit-*.dump"))
        number = dump.stem.removeprefix("jit-")
        names_file = pathlib.Path(f"/tmp/perf-{number}.map")
        self.addCleanup(names_file.unlink)
        functions = functions_of(dump.read_bytes())
        names = {}
        for line in names_file.read_text().splitlines():
            address, size, name = line.split(" ", 2)
            names[name] = (int(address, 16), int(size, 16))
        self.assertEqual(names, {name: (address, len(code)) for name, (address, code, _) in functions.items()})
        rows = [row for _, _, rows in functions.values() for row in rows]
        self.assertEqual({file for _, line, file in rows if line}, {"lines.vo"})
        lines = {line for _, line, _ in rows}
        self.assertLessEqual(lines, {0, 3, 4, 8, 9, 10, 11, 20, 22})
        self.assertGreaterEqual(lines, {10, 22})  # work is built into main
        for address, code, rows in functions.values():
            self.assertTrue(all(address <= place < address + len(code) for place, _, _ in rows))

    def test_this_folder(self):
        self.check(volt("run", *NOW, "--perf", self.program, cwd=self.folder), OK, OUTPUT, "")
        dump = next(self.folder.glob("jit-*.dump"))
        pathlib.Path(f"/tmp/perf-{dump.stem.removeprefix('jit-')}.map").unlink()

    def test_no_such_folder(self):
        process = volt("run", f"--perf={self.folder}/none", self.program)
        self.check(process, USAGE, "", f"volt: --perf={self.folder}/none: No such file or directory\n")

    def test_a_file_is_no_folder(self):
        path = self.write("tool", "")
        path.chmod(0o755)
        self.check(volt("run", f"--perf={path}", self.program), USAGE, "", f"volt: --perf={path}: Not a directory\n")

    def test_perf_itself(self):
        perf = shutil.which("perf")
        if not perf or EMULATOR:
            self.skipTest("perf is not there")
        loops = self.write("loops.vot", PROGRAM.replace("LoadInt r1, 4\n", "LoadInt r1, 30000\n")
                           .replace("LoadInt r2, 40\n", "LoadInt r2, 30000\n"))
        kept = self.folder / "perf.data"
        process = subprocess.run([perf, "record", "-q", "-k", "mono", "-e", "cpu-clock:u", "-o", str(kept), VOLT, "run",
                                  f"--perf={self.folder}", str(loops)], capture_output=True, text=True, timeout=SECONDS)
        dump = next(self.folder.glob("jit-*.dump"), None)
        if dump is not None:
            pathlib.Path(f"/tmp/perf-{dump.stem.removeprefix('jit-')}.map").unlink(missing_ok=True)
        if process.returncode != 0 or not kept.exists():
            self.skipTest(f"perf may not record here: {process.stderr.strip()[-200:]}")
        joined = self.folder / "joined.data"
        subprocess.run([perf, "inject", "--jit", "-i", str(kept), "-o", str(joined)], cwd=self.folder, check=True,
                       capture_output=True, timeout=SECONDS)
        report = subprocess.run([perf, "report", "--stdio", "-s", "symbol", "-i", str(joined)], check=True,
                                capture_output=True, text=True, timeout=SECONDS).stdout
        hottest = next(line for line in report.splitlines() if line and not line.startswith("#"))
        self.assertRegex(hottest, r"volt_f\d_(work|leaf|main)")


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class CodeTest(CommandTest):
    @about_code
    def test_lines_change_no_code(self):
        for name in ["closures", "interfaces", "maps", "strings"]:
            program = PROGRAMS / f"{name}.vot"
            with self.subTest(program=name):
                sizes = []
                for options in [(), ("--debugger",)]:
                    process = volt("run", "--tier=llvm", "--sync", "--stats=json", *options, program)
                    functions = json.loads(process.stderr)["tier"]["functions"]
                    sizes.append({function["name"]: function["call_form"]["code_bytes"] for function in functions})
                self.assertEqual(sizes[0], sizes[1])
                self.assertGreater(len(sizes[0]), 2)


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class DebuggerTest(CommandTest):
    def setUp(self):
        super().setUp()
        if EMULATOR or not shutil.which("gdb"):
            self.skipTest("gdb is not there")
        self.program = self.write("lines.vot", PROGRAM)

    def debug(self, options, *commands):
        """What gdb says to these commands; compiled code is known as soon as there is some."""
        first = ["set debuginfod enabled off", "set pagination off", "set breakpoint pending on", f"source {EXTENSION}"]
        script = self.write("script.gdb", "\n".join([*first, *commands]) + "\n")
        process = subprocess.run(["gdb", "-nx", "-q", "-batch", "-x", str(script), "--args", EXECUTABLE, "run", *options,
                                  str(self.program)], capture_output=True, text=True, timeout=SECONDS,
                                 stdin=subprocess.DEVNULL, cwd=self.folder)
        said = process.stdout + process.stderr
        if "ptrace" in said and "not permitted" in said:
            self.skipTest("gdb may not run a process here")
        return said

    def test_a_line_is_a_breakpoint(self):
        said = self.debug(["--debugger", *NOW], "break lines.vo:10", "run", "backtrace 3", "volt-backtrace")
        self.assertRegex(said, r"#0 +(0x\w+ in )?work \(\) at lines\.vo:10")
        self.assertRegex(said, r"#1 +(0x\w+ in )?main \(\) at lines\.vo:20")
        self.assertIn("work at lines.vo:10 (compiled)", said)
        self.assertIn("main at lines.vo:20 (compiled)", said)

    def test_through_all_tiers(self):
        """main is interpreted when it calls work for the first time, which is compiled by then: it loops."""
        said = self.debug(["--debugger", "--sync", "--threshold=1000000,20"], "break lines.vo:10", "run", "bt",
                          "volt-backtrace")
        self.assertRegex(said, r"#0 +work at lines\.vo:10 \(compiled\)\n#1 +main at lines\.vo:20 \(interpreted\)")

    def test_interpreted(self):
        said = self.debug(["--tier=interp"], "break vm_write", "run", "volt-backtrace")
        self.assertRegex(said, r"#0 +main at lines\.vo:22 \(interpreted\)")

    def test_no_fiber(self):
        self.assertIn("this thread runs no fiber", self.debug([], "break main", "run", "volt-backtrace"))


if __name__ == "__main__":
    unittest.main()
