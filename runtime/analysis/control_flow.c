/*
 * Leaders first (the entry, targets of jumps, what follows a jump), then blocks, then edges between them.
 * What walks through a block to answer a question about one instruction must not get slower with the
 * function, so a long run without jumps is several blocks.
 */
#include "analysis/control_flow.h"

#include <stdlib.h>

#include "analysis/reachability.h"

static unsigned effects_at(const volt_function *function, uint32_t pc) {
	return volt_opcode_get_info(function->code.items[pc].op)->effects;
}

static uint32_t target_of(const volt_function *function, uint32_t pc) {
	return (uint32_t)volt_jump_target(function->code.items[pc], pc);
}

static bool *find_leaders(const volt_function *function, const bool *reachable) {
	bool *leaders = calloc(function->code.count + 1, sizeof *leaders);
	if (!leaders || !reachable)
		return leaders;
	leaders[0] = true;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		unsigned effects = reachable[pc] ? effects_at(function, pc) : VOLT_EFFECT_PURE;
		if (effects & VOLT_EFFECT_JUMPS)
			leaders[target_of(function, pc)] = true;
		if (effects & (VOLT_EFFECT_JUMPS | VOLT_EFFECT_ENDS))
			leaders[pc + 1] = true;
	}
	return leaders;
}

enum { LONGEST_BLOCK = 64 }; /* instructions */

static bool last_block_is_full(const control_flow *flow) {
	const basic_block *last = &flow->blocks[flow->block_count - 1];
	return last->end - last->first >= LONGEST_BLOCK;
}

/* What is not reached stands behind an instruction that ends a block, so blocks have no gaps. */
static void make_blocks(control_flow *flow, const bool *reachable, const bool *leaders) {
	uint32_t count = flow->function->code.count;
	for (uint32_t pc = 0; pc < count; pc++) {
		flow->block_of[pc] = CONTROL_FLOW_NO_BLOCK;
		if (!reachable[pc])
			continue;
		if (leaders[pc] || last_block_is_full(flow))
			flow->blocks[flow->block_count++].first = pc;
		flow->block_of[pc] = flow->block_count - 1;
		flow->blocks[flow->block_count - 1].end = pc + 1;
	}
}

static void add_edge(control_flow *flow, basic_block *block, uint32_t target) {
	uint32_t successor = flow->block_of[target];
	if (block->successor_count == 1 && block->successors[0] == successor)
		return;
	block->successors[block->successor_count++] = successor;
	flow->blocks[successor].predecessor_count++;
}

static void connect(control_flow *flow) {
	for (uint32_t i = 0; i < flow->block_count; i++) {
		basic_block *block = &flow->blocks[i];
		uint32_t last = block->end - 1;
		unsigned effects = effects_at(flow->function, last);
		if (effects & VOLT_EFFECT_JUMPS) {
			uint32_t target = target_of(flow->function, last);
			add_edge(flow, block, target);
			if (target <= last)
				flow->blocks[flow->block_of[target]].is_loop_header = true;
		}
		if (!(effects & VOLT_EFFECT_ENDS))
			add_edge(flow, block, last + 1);
	}
}

static bool list_predecessors(control_flow *flow) {
	uint32_t total = 0;
	for (uint32_t i = 0; i < flow->block_count; i++) {
		flow->blocks[i].first_predecessor = total;
		total += flow->blocks[i].predecessor_count;
		flow->blocks[i].predecessor_count = 0;
	}
	flow->predecessors = calloc(total + 1, sizeof *flow->predecessors);
	if (!flow->predecessors)
		return false;
	for (uint32_t i = 0; i < flow->block_count; i++)
		for (uint32_t k = 0; k < flow->blocks[i].successor_count; k++) {
			basic_block *successor = &flow->blocks[flow->blocks[i].successors[k]];
			flow->predecessors[successor->first_predecessor + successor->predecessor_count++] = i;
		}
	return true;
}

bool volt_control_flow_compute(const volt_function *function, control_flow *flow) {
	bool *reachable = volt_reachable_instructions(function);
	bool *leaders = find_leaders(function, reachable);
	*flow = (control_flow){
	    .function = function,
	    .blocks = calloc(function->code.count + 1, sizeof(basic_block)),
	    .block_of = calloc(function->code.count + 1, sizeof(uint32_t)),
	};
	bool complete = reachable && leaders && flow->blocks && flow->block_of;
	if (complete) {
		make_blocks(flow, reachable, leaders);
		connect(flow);
		complete = list_predecessors(flow);
	}
	free(leaders);
	free(reachable);
	if (!complete)
		volt_control_flow_dispose(flow);
	return complete;
}

void volt_control_flow_dispose(control_flow *flow) {
	free(flow->blocks);
	free(flow->block_of);
	free(flow->predecessors);
	*flow = (control_flow){0};
}
