/*
 * `frames`: the complete exit, inline at every site. The frame is synchronised with the context, the fiber's
 * stack is checked for room and grown, every slot is written to it, and the callee's resume point is pushed.
 *
 * A callee has written its own slots before its caller exits, so arguments are not copied again: that would
 * undo what the callee assigned to its parameters.
 */

#include "calls/checks.h"
#include "calls/hints.h"
#include "calls/strategy.h"

static void write_frame(function_lowering *lowering) {
	LLVMValueRef v_frame =
	    slot_address(lowering, read_context(lowering, VOLT_CONTEXT_stack), lowering->v_base);
	store_slots(lowering, v_frame, 0, lowering->function->local_slots, MEMORY_UNNAMED);
}

/* The slots of a large function are one array, and the host copies it. */
static void write_large_frame(function_lowering *lowering) {
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    lowering->v_base,
	    slot_pointer(lowering, 0),
	    constant_i32(lowering, lowering->function->local_slots),
	};
	call_cold_helper(lowering, VOLT_HELPER_write_frame, v_arguments, 4);
}

/*
 * The collector finds the slots by the stack pointer, so that is written first. It stays so: the helper that
 * makes room, and may be called in between, reads it.
 */
static void synchronise(function_lowering *lowering, uint64_t room) {
	if (lowering->shape->large) {
		write_large_frame(lowering);
		return;
	}
	write_context(lowering, VOLT_CONTEXT_base, lowering->v_base);
	write_context(lowering, VOLT_CONTEXT_stack_pointer, base_plus(lowering, lowering->function->local_slots));
	ensure_stack_room(lowering, room);
	write_frame(lowering);
}

static void exit_here(function_lowering *lowering, const exit_cause *cause) {
	if (!cause->pc_in_context)
		write_context(lowering, VOLT_CONTEXT_exit_pc, constant_i64(lowering, cause->pc));
	synchronise(lowering, lowering->function->local_slots);
	lowering->convention->operations->leave_exit(lowering, cause->v_status);
}

/* A callee that was found at run time has written its frame, so that there is room for it. */
static uint64_t callee_slots(function_lowering *lowering, const call_site *site) {
	return site->callee == CALLEE_UNKNOWN
	           ? 0
	           : lowering->module->bytecode->functions.items[site->callee].local_slots;
}

static void exit_after_call(function_lowering *lowering, const call_site *site, LLVMValueRef v_status) {
	uint64_t caller_slots = lowering->function->local_slots;
	synchronise(lowering, caller_slots + callee_slots(lowering, site));
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    callee_index(lowering, site),
	    base_plus(lowering, caller_slots),
	    constant_i32(lowering, site->first_slot),
	    constant_i32(lowering, site->result_count),
	    constant_i32(lowering, lowering->pc + 1),
	};
	call_cold_helper(lowering, VOLT_HELPER_push_resume_point, v_arguments, 6);
	lowering->convention->operations->leave_exit(lowering, v_status);
}

const frame_exit complete_frame = {
    .needs_base = true,
    .stack_limit = VOLT_CONTEXT_native_stack_limit,
    .exit_here = exit_here,
    .exit_after_call = exit_after_call,
};

const exit_strategy frames_strategy = {STRATEGY_OF_FRAMES(&complete_frame, &complete_frame)};
