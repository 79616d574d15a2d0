"""Changes of a kernel's LLVM IR, the same for every machine."""

import re

SCRATCH_OFFSET = 4096  # behind the context: native.c and volt-count have memory there that nothing else uses
CALL = re.compile(r"(?P<indent> +)(?:%\w+ = )?call .*@volt_f\d+_\w+\(ptr (?:swiftself )?(?P<context>%\w+)")
FRAME_WRITER = "@volt_helper_spill_frame"  # what the preset `callback` calls at each exit, with ten arguments
CALLBACK = re.compile(rf"(call void {FRAME_WRITER}\(ptr [^,]+, i64 [^,]+), .*\)$", re.MULTILINE)
DECLARED = re.compile(rf"(declare void {FRAME_WRITER}\(ptr, i64), .*?\)")


class EditError(Exception):
    """An edit that found nothing to change."""


def access(kind, context, indent, name, number):
    place = f"%{name}_{number}"
    address = f"{indent}{place} = getelementptr i8, ptr {context}, i64 {SCRATCH_OFFSET + 8 * number}"
    if kind == "stores":
        return [address, f"{indent}store volatile i64 {number}, ptr {place}, align 8"]
    return [address, f"{indent}{place}_value = load volatile i64, ptr {place}, align 8"]


def with_accesses(ir, number, kind):
    """`number` more stores or loads before each call of a compiled function; entries, which the host calls, have none."""
    lines, is_entry, changed = [], False, 0
    for line in ir.splitlines():
        if line.startswith("define "):
            is_entry = "_entry(" in line
        call = CALL.match(line)
        if call and not is_entry:
            changed += 1
            for each in range(number):
                lines += access(kind, call["context"], call["indent"], f"extra_{changed}", each)
        lines.append(line)
    if not changed:
        raise EditError("no function calls another: there is no path of a call")
    return "\n".join(lines) + "\n"


def with_short_callback(ir):
    """The same callback with the first two of its ten arguments: nothing else has to be kept for it."""
    ir, changed = CALLBACK.subn(r"\1)", ir)
    if not changed:
        raise EditError(f"nothing calls {FRAME_WRITER}")
    return DECLARED.sub(r"\1)", ir)
