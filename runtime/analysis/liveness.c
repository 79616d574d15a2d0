/*
 * Backward data flow over blocks. One set is kept for each block; within a block sets are found by walking.
 *
 * What is read and written comes from the table of opcodes. Beyond it:
 *   - A count that is only known at run time may be all slots to the end of the frame when read, and none
 * when written. A slot with a computed index is any slot from the first one on. Where the slot with the count
 * or the index holds a constant (constants.h), it is known.
 *   - A call writes as many results as the callee gives (certain_results.h); of closures and methods nothing
 * is known. A native may write fewer than its import declares (SEMANTICS.md, "Frames and calls").
 *   - An instruction that waits or panics may have written nothing. When it waits it is executed again from
 * its own pc, where its operands are live.
 *   - SelectExec reads and writes the slots of the cases (select_slots.h), which of them is not known before.
 *   - When a panic leaves a frame with deferred calls, its references to results on the heap are read
 * (SEMANTICS.md, "Returning"). Any instruction may be the last one before that, so they are live everywhere.
 */
#include "analysis/liveness.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/bit_set.h"
#include "analysis/certain_results.h"

/* Of sets, and of steps through instructions and words: a few seconds. */
static const uint64_t most_bytes = UINT64_C(256) << 20, usual_steps = UINT64_C(1) << 30;
/* A step to find a constant looks at all operands of an instruction. */
enum { COST_OF_CONSTANTS = 16 };

/* ---- One instruction ---- */

/* Of so many results of a call, those that the callee gives whatever it does. */
static uint32_t certain_results_of(const liveness *live, volt_instruction instruction, uint32_t slots) {
	if (instruction.op != VOLT_OP_Call || !live->certain_results)
		return 0;
	uint32_t callee = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS);
	uint32_t certain = volt_certain_results(live->module, callee, live->certain_results);
	return certain < slots ? certain : slots;
}

/* Slots that a WRITE operand covers for certain. */
static uint32_t certain_writes(const liveness *live, volt_instruction instruction,
                               const volt_operand *operand, operand_extent extent) {
	if (!extent.exact || operand->count == VOLT_COUNT_NATIVE_RESULTS)
		return 0;
	if (operand->count == VOLT_COUNT_CALL_RESULTS)
		return certain_results_of(live, instruction, extent.count);
	return extent.count;
}

/* Writes one element of many, and it is known which: then nothing is left of that one. */
static bool replaces_element(const volt_operand *operand, operand_extent extent) {
	return operand->role == VOLT_OPERAND_UPDATE && operand->count == VOLT_COUNT_REST_OF_FRAME && extent.exact;
}

static void remove_writes(const liveness *live, uint32_t pc, const volt_operand *operand, uint64_t *set) {
	if (operand->role != VOLT_OPERAND_WRITE && operand->role != VOLT_OPERAND_UPDATE)
		return;
	operand_extent extent = volt_operand_extent(&live->constants, pc, operand);
	if (operand->role == VOLT_OPERAND_UPDATE && !replaces_element(operand, extent))
		return;
	uint32_t count = certain_writes(live, live->function->code.items[pc], operand, extent);
	bit_set_remove(set, extent.first, extent.first + count);
}

static void add_reads(const liveness *live, uint32_t pc, const volt_operand *operand, uint64_t *set) {
	enum { CALLEE_IS_CLOSURE = 1 };
	volt_instruction instruction = live->function->code.items[pc];
	switch (operand->role) {
	case VOLT_OPERAND_READ:
	case VOLT_OPERAND_UPDATE:
	case VOLT_OPERAND_IMPLICIT_READ: {
		operand_extent extent = volt_operand_extent(&live->constants, pc, operand);
		if (!replaces_element(operand, extent))
			bit_set_add(set, extent.first, extent.first + extent.count);
		return;
	}
	case VOLT_OPERAND_CALLEE:
		if (instruction.flags & CALLEE_IS_CLOSURE)
			bit_set_add(set, instruction.a, instruction.a + 1u);
		return;
	case VOLT_OPERAND_NONE:
	case VOLT_OPERAND_WRITE:
	case VOLT_OPERAND_JUMP:
	case VOLT_OPERAND_CONSTANT:
	case VOLT_OPERAND_GLOBAL_READ:
	case VOLT_OPERAND_GLOBAL_WRITE:
	case VOLT_OPERAND_FUNCTION:
	case VOLT_OPERAND_NATIVE:
	case VOLT_OPERAND_NUMBER:
	case VOLT_OPERAND_NAMED: return;
	}
}

static void add_select(const liveness *live, uint32_t pc, uint64_t *set) {
	const uint64_t *cases = select_slots_of(&live->selects, pc);
	if (cases)
		bit_set_unite(set, cases, live->words);
	else
		bit_set_add(set, 0, live->slots);
}

/* From what is live behind an instruction to what is live before it. */
static void step_back(const liveness *live, uint32_t pc, uint64_t *set) {
	uint8_t opcode = live->function->code.items[pc].op;
	const volt_operand *operands = volt_opcode_get_info(opcode)->operands;
	for (const volt_operand *operand = operands; operand->role != VOLT_OPERAND_NONE; operand++)
		remove_writes(live, pc, operand, set);
	for (const volt_operand *operand = operands; operand->role != VOLT_OPERAND_NONE; operand++)
		add_reads(live, pc, operand, set);
	if (opcode == VOLT_OP_SelectExec)
		add_select(live, pc, set);
}

static void add_heap_results(const liveness *live, uint64_t *set) {
	const volt_function *function = live->function;
	if (function->has_defer)
		bit_set_add(set, function->heap_result_start,
		            (uint32_t)function->heap_result_start + function->heap_result_count);
}

/* ---- Blocks ---- */

static uint64_t *block_set(const liveness *live, uint32_t block) {
	return live->live_in + (size_t)block * live->words;
}

static void live_behind(const liveness *live, const basic_block *block, uint64_t *set) {
	memset(set, 0, live->words * sizeof *set);
	for (uint32_t i = 0; i < block->successor_count; i++)
		bit_set_unite(set, block_set(live, block->successors[i]), live->words);
	add_heap_results(live, set);
}

static void walk_back(const liveness *live, const basic_block *block, uint32_t pc, uint64_t *set) {
	live_behind(live, block, set);
	for (uint32_t at = block->end; at-- > pc;) {
		step_back(live, at, set);
		add_heap_results(live, set);
	}
}

/* True if more is live before the block than was known; it never becomes less. */
static bool update_block(const liveness *live, uint32_t index, uint64_t *set) {
	const basic_block *block = &live->flow.blocks[index];
	walk_back(live, block, block->first, set);
	if (memcmp(set, block_set(live, index), live->words * sizeof *set) == 0)
		return false;
	memcpy(block_set(live, index), set, live->words * sizeof *set);
	return true;
}

static uint64_t block_cost(const liveness *live, const basic_block *block) {
	return (uint64_t)(block->end - block->first) * (1 + live->words / 16) + 4ull * live->words;
}

static bool mark_predecessors(const control_flow *flow, uint32_t index, bool *waiting) {
	const basic_block *block = &flow->blocks[index];
	bool again = false;
	for (uint32_t i = 0; i < block->predecessor_count; i++) {
		uint32_t predecessor = flow->predecessors[block->first_predecessor + i];
		waiting[predecessor] = true;
		again |= predecessor >= index;
	}
	return again;
}

/*
 * Rounds from the last block to the first, over those that a change has reached. Code that nests loops as
 * people do needs as many rounds as loops are nested. False: it takes too long.
 */
static bool reach_fixpoint(const liveness *live, uint64_t most_steps, bool *waiting, uint64_t *set) {
	uint64_t steps = 0;
	bool again = true;
	memset(waiting, true, live->flow.block_count);
	while (again) {
		again = false;
		steps += live->flow.block_count;
		for (uint32_t i = live->flow.block_count; i-- > 0;) {
			if (!waiting[i])
				continue;
			waiting[i] = false;
			steps += block_cost(live, &live->flow.blocks[i]);
			if (steps > most_steps)
				return false;
			if (update_block(live, i, set))
				again |= mark_predecessors(&live->flow, i, waiting);
		}
	}
	return true;
}

static const char *compute(liveness *live, uint64_t most_steps) {
	static const char no_memory[] = "there is no memory to find out";
	if (!live->flow.blocks)
		return no_memory;
	slot_constants_compute(live->module, &live->flow, most_steps / COST_OF_CONSTANTS, &live->constants);
	uint64_t bytes = (uint64_t)live->flow.block_count * live->words * sizeof(uint64_t);
	if (bytes > most_bytes ||
	    !select_slots_compute(live->module, &live->flow, most_bytes - bytes, &live->selects))
		return "it has too many blocks and slots";
	live->live_in = calloc(bytes + 1, 1);
	bool *waiting = calloc(live->flow.block_count + 1, sizeof *waiting);
	uint64_t *set = calloc(live->words + 1, sizeof *set);
	const char *reason = no_memory;
	if (live->live_in && waiting && set)
		reason = reach_fixpoint(live, most_steps, waiting, set) ? NULL : "its jumps are too entangled";
	free(waiting);
	free(set);
	return reason;
}

void liveness_compute_within(const volt_module *module, uint32_t function, uint32_t *certain_results,
                             uint64_t most_steps, liveness *result) {
	const volt_function *info = &module->functions.items[function];
	*result = (liveness){
	    .module = module,
	    .function = info,
	    .certain_results = certain_results,
	    .constants = {.module = module, .function = info},
	    .slots = info->local_slots,
	    .words = bit_set_words(info->local_slots),
	};
	volt_control_flow_compute(info, &result->flow);
	result->everything = compute(result, most_steps);
}

void volt_liveness_compute(const volt_module *module, uint32_t function, uint32_t *certain_results,
                           liveness *result) {
	liveness_compute_within(module, function, certain_results, usual_steps, result);
}

void volt_liveness_dispose(liveness *live) {
	volt_control_flow_dispose(&live->flow);
	slot_constants_dispose(&live->constants);
	select_slots_dispose(&live->selects);
	free(live->live_in);
	*live = (liveness){0};
}

/* ---- Answers ---- */

void volt_liveness_at(const liveness *live, uint32_t pc, uint64_t *set) {
	memset(set, 0, live->words * sizeof *set);
	if (live->everything) {
		bit_set_add(set, 0, live->slots);
		return;
	}
	uint32_t block = live->flow.block_of[pc];
	if (block != CONTROL_FLOW_NO_BLOCK)
		walk_back(live, &live->flow.blocks[block], pc, set);
}

bool volt_liveness_visit_block(const liveness *live, uint32_t block, liveness_visitor *visit, void *user) {
	const basic_block *info = &live->flow.blocks[block];
	uint64_t *set = calloc(live->words + 1, sizeof *set);
	if (!set)
		return false;
	if (live->everything)
		bit_set_add(set, 0, live->slots);
	else
		live_behind(live, info, set);
	for (uint32_t pc = info->end; pc-- > info->first;) {
		if (!live->everything) {
			step_back(live, pc, set);
			add_heap_results(live, set);
		}
		visit(user, pc, set);
	}
	free(set);
	return true;
}
