/* Branches to cold paths, and the checks that every function makes. */
#include "calls/checks.h"

#include <string.h>

#include "calls/hints.h"
#include "calls/native_stack.h"
#include "calls/strategy.h"
#include "ir/helper_declarations.h"

/* What only a cold block leads to is cold too. */
static block_kind what_follows(function_lowering *lowering) {
	const char *name = LLVMGetBasicBlockName(LLVMGetInsertBlock(lowering->builder));
	return block_name_is_cold(name, strlen(name)) ? BLOCK_GO_ON_COLD : BLOCK_GO_ON;
}

/* Passes would find that out, which plain code does without; what cannot be reached is not generated. */
static bool is_known_false(const function_lowering *lowering, LLVMValueRef v_condition) {
	return lowering->module->options.plain && LLVMIsAConstantInt(v_condition) &&
	       LLVMConstIntGetZExtValue(v_condition) == 0;
}

LLVMBasicBlockRef branch_unlikely(function_lowering *lowering, LLVMValueRef v_condition, block_kind cold) {
	block_kind follows = what_follows(lowering);
	LLVMBasicBlockRef b_cold = new_block(lowering, cold);
	LLVMBasicBlockRef b_hot = new_block(lowering, follows);
	if (lowering->b_main == LLVMGetInsertBlock(lowering->builder))
		lowering->b_main = b_hot;
	if (is_known_false(lowering, v_condition))
		LLVMBuildBr(lowering->builder, b_hot);
	else
		hint_unlikely(lowering, LLVMBuildCondBr(lowering->builder, v_condition, b_cold, b_hot));
	LLVMPositionBuilderAtEnd(lowering->builder, b_cold);
	return b_hot;
}

LLVMBasicBlockRef branch_unless_ok(function_lowering *lowering, LLVMValueRef v_status, block_kind cold) {
	LLVMValueRef v_ok = LLVMConstNull(LLVMTypeOf(v_status));
	LLVMValueRef v_not_ok = LLVMBuildICmp(lowering->builder, LLVMIntNE, v_status, v_ok, "v_not_ok");
	return branch_unlikely(lowering, v_not_ok, cold);
}

/* ---- Exits ---- */

void exit_as_host_says(function_lowering *lowering, LLVMValueRef v_status) {
	lowering->frame->exit_here(lowering, &(exit_cause){.v_status = v_status, .pc_in_context = true});
}

void exit_to_host(function_lowering *lowering, volt_status status, uint32_t pc) {
	lowering->frame->exit_here(lowering, &(exit_cause){
	                                         .v_status = constant_i32(lowering, status),
	                                         .known = true,
	                                         .status = status,
	                                         .pc = pc,
	                                     });
}

void exit_to_host_if(function_lowering *lowering, LLVMValueRef v_condition, block_kind cold,
                     volt_status status, uint32_t pc) {
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_condition, cold);
	exit_to_host(lowering, status, pc);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
}

/* The host has set `exit_pc`. */
static void exit_with_panic(function_lowering *lowering) {
	lowering->frame->exit_here(lowering, &(exit_cause){
	                                         .v_status = constant_i32(lowering, VOLT_STATUS_PANIC),
	                                         .known = true,
	                                         .status = VOLT_STATUS_PANIC,
	                                         .pc_in_context = true,
	                                     });
}

void trap_if(function_lowering *lowering, LLVMValueRef v_condition, volt_trap_kind kind, LLVMValueRef v_x,
             LLVMValueRef v_y) {
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_condition, BLOCK_TRAP);
	LLVMValueRef v_zero = constant_i64(lowering, 0);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context, constant_i32(lowering, kind),         v_x ? v_x : v_zero,
	    v_y ? v_y : v_zero,  constant_i32(lowering, lowering->pc),
	};
	if (!lowering->frame->starts_anew)
		call_cold_helper(lowering, VOLT_HELPER_trap, v_arguments, 5);
	exit_with_panic(lowering);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
}

/* A value that code has made is the same wherever it can be read; a constant stands on all ways. */
static void note_not_nil(function_lowering *lowering, uint32_t slot, LLVMValueRef v_slot) {
	const bool is_main = LLVMGetInsertBlock(lowering->builder) == lowering->b_main;
	if (lowering->v_not_nil && is_main && LLVMIsAInstruction(v_slot))
		lowering->v_not_nil[slot] = v_slot;
}

void trap_if_nil(function_lowering *lowering, uint32_t slot, LLVMValueRef v_slot, volt_trap_kind kind,
                 LLVMValueRef v_x) {
	if (lowering->v_not_nil && lowering->v_not_nil[slot] == v_slot)
		return;
	trap_if(lowering, LLVMBuildIsNull(lowering->builder, v_slot, "v_nil"), kind, v_x, NULL);
	note_not_nil(lowering, slot, v_slot);
}

/* ---- Checks that every function makes ---- */

void forced_exit_check(function_lowering *lowering, uint32_t pc) {
	if (!lowering->module->options.force_exits)
		return;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_left = read_context(lowering, VOLT_CONTEXT_forced_exits_left);
	v_left = LLVMBuildSub(builder, v_left, constant_i64(lowering, 1), "");
	LLVMValueRef v_now = LLVMBuildICmp(builder, LLVMIntEQ, v_left, constant_i64(lowering, 0), "");
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_now, BLOCK_FORCED_EXIT);
	if (!lowering->frame->starts_anew)
		write_context(lowering, VOLT_CONTEXT_forced_exits_left, v_left);
	exit_to_host(lowering, VOLT_STATUS_CALL, pc);
	LLVMPositionBuilderAtEnd(builder, b_hot);
	write_context(lowering, VOLT_CONTEXT_forced_exits_left, v_left);
}

static void count_step(function_lowering *lowering, volt_status status, uint32_t pc) {
	LLVMValueRef v_left = read_context(lowering, VOLT_CONTEXT_budget);
	v_left = LLVMBuildSub(lowering->builder, v_left, constant_i64(lowering, 1), "");
	write_context(lowering, VOLT_CONTEXT_budget, v_left);
	LLVMValueRef v_over =
	    LLVMBuildICmp(lowering->builder, LLVMIntSLT, v_left, constant_i64(lowering, 0), "v_over");
	exit_to_host_if(lowering, v_over, BLOCK_SLICE_OVER, status, pc);
}

/* The counter is the host's; nothing depends on it, so a form that starts anew may count again. */
static void count_heat(function_lowering *lowering, bool is_loop) {
	if (!lowering->module->options.count_heat)
		return;
	LLVMBuilderRef builder = lowering->builder;
	const basic_types *types = &lowering->module->types;
	LLVMValueRef v_table = read_context(lowering, VOLT_CONTEXT_heat);
	LLVMValueRef v_index = constant_i64(lowering, 2 * (uint64_t)lowering->index + is_loop);
	LLVMValueRef v_counter = LLVMBuildGEP2(builder, types->i32, v_table, &v_index, 1, "v_counter");
	LLVMValueRef v_left = LLVMBuildLoad2(builder, types->i32, v_counter, "v_left");
	v_left = LLVMBuildSub(builder, v_left, constant_i32(lowering, 1), "");
	LLVMBuildStore(builder, v_left, v_counter);
	LLVMValueRef v_hot = LLVMBuildIsNull(builder, v_left, "v_hot");
	LLVMBasicBlockRef b_on = branch_unlikely(lowering, v_hot, BLOCK_HEATED);
	LLVMValueRef v_arguments[] = {lowering->v_context, constant_i32(lowering, lowering->index),
	                              constant_i32(lowering, is_loop)};
	call_cold_helper(lowering, VOLT_HELPER_hot, v_arguments, 3);
	LLVMBuildBr(builder, b_on);
	LLVMPositionBuilderAtEnd(builder, b_on);
}

void count_call(function_lowering *lowering) {
	if (lowering->form == FORM_INNER || lowering->form == FORM_TRIAL)
		count_heat(lowering, false);
}

void count_unexpected_call(function_lowering *lowering, uint32_t built_in, LLVMValueRef v_callee) {
	LLVMValueRef v_arguments[] = {lowering->v_context, constant_i32(lowering, lowering->index),
	                              constant_i32(lowering, lowering->pc), constant_i32(lowering, built_in),
	                              v_callee};
	if (host_has(lowering->module, VOLT_HELPER_unexpected_call))
		call_cold_helper(lowering, VOLT_HELPER_unexpected_call, v_arguments, 5);
}

/* The host finds out by itself, at the call, that the slice is over. */
void step_check(function_lowering *lowering, uint32_t pc) {
	if (lowering->module->options.count_steps)
		count_step(lowering, VOLT_STATUS_CALL, pc);
}

/*
 * The host asks for pre-emption by raising the limit of the native stack to the highest address, so that
 * functions that start need no check of their own. No pass may take the load out of the loop. A monotonic one
 * also keeps passes from taking any other load past it; a volatile one of no order does not.
 */
void give_way_check(function_lowering *lowering, uint32_t pc) {
	bool optimised = lowering->module->options.inlines;
	LLVMValueRef v_limit =
	    read_stack_limit(lowering, VOLT_CONTEXT_native_stack_limit,
	                     optimised ? LLVMAtomicOrderingUnordered : LLVMAtomicOrderingMonotonic);
	LLVMSetVolatile(v_limit, optimised);
	LLVMValueRef v_asked =
	    LLVMBuildICmp(lowering->builder, LLVMIntEQ, v_limit, constant_i64(lowering, UINT64_MAX), "v_asked");
	exit_to_host_if(lowering, v_asked, BLOCK_GIVE_WAY, VOLT_STATUS_YIELD, pc);
}

void loop_check(function_lowering *lowering, uint32_t pc) {
	count_heat(lowering, true);
	if (lowering->module->options.count_steps)
		count_step(lowering, VOLT_STATUS_YIELD, pc);
	else
		give_way_check(lowering, pc);
}

void ensure_stack_room(function_lowering *lowering, uint64_t slots) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_needed = base_plus(lowering, slots);
	LLVMValueRef v_capacity = read_context(lowering, VOLT_CONTEXT_stack_capacity);
	LLVMValueRef v_full = LLVMBuildICmp(builder, LLVMIntUGT, v_needed, v_capacity, "v_full");
	LLVMBasicBlockRef b_enough = branch_unlikely(lowering, v_full, BLOCK_GROW_STACK);
	LLVMValueRef v_arguments[] = {lowering->v_context, v_needed};
	call_cold_helper(lowering, VOLT_HELPER_grow_stack, v_arguments, 2);
	LLVMBuildBr(builder, b_enough);
	LLVMPositionBuilderAtEnd(builder, b_enough);
}
