#!/usr/bin/env python3
"""Changes one operand of a program that names a type, kind, width or function, and runs what the verifier accepts of it
interpreted and compiled: no crash, no hang, and the same output in each way.

    mutants.py --volt=build/release/volt [--programs=N] [--seed=N] [--kind=NAME]...

What is not changed, unless --kind asks for it, is what makes words be taken for references that are none: that is
believed, as the bytecode's README says (sizes of elements, places of words in objects, metas, other functions).
"""

import argparse
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile

import cases
import modes

SECONDS = 60 * int(os.environ.get("VOLT_TEST_SLOWNESS", "1"))
PROGRAMS = 40
SANITIZED_SHARE = 4
OFTEN = 8  # of some thirty kinds: what the verifier must refuse, which takes no time
# By name, so that a program more changes nothing here.
CHANGED = ("arrays", "captured_values", "channel_widths", "channels", "closures", "deferred_lists", "documents",
           "globals_and_slots", "heap_results", "interface_conversions", "interfaces", "islands_values", "map_keys",
           "map_places", "maps", "named_equality", "named_over_named", "select", "slices", "strings")
MODES = [mode for mode in modes.AUTOMATIC if mode.name in ("auto-sync", "auto-quick")]
LIMITS = ("--max-steps=3000000", "--max-heap=256M", "--no-trace")
REFUSED = 3
KINDS = ["void", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
         "float32", "float64", "array", "struct", "interface", "string", "slice", "map", "chan", "closure", "pointer",
         "port", "island"]

NUMBER = r"(\d+)"
# By name: what a line must hold, with the part to change in a group.
OPERANDS = {
    "assigned_kind": r"\tIfaceAssign .*, (\w+)$",
    "assigned_type": r"\tIfaceAssign .*iface\((\w+)",
    "assigned_table": r"\tIfaceAssign .*iface\(\w+, (\d+)\)",
    "asserted_type": r"\tIfaceAssert \w+, \w+, (\d+)",
    "asserted_slots": r"\tIfaceAssert .*slots=(\d+)",
    "method": r"method=(\d+)",
    "capture": r"\tClosureGet \w+, (\d+)",
    "channel_slots": r"\t(?:Chan|Port|Select)\w+ .*slots=(\d+)",
    "map_widths": r"\tMap\w+ .*(?:key|value)=(\d+)",
    "closure": r"\tClosureNew \w+, (@\w+)",
    "started": r"\t(?:GoStart|DeferPush|ErrDeferPush) (@\w+)",
    "called": r"\tCall (@\w+)",
    "results": r"results=(\d+)",
    "arguments": r"args=(\d+)",
    "global": r"^global .*(?:slots|meta)=(\d+)",
    "global_kind": r"^global .*kind=(\w+)",
    "transferred": r"(?:captures|param_types)=\[\w+:(\d+)",
    "transferred_kind": r"(?:captures|param_types)=\[(\w+)",
    "basic_type": r"^type basic (\w+)",
    "type_id": r"^type .*?(\d+)",
    "type_kind": r"^type .*?(\w+):",
    "field": r"^\tfield .*(?:offset|slots)=(\d+)",
    "field_type": r"^\tfield \w+ \w+:(\d+)",
    "field_kind": r"^\tfield \w+ (\w+):",
    "named": r"^named \S+ \w+:(\d+)",
    "named_kind": r"^named \S+ (\w+):",
    "table": r"^itab \[(@\w+)",
    "signature": r"signature=(\d+)",
    "width": r"bytes=(\d+)",
    "offset": r"\tPtr(?:Get|Set)N? .*?, (\d+)",
    "number": r"\tLoad(?:Int|Const) \w+, (\d+)",
}
# These make words be taken for references, so only --kind=NAME changes them.
BELIEVED = {"width", "offset", "number", "called", "started", "closure", "table"}


def other_number(choose, text):
    number = int(text)
    return str(choose([0, 1, 2, 3, max(number - 1, 0), number + 1, number * 2, number + 7, 17, 18, 19, 24, 255, 65535]))


def other(choose, text, functions):
    """Something else of the same sort."""
    if text.isdigit():
        return other_number(choose, text)
    return choose(functions) if text.startswith("@") else choose(KINDS)


class Mutant:
    """One change of one program; the same seed gives the same."""

    def __init__(self, seed, kinds, programs):
        choose = random.Random(seed).choice
        self.text = None
        while self.text is None:
            self.kind = choose(kinds)
            self.case = choose(programs)
            lines = self.case.path.read_text().split("\n")
            functions = [f"@{name}" for line in lines for name in re.findall(r"^fn (\w+)", line)]
            found = [(number, match) for number, line in enumerate(lines)
                     for match in [re.search(OPERANDS[self.kind], line.split(";")[0].rstrip())] if match]
            if found:
                number, match = choose(found)
                line, new = lines[number], other(choose, match[1], functions)
                lines[number] = line[: match.start(1)] + new + line[match.end(1):]
                if new != match[1]:
                    self.change = f"line {number + 1}: {line.strip()} -> {lines[number].strip()}"
                    self.text = "\n".join(lines)


def run(volt, mode, path):
    """Exit status and standard output; None for one that does not end."""
    command = [volt, "run", *mode.options, *LIMITS, path]
    try:
        process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    # Where a limit ends a run, tiers may have come to another place.
    ended = b"limit of" in process.stderr or b"out of memory" in process.stderr or b"stack overflow" in process.stderr
    return process.returncode, b"" if ended else process.stdout


def problem_of(volt, path):
    expected = run(volt, modes.INTERPRETER[0], path)
    if expected is None or expected[0] < 0 or expected[0] > REFUSED:
        return f"interpreted: {expected}", True
    if expected[0] == REFUSED:
        return "", False
    for mode in MODES:
        result = run(volt, mode, path)
        if result != expected:
            return f"{mode.name}: {result}, interpreted: {expected}"[:600], True
    return "", True


def parse_command_line():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--volt", required=True, help="the command to test; with its compiling tier")
    parser.add_argument("--sanitized", action="store_true",
                        help="the build has sanitizers: make a quarter of the programs")
    parser.add_argument("--programs", type=int, help=f"how many programs; otherwise {PROGRAMS}")
    parser.add_argument("--seed", type=int, default=1, help="of the first program")
    parser.add_argument("--kind", action="append", choices=sorted(OPERANDS), help="only operands of this kind")
    options = parser.parse_args()
    if options.programs is None:
        options.programs = PROGRAMS // SANITIZED_SHARE if options.sanitized else PROGRAMS
    return options


def main():
    options = parse_command_line()
    chosen_kinds = [f"--kind={kind}" for kind in options.kind or []]
    kinds = options.kind or sorted(set(OPERANDS) - BELIEVED) + OFTEN * ["assigned_kind"]
    programs = [case for case in cases.own_cases() if case.path.stem in CHANGED]
    failed = accepted = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.programs):
            mutant = Mutant(seed, kinds, programs)
            path = pathlib.Path(folder) / "mutant.vot"
            path.write_text(mutant.text)
            problem, is_accepted = problem_of(options.volt, path)
            accepted += is_accepted
            if problem:
                failed += 1
                print(f"FAILED seed {seed}: {mutant.case.name} {mutant.kind}: {mutant.change}\n    {problem}")
                again = [sys.argv[0], f"--volt={options.volt}", "--programs=1", f"--seed={seed}", *chosen_kinds]
                print("    reproduce with: " + shlex.join(again), flush=True)
    print(f"{accepted} of {options.programs} were accepted", flush=True)
    if not accepted and options.programs >= PROGRAMS // SANITIZED_SHARE:
        failed += 1
        print("FAILED: all were refused, so no tier was compared with another", flush=True)
    print(f"{options.programs - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
