"""What a run's statistics say about its tier: nothing failed, and every function that was not compiled says why."""

import json

NEVER_HOT = "never hot"
UNFINISHED = {f"{what} compiled when the program ended" for what in ("being", "waiting to be")}


def parse(standard_error):
    """The statistics of `--stats=json`, the last line of standard error; None if there are none."""
    lines = standard_error.splitlines()
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        return None


def unacceptable_reasons(mode):
    """In a mode that waits for its compiler nothing is unfinished, and with all functions nothing is not asked for."""
    if not mode.compiles_at_once:
        return set()
    return UNFINISHED | {NEVER_HOT} if mode.compiles_everything else UNFINISHED


def problem(mode, standard_error):
    """What is wrong with the tier's part of the statistics; "" if nothing is."""
    statistics = parse(standard_error)
    if statistics is None:
        return "no statistics at the end of standard error"
    tier = statistics["tier"]
    if tier is None:
        return "no tier in the statistics"
    if tier["failure"] is not None:
        return f"the tier failed: {tier['failure']}"
    for function in tier["functions"]:
        reason = function.get("reason")
        if function["level"] == "interpreted" and (not reason or reason in unacceptable_reasons(mode)):
            return f"function {function['index']} ({function['name']}) is not compiled, reason: {reason}"
    return ""
