/*
 * `record`: an exit hands the slots that the interpreter may read again to the host, with a constant that
 * says which they are, and keeps nothing else alive. The host makes frames of the records when all native
 * frames have left, so that compiled code need not know where its frames stand.
 */
#include <stdlib.h>

#include "analysis/bit_set.h"
#include "calls/frame_state.h"
#include "calls/strategy.h"
#include "ir/emit.h"

/* Adds what is live at `pc` to the set. Control may never get behind the last instruction. */
static void add_live(function_lowering *lowering, uint32_t pc, uint64_t *set) {
	const liveness *live = live_slots_of(lowering);
	if (pc >= lowering->function->code.count)
		return;
	uint64_t *here = calloc(live->words + 1, sizeof *here);
	liveness_at(live, pc, here);
	bit_set_unite(set, here, live->words);
	free(here);
}

static uint64_t *new_set(function_lowering *lowering) {
	return calloc(live_slots_of(lowering)->words + 1, sizeof(uint64_t));
}

static bool is_panic(LLVMValueRef v_status) {
	return LLVMIsAConstantInt(v_status) && LLVMConstIntGetZExtValue(v_status) == VOLT_STATUS_PANIC;
}

/* A frame that panics goes on with its deferred calls or not at all. */
static void exit_here(function_lowering *lowering, LLVMValueRef v_status, exit_point point) {
	uint64_t *set = new_set(lowering);
	uint32_t pc = point.in_context ? VOLT_PC_IN_CONTEXT : point.pc;
	if (!is_panic(v_status) || lowering->function->has_defer) {
		add_live(lowering, point.in_context ? lowering->pc : pc, set);
		if (point.in_context)
			add_live(lowering, lowering->pc + 1, set);
	}
	v_status = record_frame(lowering, pc, set, v_status);
	free(set);
	lowering->convention->operations->leave_exit(lowering, v_status);
}

/* Results that the callee gives for certain will be written before they are read. */
static void exit_after_call(function_lowering *lowering, const call_site *site, LLVMValueRef v_status) {
	uint64_t *set = new_set(lowering);
	add_live(lowering, lowering->pc + 1, set);
	uint32_t certain = site->indirect ? 0 : lowering->module->certain_results[site->callee];
	if (certain > site->result_count)
		certain = site->result_count;
	bit_set_remove(set, site->first_slot, site->first_slot + certain);
	if (lowering->function->has_defer)
		add_live(lowering, lowering->pc, set);
	v_status = record_frame(lowering, lowering->pc + 1, set, v_status);
	free(set);
	lowering->convention->operations->leave_exit(lowering, v_status);
}

const exit_strategy record_exit = {
    .name = "record",
    .stack_limit = VOLT_CONTEXT_native_stack_limit,
    .exit_here = exit_here,
    .exit_after_call = exit_after_call,
};
