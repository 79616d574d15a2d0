"""What else LLVM offers, tried on `record-hinted` and kept out of it, by counted instructions."""

from counts import variants
from results_page import data

INTRODUCTION = """\
## Tried and not kept

Each line is the code of `record-hinted` with one thing changed (`perf/count-backends --variants`), in executed
instructions relative to it: above 1 is worse, and nothing stands
where LLVM gives up. `argument` undoes what was kept, the context in a register of its own; the
calling conventions pass it as an argument, too. A guard page in place of the stack check was not tried: a fault may come
at any instruction of a prologue, where no landing pad says which slots stand where."""


def cells(counts, variant, target):
    ratios = [counts.ratio(kernel, variants.PRESET + variants.MARK + variant.name, target, variants.PRESET)
              for kernel in counts.kernels]
    return [data.exact(ratio) for ratio in ratios]


def table(counts, target):
    lines = [[f"`{variant.name}`: {variant.what}", *cells(counts, variant, target)] for variant in variants.VARIANTS]
    return data.table([f"instructions on {target}, ratio to `{variants.PRESET}`", *counts.kernels], lines)


def section(counts):
    """Empty if variants were not counted."""
    targets = [target for target in ("x86_64", "aarch64") if counts.has_variants(target)]
    return "\n\n".join([INTRODUCTION, *(table(counts, target) for target in targets)]) if targets else ""
