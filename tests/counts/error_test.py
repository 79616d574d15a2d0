"""What cannot be counted, and files that are no objects: a message, and never a crash."""

import random
import unittest

from counting import BUILD, FIB, OK, FAILED, TARGETS, USAGE, CountTest, presets, run

STATUS = {"x86_64": "movl $6, %eax\nretq", "aarch64": "mov w0, #6\nret"}
NULL_READ = {"x86_64": "movq 0, %rax", "aarch64": "ldr x0, [x9]"}
ENDLESS = {"x86_64": "1: jmp 1b", "aarch64": "1: b 1b"}
SMALL_LIMIT = ["--limit=100000"]


class Errors(CountTest):
    def test_missing_function(self):
        path = self.compile("x86_64", presets()[0])
        self.check_fails(r"has no function 'fob'; there are: show, fib, main$", path, "fob", 1)

    def test_names_are_compared_as_symbols_spell_them(self):
        for name, status in [("a.b", OK), ("a_b", OK), ("a.c", FAILED)]:
            path = self.assemble("x86_64", "volt_f3_a_b_entry: xorl %eax, %eax\nretq")
            self.assertEqual(self.run_count(path, name).returncode, status, name)

    def test_ambiguous_function(self):
        path = self.assemble("x86_64", "volt_f0_f_entry: nop\nvolt_f1_f_entry: nop")
        self.check_fails("2 functions whose symbols read 'f'", path, "f")

    def test_helpers_are_named(self):
        for target in TARGETS:
            for preset in presets():
                path = self.compile(target, preset)
                self.check_fails(r"main: volt_\w+\+0x\w+: compiled code calls volt_helper_string_new", path, "main")

    def test_the_caller_of_an_unknown_symbol_is_named(self):
        text = "volt_f0_f_entry:\n.type volt_f0_f_entry, @function\nnop\ncallq memcpy\n.size volt_f0_f_entry, 6"
        self.check_fails(r"f: volt_f0_f_entry\+0x1: compiled code calls memcpy", self.assemble("x86_64", text), "f")

    def test_exits_are_errors(self):
        for target, text in STATUS.items():
            path = self.assemble(target, f"volt_f0_f_entry:\n{text}\n")
            self.check_fails(r"left compiled code with status 6 \(YIELD: the time slice is over\)", path, "f")

    def test_failing_code(self):
        for target, text in NULL_READ.items():
            path = self.assemble(target, f"volt_f0_f_entry: {text}\n")
            self.check_fails("the emulated code failed: .*read", path, "f")

    def test_endless_code_is_stopped(self):
        for target, text in ENDLESS.items():
            path = self.assemble(target, f"volt_f0_f_entry: {text}\n")
            self.check_fails("executes more than 100000 instructions", path, "f", options=SMALL_LIMIT)

    def test_the_limit_is_exact(self):
        path = self.assemble("x86_64", "volt_f0_f_entry: nop\nxorl %eax, %eax\nretq\n")
        self.assertEqual(self.run_count(path, "f", options=["--limit=3"]).returncode, OK)
        self.check_fails("more than 2 instructions", path, "f", options=["--limit=2"])

    def test_other_target(self):
        self.check_fails("is for x86_64, not for aarch64", self.compile("x86_64", presets()[0]), "fib", 5,
                         options=["--target=aarch64"])

    def test_files_that_are_no_objects(self):
        self.check_fails("No such file", self.folder / "none.o", "f")
        self.check_fails("is not an ELF file", FIB, "f")
        self.check_fails("is not a relocatable object", BUILD / "volt-count", "f")

    def test_truncated_objects(self):
        for target in TARGETS:
            whole = self.compile(target, presets()[0]).read_bytes()
            path = self.folder / "truncated.o"
            for size in [*range(0, len(whole), 199), len(whole) - 1]:
                path.write_bytes(whole[:size])
                self.check_fails("truncated.o", path, "fib", 5)

    def test_damaged_objects(self):
        """Whatever a changed byte does, the program ends by itself, with a result or with a message."""
        generator = random.Random(1)
        for target in TARGETS:
            whole = self.compile(target, presets()[0]).read_bytes()
            path = self.folder / "damaged.o"
            for _ in range(60):
                damaged = bytearray(whole)
                damaged[generator.randrange(len(damaged))] ^= 1 << generator.randrange(8)
                path.write_bytes(damaged)
                process = self.run_count(path, "fib", 5, options=SMALL_LIMIT)
                self.assertIn(process.returncode, (OK, FAILED), process.stderr)
                self.assertEqual(process.returncode == OK, process.stderr == "")

    def test_usage(self):
        for words in [[], ["--object=x"], ["--function=f"], ["--object=x", "--function=f", "12a"],
                      ["--object=x", "--function=f", "--target=z80"], ["--object=x", "--function=f", str(2**63)]]:
            process = run([BUILD / "volt-count", *words])
            self.assertEqual((process.returncode, process.stdout), (USAGE, ""), words)


if __name__ == "__main__":
    unittest.main()
