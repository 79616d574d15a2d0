/*
 * `record`: an exit hands the slots that the interpreter may read again to the host, with a constant that
 * says which they are, and keeps nothing else alive. The host makes frames of the records when all native
 * frames have left, so that compiled code need not know where its frames stand.
 *
 * A resume form continues a frame that the fiber has, and writes these slots there.
 */

#include "analysis/bit_set.h"
#include "analysis/certain_results.h"
#include "calls/frame_state.h"
#include "calls/strategy.h"
#include "guard/memory.h"
#include "ir/emit.h"

/* Adds what is live at `pc` to the set. Control may never get behind the last instruction. */
static void add_live(function_lowering *lowering, uint32_t pc, uint64_t *set) {
	const liveness *live = live_slots_of(lowering);
	if (pc >= lowering->function->code.count)
		return;
	uint64_t *here = memory_new(live->words + 1, sizeof *here);
	volt_liveness_at(live, pc, here);
	bit_set_unite(set, here, live->words);
	memory_free(here);
}

/* Adds what deferred calls may be pending at `pc`; false: none. */
static bool add_pending(function_lowering *lowering, uint32_t pc, uint64_t *set) {
	bool some = false;
	for (uint32_t i = 0; lowering->deferred && i < lowering->deferred->count; i++) {
		const deferred_call *call = &lowering->deferred->calls[i];
		if (!call->pending[pc])
			continue;
		const uint32_t values = lowering->deferred->in_list ? 0 : call->by_closure + call->argument_count;
		bit_set_add(set, call->first_slot, call->first_slot + 1 + values);
		some = true;
	}
	return some;
}

static uint64_t *new_set(function_lowering *lowering) {
	return memory_new(bit_set_words(all_slots(lowering)) + 1, sizeof(uint64_t));
}

/* A frame that panics goes on with its deferred calls or not at all. */
static bool goes_on(const function_lowering *lowering, const exit_cause *cause, bool pending) {
	if (!cause->known || cause->status != VOLT_STATUS_PANIC)
		return true;
	return lowering->deferred ? pending : lowering->function->has_defer;
}

static uint32_t pc_of(const exit_cause *cause) {
	return cause->pc_in_context ? VOLT_PC_IN_CONTEXT : cause->pc;
}

/* What is read again after the function has exited by itself. */
static void add_read_after_exit(function_lowering *lowering, const exit_cause *cause, uint64_t *set) {
	const bool pending = add_pending(lowering, lowering->pc, set);
	if (!goes_on(lowering, cause, pending))
		return;
	add_live(lowering, cause->pc_in_context ? lowering->pc : cause->pc, set);
	if (cause->pc_in_context)
		add_live(lowering, lowering->pc + 1, set);
}

/* Where no deferred call can be pending, exits with a panic differ in what they have told the host only. */
static bool panics_as_others(const function_lowering *lowering, const exit_cause *cause) {
	return lowering->module->options.plain && cause->known && cause->status == VOLT_STATUS_PANIC &&
	       cause->pc_in_context && !lowering->function->has_defer;
}

/* Goes to the block in which they meet; false: this is the first one, and the caller is to fill the block. */
static bool has_met_others(function_lowering *lowering) {
	LLVMBasicBlockRef b_met = lowering->b_panic;
	if (!b_met)
		lowering->b_panic = new_block(lowering, BLOCK_LEAVE);
	LLVMBuildBr(lowering->builder, lowering->b_panic);
	if (!b_met)
		LLVMPositionBuilderAtEnd(lowering->builder, lowering->b_panic);
	return b_met;
}

static void exit_here(function_lowering *lowering, const exit_cause *cause) {
	if (panics_as_others(lowering, cause) && has_met_others(lowering))
		return;
	uint64_t *set = new_set(lowering);
	const uint32_t pc = pc_of(cause);
	add_read_after_exit(lowering, cause, set);
	LLVMValueRef v_status =
	    capture_frame(lowering, &(captured_state){.pc = pc, .slots = set}, cause->v_status);
	capture_skipped_frames(lowering);
	memory_free(set);
	lowering->convention->operations->leave_exit(lowering, cause->known ? cause->v_status : v_status);
}

/* Results that the callee gives for certain will be written before they are read. */
static void add_read_after_call(function_lowering *lowering, const call_site *site, uint64_t *set) {
	add_live(lowering, lowering->pc + 1, set);
	uint32_t certain = site->callee == CALLEE_UNKNOWN
	                       ? 0
	                       : volt_certain_results(lowering->module->bytecode, site->callee,
	                                              lowering->module->certain_results);
	if (certain > site->result_count)
		certain = site->result_count;
	bit_set_remove(set, site->first_slot, site->first_slot + certain);
	if (lowering->function->has_defer)
		add_live(lowering, lowering->pc, set);
	add_pending(lowering, lowering->pc, set);
}

static void exit_after_call(function_lowering *lowering, const call_site *site, LLVMValueRef v_status) {
	uint64_t *set = new_set(lowering);
	add_read_after_call(lowering, site, set);
	v_status = capture_frame(lowering, &(captured_state){.pc = lowering->pc + 1, .slots = set}, v_status);
	capture_skipped_frames(lowering);
	memory_free(set);
	lowering->convention->operations->leave_exit(lowering, v_status);
}

/* The results that the frame has returned with are what its Return reads. */
static void exit_in_deferred_call(function_lowering *lowering, LLVMValueRef v_status) {
	uint64_t *set = new_set(lowering);
	add_live(lowering, lowering->pc, set);
	add_pending(lowering, lowering->pc, set);
	v_status = capture_frame(lowering, &(captured_state){.pc = lowering->pc, .returns = true, .slots = set},
	                         v_status);
	memory_free(set);
	lowering->convention->operations->leave_exit(lowering, v_status);
}

const frame_exit recorded_frame = {
    .keeps_live_only = true,
    .knows_skipped_frames = true,
    .stack_limit = VOLT_CONTEXT_native_stack_limit,
    .exit_here = exit_here,
    .exit_after_call = exit_after_call,
    .exit_in_deferred_call = exit_in_deferred_call,
};

/* ---- Frames that the fiber has ---- */

/* Where it goes on stands in the context. */
static void leave_held(function_lowering *lowering, uint64_t *set, LLVMValueRef v_status) {
	leave_held_frame(lowering, &(captured_state){.pc = VOLT_PC_IN_CONTEXT, .slots = set}, v_status);
	memory_free(set);
}

static void exit_held_here(function_lowering *lowering, const exit_cause *cause) {
	if (panics_as_others(lowering, cause) && has_met_others(lowering))
		return;
	uint64_t *set = new_set(lowering);
	add_read_after_exit(lowering, cause, set);
	if (!cause->pc_in_context)
		write_context(lowering, VOLT_CONTEXT_exit_pc, constant_i64(lowering, cause->pc));
	leave_held(lowering, set, cause->v_status);
}

/* The callee's frames have been captured: they will stand above this one. */
static void exit_held_after_call(function_lowering *lowering, const call_site *site, LLVMValueRef v_status) {
	uint64_t *set = new_set(lowering);
	add_read_after_call(lowering, site, set);
	write_context(lowering, VOLT_CONTEXT_exit_pc, constant_i64(lowering, lowering->pc + 1));
	leave_held(lowering, set, v_status);
}

/* Its deferred calls are pending in the fiber, and made by the host. */
const frame_exit held_frame = {
    .needs_base = true,
    .keeps_live_only = true,
    .stack_limit = VOLT_CONTEXT_native_stack_limit,
    .exit_here = exit_held_here,
    .exit_after_call = exit_held_after_call,
};

const exit_strategy record_strategy = {STRATEGY_OF_FRAMES(&recorded_frame, &held_frame)};
