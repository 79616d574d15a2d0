/* The nearest common dominator of all calls, and from there up the dominator tree until no loop is around. */
#include "analysis/stack_check.h"

#include <stdlib.h>

#include "analysis/dominators.h"

static bool calls(const control_flow *flow, uint32_t block) {
	for (uint32_t pc = flow->blocks[block].first; pc < flow->blocks[block].end; pc++)
		if (volt_opcode_get_info(flow->function->code.items[pc].op)->effects & VOLT_EFFECT_CALLS)
			return true;
	return false;
}

/* Blocks stand in the order of their pcs, so a loop around `block` has a jump back over it or to it. */
static bool is_in_loop(const control_flow *flow, uint32_t block) {
	for (uint32_t i = block; i < flow->block_count; i++)
		for (uint32_t k = 0; k < flow->blocks[i].successor_count; k++)
			if (flow->blocks[i].successors[k] <= block)
				return true;
	return false;
}

static uint32_t common_dominator(const control_flow *flow, const uint32_t *dominators) {
	uint32_t common = CONTROL_FLOW_NO_BLOCK;
	for (uint32_t block = 0; block < flow->block_count; block++) {
		if (!calls(flow, block))
			continue;
		common = common == CONTROL_FLOW_NO_BLOCK ? block : dominators_meet(dominators, common, block);
	}
	return common;
}

static uint32_t check_pc(const control_flow *flow, const uint32_t *dominators) {
	uint32_t block = common_dominator(flow, dominators);
	if (block == CONTROL_FLOW_NO_BLOCK)
		return STACK_CHECK_NEVER;
	while (block != 0 && is_in_loop(flow, block))
		block = dominators[block];
	return flow->blocks[block].first;
}

/* Without memory to find a better place: at the start. */
uint32_t volt_stack_check_pc(const volt_function *function) {
	control_flow flow;
	volt_control_flow_compute(function, &flow);
	uint32_t *dominators = flow.blocks ? dominators_compute(&flow) : NULL;
	uint32_t pc = dominators ? check_pc(&flow, dominators) : 0;
	free(dominators);
	volt_control_flow_dispose(&flow);
	return pc;
}
