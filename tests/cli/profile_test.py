"""volt run --profile: where samples are taken, however the code is executed, and what is written of them."""

import json
import re
import unittest

from volt_command import FAILED, HAS_TIER, OK, PROGRAMS, USAGE, CommandTest, volt

# All that takes time is the loop in lines 7 to 10, which no optimiser calculates otherwise; its head is line 8.
LOOP = """module loop
global last
fn "count;</script>" params=1 {
	LoadInt r1, 1
	LoadInt r2, 0

next:
	MulI r1, r1, r1
	AddI r1, r1, r2
	ForLoop r2, r0, next
	Return r1, 1
}

fn middle params=1 {
	Call @"count;</script>", r0 args=1 results=1
	Return r0, 1
}

fn main {
	LoadInt r0, 20000000
	Call @middle, r0 args=1 results=1
	GlobalSet @last, r0
	StrNew r2, "done"
	IfaceAssign r3, r2, iface(string), string
	CallExtern @vo_println, r0, r3 args=2
	Return r0, 0
}
"""
DONE = "done\n"
NAME = "count;</script>"

# Two kinds of frames, and 3000 of one kind below the loop.
DEEP = """module deep
entry @main
global last
fn spin params=1 {
	LoadInt r1, 0
	LoadInt r2, 1
next:
	MulI r2, r2, r2
	AddI r2, r2, r1
	ForLoop r1, r0, next
	Return r2, 1
}

fn dive params=1 {
	JumpIfNot r0, bottom
	LoadInt r1, 1
	SubI r1, r0, r1
	Call @dive, r1 args=1
	Return r0, 0
bottom:
	LoadInt r1, 20000000
	Call @spin, r1 args=1 results=1
	GlobalSet @last, r1
	Return r0, 0
}

fn main {
	LoadInt r0, 3000
	Call @dive, r0 args=1
	Return r0, 0
}
"""

NATIVE_CALLS = 3
LONG_NATIVE = f"""module native
native strings_Count results=1
fn natively params=2 {{
	LoadInt r2, 0
	LoadInt r3, {NATIVE_CALLS}
next:
	Copy r4, r0
	Copy r5, r1
	CallExtern @strings_Count, r6, r4 args=2
	ForLoop r2, r3, next
	Return r0, 0
}}
fn main {{
	StrNew r0, "abcdefg"
	LoadInt r1, 0
	LoadInt r2, 24
double:
	StrConcat r0, r0, r0
	ForLoop r1, r2, double
	StrNew r1, "gb"
	Call @natively, r0 args=2
	Return r0, 0
}}
"""

# Two islands compute; main waits for both.
ISLANDS = """module islands
entry @main
global last
fn spin params=1 results=1 {
	LoadInt r1, 0
	LoadInt r2, 1
next:
	MulI r2, r2, r2
	AddI r2, r2, r1
	ForLoop r1, r0, next
	Return r2, 1
}

fn work params=2 locals=5 param_count=1 closure param_types=[port:0 1] {
	LoadInt r2, 20000000
	Call @spin, r2 args=1 results=1
	PortSend r1, r2 slots=1
	Return r0, 0
}

fn main locals=20 {
	LoadInt r4, 2
	LoadInt r5, 0
	PortNew r6, r4, r5 slots=1
	ClosureNew r2, @work, 0
	IslandNew r1
	GoIsland r1, r2, r6 args=1
	IslandNew r1
	GoIsland r1, r2, r6 args=1
	PortRecv r3, r6 slots=1
	PortRecv r4, r6 slots=1
	Return r0, 0
}
"""

MODES = [["--tier=interp"], ["--tier=interp", "--schedule-seed=7"]] + HAS_TIER * [
    ["--tier=auto"], ["--tier=auto", "--threshold=1,1", "--level=quick", "--sync"],
    ["--tier=auto", "--threshold=1,1", "--level=optimised", "--sync"], ["--tier=llvm", "--sync"],
    ["--tier=llvm", "--sync", "--max-steps=1000000000"], ["--tier=llvm", "--sync", "--preset=record"]]


def for_mode(text, mode):
    """Compiled loops are longer: compiling takes time, too, and on a busy machine there must be enough samples."""
    return text if "--tier=interp" in mode else text.replace("20000000", "200000000")


LONG_LOOP = for_mode(LOOP, [])


def stacks(path):
    """Samples by stack."""
    found = {}
    for line in path.read_text().splitlines():
        stack, samples = line.rsplit(" ", 1)
        assert stack not in found
        found[stack] = int(samples)
    return found


class Profile(CommandTest):
    def profile(self, name, program, *options):
        path = self.folder / name
        path.unlink(missing_ok=True)
        return path, volt("run", program, f"--profile={path}", *options)

    def test_stacks_in_every_tier(self):
        program = self.folder / "loop.vot"
        loop = f"main {program}:21;middle {program}:15;{NAME.replace(';', '_')} {program}:8"
        places = rf"(main {program}:2[0-6](;middle {program}:1[56](;count_</script> {program}:(4|8|11))?)?)"
        for mode in MODES:
            with self.subTest(mode=mode):
                self.write("loop.vot", for_mode(LOOP, mode))
                path, process = self.profile("loop.txt", program, *mode)
                self.check(process, OK, DONE, "")
                found = stacks(path)
                self.assertGreater(found[loop], 0.8 * sum(found.values()), found)
                for stack in found:
                    self.assertRegex(stack, f"^{places}$")

    @unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
    def test_a_long_native_has_all_of_its_time(self):
        """A twentieth of a second and more for each call, in which nobody can answer; two milliseconds are a sample."""
        program = self.write("native.vot", LONG_NATIVE)
        path, process = self.profile("native.txt", program, "--tier=llvm", "--sync")
        self.check(process, OK, "", "")
        self.assertGreater(sum(count for stack, count in stacks(path).items() if "natively" in stack), 5 * NATIVE_CALLS)

    def test_deep_stacks_are_cut(self):
        for mode in MODES:
            program = self.write("deep.vot", for_mode(DEEP, mode))
            path, process = self.profile("deep.folded", program, *mode)
            self.check(process, OK, "", "")
            # Not the stack with most: where the program waited for the compiler, that time counts, too.
            (deep, samples), = [item for item in stacks(path).items() if item[0].endswith(f";spin {program}:8")]
            self.assertGreater(samples, 5, mode)
            frames = deep.split(";")
            self.assertEqual(len(frames), 257, mode)
            self.assertEqual([frames[0], frames[128]], [f"main {program}:29", "..."], mode)
            self.assertEqual(set(frames[1:128] + frames[129:-2]), {f"dive {program}:18"}, mode)

    def test_page(self):
        program = self.write("loop.vot", LONG_LOOP)
        path, process = self.profile("loop.html", program)
        self.check(process, OK, DONE, "")
        page = path.read_text()
        self.assertEqual(page.count("</script>"), 2)
        self.assertEqual(re.findall(r"(?:src|href)=|https?://", page), [])
        data = json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)[1])
        self.assertEqual(data["functions"], [[name, str(program)] for name in (NAME, "middle", "main")])
        most = max(data["stacks"])
        self.assertEqual(most[1:], [2, 21, 1, 15, 0, 8])

    def test_without_lines(self):
        program = self.write("loop.vot", LONG_LOOP + "debug {\n}\n")
        path, process = self.profile("loop.txt", program)
        self.check(process, OK, DONE, "")
        self.assertEqual(max(stacks(path).items(), key=lambda item: item[1])[0], "main;middle;count_</script>")

    def test_long_names_are_whole(self):
        """In both forms; names that are equal but for their end are two."""
        name = "long_" * 100 + "name"
        program = self.write("loop.vot", LONG_LOOP.replace("middle", name) + "debug {\n}\n")
        path, process = self.profile("loop.txt", program)
        self.check(process, OK, DONE, "")
        self.assertEqual(max(stacks(path).items(), key=lambda item: item[1])[0], f"main;{name};count_</script>")
        path, process = self.profile("loop.html", program)
        self.check(process, OK, DONE, "")
        self.assertIn(f'"{name}"', path.read_text())

    def test_islands_are_sampled_too(self):
        """Rounds take long enough for dozens of samples; what else the islands do, next to nothing."""
        for mode, rounds in [(MODES[0], 15000000), (MODES[-1], 30000000)]:
            program = self.write("islands.vot", ISLANDS.replace("20000000", str(rounds)))
            path, process = self.profile("islands.txt", *mode, program)
            self.check(process, OK, "", "")
            found = {}
            for stack, samples in stacks(path).items():
                names = re.sub(r" [^;]*", "", stack)
                found[names] = found.get(names, 0) + samples
            self.assertGreater(found.get("work;spin", 0), 5, mode)
            self.assertGreater(found["work;spin"], found.get("work", 0), mode)
            self.assertLessEqual(set(found), {"main", "work", "work;spin"}, mode)

    def test_nothing_ran_long(self):
        for name in ("none.txt", "none.html"):
            path, process = self.profile(name, PROGRAMS / "sum.vot")
            self.check(process, OK, "55\n", "")
            self.assertTrue(path.exists())

    def test_after_a_panic(self):
        path, process = self.profile("panic.txt", PROGRAMS / "panic_in_callee.vot")
        self.check(process, FAILED, None, "integer divide by zero")
        self.assertTrue(path.exists())

    def test_names(self):
        for name in ("profile", "profile.svg", ""):
            self.check(volt("run", PROGRAMS / "sum.vot", f"--profile={name}"), USAGE, "",
                       f"--profile does not take the value '{name}': use a name that ends in .html, .txt or .folded")

    def test_what_cannot_be_written_is_known_before_the_program_runs(self):
        (self.folder / "folder.txt").mkdir()
        (self.folder / "file").write_text("")
        for name, reason in [("none/profile.txt", "none/: No such file or directory"),
                             ("file/profile.html", "file/profile.html: Not a directory"),
                             ("folder.txt", "folder.txt: Is a directory")]:
            self.check(volt("run", PROGRAMS / "sum.vot", f"--profile={self.folder}/{name}"), USAGE, "",
                       f"volt: --profile={self.folder}/{reason}\n")
        self.check(volt("run", PROGRAMS / "sum.vot", "--profile=sum.txt", cwd=self.folder), OK, "55\n", "")
        self.assertEqual((self.folder / "sum.txt").read_text(), "")

    def test_the_program_is_not_replaced(self):
        text = (PROGRAMS / "sum.vot").read_text()
        program = self.write("sum.txt", text)
        self.check(volt("run", program, f"--profile={program}"), USAGE, "", f"{program} is the module that is read")
        self.assertEqual(program.read_text(), text)


if __name__ == "__main__":
    unittest.main()
