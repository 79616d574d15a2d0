/*
 * Deferred calls in a list (analysis/deferred_calls.h): objects of the host, which a slot behind the frame
 * leads to. A Return takes one after the other off and calls it; until it is called it can be left to the
 * host with all that follow it.
 */
#include <stddef.h>

#include "calls/checks.h"
#include "lower/defer.h"
#include "lower/opcodes.h"
#include "lower/plain_slots.h"

static uint32_t list_slot(const function_lowering *lowering) {
	return lowering->deferred->calls[0].first_slot;
}

static uint32_t value_count(const deferred_call *call) {
	return call->by_closure + (uint32_t)call->argument_count;
}

/* ---- Pushing ---- */

void push_in_list(function_lowering *lowering, const deferred_call *call) {
	LLVMBuilderRef builder = lowering->builder;
	uint32_t count = 0;
	if (call->by_closure)
		LLVMBuildStore(builder, read_slot(lowering, lowering->instruction.a),
		               scratch_slot(lowering, count++));
	for (uint32_t i = 0; i < call->argument_count; i++)
		LLVMBuildStore(builder, read_slot(lowering, lowering->instruction.b + i),
		               scratch_slot(lowering, count++));
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    constant_i32(lowering, lowering->pc),
	    read_slot(lowering, list_slot(lowering)),
	    scratch_slot(lowering, 0),
	    constant_i32(lowering, count),
	};
	write_slot(lowering, list_slot(lowering), call_helper(lowering, VOLT_HELPER_defer, v_arguments, 5));
}

/* ---- Making them ---- */

static LLVMValueRef read_word(function_lowering *lowering, LLVMValueRef v_call, size_t offset) {
	LLVMValueRef v_offset = constant_i64(lowering, offset);
	LLVMValueRef v_address =
	    LLVMBuildGEP2(lowering->builder, lowering->module->types.i8, v_call, &v_offset, 1, "");
	return LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, v_address, "");
}

static LLVMValueRef read_value(function_lowering *lowering, LLVMValueRef v_call, uint32_t number) {
	return read_word(lowering, v_call, offsetof(volt_deferred_call, values) + number * sizeof(volt_slot));
}

/* The call is the list's first. Goes back to `b_next` when it has been made. */
static void make_call(function_lowering *lowering, const deferred_call *call, LLVMValueRef v_call,
                      LLVMBasicBlockRef b_next) {
	LLVMValueRef v_closure = call->by_closure ? read_value(lowering, v_call, 0) : NULL;
	const deferred_target target = deferred_call_find(lowering, call, v_closure);
	exit_to_host_if(lowering, target.v_host, BLOCK_NOT_COMPILED, VOLT_STATUS_CALL, lowering->pc);
	if (!target.v_code) {
		LLVMBuildUnreachable(lowering->builder);
		return;
	}
	for (uint32_t i = 0; i < value_count(call); i++)
		write_slot(lowering, call->first_slot + 1 + i, read_value(lowering, v_call, i));
	write_slot(lowering, call->first_slot, read_word(lowering, v_call, offsetof(volt_deferred_call, next)));
	deferred_call_make(lowering, call, &target);
	LLVMBuildBr(lowering->builder, b_next);
}

/* Which push has made the list's first call? */
static void make_call_by_pc(function_lowering *lowering, LLVMValueRef v_call, LLVMBasicBlockRef b_next) {
	LLVMBuilderRef builder = lowering->builder;
	const deferred_calls *deferred = lowering->deferred;
	LLVMBasicBlockRef b_none = new_block(lowering, BLOCK_UNREACHED);
	LLVMValueRef v_pc = read_word(lowering, v_call, offsetof(volt_deferred_call, pc));
	LLVMValueRef v_switch = LLVMBuildSwitch(builder, v_pc, b_none, deferred->count);
	LLVMPositionBuilderAtEnd(builder, b_none);
	LLVMBuildUnreachable(builder);
	for (uint32_t i = 0; i < deferred->count; i++) {
		if (!deferred_call_is_made_here(lowering, i))
			continue;
		LLVMBasicBlockRef b_call = new_block(lowering, BLOCK_DEFERRED);
		LLVMAddCase(v_switch, constant_i64(lowering, deferred->calls[i].pc), b_call);
		LLVMPositionBuilderAtEnd(builder, b_call);
		make_call(lowering, &deferred->calls[i], v_call, b_next);
	}
}

/* Plain code knows nothing of slots that are written further round. */
void make_calls_in_list(function_lowering *lowering) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMBasicBlockRef b_next = new_block(lowering, BLOCK_AGAIN), b_call = new_block(lowering, BLOCK_SOME),
	                  b_done = new_block(lowering, BLOCK_DONE);
	forced_exit_check(lowering, lowering->pc);
	LLVMBuildBr(builder, b_next);
	plain_slots_enter_block(lowering);
	LLVMPositionBuilderAtEnd(builder, b_next);
	LLVMValueRef v_list = read_slot(lowering, list_slot(lowering));
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_list, "v_none"), b_done, b_call);
	LLVMPositionBuilderAtEnd(builder, b_call);
	give_way_check(lowering, lowering->pc);
	make_call_by_pc(lowering, LLVMBuildIntToPtr(builder, v_list, lowering->module->types.pointer, "v_call"),
	                b_next);
	LLVMPositionBuilderAtEnd(builder, b_done);
	plain_slots_enter_block(lowering);
}
