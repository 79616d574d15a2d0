"""What perf/count-costs found: the original's other findings and what explains times, a row each with an answer."""

from compare import statistics
from counts import emulate
from results_page import data

INTRODUCTION = """\
## What single things cost

One kernel's code with one thing changed (`perf/count-costs`): called from a small C program, so that there is no start-up and
no host, and counted in the emulator. Ratios of times have intervals; those of executed instructions are exact."""


class Costs:
    """What perf/count-costs wrote with --json."""

    def __init__(self, everything):
        self.experiments = {experiment["name"]: experiment for experiment in everything["experiments"]}

    def row(self, name, kernel, label):
        rows = self.experiments.get(name, {"rows": []})["rows"]
        return next((row for row in rows if (row["kernel"], row["label"]) == (kernel, label)), None)

    def kernels(self, name):
        return list(dict.fromkeys(row["kernel"] for row in self.experiments[name]["rows"]))

    def labels(self, name):
        return list(dict.fromkeys(row["label"] for row in self.experiments[name]["rows"]))

    def compared(self, name, label, reference, kernels):
        """Times of one label to another, in these kernels; None where they were not taken."""
        rows = [(self.row(name, kernel, label), self.row(name, kernel, reference)) for kernel in kernels]
        samples = [(mine["seconds"], other["seconds"]) for mine, other in rows if mine and other]
        return statistics.compared(samples) if samples and all(map(all, samples)) else None

    def counted(self, name, label, reference, kernels, target, figure="instructions"):
        rows = [(self.row(name, kernel, label), self.row(name, kernel, reference)) for kernel in kernels]
        ratios = [mine["counts"][target][figure] / other["counts"][target][figure] for mine, other in rows if mine and other]
        return statistics.geometric_mean(ratios) if ratios else None


def cells(costs, name, label, reference, kernels):
    return [data.measured(costs.compared(name, label, reference, kernels)),
            *[data.exact(costs.counted(name, label, reference, kernels, target)) for target in emulate.TARGETS]]


def to_reference(costs, name, kernel):
    reference = costs.experiments[name]["reference"]
    lines = [[label, *cells(costs, name, label, reference, [kernel])] for label in costs.labels(name)
             if costs.row(name, kernel, label)]
    return data.table([f"{kernel}; ratio to {reference}", "time", *[f"instructions, {target}" for target in emulate.TARGETS]],
                      lines)


def answer(question, words):
    return f"**{question}** {words}"


def verdict(compared, faster, slower, neither="no difference was found"):
    """Words for a ratio: what it means to be below 1, above it, or neither."""
    words = {"faster": faster, "slower": slower}.get(compared["conclusion"] if compared else None, neither)
    return f"{words} ({data.measured(compared)})"


# ---- Stores and loads ----


def more_of(costs, kind, number):
    """Seconds that each access adds to a call, relative to the whole call without any: a slope."""
    compared = costs.compared("stores and loads", f"{number} {kind}", "as it is", ["fib"])
    return (compared["ratio"] - 1) / number if compared else None


def accesses(costs):
    stores, loads = more_of(costs, "stores", 16), more_of(costs, "loads", 16)
    words = "was not timed here."
    if stores is not None:
        dearer = "A store costs more than a load" if stores > loads else "A load costs more than a store"
        words = (f"{dearer}: of sixteen before each call of fib, each adds {100 * stores:.1f} % (stores) and {100 * loads:.1f} % "
                 "(loads) to its time; the table has fewer, too. Each adds one instruction, or two where an address has to be "
                 "made first.")
    return [answer("Are stores on the path of a call dearer than loads?", words), to_reference(costs, "stores and loads", "fib")]


# ---- Callbacks ----


def callbacks(costs):
    name, parts = "an opaque callback", []
    kernels = costs.kernels(name)
    few = costs.compared(name, "two arguments", "ten arguments", kernels)
    none = costs.compared(name, "two arguments", "no slow path", [kernel for kernel in kernels
                                                                 if costs.row(name, kernel, "no slow path")])
    parts.append(answer("Does an opaque callback cost by its arguments?",
                        f"With two of its ten arguments the same code is {verdict(few, 'faster', 'slower', 'not told apart')}; "
                        f"beside no slow path at all it is {verdict(none, 'faster', 'slower', 'not told apart')}. What the "
                        "callback is told has to be kept alive until a call that is hardly ever made."))
    return parts + [to_reference(costs, name, kernel) for kernel in kernels]


# ---- Where code lies ----


def spread(costs, kernel, preset):
    """The fastest and the slowest median over the places where the code was put, in seconds."""
    labels = [label for label in costs.labels("where code lies") if label.rpartition(" at ")[0] == preset]
    rows = [row for label in labels if (row := costs.row("where code lies", kernel, label)) and row["seconds"]]
    medians = [statistics.median(row["seconds"]) for row in rows]
    return (min(medians), max(medians)) if medians else None


def places(costs):
    name = "where code lies"
    presets = list(dict.fromkeys(label.rpartition(" at ")[0] for label in costs.labels(name)))
    lines = []
    for kernel in costs.kernels(name):
        found = {preset: spread(costs, kernel, preset) for preset in presets}
        found = {preset: both for preset, both in found.items() if both}
        best = min((low for low, _ in found.values()), default=None)
        for preset, (low, high) in found.items():
            label = f"{preset} at 0"
            first = next(iter(found))
            lines.append([kernel, f"`{preset}`", f"{low / best:.3f}", f"{high / best:.3f}",
                          *[data.exact(costs.counted(name, label, f"{first} at 0", [kernel], target, figure))
                            for target in emulate.TARGETS for figure in ("instructions", "taken_branches")]])
    header = ["kernel", "preset", "fastest place", "slowest place",
              *[f"{figure}, {target}" for target in emulate.TARGETS for figure in ("instructions", "taken branches")]]
    return [answer("How much of a time is where the code lies?", words_of_places(costs)), data.table(header, lines)]


def words_of_places(costs):
    """What the same instructions cost at four places, and whether two presets differ by more than that."""
    words = ["The same code begins 0, 16, 32 and 48 bytes after a multiple of 64; times are to the kernel's fastest, counts to its "
             "first preset."]
    for kernel, one, other in (("fib", "v4-hinted", "v4"), ("ackermann", "v4-hinted", "v4"),
                               ("mutual_recursion", "unwind", "record-hinted")):
        mine, theirs = spread(costs, kernel, one), spread(costs, kernel, other)
        if not mine or not theirs:
            continue
        if mine[1] < theirs[0]:
            said = "is faster wherever both lie"
        elif mine[0] > theirs[1]:
            said = "is slower wherever both lie"
        else:
            said = "is faster or slower by where they lie, and by nothing else that was found"
        words.append(f"In {kernel} `{one}` beside `{other}` {said} ({mine[0] / theirs[0]:.2f} at the fastest places, "
                     f"{mine[1] / theirs[1]:.2f} at the slowest).")
    words.append("In LLVM 22's code, hints turn the jumps over exits into falling through: `v4` jumps over the exit behind the stack check and behind "
                 "each call. In ackermann they also make the last call's status a test and a constant where LLVM without weights "
                 "passes it on as it came, so there are more instructions and fewer taken branches.")
    return " ".join(words)


# ---- Loops, inlining ----


def tail_calls(costs):
    name, kernel = "tail calls", "tail_recursion"
    loop = costs.compared(name, "optimised", "record-hinted", [kernel])
    abi = costs.compared(name, "record-hinted", "baseline", [kernel])
    words = (f"A call of itself in the last place that becomes a jump (`optimised`) takes {data.measured(loop)} times as long as "
             f"`record-hinted`; that takes {data.measured(abi)} times as long as `baseline`.") if loop else "was not timed here."
    return [answer("Tail calls as loops, against any ABI?", words), to_reference(costs, name, kernel)]


INLINED = ", inlined"


def inlining(costs):
    name = "inlining and unrolling"
    kernels = costs.kernels(name)
    labels = costs.labels(name)
    abi = costs.compared(name, "record-hinted", "baseline", kernels)
    inlined = costs.compared(name, "baseline" + INLINED, "baseline", kernels)
    words = ["was not timed here."]
    if abi and inlined:
        words = [f"LLVM's whole pipeline with inlining, on calls through memory, takes {data.measured(inlined)} times as long as "
                 f"without; the fast calls of `record-hinted` alone take {data.measured(abi)}.",
                 "So inlining does not dwarf the ABI in these kernels." if abi["ratio"] <= inlined["ratio"] else
                 "So inlining gives more than the ABI in these kernels.",
                 f"On top of fast calls it gives {data.measured(costs.compared(name, 'record-hinted' + INLINED, 'record-hinted', kernels))}, "
                 "and unrolling besides "
                 f"{data.measured(costs.compared(name, 'record-hinted, inlined and unrolled', 'record-hinted' + INLINED, kernels))}."]
    lines = [[kernel, *[data.short(costs.compared(name, label, "baseline", [kernel])) for label in labels]] for kernel in kernels]
    lines.append(["geometric mean", *[data.short(costs.compared(name, label, "baseline", kernels)) for label in labels]])
    counted = [["geometric mean, " + target, *[data.exact(costs.counted(name, label, "baseline", kernels, target))
                                             for label in labels]] for target in emulate.TARGETS]
    return [answer("Do inlining and unrolling dwarf what an ABI saves?", " ".join(words)),
            data.table(["times, ratio to baseline", *labels], lines),
            data.table(["instructions, ratio to baseline", *labels], counted)]


SECTIONS = {"stores and loads": accesses, "an opaque callback": callbacks, "where code lies": places,
            "tail calls": tail_calls, "inlining and unrolling": inlining}


def section(everything):
    """Nothing if they were not measured."""
    if not everything:
        return ""
    costs = Costs(everything)
    return "\n\n".join([INTRODUCTION, *[part for name, of in SECTIONS.items() if name in costs.experiments for part in of(costs)]])
