/* Copies of frames with what is live in them. */
#include "snapshot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/bit_set.h"
#include "analysis/liveness.h"
#include "fiber/rare.h"

typedef struct {
	uint32_t fiber;
	uint8_t state; /* of the fiber */
	call_frame frame;
	uint32_t slot_count;
	volt_slot *slots;
	uint64_t *live; /* a set */
} frame_copy;

struct snapshot {
	frame_copy *frames;
	uint32_t count, capacity;
};

/* ---- Taking ---- */

/* Slots that a call under way is going to write are live behind it, but not before it returns. */
static void drop_results(uint64_t *live, uint16_t slot, uint16_t count) {
	bit_set_remove(live, slot, slot + (uint32_t)count);
}

/* The callee of frame `index` has a frame, or has returned to it but for its deferred calls. */
static void drop_results_under_way(const volt_fiber *fiber, uint32_t index, uint64_t *live) {
	const fiber_rare *rare = fiber->rare;
	if (index + 1 < fiber->frame_count)
		drop_results(live, fiber->frames[index + 1].result_slot, fiber->frames[index + 1].result_count);
	for (uint32_t i = 0; rare && i < rare->unwind_count; i++)
		if (rare->unwinds[i].target_depth == index + 1)
			drop_results(live, rare->unwinds[i].result_slot, rare->unwinds[i].result_count);
}

static void find_live_slots(const volt_module *module, const call_frame *frame, uint64_t *set) {
	liveness live;
	volt_liveness_compute(module, frame->function, NULL, &live);
	if (frame->pc < module->functions.items[frame->function].code.count)
		volt_liveness_at(&live, frame->pc, set);
	volt_liveness_dispose(&live);
}

static frame_copy copy_frame(volt_vm *vm, volt_fiber *fiber, uint32_t index) {
	const call_frame *frame = &fiber->frames[index];
	uint32_t count = vm->functions[frame->function].local_slots;
	frame_copy copy = {
	    .fiber = fiber->id,
	    .state = fiber->state,
	    .frame = *frame,
	    .slot_count = count,
	    .slots = calloc(count + 1ULL, sizeof(volt_slot)),
	    .live = calloc(bit_set_words(count) + 1ULL, sizeof(uint64_t)),
	};
	memcpy(copy.slots, fiber_frame_slots(fiber, frame), count * sizeof(volt_slot));
	find_live_slots(vm->module, frame, copy.live);
	drop_results_under_way(fiber, index, copy.live);
	return copy;
}

snapshot *snapshot_take(volt_vm *vm) {
	snapshot *taken = calloc(1, sizeof *taken);
	for (uint32_t i = 0; i < vm->fibers.fiber_count; i++) {
		volt_fiber *fiber = fiber_find_live(&vm->fibers, i);
		for (uint32_t j = 0; fiber && j < fiber->frame_count; j++) {
			taken->frames =
			    memory_grow(taken->frames, &taken->capacity, taken->count + 1ULL, sizeof *taken->frames);
			taken->frames[taken->count++] = copy_frame(vm, fiber, j);
		}
	}
	return taken;
}

void snapshot_free(snapshot *taken) {
	for (uint32_t i = 0; taken && i < taken->count; i++) {
		free(taken->frames[i].slots);
		free(taken->frames[i].live);
	}
	if (taken)
		free(taken->frames);
	free(taken);
}

/* ---- Comparing ---- */

static bool is_reference(volt_slot slot) {
	return slot > UINT32_MAX && slot < UINT64_MAX - UINT32_MAX;
}

static bool same_slot(volt_slot interpreted, volt_slot compiled, bool live) {
	if (interpreted == compiled || (is_reference(interpreted) && is_reference(compiled)))
		return true;
	return !live && compiled == 0;
}

static bool same_place(const frame_copy *left, const frame_copy *right) {
	return left->fiber == right->fiber && left->state == right->state &&
	       memcmp(&left->frame, &right->frame, sizeof(call_frame)) == 0;
}

static void describe(const char *who, const frame_copy *copy, buffer *out) {
	const call_frame *frame = &copy->frame;
	buffer_append_format(out, "%s: fiber %u in state %u, function #%u, pc %u, base %u, results %u:%u\n", who,
	                     copy->fiber, copy->state, frame->function, frame->pc, frame->base,
	                     frame->result_slot, frame->result_count);
}

static bool compare_frames(const frame_copy *interpreted, const frame_copy *compiled, buffer *out) {
	if (!same_place(interpreted, compiled)) {
		describe("interpreted", interpreted, out);
		describe("compiled", compiled, out);
		return false;
	}
	for (uint32_t slot = 0; slot < interpreted->slot_count; slot++) {
		bool live = bit_set_has(interpreted->live, slot);
		volt_slot expected = interpreted->slots[slot], actual = compiled->slots[slot];
		if (same_slot(expected, actual, live))
			continue;
		describe("both", compiled, out);
		buffer_append_format(out, "slot %u, %s: interpreted %" PRIx64 ", compiled %" PRIx64 "\n", slot,
		                     live ? "live" : "not live", expected, actual);
		return false;
	}
	return true;
}

void snapshot_compare(const snapshot *interpreted, const snapshot *compiled, buffer *out) {
	for (uint32_t i = 0; i < interpreted->count && i < compiled->count; i++)
		if (!compare_frames(&interpreted->frames[i], &compiled->frames[i], out))
			return;
	if (interpreted->count != compiled->count)
		buffer_append_format(out, "interpreted: %u frames, compiled: %u\n", interpreted->count,
		                     compiled->count);
}
