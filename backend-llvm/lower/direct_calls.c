/* Calls of functions by name, of natives, and returns. */
#include "calls/checks.h"
#include "calls/inlining.h"
#include "calls/module_calls.h"
#include "calls/tail_calls.h"
#include "calls/targets.h"
#include "lower/opcodes.h"

static uint32_t argument_slots(volt_instruction instruction) {
	return instruction.c >> 8;
}

static uint32_t result_slots(volt_instruction instruction) {
	return instruction.c & 0xff;
}

static uint32_t minimum(uint32_t left, uint32_t right) {
	return left < right ? left : right;
}

/*
 * A callee that is interpreted, or a call that passes something else than its parameters: the host makes
 * the call.
 */
static bool is_direct(function_lowering *lowering, uint32_t callee) {
	const function_shape *shape = &lowering->module->shapes[callee];
	return !shape->refusal && argument_slots(lowering->instruction) == shape->parameters;
}

/* A callee that the table does not know yet is interpreted: the host makes the call. */
static LLVMValueRef compiled_callee(function_lowering *lowering, uint32_t callee) {
	bool in_table;
	LLVMValueRef v_callee = call_target(lowering, callee, &in_table);
	if (!in_table)
		return v_callee;
	LLVMValueRef v_missing = LLVMBuildIsNull(lowering->builder, v_callee, "v_missing");
	exit_to_host_if(lowering, v_missing, BLOCK_NOT_COMPILED, VOLT_STATUS_CALL, lowering->pc);
	return v_callee;
}

static void lower_call(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t callee = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS);
	if (is_tail_jump(lowering)) {
		jump_to_start(lowering);
		return;
	}
	if (!is_direct(lowering, callee)) {
		exit_to_host(lowering, VOLT_STATUS_CALL, lowering->pc);
		return;
	}
	call_site site = {
	    .callee = callee,
	    .first_slot = instruction.b,
	    .result_count = result_slots(instruction),
	    .taken_count = minimum(result_slots(instruction), lowering->module->shapes[callee].results),
	};
	if (is_left_out(lowering, callee))
		count_unexpected_call(lowering, 0, constant_i32(lowering, callee));
	LLVMValueRef v_callee = compiled_callee(lowering, callee); /* first: a call by the host counts itself */
	step_check(lowering, lowering->pc);
	called result;
	const call_convention *convention = convention_to(lowering, callee);
	LLVMBasicBlockRef b_hot = convention->operations->call(lowering, convention, &site, v_callee, &result);
	lowering->frame->exit_after_call(lowering, &site, result.v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	convention->operations->take_results(lowering, &site, &result);
	forced_exit_check(lowering, lowering->pc + 1);
}

/* ---- Natives ---- */

static LLVMValueRef call_native(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    constant_i32(lowering, instruction.b),
	    scratch_slot(lowering, 0),
	    constant_i32(lowering, instruction.flags),
	    scratch_slot(lowering, instruction.flags),
	    constant_i32(lowering, lowering->pc),
	};
	return call_helper(lowering, VOLT_HELPER_call_native, v_arguments, 6);
}

/* Words of the scratch array behind the arguments, which the native may have written. */
static void take_native_results(function_lowering *lowering, uint32_t count) {
	volt_instruction instruction = lowering->instruction;
	for (uint32_t i = 0; i < count; i++) {
		LLVMValueRef v_from = scratch_slot(lowering, instruction.flags + i);
		LLVMValueRef v_value = LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, v_from, "");
		write_slot(lowering, instruction.a + i, v_value);
	}
}

/*
 * Results start as what their slots hold: a native may write fewer than its import declares (SEMANTICS.md,
 * "Frames and calls").
 */
static void pass_native_slots(function_lowering *lowering, uint32_t result_count) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	for (uint32_t i = 0; i < instruction.flags; i++)
		LLVMBuildStore(builder, read_slot(lowering, instruction.c + i), scratch_slot(lowering, i));
	for (uint32_t i = 0; i < result_count; i++) {
		LLVMValueRef v_to = scratch_slot(lowering, instruction.flags + i);
		LLVMBuildStore(builder, read_slot(lowering, instruction.a + i), v_to);
	}
}

/* The scratch array has room for all results that the import declares; the frame may end before. */
static uint32_t results_in_frame(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t declared = lowering->module->bytecode->natives.items[instruction.b].result_slots;
	return declared ? minimum(declared, lowering->function->local_slots - instruction.a) : 0;
}

/*
 * What a native has written stays written however it ended: the interpreter lets it write to the frame
 * itself.
 */
static void lower_native_call(function_lowering *lowering) {
	if (lower_math_call(lowering))
		return;
	uint32_t results = results_in_frame(lowering);
	if (results > 0 && lower_direct_native(lowering))
		return;
	pass_native_slots(lowering, results);
	LLVMValueRef v_status = call_native(lowering);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, BLOCK_NATIVE_EXIT);
	take_native_results(lowering, results);
	exit_as_host_says(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	take_native_results(lowering, results);
	forced_exit_check(lowering, lowering->pc + 1);
}

/* The deferred calls of a frame that the fiber holds are the host's. */
static void lower_return(function_lowering *lowering) {
	const function_shape *shape = lowering->shape;
	if (shape->returns_through_host || (shape->defers && !lowering->deferred)) {
		lower_in_host(lowering);
		return;
	}
	make_deferred_calls(lowering);
	lowering->convention->operations->leave(lowering, shape->heap_slots ? take_heap_results(lowering)
	                                                                    : lowering->instruction.a);
}

/* The host executes the instruction; the function goes on at a resume point. */
void lower_in_host(function_lowering *lowering) {
	exit_to_host(lowering, VOLT_STATUS_CALL, lowering->pc);
}

const opcode_row direct_calls_opcodes[] = {
    {VOLT_OP_Call, lower_call},
    {VOLT_OP_CallExtern, lower_native_call},
    {VOLT_OP_Return, lower_return},
    {.lower = NULL},
};
