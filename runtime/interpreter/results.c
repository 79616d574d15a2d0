/* Handing over results in the cases that the interpreter does not do itself. */
#include "interpreter/results.h"

#include <string.h>

#include "interpreter/replay.h"
#include "object/heap.h"
#include "state/vm_state.h"

void results_deliver(volt_fiber *fiber, const volt_slot *values, uint32_t count, uint16_t result_slot,
                     uint16_t result_count) {
	const unwind_record *unwind = rare_top_unwind(fiber->rare);
	if (unwind && unwind->target_depth == fiber->frame_count)
		return; /* of a deferred call: nobody wants them */
	if (replay_calls_from(rare_top_replay(fiber->rare), fiber->frame_count)) {
		replay_deliver(fiber, values, count < result_count ? count : result_count);
		return;
	}
	if (fiber->frame_count != 0) {
		const uint32_t written = count < result_count ? count : result_count;
		if (written == 0)
			return;
		memmove(fiber_frame_slots(fiber, fiber_top_frame(fiber)) + result_slot, values,
		        written * sizeof *values);
	}
}

/* The words of one result object, at most `wanted`. */
static uint32_t result_words(volt_slot reference, uint32_t wanted) {
	const uint32_t slots = reference ? object_slots(reference) : 0;
	return slots < wanted ? slots : wanted;
}

void results_deliver_heap(volt_vm *vm, volt_fiber *fiber, uint32_t function, const volt_slot *references,
                          uint32_t count, uint16_t result_slot, uint16_t result_count) {
	const volt_function *info = &vm->module->functions.items[function];
	volt_slot values[UINT8_MAX + 1];
	uint32_t total = 0;
	const uint32_t limit = result_count < UINT8_MAX ? result_count : UINT8_MAX;
	for (uint32_t i = 0; i < count && total < limit; i++) {
		uint32_t wanted = i < info->heap_result_slots.count ? info->heap_result_slots.items[i] : 1;
		wanted = wanted < limit - total ? wanted : limit - total;
		const uint32_t words = result_words(references[i], wanted);
		const volt_slot *object = volt_slot_pointer(references[i]);
		for (uint32_t word = 0; word < wanted; word++)
			values[total++] = word < words ? object[word] : 0;
	}
	results_deliver(fiber, values, total, result_slot, result_count);
}

void results_deliver_zeros(volt_fiber *fiber, uint16_t result_slot, uint16_t result_count) {
	static const volt_slot zeros[UINT8_MAX + 1];
	results_deliver(fiber, zeros, result_count < UINT8_MAX ? result_count : UINT8_MAX, result_slot,
	                result_count);
}
