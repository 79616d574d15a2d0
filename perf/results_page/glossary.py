"""What the names of presets mean, in a sentence each."""

from results_page import data

PRESETS = {
    "baseline": "calls through memory: arguments and results in slots, the context written at every call",
    "v1": "calls in registers, complete exits in line; the status of a call stands in memory",
    "v2": "the status is one more result, in a register",
    "v3": "floats are passed like all other words",
    "v4": "functions that call nothing but themselves exit with a status and nothing else, and start anew",
    "v4-hinted": "`v4` with all hints",
    "trivial-hinted": "`v4-hinted`, with stack check and context as in `record-hinted`",
    "callback": "complete exits behind one call with ten arguments",
    "hinted": "`v3` with all hints: branch weights, cold calls, thunks that preserve registers",
    "record": "an exit hands the values that are read again to the host, which makes frames of them later",
    "record-hinted": "`record` with all hints, the context in a register of its own, the stack check where a call follows, and "
                     "paths without calls as a function of their own: the default",
    "unwind": "`record-hinted`, but functions that never wait return no status: their exits unwind",
    "c-same-shape": "the C twin with a call for each call of Volt's code",
    "c": "the C twin as clang -O2 makes it: calls are built in or become jumps",
}


def section():
    return "\n\n".join(["### What the names mean", data.table(["name", "what it is"], [[f"`{name}`", words] for name, words in PRESETS.items()],
                                  words=True)])
