/*
 * A block's dominator is where the paths of its predecessors meet. Repeated until nothing changes, as in "A
 * Simple, Fast Dominance Algorithm" (Cooper, Harvey, Kennedy), but on depths in the tree and not on numbers
 * of a post-order: blocks stand in the order of their pcs, which is all the order that is needed.
 */
#include "analysis/dominators.h"

#include <stdlib.h>

enum { UNKNOWN = UINT32_MAX };

static uint32_t depth_of(const uint32_t *dominators, uint32_t block) {
	uint32_t depth = 0;
	for (; block != 0; block = dominators[block])
		depth++;
	return depth;
}

uint32_t dominators_meet(const uint32_t *dominators, uint32_t left, uint32_t right) {
	uint32_t left_depth = depth_of(dominators, left), right_depth = depth_of(dominators, right);
	for (; left_depth > right_depth; left_depth--)
		left = dominators[left];
	for (; right_depth > left_depth; right_depth--)
		right = dominators[right];
	while (left != right) {
		left = dominators[left];
		right = dominators[right];
	}
	return left;
}

static uint32_t meet_of_predecessors(const control_flow *flow, const uint32_t *dominators,
                                     const basic_block *block) {
	uint32_t met = UNKNOWN;
	for (uint32_t i = 0; i < block->predecessor_count; i++) {
		uint32_t predecessor = flow->predecessors[block->first_predecessor + i];
		if (dominators[predecessor] == UNKNOWN)
			continue;
		met = met == UNKNOWN ? predecessor : dominators_meet(dominators, met, predecessor);
	}
	return met;
}

uint32_t *dominators_compute(const control_flow *flow) {
	uint32_t *dominators = calloc(flow->block_count + 1, sizeof *dominators);
	if (!dominators)
		return NULL;
	for (uint32_t block = 1; block < flow->block_count; block++)
		dominators[block] = UNKNOWN;
	for (bool changed = true; changed;) {
		changed = false;
		for (uint32_t block = 1; block < flow->block_count; block++) {
			uint32_t met = meet_of_predecessors(flow, dominators, &flow->blocks[block]);
			changed |= met != dominators[block];
			dominators[block] = met;
		}
	}
	return dominators;
}
