/* Entering compiled code, and laying out the frames that it leaves behind at an exit. */
#include "tier/run.h"

#include <pthread.h>
#include <stdatomic.h>

#include "exec/panic.h"
#include "exec/results.h"
#include "exec/vm.h"
#include "tier/state.h"

/*
 * Below the limit there is room for helpers, natives and what they call; above it compiled frames use this
 * much.
 */
enum { NATIVE_STACK_MARGIN = 512 << 10, NATIVE_STACK_USE = 7 << 20 };

static uint64_t lowest_stack_address(void) {
	static _Thread_local uint64_t lowest;
	pthread_attr_t attributes;
	if (lowest || pthread_getattr_np(pthread_self(), &attributes))
		return lowest;
	void *start;
	size_t size;
	if (pthread_attr_getstack(&attributes, &start, &size) == 0)
		lowest = (uint64_t)(uintptr_t)start;
	pthread_attr_destroy(&attributes);
	return lowest;
}

/* The stack of a main thread may be unlimited: compiled code then takes no more than a usual one. */
static uint64_t native_stack_limit(void) {
	uint64_t here = (uint64_t)(uintptr_t)__builtin_frame_address(0);
	uint64_t by_size = lowest_stack_address() + NATIVE_STACK_MARGIN;
	uint64_t by_use = here - NATIVE_STACK_USE;
	return by_size > by_use ? by_size : by_use;
}

/* ---- Exits ---- */

/*
 * Turns the native frames of an exit into frames of the fiber. The outermost one exists already, and
 * continues at `exit_pc`; the others were noted innermost first, with their slots already in the fiber's
 * stack.
 */
static void materialize(volt_vm *vm, volt_fiber *fiber, tier_state *state) {
	fiber_top_frame(fiber)->pc = (uint32_t)vm->context.exit_pc;
	uint64_t frames = (uint64_t)fiber->frame_count + state->resume_count;
	if (frames > fiber->frame_capacity)
		fiber->frames = memory_grow(fiber->frames, &fiber->frame_capacity, frames, sizeof(call_frame));
	while (state->resume_count > 0) {
		const resume_point *point = &state->resume_points[--state->resume_count];
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
}

static bool beyond_limit(const volt_vm *vm, const volt_fiber *fiber) {
	return fiber->stack_pointer > vm->max_stack_slots || fiber->frame_count > vm->max_frames;
}

static volt_status leave_by_exit(volt_vm *vm, volt_fiber *fiber, tier_state *state, volt_status status) {
	state->exits[status]++;
	materialize(vm, fiber, state);
	if (status == VOLT_STATUS_YIELD && beyond_limit(vm, fiber)) {
		fiber_raise_trap(vm, fiber, (volt_trap){VOLT_TRAP_StackOverflow, 0, 0});
		return VOLT_STATUS_PANIC;
	}
	return status;
}

volt_status tier_run_frame(volt_vm *vm, volt_fiber *fiber) {
	tier_state *state = vm->tier;
	call_frame frame = *fiber_top_frame(fiber);
	const volt_code_entry *entry = &vm->code_table[frame.function];
	volt_compiled_function function = atomic_load_explicit(&entry->external, memory_order_acquire);
	vm->context.native_stack_limit = native_stack_limit();
	state->entries++;
	/* On the native stack, because another island's collection may come before the results are delivered. */
	volt_slot results[entry->result_slots + 1];
	volt_status status = function(&vm->context, fiber->stack + frame.base, results);
	if (status != VOLT_STATUS_OK)
		return leave_by_exit(vm, fiber, state, status);
	fiber_pop_frame(fiber);
	results_deliver(fiber, results, entry->result_slots, frame.result_slot, frame.result_count);
	return VOLT_STATUS_OK;
}
