/*
 * Points of a function between which a select can be under way belong together: they are merged along control
 * flow, from each SelectBegin to the SelectExec that ends it. All cases of a group are cases of all its
 * SelectExecs, which is more than enough where paths meet.
 */
#include "analysis/select_slots.h"

#include <stdlib.h>

#include "analysis/bit_set.h"

enum { GROUP_NONE = UINT32_MAX, GROUP_ANYTHING = UINT32_MAX - 1 };

/* Nodes: before each instruction (its pc), and behind each SelectBegin (`count` + pc). */
typedef struct {
	const volt_function *function;
	uint32_t *parent;
	uint32_t count;
} merging;

static uint32_t find(merging *nodes, uint32_t node) {
	while (nodes->parent[node] != node) {
		nodes->parent[node] = nodes->parent[nodes->parent[node]];
		node = nodes->parent[node];
	}
	return node;
}

static uint8_t opcode_at(const merging *nodes, uint32_t pc) {
	return nodes->function->code.items[pc].op;
}

/* Control goes from `pc` to `next`. After a SelectExec no select is under way. */
static void follow(merging *nodes, uint32_t pc, uint32_t next) {
	uint8_t opcode = opcode_at(nodes, pc);
	if (opcode == VOLT_OP_SelectExec)
		return;
	uint32_t behind = opcode == VOLT_OP_SelectBegin ? nodes->count + pc : pc;
	nodes->parent[find(nodes, behind)] = find(nodes, next);
}

static void merge(merging *nodes, const control_flow *flow) {
	for (uint32_t i = 0; i < 2 * nodes->count; i++)
		nodes->parent[i] = i;
	for (uint32_t i = 0; i < flow->block_count; i++) {
		const basic_block *block = &flow->blocks[i];
		for (uint32_t pc = block->first; pc + 1 < block->end; pc++)
			follow(nodes, pc, pc + 1);
		for (uint32_t k = 0; k < block->successor_count; k++)
			follow(nodes, block->end - 1, flow->blocks[block->successors[k]].first);
	}
}

/*
 * Numbers the groups with a SelectExec. Where the function may have begun no select itself, an earlier frame
 * at the same place of the stack may have left one behind, whose slots nobody here knows.
 */
static uint32_t number_groups(merging *nodes, const control_flow *flow, uint32_t *group_of_root,
                              uint32_t *group) {
	uint32_t groups = 0, unknown = find(nodes, 0);
	for (uint32_t i = 0; i < 2 * nodes->count; i++)
		group_of_root[i] = GROUP_NONE;
	group_of_root[unknown] = GROUP_ANYTHING;
	for (uint32_t pc = 0; pc < nodes->count; pc++) {
		if (flow->block_of[pc] == CONTROL_FLOW_NO_BLOCK || opcode_at(nodes, pc) != VOLT_OP_SelectExec)
			continue;
		uint32_t root = find(nodes, pc);
		if (group_of_root[root] == GROUP_NONE)
			group_of_root[root] = groups++;
		group[pc] = group_of_root[root];
	}
	return groups;
}

static void add_case(const volt_module *module, const volt_function *function, volt_instruction instruction,
                     uint64_t *set) {
	const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++) {
		int slots = volt_operand_slots(module, function, instruction, operand);
		uint32_t first = volt_operand_first_slot(instruction, operand);
		if (slots > 0)
			bit_set_add(set, first, first + (uint32_t)slots);
	}
}

static void add_cases(const volt_module *module, merging *nodes, const control_flow *flow,
                      const uint32_t *group_of_root, select_slots *slots) {
	for (uint32_t pc = 0; pc < nodes->count; pc++) {
		uint8_t opcode = opcode_at(nodes, pc);
		bool is_case = opcode == VOLT_OP_SelectSend || opcode == VOLT_OP_SelectRecv;
		if (!is_case || flow->block_of[pc] == CONTROL_FLOW_NO_BLOCK)
			continue;
		uint32_t group = group_of_root[find(nodes, pc)];
		if (group < GROUP_ANYTHING)
			add_case(module, nodes->function, nodes->function->code.items[pc],
			         slots->sets + (size_t)group * slots->words);
	}
}

static bool has_select(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (function->code.items[pc].op == VOLT_OP_SelectExec)
			return true;
	return false;
}

/* With memory for the groups. False: the sets take too much. */
static bool collect(const volt_module *module, const control_flow *flow, uint64_t most_bytes, merging *nodes,
                    uint32_t *group_of_root, select_slots *slots) {
	merge(nodes, flow);
	uint32_t groups = number_groups(nodes, flow, group_of_root, slots->group);
	if ((uint64_t)groups * slots->words * sizeof(uint64_t) > most_bytes)
		return false;
	slots->sets = calloc((size_t)groups * slots->words + 1, sizeof *slots->sets);
	if (slots->sets)
		add_cases(module, nodes, flow, group_of_root, slots);
	return slots->sets;
}

bool select_slots_compute(const volt_module *module, const control_flow *flow, uint64_t most_bytes,
                          select_slots *slots) {
	uint32_t count = flow->function->code.count;
	*slots = (select_slots){.words = bit_set_words(flow->function->local_slots)};
	if (!has_select(flow->function))
		return true;
	merging nodes = {flow->function, calloc(2 * (size_t)count, sizeof(uint32_t)), count};
	uint32_t *group_of_root = calloc(2 * (size_t)count, sizeof *group_of_root);
	slots->group = calloc(count, sizeof *slots->group);
	bool complete = nodes.parent && group_of_root && slots->group &&
	                collect(module, flow, most_bytes, &nodes, group_of_root, slots);
	free(group_of_root);
	free(nodes.parent);
	return complete;
}

void select_slots_dispose(select_slots *slots) {
	free(slots->group);
	free(slots->sets);
	*slots = (select_slots){0};
}

const uint64_t *select_slots_of(const select_slots *slots, uint32_t pc) {
	uint32_t group = slots->group[pc];
	return group == GROUP_ANYTHING ? NULL : slots->sets + (size_t)group * slots->words;
}
