"""volt compile: what each kind of output is, for each target and preset."""

import json
import subprocess
import unittest

from volt_command import FAILED, HAS_TIER, OK, PROGRAMS, USAGE, VOLT, CommandTest, volt

FIB = PROGRAMS / "fib.vot"
# Numbers of an ELF header's e_machine.
ELF_MACHINES = {"x86_64": 62, "aarch64": 183}
METRICS = ["function", "preset", "target", "code_bytes", "hot_bytes", "cold_bytes", "callee_saved", "frame_bytes",
           "spills", "reloads"]


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class Compile(CommandTest):
    def test_presets(self):
        process = volt("compile", "--list-presets")
        self.check(process, OK, error="")
        self.assertLessEqual({"baseline", "v3", "hinted"}, set(process.stdout.split()))

    def test_ir(self):
        process = volt("compile", FIB, "--func=fib", "--emit=ir")
        self.check(process, OK, error="")
        self.assertIn("define ", process.stdout)

    def test_assembly_of_each_target(self):
        for target, instruction in [("x86_64", "retq"), ("aarch64", "ret")]:
            for preset in volt("compile", "--list-presets").stdout.split():
                process = volt("compile", FIB, "--func=fib", f"--preset={preset}", f"--target={target}", "--emit=asm")
                self.check(process, OK, error="")
                self.assertRegex(process.stdout, rf"(?m)^\s+{instruction}$")

    def test_object_of_each_target(self):
        for target, machine in ELF_MACHINES.items():
            path = self.folder / f"{target}.o"
            self.check(volt("compile", FIB, f"--target={target}", "--emit=obj", "-o", path), OK, "", "")
            header = path.read_bytes()[:20]
            self.assertEqual(header[:4], b"\x7fELF")
            self.assertEqual(int.from_bytes(header[18:20], "little"), machine)

    def test_metrics(self):
        process = volt("compile", FIB, "--func=fib", "--preset=hinted", "--target=aarch64", "--emit=metrics")
        self.check(process, OK, error="")
        rows = json.loads(process.stdout)
        self.assertEqual(len(rows), 1)
        self.assertLessEqual(set(METRICS), set(rows[0]))
        self.assertEqual([rows[0][key] for key in METRICS[:3]], ["fib", "hinted", "aarch64"])
        self.assertGreater(rows[0]["code_bytes"], 0)

    def test_metrics_of_all_functions(self):
        rows = json.loads(volt("compile", FIB, "--emit=metrics").stdout)
        self.assertLessEqual({"fib", "main"}, {row["function"] for row in rows})

    def test_object_to_a_terminal(self):
        terminal = self.open_terminal()
        process = subprocess.run([VOLT, "compile", FIB, "--emit=obj"], stdout=terminal, stderr=subprocess.PIPE,
                                 text=True, timeout=60)
        self.assertEqual(process.returncode, USAGE)
        self.assertIn("binary", process.stderr)

    def test_unknown_names(self):
        process = volt("compile", FIB, "--func=fob", "--emit=ir")
        self.check(process, USAGE, "", "no function 'fob'; there are: ")
        self.assertIn("fib", process.stderr.split("there are: ")[1])
        self.check(volt("compile", FIB, "--preset=none", "--emit=ir"), USAGE, "", "none")

    def test_output_that_cannot_be_written(self):
        self.check(volt("compile", FIB, "--emit=ir", "-o", "/dev/full"), FAILED, "", "/dev/full")


if __name__ == "__main__":
    unittest.main()
