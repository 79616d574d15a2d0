"""Programs that start programs: whose streams the children have."""

import subprocess
import unittest

from volt_command import HAS_TIER, OK, SECONDS, VOLT, CommandTest

INTERPRETED = ["--tier=interp"]
MODES = [INTERPRETED, ["--tier=llvm", "--sync"], ["--tier=auto", "--threshold=1,1"]] if HAS_TIER else [INTERPRETED]

# Prints half a line, starts a shell with the script and no stream redirected, waits for it, prints the other half.
STARTS = """module starts
entry @main
native vo_print results=0
native vo_println results=0
native os_exec_startProcess results=3
native os_exec_waitProcess results=3
fn say params=1 {{
	IfaceAssign r1, r0, iface(string), string
	CallExtern @vo_print, r1, r1 args=2
	Return r0, 0
}}
fn main {{
	StrNew r0, "before "
	Call @say, r0 args=1
	LoadInt r1, 17
	LoadInt r2, 2
	LoadInt r3, 2
	SliceNew r0, r1, r2 bytes=8
	LoadInt r1, 0
	StrNew r2, "-c"
	SliceSet r0, r1, r2 bytes=8
	LoadInt r1, 1
	StrNew r2, "{script}"
	SliceSet r0, r1, r2 bytes=8
	StrNew r10, "/bin/sh"
	Copy r11, r0
	StrNew r12, ""
	LoadInt r13, 0
	LoadInt r14, -1
	LoadInt r15, -1
	LoadInt r16, -1
	CallExtern @os_exec_startProcess, r20, r10 args=7
	CallExtern @os_exec_waitProcess, r24, r20 args=1
	StrNew r0, "after\\n"
	Call @say, r0 args=1
	Return r0, 0
}}
"""


class Children(CommandTest):
    def run_script(self, script, mode, **streams):
        path = self.write("starts.vot", STARTS.format(script=script))
        return subprocess.run([VOLT, "run", "--allow=process", path, *mode], text=True, timeout=SECONDS, **streams)

    def test_output_stands_where_it_was_written(self):
        for mode in MODES:
            process = self.run_script("echo child; echo wrong >&2", mode, stdin=subprocess.DEVNULL, capture_output=True)
            self.check(process, OK, "before child\nafter\n", "wrong\n")

    def test_both_streams_in_one_pipe(self):
        for mode in MODES:
            process = self.run_script("echo wrong >&2; echo child", mode, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.check(process, OK, "before wrong\nchild\nafter\n")

    def test_input(self):
        for mode in MODES:
            process = self.run_script("read line; echo $line", mode, input="typed\nrest\n", capture_output=True)
            self.check(process, OK, "before typed\nafter\n", "")


if __name__ == "__main__":
    unittest.main()
