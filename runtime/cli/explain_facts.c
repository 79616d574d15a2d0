/* Runs the analyses and turns their sets into what can be written. */
#include "cli/explain_facts.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/bit_set.h"
#include "analysis/certain_results.h"
#include "analysis/liveness.h"
#include "volt/native.h"
#include "volt/vot.h"

/* By import: it is a native of the library that never waits, unless a host has one of its own of that name.
 * NULL without memory: then all may. */
static bool *natives_that_never_wait(const volt_module *bytecode) {
	bool *never_wait = calloc((size_t)bytecode->natives.count + 1, sizeof *never_wait);
	volt_native_info info;
	for (size_t row = 0; never_wait && volt_native_list(row, &info); row++) {
		const size_t length = strlen(info.name);
		for (uint32_t i = 0; i < bytecode->natives.count && !info.may_wait; i++) {
			const volt_text name = bytecode->natives.items[i].name;
			never_wait[i] |= name.length == length && memcmp(name.bytes, info.name, length) == 0;
		}
	}
	return never_wait;
}

void module_facts_compute(const volt_module *bytecode, module_facts *facts) {
	uint32_t count = bytecode->functions.count;
	bool *never_wait = natives_that_never_wait(bytecode);
	*facts = (module_facts){
	    .bytecode = bytecode,
	    .shapes = calloc((size_t)count + 1, sizeof(function_shape)),
	    .exits = volt_exits_compute(bytecode, never_wait),
	    .tier_exits = volt_exits_compute(bytecode, NULL),
	    .certain_results = volt_certain_results_new(bytecode),
	};
	free(never_wait);
	for (uint32_t i = 0; i < count; i++)
		volt_function_shape_compute(bytecode, i, true, &facts->shapes[i]);
}

void module_facts_dispose(module_facts *facts) {
	free(facts->shapes);
	free(facts->exits);
	free(facts->tier_exits);
	free(facts->certain_results);
}

function_facts facts_of_function(const module_facts *module, uint32_t index) {
	function_facts facts = {0};
	control_flow flow;
	volt_control_flow_compute(&module->bytecode->functions.items[index], &flow);
	for (uint32_t i = 0; i < flow.block_count; i++) {
		facts.loop_headers |= flow.blocks[i].is_loop_header;
		for (uint32_t pc = flow.blocks[i].first; pc < flow.blocks[i].end && !facts.calls_interpreted; pc++) {
			volt_instruction instruction = flow.function->code.items[pc];
			uint32_t callee = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS);
			facts.calls_interpreted = instruction.op == VOLT_OP_Call && module->shapes[callee].refusal;
			facts.interpreted_call = pc;
			facts.interpreted_callee = callee;
		}
	}
	volt_control_flow_dispose(&flow);
	facts.stack_check_pc =
	    module->shapes[index].large ? 0 : volt_stack_check_pc(&module->bytecode->functions.items[index]);
	return facts;
}

bool facts_unwinds(const module_facts *module, uint32_t index) {
	return volt_exits_class(&module->tier_exits[index]) != EXITS_WAIT;
}

/* ---- Instructions ---- */

static void collect_ranges(const uint64_t *set, uint32_t slots, live_slots *live) {
	*live = (live_slots){0};
	for (uint32_t slot = 0; slot < slots; slot++) {
		if (slot % BIT_SET_WORD_BITS == 0 && set[slot / BIT_SET_WORD_BITS] == 0) {
			slot += BIT_SET_WORD_BITS - 1;
			continue;
		}
		slot_range *last = &live->ranges[live->range_count ? live->range_count - 1 : 0];
		if (!bit_set_has(set, slot))
			continue;
		if (live->range_count && last->last + 1 == slot)
			last->last = slot;
		else if (live->range_count < LIVE_RANGES)
			live->ranges[live->range_count++] = (slot_range){slot, slot};
		else
			live->more++;
	}
}

/* Sets are found from the end of a block, and written from its beginning. */
typedef struct {
	live_slots *lines; /* by pc - first */
	uint32_t first;
	uint32_t slots;
} block_lines;

static void keep_line(void *user, uint32_t pc, const uint64_t *set) {
	block_lines *block = user;
	collect_ranges(set, block->slots, &block->lines[pc - block->first]);
}

static char *instruction_text(const module_facts *module, uint32_t index, uint32_t pc) {
	const volt_function *function = &module->bytecode->functions.items[index];
	size_t size = volt_instruction_format(module->bytecode, function, pc, NULL, 0) + 1;
	char *text = calloc(size, 1);
	volt_instruction_format(module->bytecode, function, pc, text, size);
	return text;
}

static void visit_instruction(const module_facts *module, uint32_t index, instruction_facts facts,
                              instruction_visitor *visit, void *user) {
	char *text = instruction_text(module, index, facts.pc);
	facts.text = text;
	visit(user, &facts);
	free(text);
}

static void visit_block(const module_facts *module, uint32_t index, const liveness *live, uint32_t block,
                        instruction_visitor *visit, void *user) {
	const basic_block *info = &live->flow.blocks[block];
	block_lines lines = {calloc(info->end - info->first, sizeof(live_slots)), info->first, live->slots};
	volt_liveness_visit_block(live, block, keep_line, &lines);
	for (uint32_t pc = info->first; pc < info->end; pc++) {
		instruction_facts facts = {
		    .pc = pc,
		    .is_loop_header = pc == info->first && info->is_loop_header,
		    .live = &lines.lines[pc - info->first],
		};
		visit_instruction(module, index, facts, visit, user);
	}
	free(lines.lines);
}

const char *facts_visit_instructions(const module_facts *module, uint32_t index, instruction_visitor *visit,
                                     void *user) {
	liveness live;
	volt_liveness_compute(module->bytecode, index, module->certain_results, &live);
	for (uint32_t pc = 0; pc < live.function->code.count;) {
		uint32_t block = live.flow.block_of[pc];
		if (block != CONTROL_FLOW_NO_BLOCK) {
			visit_block(module, index, &live, block, visit, user);
			pc = live.flow.blocks[block].end;
		} else {
			visit_instruction(module, index, (instruction_facts){.pc = pc}, visit, user);
			pc++;
		}
	}
	const char *everything = live.everything;
	volt_liveness_dispose(&live);
	return everything;
}
