/*
 * A variable that lives across blocks costs more as a register than in memory where no register allocation
 * follows: it is stored where it is written, and copied in front of every block in which it may come from two
 * places. What lives within a block costs nothing. So the frame is one array, which exits hand over as it is,
 * but for the slots that are dead wherever a block begins.
 */
#include "lower/plain_slots.h"

#include "analysis/bit_set.h"
#include "analysis/resume.h"
#include "calls/strategy.h"
#include "guard/memory.h"

/* Adds what is live where the host may go on in the frame. */
static void add_resumed(function_lowering *lowering, const liveness *live, uint64_t *set) {
	if (lowering->form != FORM_RESUME)
		return;
	bool *points = volt_resume_points(lowering->function, lowering->shape);
	points = memory_take(points, (lowering->function->code.count + (size_t)1) * sizeof *points);
	uint64_t *here = memory_new(live->words + 1, sizeof *here);
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++) {
		if (!points[pc])
			continue;
		volt_liveness_at(live, pc, here);
		bit_set_unite(set, here, live->words);
	}
	memory_free(here);
	memory_free(points);
}

/* The slots that are live where some block begins. */
static uint64_t *crossing_slots(function_lowering *lowering) {
	const liveness *live = live_slots_of(lowering);
	uint64_t *set = memory_new(live->words + 1, sizeof *set);
	for (uint32_t block = 0; block < live->flow.block_count; block++)
		bit_set_unite(set, live->live_in + (size_t)block * live->words, live->words);
	add_resumed(lowering, live, set);
	return set;
}

/* Else exits tell the host of every slot, or say where all are, as those of a large function do. */
static bool exits_with_live_slots(function_lowering *lowering) {
	return lowering->frame->keeps_live_only && !lowering->shape->large &&
	       !live_slots_of(lowering)->everything;
}

void plain_slots_start(function_lowering *lowering) {
	const basic_types *types = &lowering->module->types;
	const uint32_t all = all_slots(lowering), own = lowering->shape->memory_slots;
	lowering->v_slots = memory_new(all + (size_t)1, sizeof(LLVMValueRef));
	lowering->v_known = memory_new(all + (size_t)1, sizeof(LLVMValueRef));
	lowering->v_not_nil = memory_new(all + (size_t)1, sizeof(LLVMValueRef));
	lowering->v_frame = LLVMBuildAlloca(lowering->builder, LLVMArrayType2(types->i64, all), "v_frame");
	if (!exits_with_live_slots(lowering))
		return;
	uint64_t *crossing = crossing_slots(lowering);
	for (uint32_t slot = 0; slot < own && slot < lowering->function->local_slots; slot++)
		if (!bit_set_has(crossing, slot))
			lowering->v_slots[slot] = LLVMBuildAlloca(lowering->builder, types->i64, "v_slot");
	memory_free(crossing);
}

/* What deferred calls keep says whether they are pending. */
void plain_slots_clear(function_lowering *lowering) {
	const uint32_t own = lowering->function->local_slots;
	uint64_t *set = NULL;
	if (exits_with_live_slots(lowering)) {
		set = memory_new(live_slots_of(lowering)->words + (size_t)1, sizeof *set);
		volt_liveness_at(live_slots_of(lowering), 0, set);
	}
	for (uint32_t slot = lowering->shape->parameters; slot < all_slots(lowering); slot++)
		if (!set || slot >= own || bit_set_has(set, slot))
			write_slot(lowering, slot, constant_i64(lowering, 0));
	memory_free(set);
}

void plain_slots_load(function_lowering *lowering, LLVMValueRef v_from) {
	const uint64_t bytes = lowering->function->local_slots * sizeof(volt_slot);
	LLVMBuildMemCpy(lowering->builder, lowering->v_frame, sizeof(volt_slot), v_from, sizeof(volt_slot),
	                constant_i64(lowering, bytes));
}

void plain_slots_enter_block(function_lowering *lowering) {
	for (uint32_t slot = 0; lowering->v_known && slot < all_slots(lowering); slot++)
		lowering->v_known[slot] = NULL;
}

void plain_slots_end(function_lowering *lowering) {
	memory_free(lowering->v_known);
	memory_free(lowering->v_not_nil);
}
