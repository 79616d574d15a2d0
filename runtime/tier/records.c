/* Exit records: what compiled code writes, and how it becomes frames. */
#include "tier/records.h"

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
void records_add(exit_records *records, const volt_exit_site *site, const volt_slot *values,
                 uint64_t context_pc) {
	uint32_t first = records->value_count;
	uint64_t need = (uint64_t)first + site->slot_count;
	if (need > records->value_capacity)
		memory_grow_scanned(&records->values, &records->value_capacity, need, sizeof(volt_slot));
	if (records->count == records->capacity)
		records->items =
		    memory_grow(records->items, &records->capacity, records->count + 1ULL, sizeof(exit_record));
	copy_values(records->values + first, site, values);
	atomic_signal_fence(memory_order_release);
	records->value_count = (uint32_t)need;
	records->items[records->count++] = (exit_record){
	    .site = site,
	    .pc = site->pc == VOLT_PC_IN_CONTEXT ? (uint32_t)context_pc : site->pc,
	    .first_value = first,
	};
}

/* ---- Frames ---- */

static uint64_t slots_of(const volt_vm *vm, const exit_record *record) {
	return vm->functions[record->site->function].local_slots;
}

static uint64_t slots_of_all(const exit_records *records, const volt_vm *vm) {
	uint64_t slots = 0;
	for (uint32_t i = 0; i < records->count; i++)
		slots += slots_of(vm, &records->items[i]);
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

/* Slots that were not recorded will not be read again: they are 0. */
static void fill_slots(const exit_records *records, const exit_record *record, volt_slot *slots,
                       uint64_t count) {
	const volt_exit_site *site = record->site;
	memset(slots, 0, count * sizeof(volt_slot));
	for (uint32_t i = 0; i < site->slot_count; i++)
		slots[site->slots[i]] = records->values[record->first_value + i];
}

static void lay_out_frame(const exit_records *records, const exit_record *record, const volt_vm *vm,
                          volt_fiber *fiber) {
	call_frame *frame = fiber_top_frame(fiber);
	uint64_t slots = slots_of(vm, record);
	frame->pc = record->pc;
	if (slots)
		fill_slots(records, record, fiber->stack + frame->base, slots);
	fiber->stack_pointer = (uint32_t)(frame->base + slots);
}

bool records_lay_out(exit_records *records, volt_vm *vm, volt_fiber *fiber) {
	if (!fiber_make_room(&vm->fibers, fiber, fiber_top_frame(fiber)->base + slots_of_all(records, vm)))
		return false;
	uint64_t frames = (uint64_t)fiber->frame_count + records->count - 1;
	if (frames > fiber->frame_capacity)
		fiber->frames = memory_grow(fiber->frames, &fiber->frame_capacity, frames, sizeof(call_frame));
	lay_out_frame(records, &records->items[records->count - 1], vm, fiber);
	for (uint32_t i = records->count - 1; i-- > 0;) {
		const call_frame *caller = fiber_top_frame(fiber);
		fiber->frames[fiber->frame_count] = frame_called_by(vm, caller, records->items[i].site->function);
		fiber->frame_count++;
		lay_out_frame(records, &records->items[i], vm, fiber);
	}
	atomic_signal_fence(memory_order_release);
	records->count = 0;
	records->value_count = 0;
	return true;
}

void records_free(exit_records *records) {
	free(records->items);
	free(records->values);
}

void tier_scan_roots(const volt_vm *vm) {
	const tier_state *state = vm->tier;
	if (state && state->records.value_count)
		heap_push_roots(state->records.values, state->records.value_count);
}
