"""The experiment that all of this goes back to, beside ours: fib, relative to calls through memory."""

from results_page import data

REFERENCE = "baseline"

# Seconds of fib(35) on AArch64 with code by Cranelift, by the preset that stands for it here.
SECONDS = {
    "baseline": ("memory ABI", 0.142),
    "v1": ("fast ABI, status in memory", 0.145),
    "v2": ("status in a register", 0.140),
    "v3": ("all slots are integers", 0.138),
    "v4": ("trivial slow path", 0.099),
    "callback": ("slow path behind one callback", 0.150),
}


def line(preset, times, counts):
    what, seconds = SECONDS[preset]
    compared = times.compared(preset, REFERENCE, ["fib"]) if preset != REFERENCE else None
    return [f"{what} (`{preset}`)", f"{seconds:.3f} s", f"{seconds / SECONDS[REFERENCE][1]:.3f}",
            "1" if preset == REFERENCE else data.measured(compared),
            *[data.exact(counts.ratio("fib", preset, target, REFERENCE)) for target in ("x86_64", "aarch64")]]


def section(times, counts):
    header = ["what", "original", "relative", f"ours: time on {times.host}", "instructions, x86-64",
              "instructions, AArch64"]
    return "\n".join([
        "## The original experiment, row by row", "",
        "The original measured fib(35) on AArch64 with code by Cranelift. Everything is relative to its memory ABI, "
        f"which is `{REFERENCE}` here; what is ours is by LLVM, so rows may differ in size and in sign.", "",
        data.table(header, [line(preset, times, counts) for preset in SECONDS])])
