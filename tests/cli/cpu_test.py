"""--cpu: what code is made for, what it is by default, and that it changes no result."""

import re
import unittest

from volt_command import HAS_TIER, OK, PROGRAMS, USAGE, CommandTest, about_code, volt

FLOATS = PROGRAMS / "two_roundings.vot"
# Ways to run in which names of the tier mean something, whether anything gets hot or not.
NAMED = [[], ["--sync"], ["--threshold=1,1"], ["--tier=llvm"], ["--tier=llvm", "--sync"]]
NAMES = {"x86_64": ["x86-64-v2", "x86-64-v3", "x86-64-v4"], "aarch64": ["armv8-a", "armv8.1-a"]}


def assembly(*options):
    return volt("compile", FLOATS, "--emit=asm", *options)


def names_here():
    """What the message for an unknown name lists, without native and baseline."""
    return re.search(r"use native, baseline, (.*)$", assembly("--cpu=vax").stderr.strip())[1].split(", ")


@unittest.skipUnless(HAS_TIER, "the build has no compiling tier")
class Cpu(CommandTest):
    def test_unknown_names_list_the_known_ones(self):
        for target, names in NAMES.items():
            listed = f"{target} has no processor 'vax': use native, baseline, {', '.join(names)}"
            self.check(assembly(f"--target={target}", "--cpu=vax"), USAGE, "", listed)
        self.check(assembly("--target=x86_64", "--cpu=armv8.1-a"), USAGE, "", "x86_64 has no processor 'armv8.1-a'")
        self.check(assembly("--cpu="), USAGE, "", "has no processor ''")

    def test_no_program_runs_without_the_processor_it_asks_for(self):
        for options in NAMED:
            process = volt("run", FLOATS, "--cpu=vax", *options)
            self.check(process, USAGE, "", "has no processor 'vax': use native, baseline, ")

    def test_native_is_this_machine(self):
        other, = set(NAMES) - {target for target in NAMES if names_here() == NAMES[target]}
        self.check(assembly(f"--target={other}", "--cpu=native"), USAGE, "", f"this machine is no {other}")
        self.check(assembly("--cpu=native"), OK, error="")

    @about_code
    def test_what_is_printed_is_for_the_baseline(self):
        for target, names in NAMES.items():
            printed = assembly(f"--target={target}")
            self.check(printed, OK, error="")
            self.assertEqual(printed.stdout, assembly(f"--target={target}", "--cpu=baseline").stdout)
            self.assertEqual(printed.stdout, assembly(f"--target={target}", f"--cpu={names[0]}").stdout)
        self.assertNotEqual(assembly("--target=x86_64").stdout, assembly("--target=x86_64", "--cpu=x86-64-v3").stdout)

    @about_code
    def test_nothing_is_rounded_once_instead_of_twice(self):
        for target, names in NAMES.items():
            for name in names:
                process = assembly(f"--target={target}", f"--cpu={name}")
                self.check(process, OK, error="")
                self.assertRegex(process.stdout, r"\b(v?mulsd|fmul)\b")
                self.assertNotRegex(process.stdout, r"\b(vfn?m(add|sub)\w*|fn?m(add|sub))\b")

    def test_results_are_the_same(self):
        expected = FLOATS.with_suffix(".out").read_text()
        ran = []
        for name in ["native", "baseline", *names_here()]:
            process = volt("run", FLOATS, "--tier=llvm", "--sync", f"--cpu={name}")
            if "does not run on this processor, which lacks some of: " in process.stderr:
                self.check(process, USAGE, "")
                continue
            self.check(process, OK, expected, "")
            ran.append(name)
        self.assertLessEqual({"native", "baseline"}, set(ran))


if __name__ == "__main__":
    unittest.main()
