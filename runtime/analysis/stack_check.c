/*
 * Some path from the entry to a call is followed block by block, together with everything that can be reached
 * beside it. A block of the path that nothing has gone around by then is one that every path to a call passes
 * through. Each edge is followed once.
 */
#include "analysis/stack_check.h"

#include <stdlib.h>

#include "analysis/control_flow.h"

typedef struct {
	const control_flow *flow;
	uint32_t *before;   /* by block that was seen: the one that it was reached from */
	uint32_t *position; /* by block: where it stands on the path, from 1; 0: it does not */
	uint32_t *path;
	uint32_t *loops;   /* by block: how many loops there are around it */
	uint32_t *pending; /* blocks that were seen and not followed yet */
	uint32_t pending_count;
	bool *seen;
	uint32_t farthest; /* position that can be reached from what was followed so far */
} search;

static bool calls(const control_flow *flow, uint32_t block) {
	for (uint32_t pc = flow->blocks[block].first; pc < flow->blocks[block].end; pc++)
		if (volt_opcode_get_info(flow->function->code.items[pc].op)->effects & VOLT_EFFECT_CALLS)
			return true;
	return false;
}

static void see(search *state, uint32_t block, uint32_t before) {
	if (state->seen[block])
		return;
	state->seen[block] = true;
	state->before[block] = before;
	state->pending[state->pending_count++] = block;
}

/* A block that calls, reached through blocks that do not; CONTROL_FLOW_NO_BLOCK: nothing is called. */
static uint32_t find_call(search *state) {
	see(state, 0, 0);
	while (state->pending_count > 0) {
		uint32_t block = state->pending[--state->pending_count];
		const basic_block *info = &state->flow->blocks[block];
		if (calls(state->flow, block))
			return block;
		for (uint32_t i = 0; i < info->successor_count; i++)
			see(state, info->successors[i], block);
	}
	return CONTROL_FLOW_NO_BLOCK;
}

/* Positions stand in `position` and `path`; returns the one of `last`. */
static uint32_t lay_path(search *state, uint32_t last) {
	uint32_t length = 1;
	for (uint32_t block = last; block != 0; block = state->before[block])
		length++;
	uint32_t block = last;
	for (uint32_t at = length; at > 0; at--, block = state->before[block]) {
		state->path[at] = block;
		state->position[block] = at;
	}
	return length;
}

/* A call beside the path is a way around all that is left of it. */
static void reach(search *state, uint32_t block) {
	uint32_t position = state->position[block];
	if (position == 0 && calls(state->flow, block))
		position = UINT32_MAX;
	if (position == 0)
		see(state, block, 0);
	else if (position > state->farthest)
		state->farthest = position;
}

/* From a block of the path to wherever the path or a call is reached again. */
static void follow(search *state, uint32_t block) {
	state->pending[state->pending_count++] = block;
	while (state->pending_count > 0) {
		const basic_block *info = &state->flow->blocks[state->pending[--state->pending_count]];
		for (uint32_t i = 0; i < info->successor_count; i++)
			reach(state, info->successors[i]);
	}
}

/* Blocks stand in the order of their pcs, so a loop around a block has a jump back over it or to it. */
static void count_loops(search *state) {
	const control_flow *flow = state->flow;
	for (uint32_t i = 0; i < flow->block_count; i++)
		for (uint32_t k = 0; k < flow->blocks[i].successor_count; k++) {
			uint32_t header = flow->blocks[i].successors[k];
			if (header > i)
				continue;
			state->loops[header]++;
			state->loops[i + 1]--;
		}
	for (uint32_t i = 0; i < flow->block_count; i++)
		state->loops[i + 1] += state->loops[i];
}

/* The last block of the path that nothing goes around, outside of loops; else the entry. */
static uint32_t find_place(search *state, uint32_t length) {
	uint32_t place = 0;
	state->farthest = 1;
	for (uint32_t at = 1; at <= length; at++) {
		uint32_t block = state->path[at];
		if (at == state->farthest && state->loops[block] == 0)
			place = block;
		if (at < length)
			follow(state, block);
	}
	return place;
}

static uint32_t check_pc(search *state) {
	uint32_t last = find_call(state);
	if (last == CONTROL_FLOW_NO_BLOCK)
		return STACK_CHECK_NEVER;
	uint32_t length = lay_path(state, last);
	for (uint32_t block = 0; block < state->flow->block_count; block++)
		state->seen[block] = false;
	state->pending_count = 0;
	count_loops(state);
	return state->flow->blocks[find_place(state, length)].first;
}

/* Without memory to find a better place: at the start. */
uint32_t volt_stack_check_pc(const volt_function *function) {
	control_flow flow;
	bool computed = volt_control_flow_compute(function, &flow);
	size_t room = (size_t)flow.block_count + 2;
	enum { ARRAYS = 5 };
	uint32_t *words = calloc(ARRAYS * room, sizeof *words);
	bool *seen = calloc(room, sizeof *seen);
	uint32_t pc = 0;
	if (computed && words && seen && flow.block_count > 0)
		pc = check_pc(&(search){
		    .flow = &flow,
		    .before = words,
		    .position = words + room,
		    .path = words + 2 * room,
		    .loops = words + 3 * room,
		    .pending = words + 4 * room,
		    .seen = seen,
		});
	free(words);
	free(seen);
	volt_control_flow_dispose(&flow);
	return pc;
}
