/* Strings, interfaces and checks on them. */
#include "lower/emit.h"

void lower_string_new(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[] = {lowering->v_context, constant_i32(lowering, instruction.b)};
	write_slot(lowering, instruction.a, call_helper(lowering, VOLT_HELPER_string_new, v_arguments, 2));
}

/*
 * Struct and array payloads are cloned, and interface sources need a new dispatch table: both are the
 * host's work.
 */
static bool needs_host(uint8_t kind) {
	return kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_ARRAY || kind == VOLT_KIND_INTERFACE;
}

static void assign_through_host(function_lowering *lowering, uint64_t constant) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	uint32_t width = instruction.flags == VOLT_KIND_INTERFACE ? 2 : 1;
	for (uint32_t i = 0; i < width; i++)
		LLVMBuildStore(builder, read_slot(lowering, instruction.b + i), scratch_slot(lowering, i));
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,       constant_i32(lowering, instruction.flags),
	    scratch_slot(lowering, 0), constant_i64(lowering, constant),
	    scratch_slot(lowering, 2),
	};
	call_helper(lowering, VOLT_HELPER_interface_assign, v_arguments, 5);
	for (uint32_t i = 0; i < 2; i++) {
		LLVMValueRef v_from = scratch_slot(lowering, 2 + i);
		write_slot(lowering, instruction.a + i,
		           LLVMBuildLoad2(builder, lowering->module->types.i64, v_from, ""));
	}
}

void lower_interface_assign(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint64_t constant = lowering->module->bytecode->constants.items[instruction.c].bits;
	if (needs_host(instruction.flags)) {
		assign_through_host(lowering, constant);
		return;
	}
	bool nil = instruction.flags == VOLT_KIND_VOID;
	uint64_t type =
	    volt_interface_type((uint32_t)constant, (uint32_t)(constant >> 32), (volt_kind)instruction.flags);
	LLVMValueRef v_payload = nil ? constant_i64(lowering, 0) : read_slot(lowering, instruction.b);
	write_slot(lowering, instruction.a, constant_i64(lowering, nil ? 0 : type));
	write_slot(lowering, instruction.a + 1, v_payload);
}

void lower_index_check(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_index = read_slot(lowering, instruction.a);
	LLVMValueRef v_length = read_slot(lowering, instruction.b);
	LLVMValueRef v_outside = LLVMBuildICmp(lowering->builder, LLVMIntUGE, v_index, v_length, "v_outside");
	trap_if(lowering, v_outside, VOLT_TRAP_IndexOutOfRange, v_index, v_length);
}
