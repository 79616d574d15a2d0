/* Captured frames: what exits of compiled code hand over, and how it becomes frames of the fiber. */
#include "tier/captured_frames.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "interpreter/unwind.h"
#include "object/heap.h"
#include "state/vm_state.h"
#include "tier/run.h"
#include "tier/state.h"

static uint32_t value_count(const volt_exit_site *site) {
	return site->slot_count + site->deferred_values;
}

static void copy_values(volt_slot *to, const volt_exit_site *site, const volt_slot *values) {
	for (uint32_t i = 0; i < value_count(site); i++)
		to[i] = values[site->by_slot ? site->slots[i] : i];
}

/* The item is made in its place: put together elsewhere first, it would be read before it is all stored. */
static captured_frame *new_item(captured_frames *captured) {
	if (captured->count == captured->capacity)
		captured->items =
		    memory_grow(captured->items, &captured->capacity, captured->count + 1ULL, sizeof(captured_frame));
	return &captured->items[captured->count++];
}

/* Another island's collection may stop this thread anywhere: values stand before they are counted. */
void captured_frames_add(captured_frames *captured, const volt_exit_site *site, const volt_slot *values,
                         uint64_t context_pc) {
	uint32_t first = captured->value_count;
	uint64_t need = (uint64_t)first + value_count(site);
	if (need > captured->value_capacity)
		memory_grow_scanned(&captured->values, &captured->value_capacity, need, sizeof(volt_slot));
	copy_values(captured->values + first, site, values);
	atomic_signal_fence(memory_order_release);
	captured->value_count = (uint32_t)need;
	*new_item(captured) = (captured_frame){
	    .site = site,
	    .pc = site->pc == VOLT_PC_IN_CONTEXT ? (uint32_t)context_pc : site->pc,
	    .first_value = first,
	    .count = 1,
	};
}

void captured_frames_add_skipped(captured_frames *captured, const volt_exit_site *site, uint64_t count) {
	if (count > 0)
		*new_item(captured) =
		    (captured_frame){.site = site, .pc = site->pc, .count = count, .is_skipped = true};
}

/* ---- Frames ---- */

static uint64_t slots_of(const volt_vm *vm, const captured_frame *frame_state) {
	return vm->functions[frame_state->site->function].local_slots;
}

typedef struct {
	uint64_t frames, slots;
} stack_extent;

static uint64_t smaller(uint64_t left, uint64_t right) {
	return left < right ? left : right;
}

/*
 * Frames that were skipped and lie beyond the language's limit need not be laid out: the first one beyond it
 * ends in a panic, and none has a deferred call. The fiber's top frame is one of the first item's.
 */
static void drop_beyond_limit(captured_frame *item, const volt_vm *vm, stack_extent below) {
	const fiber_pool *pool = &vm->fibers;
	const uint64_t slots = slots_of(vm, item);
	if (below.frames <= pool->max_frames)
		item->count = smaller(item->count, pool->max_frames - below.frames + 1);
	else
		item->count = smaller(item->count, 1);
	if (slots && below.slots <= pool->max_stack_slots)
		item->count = smaller(item->count, (pool->max_stack_slots - below.slots) / slots + 1);
	else if (slots)
		item->count = smaller(item->count, 1);
}

/* The fiber's extent when all frames are laid out. */
static stack_extent extent_of_all(const captured_frames *captured, const volt_vm *vm, volt_fiber *fiber,
                                  bool held) {
	stack_extent extent = {fiber->frame_count, fiber->stack_pointer};
	if (!held)
		extent = (stack_extent){fiber->frame_count - 1ULL, fiber_top_frame(fiber)->base};
	for (uint32_t i = captured->count; i-- > 0;) {
		captured_frame *item = &captured->items[i];
		if (item->is_skipped)
			drop_beyond_limit(item, vm, extent);
		extent.frames += item->count;
		extent.slots += item->count * slots_of(vm, item);
	}
	return extent;
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

/* ---- Deferred calls ---- */

/* The list was the frame's own: nobody sees it turned round. */
static volt_deferred_call *first_to_last(volt_slot list) {
	volt_deferred_call *turned = NULL;
	while (list) {
		volt_deferred_call *call = volt_slot_pointer(list);
		list = call->next;
		call->next = volt_slot_reference(turned);
		turned = call;
	}
	return turned;
}

static void push_list(volt_slot list, volt_instruction *code, volt_fiber *fiber, uint64_t generation) {
	for (volt_deferred_call *call = first_to_last(list); call; call = volt_slot_pointer(call->next))
		unwind_defer_captured(fiber, code[call->pc], call->values, generation);
}

static void push_deferred(const captured_frames *captured, const captured_frame *frame_state, uint32_t number,
                          const volt_vm *vm, volt_fiber *fiber, uint64_t generation) {
	const volt_exit_site *site = frame_state->site;
	const uint32_t *words = site->slots + value_count(site) + 2 * (size_t)number;
	const volt_slot *values = captured->values + frame_state->first_value + words[1];
	volt_instruction *code = vm->module->functions.items[site->function].code.items;
	if (words[0] == VOLT_DEFERRED_LIST)
		push_list(*values, code, fiber, generation);
	else if (*values++)
		unwind_defer_captured(fiber, code[words[0]], values, generation);
}

static void lay_out_deferred(const captured_frames *captured, const captured_frame *frame_state,
                             const volt_vm *vm, volt_fiber *fiber, bool panics) {
	const volt_exit_site *site = frame_state->site;
	if (site->deferred_count == 0 && !site->returns)
		return;
	const uint64_t generation = unwind_captured_generation(fiber, panics);
	for (uint32_t i = 0; i < site->deferred_count; i++)
		push_deferred(captured, frame_state, i, vm, fiber, generation);
	if (site->returns)
		unwind_return_captured(fiber, vm->module->functions.items[site->function].code.items[site->pc],
		                       generation);
}

/* ---- All of them ---- */

/*
 * The frame of a deferred call lies above what its caller has saved, and gives no results. `caller` is NULL
 * where the fiber's own frame has called.
 */
static void push_frame(const captured_frame *caller, uint32_t function, const volt_vm *vm,
                       volt_fiber *fiber) {
	fiber->frames[fiber->frame_count] = caller && caller->site->returns
	                                        ? (call_frame){.function = function, .base = fiber->stack_pointer}
	                                        : frame_called_by(vm, fiber_top_frame(fiber), function);
	fiber->frame_count++;
}

bool captured_frames_lay_out(captured_frames *captured, volt_vm *vm, volt_fiber *fiber, bool panics,
                             bool held) {
	const stack_extent extent = extent_of_all(captured, vm, fiber, held);
	if (!fiber_make_room(&vm->fibers, fiber, extent.slots))
		return false;
	fiber_reserve_frames(fiber, extent.frames);
	const captured_frame *caller = NULL;
	for (uint32_t i = captured->count; i-- > 0;) {
		const captured_frame *item = &captured->items[i];
		for (uint64_t frame = 0; frame < item->count; frame++, caller = item) {
			if (caller || held)
				push_frame(caller, item->site->function, vm, fiber);
			lay_out_frame(captured, item, vm, fiber);
			lay_out_deferred(captured, item, vm, fiber, panics);
		}
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
