"""Blocks of executed instructions, and what llvm-mca makes of each."""

import dataclasses
import json
import subprocess

from counts.kernels import KernelError

MC, MCA = "llvm-mc-22", "llvm-mca-22"
ITERATIONS = 100  # of a block after itself: what its instructions wait for, from one round to the next, is part of it


@dataclasses.dataclass(frozen=True)
class Core:
    target: str
    name: str  # as LLVM calls it
    size: str


CORES = (Core("x86_64", "znver4", "wide"), Core("x86_64", "silvermont", "small"),
         Core("aarch64", "neoverse-v2", "wide"), Core("aarch64", "cortex-a55", "small"))


@dataclasses.dataclass
class Block:
    """Instructions that follow each other and were executed equally often."""

    count: int
    codes: list  # their bytes, as hexadecimal digits


def blocks_of(executed):
    """From [(offset, executions, bytes)] in order of offsets."""
    found, end = [], None
    for offset, count, code in executed:
        if offset != end or count != found[-1].count:
            found.append(Block(count, []))
        found[-1].codes.append(code)
        end = offset + len(code) // 2
    return found


def run(command, text):
    process = subprocess.run(command, input=text, capture_output=True, text=True)
    if process.returncode != 0:
        raise KernelError(f"{command[0]}: {process.stderr.strip()[-500:]}")
    return process.stdout


def disassembled(codes, core):
    """Each instruction as text; where jumps and calls go is only a number there."""
    digits = "".join(" ".join(f"0x{code[i:i + 2]}" for i in range(0, len(code), 2)) + "\n" for code in codes)
    said = run([MC, "--disassemble", f"--triple={core.target}-linux-gnu", f"--mcpu={core.name}"], digits)
    lines = [line for line in said.splitlines() if line.strip() and line.strip() != ".text"]
    if len(lines) != len(codes):
        raise KernelError(f"{MC} made {len(lines)} lines of {len(codes)} instructions")
    return lines


def cycles_of_blocks(blocks, core):
    """Of one execution of each."""
    lines = iter(disassembled([code for block in blocks for code in block.codes], core))
    comment = "#" if core.target == "x86_64" else "//"
    regions = "".join("\n".join([f"{comment} LLVM-MCA-BEGIN", *[next(lines) for _ in block.codes], f"{comment} LLVM-MCA-END", ""])
                      for block in blocks)
    said = run([MCA, f"--mtriple={core.target}-linux-gnu", f"--mcpu={core.name}", f"--iterations={ITERATIONS}", "--json"], regions)
    return [region["SummaryView"]["TotalCycles"] / ITERATIONS for region in json.loads(said)["CodeRegions"]]


def estimate(executed, core):
    """Cycles of the whole call: each block's, as often as it was executed."""
    blocks = blocks_of(executed)
    return sum(block.count * cycles for block, cycles in zip(blocks, cycles_of_blocks(blocks, core), strict=True))
