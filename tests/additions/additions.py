"""Things to add to a copy of the project: for each, what is written into which file, and into no other."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPCODES = "runtime/include/volt/opcodes.def"
STATUSES = "runtime/include/volt/tier.h"


@dataclasses.dataclass(frozen=True)
class Edit:
    """Text that goes in front of an anchor, which stands in the file once; without one, it is all of a new file."""

    path: str
    text: str
    before: str = ""


@dataclasses.dataclass(frozen=True)
class Addition:
    name: str
    edits: tuple  # what the thing takes
    uses: tuple = ()  # what shows that it is there, and does not count

    def files(self):
        return list(dict.fromkeys(edit.path for edit in self.edits))


class AnchorError(Exception):
    """The project has changed: an anchor is not there, or not once."""


def apply(edit, text):
    if text.count(edit.before) != 1:
        raise AnchorError(f"{edit.path}: {edit.before!r} stands there {text.count(edit.before)} times, and not once")
    return text.replace(edit.before, edit.text + edit.before)


def contents(edits):
    """Path and text of each file that the edits change."""
    result = {}
    for edit in edits:
        if not edit.before:
            result[edit.path] = edit.text
        else:
            text = result[edit.path] if edit.path in result else (ROOT / edit.path).read_text()
            result[edit.path] = apply(edit, text)
    return result


def next_opcode():
    return len(re.findall(r"^OPCODE\(\d+,", (ROOT / OPCODES).read_text(), re.MULTILINE))


def next_status():
    return len(re.findall(r"^\tSTATUS\(\w+, \d+,", (ROOT / STATUSES).read_text(), re.MULTILINE))


OPCODE = Addition("opcode", (
    Edit(OPCODES, f'OPCODE({next_opcode()}, Twice, OPERANDS(WRITE(A, ONE), READ(B, ONE)), PURE,\n'
                  '       "R[a] = R[b] * 2")\n', "\n/* Loops */"),
    Edit("runtime/interpreter/ops_integers.h", "OP(Twice) {\n\tR(A) = R(B) * 2;\n\tNEXT;\n}\n", "OP(Trunc) {"),
    Edit("backend-llvm/lower/arithmetic.c",
         "static void lower_twice(function_lowering *lowering) {\n"
         "\tLLVMValueRef v_value = read_slot(lowering, lowering->instruction.b);\n"
         "\twrite_slot(lowering, lowering->instruction.a, LLVMBuildAdd(lowering->builder, v_value, v_value, \"\"));\n"
         "}\n\n", "const opcode_row arithmetic_opcodes[] = {"),
    Edit("backend-llvm/lower/arithmetic.c", "    {VOLT_OP_Twice, lower_twice},\n", "    {.lower = NULL},\n"),
))

STRATEGY = Addition("exit strategy", (
    Edit("backend-llvm/calls/axes.h", "\tVALUE(EXIT, AGAIN, again) \\\n", "\tVALUE(EXIT, UNWIND, unwind)"),
    Edit("backend-llvm/calls/exit_again.c", """/* `again`: as `frames`, where status is a result. */
#include "calls/preset.h"
#include "calls/strategy.h"

static const char *contradiction(const compile_preset *preset) {
	return preset->status == STATUS_MEMORY ? "exit=again needs status=register" : NULL;
}

const exit_strategy again_strategy = {
    .frame = &complete_frame,
    .held_frame = &complete_frame,
    .one_convention = true,
    .contradiction = contradiction,
    .prepare = no_preparation,
    .inner_convention = convention_of_module,
    .plan_forms = plan_inner_form,
    .join_forms = nothing_to_join,
    .working_form = inner_form_works,
};
"""),
))

AXIS_VALUE = Addition("axis value", (
    Edit("backend-llvm/calls/axes.h", "\tVALUE(CHECK, LATE, late) \\\n", "\tVALUE(CHECK, CALL, call)"),
    Edit("backend-llvm/calls/native_stack.c", "\tcase CHECK_LATE: return volt_stack_check_pc(lowering->function);\n",
         "\tcase CHECK_COUNT: break;"),
))

PRESET = Addition("preset", (
    Edit("backend-llvm/calls/presets.def",
         'PRESET("careful",       FAST,     REGISTER, UNIFORM, FRAMES,   CALL,  WHOLE, PINNED,   COLD)\n',
         'PRESET("callback",'),
))

NATIVE = Addition("native", (
    Edit("runtime/extern/math/math_bits.c", "static volt_native_result answer(volt_native_call *call) {\n"
         "\treturn native_return_int(call, 42);\n}\n\n", "static const native_row rows[] = {"),
    Edit("runtime/extern/math/math_bits.c", '    {"math_bits_Answer", answer, VOLT_PERMIT_NOTHING, "() -> int"},\n',
         '    {"math_bits_Div", div_uint, VOLT_PERMIT_NOTHING,\n'),
))

TRAP = Addition("trap", (
    Edit("runtime/include/volt/traps.def", 'TRAP(Tired, "runtime error: tired after %x steps")\n', "TRAP(DivisionByZero,"),
), uses=(
    Edit("runtime/extern/math/math_bits.c", "static volt_native_result tire(volt_native_call *call) {\n"
         "\treturn volt_native_trap(call, (volt_trap){VOLT_TRAP_Tired, 7, 0});\n}\n\n", "static const native_row rows[] = {"),
    Edit("runtime/extern/math/math_bits.c", '    {"math_bits_Tire", tire, VOLT_PERMIT_NOTHING, "()"},\n',
         '    {"math_bits_Sub", sub64, VOLT_PERMIT_NOTHING,'),
))

HELPER = Addition("helper", (
    Edit("runtime/include/volt/tier.h", "\tHELPER(wave, none, pointer) \\\n", "\tHELPER(string_new, slot, pointer, word) \\"),
    Edit("runtime/tier/helpers.c", "static void helper_wave(volt_context *context) {\n"
         "\tvm_write(vm_of(context), \"waved\\n\", 6);\n}\n\n", "void (*const tier_helpers[VOLT_HELPER_COUNT])(void) = {"),
), uses=(
    Edit("backend-llvm/lower/slots.c", "static void lower_wave(function_lowering *lowering) {\n"
         "\tcall_helper(lowering, VOLT_HELPER_wave, &lowering->v_context, 1);\n}\n\n", "const opcode_row slots_opcodes[] = {"),
    Edit("backend-llvm/lower/slots.c", "    {VOLT_OP_Hint, lower_wave},\n", "    {VOLT_OP_Hint, lower_hint},\n"),
))

STATUS = Addition("status", (
    Edit(STATUSES, f'\tSTATUS(NAP, {next_status()}, "nap", "the fiber has had enough for today") \\\n',
         '\tSTATUS(YIELD, 6, "yield",'),
    Edit("runtime/interpreter/interpreter.c", "\tcase VOLT_STATUS_NAP: return INTERPRETER_YIELD;\n",
         "\tcase VOLT_STATUS_REPLAY: replay_start(vm, fiber); goto load;\n"),
    Edit("runtime/interpreter/ops_control.h", "\tcase VOLT_STATUS_NAP:\n", "\tcase VOLT_STATUS_YIELD: break;\n"),
))

ALL = (OPCODE, STRATEGY, AXIS_VALUE, PRESET, NATIVE, TRAP, HELPER, STATUS)
MOST_FILES = {"opcode": 3, "exit strategy": 2, "axis value": 2, "preset": 1, "native": 1, "trap": 1, "helper": 2,
              "status": 3}


def every_edit(without=()):
    """All edits but those of one addition in one file: without=(addition, path)."""
    return [edit for addition in ALL for edit in addition.edits + addition.uses if (addition, edit.path) != without]
