/*
 * `callback`: the same exit as `frames` behind one opaque call with ten arguments. All slots are written to
 * an image of the frame first, which the host copies to the fiber's stack.
 */
#include "calls/hints.h"
#include "calls/strategy.h"

enum { NO_CALLEE = UINT32_MAX };

static LLVMValueRef frame_image(function_lowering *lowering) {
	if (lowering->shape->large)
		return slot_pointer(lowering, 0);
	store_slots(lowering, lowering->v_image, 0, lowering->function->local_slots, MEMORY_UNNAMED);
	return lowering->v_image;
}

static void spill(function_lowering *lowering, uint32_t pc, const call_site *site, LLVMValueRef v_status) {
	uint32_t own = lowering->function->local_slots;
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    lowering->v_base,
	    frame_image(lowering),
	    constant_i32(lowering, own),
	    constant_i32(lowering, pc),
	    site ? callee_index(lowering, site) : constant_i32(lowering, NO_CALLEE),
	    base_plus(lowering, own),
	    constant_i32(lowering, site ? site->first_slot : 0),
	    constant_i32(lowering, site ? site->result_count : 0),
	    LLVMBuildIntCast2(lowering->builder, v_status, lowering->module->types.i32, false, ""),
	};
	call_cold_helper(lowering, VOLT_HELPER_spill_frame, v_arguments, 10);
	lowering->convention->operations->leave_exit(lowering, v_status);
}

static void exit_here(function_lowering *lowering, const exit_cause *cause) {
	spill(lowering, cause->pc_in_context ? VOLT_PC_IN_CONTEXT : cause->pc, NULL, cause->v_status);
}

static void exit_after_call(function_lowering *lowering, const call_site *site, LLVMValueRef v_status) {
	spill(lowering, lowering->pc + 1, site, v_status);
}

static const frame_exit callback_frame = {
    .needs_base = true,
    .stack_limit = VOLT_CONTEXT_native_stack_limit,
    .exit_here = exit_here,
    .exit_after_call = exit_after_call,
};

const exit_strategy callback_strategy = {STRATEGY_OF_FRAMES(&callback_frame, &callback_frame)};
