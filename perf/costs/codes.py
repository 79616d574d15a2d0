"""Makes the object of a code for a machine, counts it, and links the program that times it."""

import json
import pathlib
import re

from costs import experiments
from counts import emulate, variants
from counts.kernels import FOLDER, KernelError

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CLANG, NM = "clang-22", "llvm-nm-22"
INNER_TABLE = "volt_inner_table"
COUNTED = ("instructions", "loads", "stores", "taken_branches")


def compiled(build, code, target, emit):
    kernel = experiments.KERNELS[code.kernel].kernel
    return emulate.output_of([build / "volt", "compile", kernel.path(FOLDER), *emulate.options_of(code.preset),
                              f"--target={target}", f"--emit={emit}"])


def placed(assembly, offset):
    """The first function begins `offset` bytes after a multiple of 64; the others follow as before."""
    return re.sub(r"^\t\.text\n", f"\t.text\n\t.p2align 6\n\t.skip {offset}\n", assembly, count=1, flags=re.MULTILINE)


def from_assembly(build, code, target, path):
    source = path.with_suffix(".s")
    source.write_text(placed(compiled(build, code, target, "asm"), code.offset))
    emulate.output_of([CLANG, f"--target={target}-linux-gnu", "-c", source, "-o", path])


def from_ir(build, code, target, path):
    source = path.with_suffix(".ll")
    source.write_text(code.edited(compiled(build, code, target, "ir")))
    if code.passes:
        emulate.output_of([variants.OPT, "-S", *code.passes, source, "-o", source])
    emulate.output_of([variants.LLC, "-O2", "-relocation-model=pic", "-filetype=obj", source, "-o", path])


def build_object(build, code, target, folder):
    """An object file; the emulator and the linker take the same one."""
    name = re.sub(r"\W+", "-", f"{code.kernel} {code.preset} {code.label} {target}")
    path = folder / f"{name}.o"
    if path.exists():
        return path
    if code.offset is not None:
        from_assembly(build, code, target, path)
    elif code.edit or code.passes:
        from_ir(build, code, target, path)
    else:
        kernel = experiments.KERNELS[code.kernel].kernel
        emulate.output_of([build / "volt", "compile", kernel.path(FOLDER), *emulate.options_of(code.preset),
                           f"--target={target}", "--emit=obj", "-o", path])
    return path


def count(build, code, target, folder):
    """Exact counts; the result is asked for as in perf/counts."""
    kernel = experiments.KERNELS[code.kernel].kernel
    found = emulate.counted(build, kernel, build_object(build, code, target, folder), code.preset, target)
    return {name: found[name] for name in COUNTED}


def symbols(path, *options):
    lines = emulate.output_of([NM, "--format=just-symbols", *options, path]).splitlines()
    return [name for name in lines if name.startswith("volt_")]


def entry(path, function):
    found = [name for name in symbols(path, "--defined-only") if re.fullmatch(rf"volt_f\d+_{function}_entry", name)]
    if len(found) != 1:
        raise KernelError(f"{path} has no entry of {function}")
    return found[0]


def inner_table(path):
    """The text of what code at a level calls through: the module's inner forms by index."""
    entries = {int(match[1]): match[0].removesuffix("_entry") for name in symbols(path, "--defined-only")
               if (match := re.fullmatch(r"volt_f(\d+)_\w+_entry", name))}
    names = [entries.get(number) for number in range(max(entries) + 2)]
    declared = "".join(f"extern char {name}[];\n" for name in names if name)
    return declared + f"void *const {INNER_TABLE}[] = {{{', '.join(name or '0' for name in names)}}};\n"


def link(build, code, target, folder):
    """A command that takes one sample: native.c with the object, whose helpers of the host are all one function that ends the process."""
    timed = experiments.KERNELS[code.kernel]
    path = build_object(build, code, target, folder)
    binary, table = path.with_suffix(""), path.with_suffix(".c")
    missing = symbols(path, "--undefined-only")
    table.write_text(inner_table(path) if INNER_TABLE in missing else "")
    bindings = [f"-Wl,--defsym={name}=missing_helper" for name in missing if name != INNER_TABLE]
    emulate.output_of([CLANG, "-O2", f"-I{ROOT / 'runtime' / 'include'}", f"-DENTRY={entry(path, timed.kernel.function)}",
                       HERE / "native.c", table, path, *bindings, "-o", binary])
    return [str(binary), str(timed.repetitions), *map(str, timed.arguments)]


def sample(command):
    found = json.loads(emulate.output_of(command))
    return found["seconds"], found["result"]
