/* Captured frames: what exits of compiled code hand over, and how it becomes frames of the fiber. */
#include "tier/captured_frames.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "object/heap.h"
#include "state/vm_state.h"
#include "tier/run.h"
#include "tier/state.h"

static void copy_values(volt_slot *to, const volt_exit_site *site, const volt_slot *values) {
	for (uint32_t i = 0; i < site->slot_count; i++)
		to[i] = values[site->by_slot ? site->slots[i] : i];
}

/* Another island's collection may stop this thread anywhere: values stand before they are counted. */
void captured_frames_add(captured_frames *captured, const volt_exit_site *site, const volt_slot *values,
                         uint64_t context_pc) {
	uint32_t first = captured->value_count;
	uint64_t need = (uint64_t)first + site->slot_count;
	if (need > captured->value_capacity)
		memory_grow_scanned(&captured->values, &captured->value_capacity, need, sizeof(volt_slot));
	if (captured->count == captured->capacity)
		captured->items =
		    memory_grow(captured->items, &captured->capacity, captured->count + 1ULL, sizeof(captured_frame));
	copy_values(captured->values + first, site, values);
	atomic_signal_fence(memory_order_release);
	captured->value_count = (uint32_t)need;
	captured->items[captured->count++] = (captured_frame){
	    .site = site,
	    .pc = site->pc == VOLT_PC_IN_CONTEXT ? (uint32_t)context_pc : site->pc,
	    .first_value = first,
	};
}

/* ---- Frames ---- */

static uint64_t slots_of(const volt_vm *vm, const captured_frame *frame_state) {
	return vm->functions[frame_state->site->function].local_slots;
}

static uint64_t slots_of_all(const captured_frames *captured, const volt_vm *vm) {
	uint64_t slots = 0;
	for (uint32_t i = 0; i < captured->count; i++)
		slots += slots_of(vm, &captured->items[i]);
	return slots;
}

/* Where a frame's results go stands in the call that its caller has just executed: all calls say it alike. */
static call_frame frame_called_by(const volt_vm *vm, const call_frame *caller, uint32_t function) {
	volt_instruction call = vm->module->functions.items[caller->function].code.items[caller->pc - 1];
	return (call_frame){
	    .function = function,
	    .base = caller->base + vm->functions[caller->function].local_slots,
	    .result_slot = call.b,
	    .result_count = call.c & 0xff,
	};
}

/* Slots that were not captured will not be read again: they are 0. */
static void fill_slots(const captured_frames *captured, const captured_frame *frame_state, volt_slot *slots,
                       uint64_t count) {
	const volt_exit_site *site = frame_state->site;
	memset(slots, 0, count * sizeof(volt_slot));
	for (uint32_t i = 0; i < site->slot_count; i++)
		slots[site->slots[i]] = captured->values[frame_state->first_value + i];
}

static void lay_out_frame(const captured_frames *captured, const captured_frame *frame_state,
                          const volt_vm *vm, volt_fiber *fiber) {
	call_frame *frame = fiber_top_frame(fiber);
	uint64_t slots = slots_of(vm, frame_state);
	frame->pc = frame_state->pc;
	if (slots)
		fill_slots(captured, frame_state, fiber->stack + frame->base, slots);
	fiber->stack_pointer = (uint32_t)(frame->base + slots);
}

bool captured_frames_lay_out(captured_frames *captured, volt_vm *vm, volt_fiber *fiber) {
	if (!fiber_make_room(&vm->fibers, fiber, fiber_top_frame(fiber)->base + slots_of_all(captured, vm)))
		return false;
	uint64_t frames = (uint64_t)fiber->frame_count + captured->count - 1;
	if (frames > fiber->frame_capacity)
		fiber->frames = memory_grow(fiber->frames, &fiber->frame_capacity, frames, sizeof(call_frame));
	lay_out_frame(captured, &captured->items[captured->count - 1], vm, fiber);
	for (uint32_t i = captured->count - 1; i-- > 0;) {
		const call_frame *caller = fiber_top_frame(fiber);
		fiber->frames[fiber->frame_count] = frame_called_by(vm, caller, captured->items[i].site->function);
		fiber->frame_count++;
		lay_out_frame(captured, &captured->items[i], vm, fiber);
	}
	atomic_signal_fence(memory_order_release);
	captured->count = 0;
	captured->value_count = 0;
	return true;
}

void captured_frames_free(captured_frames *captured) {
	free(captured->items);
	free(captured->values);
}

void tier_scan_roots(const volt_vm *vm) {
	const tier_state *state = vm->tier;
	if (state && state->captured.value_count)
		heap_push_roots(state->captured.values, state->captured.value_count);
}
