"""What else LLVM offers for calls and cold code, tried on the code of one preset by editing its IR.

A variant is counted beside the preset and kept out of it: what pays becomes an axis of backend-llvm/calls/axes.h, and
leaves this table. The edited IR goes through LLVM's own tools.
"""

import dataclasses
import pathlib
import re

from counts import emulate
from counts.kernels import KernelError

PRESET = "record-hinted"
LLC, OPT = "llc-22", "opt-22"
MARK = "~"  # record-hinted~fastcc

RETURNED = r"\{[^}]*\} @volt_f\d+_"  # inner forms return a struct; entries and thunks do not


@dataclasses.dataclass(frozen=True)
class Variant:
    name: str
    what: str
    convention: str = ""  # of inner forms, with the context as an ordinary argument
    is_argument: bool = False  # the context is an ordinary argument
    passes: str = ""
    options: tuple = ()


VARIANTS = [
    Variant("argument", "the context as an argument", is_argument=True),
    Variant("preserve_none", "inner forms save no registers for their callers", "preserve_nonecc"),
    Variant("fastcc", "LLVM's own fast convention", "fastcc"),
    Variant("tailcc", "the convention of certain tail calls", "tailcc"),
    Variant("swiftcc", "the convention that `swiftself` is from", "swiftcc"),
    Variant("hotcoldsplit", "cold blocks become functions", passes="hotcoldsplit"),
    Variant("split-machine-functions", "cold blocks get a section of their own", options=("-split-machine-functions",)),
    Variant("ipra", "registers are allocated across functions", options=("-enable-ipra",)),
]


def edited(ir, variant):
    if variant.convention or variant.is_argument:
        ir = ir.replace("ptr swiftself ", "ptr ")
    if variant.convention:
        ir = re.sub(rf"^(define (?:protected |internal )?)({RETURNED})", rf"\1{variant.convention} \2", ir,
                    flags=re.MULTILINE)
        ir = re.sub(rf"\bcall ({RETURNED})", rf"call {variant.convention} \1", ir)
    return ir


def build_object(ir, variant, folder):
    source, code = folder / "variant.ll", folder / "variant.o"
    source.write_text(edited(ir, variant))
    if variant.passes:
        emulate.output_of([OPT, "-S", f"-passes={variant.passes}", source, "-o", source])
    emulate.output_of([LLC, "-O2", "-relocation-model=pic", "-filetype=obj", *variant.options, source, "-o", code])
    return code


def count(build, kernel, source, variant, target, folder):
    """Like emulate.count(), with the same result asked for; None if LLVM cannot make the code."""
    ir = emulate.output_of([build / "volt", "compile", source, f"--preset={PRESET}", f"--target={target}", "--emit=ir"])
    try:
        code = build_object(ir, variant, pathlib.Path(folder))
    except KernelError:
        return None
    return emulate.counted(build, kernel, code, PRESET + MARK + variant.name, target)
