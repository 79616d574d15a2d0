"""volt compile: what each kind of output is, for each target and preset."""

import json
import re
import subprocess
import unittest

from volt_command import FAILED, HAS_TIER, OK, PROGRAMS, ROOT, USAGE, VOLT, CommandTest, about_code, volt

FIB = PROGRAMS / "fib.vot"
# Numbers of an ELF header's e_machine.
ELF_MACHINES = {"x86_64": 62, "aarch64": 183}
EMPTY_MAIN = "fn main params=0 locals=1 results=0 {\n\tReturn r0, 0\n}\n"
METRICS = ["function", "preset", "target", "code_bytes", "hot_bytes", "cold_bytes", "callee_saved", "frame_bytes",
           "spills", "reloads", "weighted_spills", "calls"]


# Those that all code may call, and those that the optimised level has beside the table's.
HELPERS_OF_ALL = {"execute", "trap", "capture_frame", "capture_skipped"}
HELPERS_OF_PARTS = {"StrSlice": {"string_part"}, "StrEq": {"string_part_equal"}, "StrNe": {"string_part_equal"},
                    "MapGet": {"map_place", "map_place_of_part"}}


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class Compile(CommandTest):
    def test_presets(self):
        process = volt("compile", "--list-presets")
        self.check(process, OK, error="")
        rows = (ROOT / "backend-llvm" / "calls" / "presets.def").read_text()
        self.assertEqual(process.stdout.split(), re.findall(r'^PRESET\("([^"]+)"', rows, re.MULTILINE))

    @about_code
    def test_code_calls_helpers_of_its_opcodes_alone(self):
        table = (ROOT / "backend-llvm" / "lower" / "opcode_helpers.def").read_text()
        helpers = re.findall(r"^OPCODE_HELPER\((\w+), (\w+),", table, re.MULTILINE)
        called = set()
        for name in ["strings", "map_places", "interfaces", "regexp", "select"]:
            opcodes = set(re.findall(r"^\s+(\w+)", (PROGRAMS / f"{name}.vot").read_text(), re.MULTILINE))
            allowed = HELPERS_OF_ALL.union({helper for opcode, helper in helpers if opcode in opcodes},
                                           *(HELPERS_OF_PARTS.get(opcode, set()) for opcode in opcodes))
            for level in ["quick", "optimised"]:
                with self.subTest(program=name, level=level):
                    process = volt("compile", PROGRAMS / f"{name}.vot", f"--level={level}", "--emit=ir")
                    self.check(process, OK)
                    found = set(re.findall(r"@volt_helper_(\w+)", process.stdout))
                    self.assertEqual(found - allowed, set())
                    called |= found
        self.assertGreater(len(called), 15)

    def test_axes(self):
        rows = json.loads(volt("compile", FIB, "--func=fib", "--preset=v3,exit=record", "--emit=metrics").stdout)
        expected = json.loads(volt("compile", FIB, "--func=fib", "--preset=record", "--emit=metrics").stdout)
        for key in METRICS[3:]:
            self.assertEqual(rows[0][key], expected[0][key])

    def test_combinations_without_a_meaning(self):
        for preset, reason in [
            ("v3,abi=external,status=memory", "status=memory needs abi=fast"),
            ("v2,abi=external", "types=natural needs abi=fast"),
            ("v4,abi=external", "exit=trivial needs abi=fast"),
            ("baseline,exit=unwind", "exit=unwind needs abi=fast"),
            ("unwind,status=memory", "exit=unwind returns no status"),
            ("unwind,types=natural", "uniform slots only"),
            ("v1,exit=trivial", "exit=trivial returns a status"),
            ("baseline,context=pinned", "context=pinned needs abi=fast"),
            ("baseline,context=swift", "context=swift needs abi=fast"),
            ("v3,check=never", "'check=never' is no axis"),
            ("record-hinted,check=entry", "prologue=split needs check=call"),
            ("v2,check=call,prologue=split", "prologue=split needs abi=fast and types=uniform"),
            ("v4,check=call,prologue=split", "prologue=split cannot be combined with exit=trivial"),
            ("v3,exit=none", "'exit=none' is no axis"),
            ("v3,exit", "'exit' is no axis"),
        ]:
            self.check(volt("compile", FIB, f"--preset={preset}", "--emit=ir"), USAGE, "", reason)

    def emit_ir(self, preset, text, function):
        path = self.folder / "program.vot"
        path.write_text(text)
        process = volt("compile", path, f"--func={function}", f"--preset={preset}", "--emit=ir")
        self.check(process, OK, error="")
        return process.stdout

    def signature(self, preset, text, function):
        ir = self.emit_ir(preset, text, function)
        returned, parameters = re.search(rf"define protected (.*) @volt_f\d+_{function}\((.*?)\)", ir).groups()
        return returned, [each.split()[0] for each in parameters.split(", ")]

    def test_natural_types_are_those_that_the_module_declares(self):
        text = ("fn scale params=2 locals=3 results=1 types=fvf {\n"
                "\tConvI2F r2, r1\n\tMulF r2, r0, r2\n\tReturn r2, 1\n}\n" + EMPTY_MAIN)
        for preset, result, parameter in [("v1", "{ double }", "double"), ("v2", "{ double, i64 }", "double"),
                                          ("v3", "{ i64, i64 }", "i64")]:
            self.assertEqual(self.signature(preset, text, "scale"), (result, ["ptr", "i64", parameter, "i64"]))

    def test_recorded_frames_need_no_base(self):
        for preset, words in [("v3", 2), ("record", 1), ("record-hinted", 1), ("unwind", 1)]:
            self.assertEqual(self.signature(preset, FIB.read_text(), "fib")[1], ["ptr"] + ["i64"] * words)

    def test_only_functions_that_wait_return_a_status_where_exits_unwind(self):
        text = ("native pause results=1\n"
                "fn waits params=0 locals=1 results=1 {\n\tCallExtern @pause, r0, r0 args=0\n\tReturn r0, 1\n}\n"
                "fn divides params=2 locals=3 results=1 {\n\tDivI r2, r0, r1\n\tReturn r2, 1\n}\n" + EMPTY_MAIN)
        self.assertEqual(self.signature("unwind", text, "waits")[0], "{ i64, i64 }")
        self.assertEqual(self.signature("unwind", text, "divides")[0], "{ i64 }")

    def test_trivial_exits_are_for_recursion_that_can_start_anew(self):
        recursion = ("fn count params=1 locals=2 results=1 {{\n\tJumpIf r0, more\n\tReturn r0, 1\nmore:\n{}"
                     "\tLoadInt r1, 1\n\tSubI r1, r0, r1\n\tCall @count, r1 args=1 results=1\n\tReturn r1, 1\n}}\n")
        harmless = {"": True, "\tDivI r1, r0, r0\n": True, "\tPtrNew r1, r0, 1\n": False, "\tCall @main, r1\n": False}
        for line, is_trivial in harmless.items():
            ir = self.emit_ir("v4", recursion.format(line) + EMPTY_MAIN, "count")
            self.assertEqual("count_trivial(" in ir, is_trivial, line)

    @about_code
    def test_rests_are_for_functions_with_a_base_case_that_pass_registers(self):
        """A tail call that LLVM cannot make would end the process, so such functions must stay whole."""
        recursion = ("fn count params={0} locals={1} results={2} {{\n\tLoadInt r{0}, 7\n\tJumpIf r0, more\n"
                     "\tReturn r0, {2}\nmore:\n\tSubI r{3}, r0, r{0}\n\tCall @count, r{3} args={0} results={2}\n\tReturn r{3}, {2}\n}}\n")
        for parameters, results, has_rest in [(1, 1, True), (4, 2, True), (5, 2, True), (6, 1, False), (12, 1, False),
                                              (5, 3, False), (9, 9, False)]:
            text = recursion.format(parameters, 40, results, parameters + 1) + EMPTY_MAIN
            for target in ELF_MACHINES:
                self.assertEqual("musttail" in self.emit_ir("record-hinted", text, "count"), has_rest,
                                 (parameters, results))
                path = self.write("count.vot", "module count\nentry @main\n" + text)
                for preset in ["record-hinted", "unwind"]:
                    self.check(volt("compile", path, f"--preset={preset}", f"--target={target}", "--emit=asm"), OK,
                               error="")
        always_calls = "fn count params=1 locals=3 results=1 {\n\tCall @count, r0 args=1 results=1\n\tReturn r0, 1\n}\n"
        self.assertNotIn("musttail", self.emit_ir("record-hinted", always_calls + EMPTY_MAIN, "count"))

    def test_ir(self):
        process = volt("compile", FIB, "--func=fib", "--emit=ir")
        self.check(process, OK, error="")
        self.assertIn("define ", process.stdout)

    @about_code
    def test_assembly_of_each_target(self):
        for target, instruction in [("x86_64", "retq"), ("aarch64", "ret")]:
            for preset in volt("compile", "--list-presets").stdout.split():
                process = volt("compile", FIB, "--func=fib", f"--preset={preset}", f"--target={target}", "--emit=asm")
                self.check(process, OK, error="")
                self.assertRegex(process.stdout, rf"(?m)^\s+{instruction}$")

    @about_code
    def test_a_captured_variable_is_read_once(self):
        """What add() writes to its variable changes none of its captures: it returns what it wrote, and reads neither again."""
        process = volt("compile", ROOT / "perf" / "programs" / "closure_calls.vot", "--func=add", "--level=optimised",
                       "--target=x86_64", "--emit=asm")
        self.check(process, OK)
        for capture in "8(%rdi)", "16(%rdi)":
            self.assertEqual(len(re.findall(r"\s" + re.escape(capture), process.stdout)), 1, process.stdout)

    def test_legend_of_assembly(self):
        for target in ELF_MACHINES:
            text = volt("compile", FIB, "--func=fib", f"--target={target}", "--emit=asm").stdout
            legend = text[text.index("\n# context of the running fiber"):].splitlines()[1:]
            self.assertTrue(all(line.startswith("#") for line in legend))
            self.assertIn("#   +0   stack", legend)
            self.assertIn("#   +40  native_stack_limit", legend)
            self.assertIn("#   1 panic: a panic is pending in the fiber", legend)
            begin = next(i for i, line in enumerate(FIB.read_text().splitlines(), 1) if line.startswith("fn fib "))
            self.assertEqual(legend[-1], f"#   f1 fib {FIB}:{begin + 1}")
        whole = volt("compile", FIB, "--emit=asm").stdout
        self.assertRegex(whole, r"\n#   f0 show .*\n#   f1 fib .*\n#   f2 main .*\n$")

    def test_assembly_names_instructions_and_lines(self):
        """Of fib's two calls of itself the first is pc 6; its line is that of the file."""
        line = next(i for i, text in enumerate(FIB.read_text().splitlines(), 1) if "Call @fib, r2" in text)
        for target, call in [("x86_64", "callq"), ("aarch64", "bl")]:
            for options in [], ["--level=quick"], ["--level=optimised"], ["--preset=unwind"]:
                text = volt("compile", FIB, "--func=fib", f"--target={target}", "--emit=asm", *options).stdout
                place = f"# fib pc 6 {FIB}:{line}: Call @fib, r2 args=1 results=1\n"
                self.assertIn(place, text)
                self.assertIn(call, text.split(place)[1].split("\n# ")[0], options)
                for word in ".loc", ".debug_", "Ltmp" if options != ["--preset=unwind"] else ".file\t1":
                    self.assertNotIn(word, text)
        text = volt("compile", self.assemble("fib"), "--func=fib", "--emit=asm").stdout
        self.assertIn("\n# fib pc 6: Call @fib, r2 args=1 results=1\n", text)

    def page(self, *arguments):
        process = volt("compile", *arguments, "--emit=html")
        self.check(process, OK, error="")
        data = re.search('<script id="data" type="application/json">(.*?)</script>', process.stdout, re.DOTALL)[1]
        return process.stdout, json.loads(data)

    def test_labels_tell_the_pc(self):
        """Blocks begin at 0, at targets of jumps and behind jumps; a number that counts blocks would give others."""
        program = self.write("labels.vot", "module labels\nentry @main\nfn f params=1 locals=3 results=1 {\n\tLoadInt r1, 0\n"
                             "next:\n\tXor r1, r1, r0\n\tLoadInt r2, 1\n\tMulI r1, r1, r0\n\tSubI r0, r0, r2\n"
                             "\tJumpIf r0, next\n\tJumpIfNot r1, end\n\tCall @f, r2 args=1 results=1\nend:\n\tCopy r0, r1\n"
                             "\tReturn r0, 1\n}\n" + EMPTY_MAIN)
        for options in ([], ["--level=optimised"], ["--level=quick"]):
            ir = volt("compile", program, "--func=f", "--emit=ir", "--target=x86_64", *options).stdout
            labels = re.findall(r"^pc([^.:]*)[^:]*:", ir, re.MULTILINE)
            self.assertIn("1", labels, options)
            self.assertLessEqual(set(labels), {"0", "1", "6", "7", "8"}, options)

    def test_page(self):
        for target, call in [("x86_64", "callq"), ("aarch64", "bl")]:
            page, data = self.page(FIB, "--func=fib", f"--target={target}", "--preset=hinted")
            self.assertEqual(re.findall(r"(?i)(?:src|href)=|https?:|@import|url\(", page), [])
            self.assertEqual(list(data["functions"]), ["1"])
            code = data["functions"]["1"]["code"]
            first = next(i for i, text in enumerate(FIB.read_text().splitlines(), 1) if "Call @fib, r2" in text)
            self.assertEqual(code[6], ["Call @fib, r2 args=1 results=1", first])
            form = next(form for form in data["listing"]["forms"] if form["symbol"] == "volt_f1_fib")
            self.assertEqual(form["function"], 1)
            lines = [(line, block) for block in form["assembly"] for line in block["lines"]]
            self.assertTrue(any(line[1:] == [1, 6] and line[0].split()[0] == call for line, _ in lines))
            ir = [line for block in form["ir"] for line in block["lines"]]
            self.assertTrue(any(line[1:] == [1, 6] and "call" in line[0] for line in ir))
            self.assertFalse(any("!dbg" in line[0] for line in ir))
            cold = {block["label"]: block["cold"] for block in form["ir"]}
            self.assertEqual((cold["entry"], cold["callee_exit"]), (False, True))
            self.assertTrue(any(block["cold"] for block in form["assembly"]))

    def test_page_tells_what_blocks_cost(self):
        """Twelve values that live across a call are more than there are registers which a callee leaves alone."""
        loads = "".join(f"\tAddI r{i}, r0, r1\n\tXor r0, r{i}, r1\n" for i in range(2, 14))
        uses = "".join(f"\tXor r14, r14, r{i}\n\tMulI r14, r14, r1\n" for i in range(2, 14))
        program = self.write("many.vot", "module many\nentry @main\nfn many params=2 locals=20 results=1 {\n" + loads +
                             "\tCopy r14, r0\n\tCopy r15, r1\n\tCall @many, r14 args=2 results=1\n" + uses +
                             "\tReturn r14, 1\n}\n" + EMPTY_MAIN)
        _, data = self.page(program, "--func=many", "--target=x86_64", "--preset=hinted")
        blocks = next(form for form in data["listing"]["forms"] if form["symbol"] == "volt_f0_many")["assembly"]
        self.assertEqual(sum(block["saved"] for block in blocks if not block["cold"]), 6)
        row = json.loads(volt("compile", program, "--func=many", "--target=x86_64", "--preset=hinted",
                              "--emit=metrics").stdout)[0]
        for cost in "spills", "reloads":
            self.assertGreater(row[cost], 0)
            self.assertEqual(sum(block[cost] for block in blocks if not block["cold"]), row[cost])

    def test_page_of_a_module_with_calls_built_in(self):
        program = self.write("two.vot", "module two\nentry @main\nfn \"tw</script>ice\" params=1 locals=2 results=1 {\n"
                             "\tAddI r1, r0, r0\n\tReturn r1, 1\n}\nfn loop params=1 locals=4 results=1 {\n"
                             "\tLoadInt r1, 0\nnext:\n\tCopy r2, r0\n\tCall @\"tw</script>ice\", r2 args=1 results=1\n"
                             "\tXor r0, r0, r2\n\tForLoop r1, r0, next\n\tReturn r0, 1\n}\n" + EMPTY_MAIN)
        _, data = self.page(program, "--func=loop", "--level=optimised")
        self.assertEqual(data["level"], "optimised")
        self.assertEqual({key: value["name"] for key, value in data["functions"].items()},
                         {"0": "tw</script>ice", "1": "loop"})
        blocks = next(form for form in data["listing"]["forms"] if form["symbol"] == "volt_f1_loop")["assembly"]
        self.assertTrue(any(line[1:] == [0, 0] for block in blocks for line in block["lines"]))
        self.assertEqual(max(block["depth"] for block in blocks), 1)
        _, data = self.page(program)
        self.assertEqual({form["function"] for form in data["listing"]["forms"]} - {None}, {0, 1, 2})
        self.assertEqual(data["function"], -1)

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

    def test_a_register_saved_in_two_places_counts_once(self):
        """With the check behind the base case there may be several prologues; x86-64 has six registers to save."""
        recursion = ("fn count params=2 locals=5 results=1 {\n\tLtI r2, r0, r1\n\tJumpIf r2, more\n"
                     "\tReturn r0, 1\nmore:\n\tCopy r2, r1\n\tCopy r3, r0\n\tCall @count, r2 args=2 results=1\n\tCopy r3, r1\n"
                     "\tCall @count, r2 args=2 results=1\n\tReturn r2, 1\n}\n")
        program = self.write("count.vot", "module count\nentry @main\n" + recursion + EMPTY_MAIN)
        for preset in ["v4,check=call", "hinted,check=call", "record-hinted"]:
            process = volt("compile", program, "--func=count", f"--preset={preset}", "--target=x86_64",
                           "--emit=metrics")
            self.check(process, OK, error="")
            row = json.loads(process.stdout)[0]
            self.assertTrue(0 < row["callee_saved"] <= 6, row)
            self.assertGreaterEqual(row["weighted_spills"], row["spills"] + row["reloads"])

    def test_levels_are_those_of_hot_functions(self):
        """A small callee is built in at the optimised level only; others are looked up in the table of inner forms."""
        program = self.write("two.vot", "module two\nentry @main\nfn twice params=1 locals=2 results=1 {\n"
                             "\tAddI r1, r0, r0\n\tReturn r1, 1\n}\nfn four params=1 locals=2 results=1 {\n"
                             "\tCopy r1, r0\n\tCall @twice, r1 args=1 results=1\n\tCall @twice, r1 args=1 results=1\n"
                             "\tReturn r1, 1\n}\n" + EMPTY_MAIN)
        table, direct = "@volt_inner_table", r"call [^\n]*@volt_f\d+_twice\("
        for options, has_table, calls in [([], False, True), (["--level=quick"], True, False),
                                          (["--level=optimised"], False, False)]:
            for function in (["--func=four"], []):
                process = volt("compile", program, "--emit=ir", *options, *function)
                self.check(process, OK, error="")
                self.assertEqual(table in process.stdout, has_table, options)
                body = process.stdout[process.stdout.index("_four("):].split("\n}\n")[0]
                self.assertEqual(bool(re.search(direct, body)), calls, options)

    def test_quick_code_is_what_fast_selection_knows(self):
        """One return of several values, no thunks, no stack pointer; what lives within a block is in no memory."""
        program = self.write("fast.vot", "module fast\nentry @main\nfn fast params=2 locals=5 results=1 {\n"
                             "\tDivI r2, r0, r1\n\tJumpIfNot r2, small\n\tReturn r2, 1\nsmall:\n"
                             "\tAddI r3, r0, r1\n\tMulI r4, r3, r3\n\tSubI r3, r4, r1\n"
                             "\tCall @fast, r3 args=2 results=1\n\tReturn r3, 1\n}\n" + EMPTY_MAIN)
        process = volt("compile", program, "--func=fast", "--level=quick", "--emit=ir")
        self.check(process, OK, error="")
        inner = process.stdout[process.stdout.index("_fast("):].split("\n}\n")[0]
        self.assertEqual(len(re.findall(r"^  ret ", inner, re.MULTILINE)), 1)
        self.assertEqual(re.findall("stacksave|thunk|preserve_most", process.stdout), [])
        self.assertEqual(re.findall("alloca i64", inner), [])
        optimised = volt("compile", program, "--func=fast", "--level=optimised", "--emit=ir").stdout
        self.assertIn("volt_thunk", optimised)

    def test_quick_code_tests_once_and_panics_in_one_place(self):
        """A slot that is not nil stays so up to the next block, until it is written; panics differ in their traps alone."""
        program = self.write("nil.vot", "module nil\nentry @main\nfn get params=2 locals=5 results=1 {\n"
                             "\tPtrGet r2, r0, 0\n\tPtrGet r3, r0, 1\n\tDivI r2, r2, r3\n\tPtrGet r4, r1, 0\n"
                             "\tCopy r0, r2\n\tPtrGet r3, r0, 0\n\tJumpIf r3, other\nother:\n\tPtrGet r2, r1, 0\n"
                             "\tAddI r2, r2, r4\n\tReturn r2, 1\n}\n" + EMPTY_MAIN)
        process = volt("compile", program, "--func=get", "--level=quick", "--emit=ir")
        self.check(process, OK, error="")
        inner = process.stdout[process.stdout.index("_get("):].split("\n}\n")[0]
        self.assertEqual(len(re.findall("%v_nil[0-9]* = ", inner)), 4)  # r0, r1, r0 that was written, r1 in the next block
        self.assertEqual(inner.count("call void @volt_helper_trap("), 5)  # and a division by 0
        self.assertEqual(inner.count("call void @volt_helper_capture_frame("), 1)

    @about_code
    def test_what_is_too_large_is_quick_at_any_level(self):
        large = self.write("large.vot", "module large\nentry @main\nfn large params=1 locals=2 results=1 {\n" +
                           "\tAddI r1, r0, r1\n" * 20000 + "\tReturn r1, 1\n}\n" + EMPTY_MAIN)
        code = [volt("compile", large, "--func=large", f"--level={level}", "--emit=asm").stdout
                for level in ("quick", "optimised")]
        self.assertTrue(code[0])
        self.assertEqual(code[0], code[1])

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
        self.check(volt("compile", FIB, "--level=fast", "--emit=ir"), USAGE, "", "--level does not take the value 'fast'")

    def test_output_that_cannot_be_written(self):
        self.check(volt("compile", FIB, "--emit=ir", "-o", "/dev/full"), FAILED, "", "/dev/full")


if __name__ == "__main__":
    unittest.main()
