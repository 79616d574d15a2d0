/* Entering compiled code, and laying out the frames that it leaves behind at an exit. */
#include "tier/run.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "interpreter/panic.h"
#include "interpreter/results.h"
#include "state/give_way.h"
#include "state/vm_state.h"
#include "tier/counters.h"
#include "tier/trace.h"
#include "tier/withdrawal.h"

/* ---- Exits ---- */

/* The innermost frame, which is the uppermost, is noted first. */
uint64_t tier_exit_extent(const volt_vm *vm) {
	const tier_state *state = vm->tier;
	if (!state || state->resume_count == 0)
		return 0;
	const resume_point *innermost = &state->resume_points[0];
	return (uint64_t)innermost->base + vm->functions[innermost->function].local_slots;
}

/*
 * Turns the native frames of an exit into frames of the fiber. The outermost one exists already, and
 * continues at `exit_pc`; the others were noted innermost first, with their slots already in the fiber's
 * stack. The notes are forgotten last: until the fiber knows of its frames, the collector does by them.
 */
static void materialize(volt_vm *vm, volt_fiber *fiber, tier_state *state) {
	fiber_top_frame(fiber)->pc = (uint32_t)vm->context.exit_pc;
	if (state->resume_count == 0)
		return; /* the fiber holds the only one */
	uint64_t frames = (uint64_t)fiber->frame_count + state->resume_count;
	fiber_reserve_frames(fiber, frames);
	for (uint32_t i = state->resume_count; i-- > 0;) {
		const resume_point *point = &state->resume_points[i];
		fiber->frames[fiber->frame_count++] = (call_frame){
		    .function = point->function,
		    .pc = point->pc,
		    .base = point->base,
		    .result_slot = point->result_slot,
		    .result_count = point->result_count,
		};
	}
	const call_frame *top = fiber_top_frame(fiber);
	fiber->stack_pointer = top->base + vm->functions[top->function].local_slots;
	atomic_signal_fence(memory_order_release);
	state->resume_count = 0;
}

void tier_forget_exit(volt_vm *vm) {
	tier_state *state = vm->tier;
	if (!state)
		return;
	state->resume_count = 0;
	state->captured.count = state->captured.value_count = 0;
}

static bool beyond_limit(const volt_vm *vm, const volt_fiber *fiber) {
	return fiber->stack_pointer > vm->fibers.max_stack_slots || fiber->frame_count > vm->fibers.max_frames;
}

/* A site is a function and the pc where its frame goes on, which may be behind the last instruction. */
static void count_exit(volt_vm *vm, tier_state *state, const call_frame *frame, volt_status status) {
	function_profile *profile = &state->functions[frame->function];
	state->exits[status]++;
	if (!profile->exits)
		profile->exits =
		    calloc(vm->module->functions.items[frame->function].code.count + 1ULL, sizeof *profile->exits);
	if (profile->exits)
		profile->exits[frame->pc][status]++;
}

/* Frames that were compiled are to go on compiled, unless the slice has ended in a loop that is soon done. */
static void request_continuations(volt_vm *vm, const volt_fiber *fiber, uint32_t first, volt_status status) {
	const function_profile *profiles = ((tier_state *)vm->tier)->functions;
	for (uint32_t i = first; i < fiber->frame_count; i++) {
		const uint32_t function = fiber->frames[i].function;
		const bool is_in_loop = status == VOLT_STATUS_YIELD && i == fiber->frame_count - 1;
		if (is_in_loop && tier_is_in_short_loop(vm, function))
			continue;
		if (profiles[function].requested[VOLT_FORM_RESUME] != VOLT_LEVEL_OPTIMISED)
			tier_request_continuation(vm, function);
	}
}

bool tier_counts_steps(const volt_vm *vm) {
	return vm->options.testing.schedule_seed || vm->options.max_steps;
}

/*
 * Compiled code looks at the native stack only; the language's limit holds once its frames are laid out. The
 * deferred calls of those beyond it run, too: a frame that the host has made is never too deep by itself.
 */
static bool is_too_deep(const volt_vm *vm, const volt_fiber *fiber, uint32_t outermost, volt_status status) {
	return (status == VOLT_STATUS_YIELD || status == VOLT_STATUS_CALL) &&
	       fiber->frame_count - 1 > outermost && beyond_limit(vm, fiber);
}

/* `held`: the frame went on, and where it goes on next stands in `exit_pc`, whatever was captured above it.
 */
static void lay_out_captured(volt_vm *vm, volt_fiber *fiber, tier_state *state, volt_status status,
                             bool held) {
	if (held)
		fiber_top_frame(fiber)->pc = (uint32_t)vm->context.exit_pc;
	if (!captured_frames_lay_out(&state->captured, vm, fiber, status == VOLT_STATUS_PANIC, held))
		tier_out_of_stack(vm);
}

/*
 * Has the frame that was entered come to a stop itself? What makes a callee stop does not count, unless that
 * has been withdrawn: compiled callers go on calling it. Nor does the end of a turn, which the clock decides.
 */
static bool stops_itself(volt_vm *vm, volt_fiber *fiber, uint32_t outermost, volt_status status) {
	const function_profile *top = &((tier_state *)vm->tier)->functions[fiber_top_frame(fiber)->function];
	if (give_way_is_asked(&vm->context) || (fiber->frame_count - 1 != outermost && !top->is_withdrawn))
		return false;
	return status != VOLT_STATUS_CALL || !tier_awaits_callee(vm, fiber);
}

static volt_status leave_by_exit(volt_vm *vm, volt_fiber *fiber, tier_state *state, volt_status status,
                                 bool held) {
	uint32_t outermost = fiber->frame_count - 1;
	if (state->captured.count == 0)
		materialize(vm, fiber, state);
	else
		lay_out_captured(vm, fiber, state, status, held);
	count_exit(vm, state, fiber_top_frame(fiber), status);
	if (state->exit_observer)
		state->exit_observer(vm, fiber, status);
	if (trace_is_wanted(vm, VOLT_TRACE_EXITS))
		trace_exit(vm, fiber, status);
	if (is_too_deep(vm, fiber, outermost, status)) {
		fiber_raise_trap(vm, fiber, (volt_trap){VOLT_TRAP_StackOverflow, 0, 0});
		return VOLT_STATUS_PANIC;
	}
	if (state->withdraws && stops_itself(vm, fiber, outermost, status))
		withdrawal_count_exit(vm, fiber->frames[outermost].function, fiber->frames[outermost].pc);
	if (status != VOLT_STATUS_PANIC)
		request_continuations(vm, fiber, outermost, status);
	return status;
}

/* ---- Entering ---- */

/* Results lie on the native stack, because another island's collection may come before they are delivered. */
__attribute__((always_inline)) static inline volt_status run_with(volt_vm *vm, volt_fiber *fiber,
                                                                  volt_compiled_function compiled,
                                                                  uint32_t result_slots, entry_kind kind,
                                                                  volt_slot *results) {
	tier_state *state = vm->tier;
	const call_frame *frame = fiber_top_frame(fiber);
	vm->context.base = frame->base;
	vm->context.stack_pointer = fiber->stack_pointer;
	vm->context.status = VOLT_STATUS_OK;
	state->entries++;
	state->functions[frame->function].entered[kind]++;
	fiber->loop_site = 0;
	const volt_status status = compiled(&vm->context, fiber->stack + frame->base, results);
	if (status != VOLT_STATUS_OK)
		return leave_by_exit(vm, fiber, state, status, kind != ENTERED_BY_CALL);
	frame = fiber_top_frame(fiber);
	const uint16_t result_slot = frame->result_slot, result_count = frame->result_count;
	fiber_pop_frame(fiber);
	results_deliver(fiber, results, result_slots, result_slot, result_count);
	return VOLT_STATUS_OK;
}

static volt_status run_with_many(volt_vm *vm, volt_fiber *fiber, volt_compiled_function compiled,
                                 uint32_t result_slots, entry_kind kind) {
	volt_slot results[result_slots];
	return run_with(vm, fiber, compiled, result_slots, kind, results);
}

__attribute__((always_inline)) static inline volt_status run(volt_vm *vm, volt_fiber *fiber,
                                                             volt_compiled_function compiled,
                                                             uint32_t result_slots, entry_kind kind) {
	enum { FEW_RESULTS = 8 };
	if (__builtin_expect(result_slots > FEW_RESULTS, 0))
		return run_with_many(vm, fiber, compiled, result_slots, kind);
	volt_slot results[FEW_RESULTS];
	return run_with(vm, fiber, compiled, result_slots, kind, results);
}

volt_status tier_run_frame(volt_vm *vm, volt_fiber *fiber) {
	executable_function *function = &vm->functions[fiber_top_frame(fiber)->function];
	volt_compiled_function compiled = atomic_load_explicit(&function->entry, memory_order_acquire);
	return run(vm, fiber, compiled, function->call_results, ENTERED_BY_CALL);
}

/* The interpreter comes here from a backward jump only where it counts them, and notes where it went. */
static entry_kind resume_kind(const volt_fiber *fiber, const call_frame *frame) {
	return fiber->loop_site == frame->pc + 1 ? ENTERED_AT_LOOP : ENTERED_BY_RESUME;
}

volt_status tier_resume_frame(volt_vm *vm, volt_fiber *fiber) {
	const call_frame *frame = fiber_top_frame(fiber);
	executable_function *function = &vm->functions[frame->function];
	volt_compiled_function compiled = atomic_load_explicit(&function->continuation, memory_order_acquire);
	vm->context.exit_pc = frame->pc;
	return run(vm, fiber, compiled, function->resume_results, resume_kind(fiber, frame));
}
