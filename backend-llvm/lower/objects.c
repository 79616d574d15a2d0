/* Strings of constants, and checks of indices. */
#include "calls/checks.h"
#include "lower/loop_versions.h"
#include "lower/opcodes.h"

static void lower_string_new(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[] = {lowering->v_context, constant_i32(lowering, instruction.b)};
	write_slot(lowering, instruction.a, call_helper(lowering, VOLT_HELPER_string_new, v_arguments, 2));
}

static void lower_index_check(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_index = read_slot(lowering, instruction.a);
	LLVMValueRef v_length = read_slot(lowering, instruction.b);
	const round_fact *fact = fact_here(lowering);
	if (fact && in_second_version(lowering) && fact->change.kind != CHANGE_UNKNOWN)
		return;
	if (fact && !in_second_version(lowering))
		keep_value(lowering, KEPT_LENGTH, v_length);
	LLVMValueRef v_outside = LLVMBuildICmp(lowering->builder, LLVMIntUGE, v_index, v_length, "v_outside");
	trap_if(lowering, v_outside, VOLT_TRAP_IndexOutOfRange, v_index, v_length);
}

const opcode_row objects_opcodes[] = {
    {VOLT_OP_StrNew, lower_string_new},
    {VOLT_OP_IndexCheck, lower_index_check},
    {.lower = NULL},
};
