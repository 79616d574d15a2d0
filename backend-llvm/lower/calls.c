/* Calls of compiled functions, of natives, and returns. */
#include "lower/emit.h"

#include "exit/strategy.h"

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
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_missing, "cold.interpreted");
	exit_to_host(lowering, VOLT_STATUS_CALL, lowering->pc);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	return v_callee;
}

void lower_call(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t callee = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS);
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
	step_check(lowering, lowering->pc);
	LLVMValueRef v_callee = compiled_callee(lowering, callee);
	LLVMValueRef v_returned;
	LLVMValueRef v_status = lowering->module->convention->call(lowering, &site, v_callee, &v_returned);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, "cold.call");
	lowering->module->exits->exit_after_call(lowering, &site, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	lowering->module->convention->take_results(lowering, &site, v_returned);
	forced_exit_check(lowering, lowering->pc + 1);
}

/* ---- Closures and methods ---- */

/* Slots of the scratch array that a call uses: arguments on the way in, results on the way out. */
static uint32_t call_area_slots(volt_instruction instruction) {
	uint32_t arguments = argument_slots(instruction), results = result_slots(instruction);
	return arguments > results ? arguments : results;
}

static LLVMValueRef call_through_host(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_callee_base = LLVMBuildAdd(lowering->builder, lowering->v_base,
	                                          constant_i64(lowering, lowering->function->local_slots), "");
	LLVMValueRef v_function = constant_i32(lowering, lowering->index);
	LLVMValueRef v_pc = constant_i32(lowering, lowering->pc);
	LLVMValueRef v_callee = read_slot(lowering, instruction.a);
	if (instruction.op == VOLT_OP_CallClosure) {
		LLVMValueRef v_arguments[] = {lowering->v_context, v_function,   v_pc, v_callee,
		                              lowering->v_scratch, v_callee_base};
		return call_helper(lowering, VOLT_HELPER_call_closure, v_arguments, 6);
	}
	LLVMValueRef v_payload = read_slot(lowering, instruction.a + 1);
	LLVMValueRef v_arguments[] = {lowering->v_context, v_function,          v_pc,         v_callee,
	                              v_payload,           lowering->v_scratch, v_callee_base};
	return call_helper(lowering, VOLT_HELPER_call_method, v_arguments, 7);
}

/*
 * The host finds out what is called and enters its compiled code. However that ends, it has set `exit_pc` and
 * noted the callee's frame if there is one, so that this function exits as if by itself.
 */
void lower_indirect_call(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	step_check(lowering, lowering->pc);
	for (uint32_t i = 0; i < call_area_slots(instruction); i++)
		LLVMBuildStore(builder, read_slot(lowering, instruction.b + i), scratch_slot(lowering, i));
	LLVMValueRef v_status = call_through_host(lowering);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, "cold.call");
	lowering->module->exits->exit_here(lowering, v_status);
	LLVMPositionBuilderAtEnd(builder, b_hot);
	for (uint32_t i = 0; i < result_slots(instruction); i++) {
		LLVMValueRef v_value =
		    LLVMBuildLoad2(builder, lowering->module->types.i64, scratch_slot(lowering, i), "");
		write_slot(lowering, instruction.b + i, v_value);
	}
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
 * Results start as what their slots hold: a native may write fewer than its import declares (VOB format,
 * section 9).
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

/*
 * What a native has written stays written however it ended: the interpreter lets it write to the frame
 * itself.
 */
void lower_native_call(function_lowering *lowering) {
	if (lower_math_call(lowering))
		return;
	volt_instruction instruction = lowering->instruction;
	uint32_t results = lowering->module->bytecode->natives.items[instruction.b].result_slots;
	pass_native_slots(lowering, results);
	LLVMValueRef v_status = call_native(lowering);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, "cold.native");
	take_native_results(lowering, results);
	lowering->module->exits->exit_here(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	take_native_results(lowering, results);
	forced_exit_check(lowering, lowering->pc + 1);
}

void lower_return(function_lowering *lowering) {
	if (lowering->shape->returns_through_host)
		lower_in_host(lowering);
	else
		lowering->convention->leave(lowering, lowering->instruction.a);
}

/* The host executes the instruction; the function goes on at a resume point. */
void lower_in_host(function_lowering *lowering) {
	exit_to_host(lowering, VOLT_STATUS_CALL, lowering->pc);
}
