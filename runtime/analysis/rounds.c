/*
 * One loop at a time, in two walks through its blocks; without an inner loop these are in the order of their
 * pcs. The first walk describes what each slot holds by what slots held when the round began. At its end that
 * tells by how much the round has changed each slot. The second walk knows this and finds how every other
 * value changes, and the facts.
 *
 * Where ways meet, a slot keeps its description only if it is the same on all of them: the same instruction
 * has written it, or it is the same sum. That both are unchanged says nothing of a value that is now the one
 * and now the other.
 */
#include "analysis/rounds.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/constants.h"
#include "analysis/round_values.h"

/* A loop that is larger spends its time elsewhere than in checks. */
enum { MOST_INSTRUCTIONS = 400, MOST_BLOCKS = 64, MOST_SLOTS = 256 };

typedef struct {
	const volt_module *module;
	const control_flow *flow;
	const function_shape *shape;
	call_is_inline *is_inline;
	void *user;
	function_rounds *rounds;
	slot_constants constants; /* knows nothing: operands reach as far as they may */
	/* Of the loop that is looked at: */
	uint32_t header;              /* block */
	uint32_t blocks[MOST_BLOCKS]; /* in the order of their pcs */
	uint32_t block_count;
	bool every_round[MOST_BLOCKS];
	round_memory memory;
	round_value *values; /* MOST_BLOCKS + 1 rows of a value for each slot: at the start of each block; now */
	round_change *steps; /* by slot: how a round changes what it holds at its start */
} search;

static const volt_instruction *code_of(const search *state) {
	return state->flow->function->code.items;
}

/* ---- The blocks of a loop ---- */

/* Position of a block in the loop, or `block_count`. */
static uint32_t position(const search *state, uint32_t block) {
	uint32_t i = 0;
	while (i < state->block_count && state->blocks[i] != block)
		i++;
	return i;
}

static bool is_latch(const search *state, uint32_t block) {
	const basic_block *latch = &state->flow->blocks[block];
	for (uint32_t i = 0; i < latch->successor_count; i++)
		if (latch->successors[i] == state->header && block >= state->header)
			return true;
	return false;
}

static int by_number(const void *left, const void *right) {
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

/* Adds the block and, from the end of the list, whatever leads there. False: it is not such a loop. */
static bool add_block(search *state, uint32_t block) {
	if (position(state, block) < state->block_count)
		return true;
	if (state->block_count == MOST_BLOCKS || block < state->header ||
	    (block != state->header && state->flow->blocks[block].is_loop_header))
		return false;
	state->blocks[state->block_count++] = block;
	return true;
}

static bool add_predecessors(search *state, uint32_t block) {
	const basic_block *at = &state->flow->blocks[block];
	for (uint32_t i = 0; i < at->predecessor_count; i++)
		if (!add_block(state, state->flow->predecessors[at->first_predecessor + i]))
			return false;
	return true;
}

/* What gets from the header back to it; entered nowhere else, since no block in front of it is added. */
static bool find_blocks(search *state, uint32_t header) {
	state->header = header;
	state->block_count = 0;
	add_block(state, header);
	const basic_block *first = &state->flow->blocks[header];
	for (uint32_t i = 0; i < first->predecessor_count; i++) {
		uint32_t before = state->flow->predecessors[first->first_predecessor + i];
		if (is_latch(state, before) && !add_block(state, before))
			return false;
	}
	for (uint32_t i = 1; i < state->block_count; i++)
		if (!add_predecessors(state, state->blocks[i]))
			return false;
	qsort(state->blocks, state->block_count, sizeof *state->blocks, by_number);
	return true;
}

/* Does a way from the header back to it avoid this block? */
static bool can_be_avoided(const search *state, uint32_t avoided) {
	bool reached[MOST_BLOCKS] = {avoided != 0};
	for (uint32_t i = 0; i < state->block_count; i++) {
		if (!reached[i])
			continue;
		if (is_latch(state, state->blocks[i]))
			return true;
		const basic_block *block = &state->flow->blocks[state->blocks[i]];
		for (uint32_t k = 0; k < block->successor_count; k++) {
			uint32_t next = position(state, block->successors[k]);
			if (next < state->block_count && next != avoided)
				reached[next] = true;
		}
	}
	return false;
}

/* ---- Which loops can be looked at ---- */

static bool is_harmless(const search *state, uint32_t pc) {
	volt_instruction instruction = code_of(state)[pc];
	if (instruction.op == VOLT_OP_Call || instruction.op == VOLT_OP_CallExtern)
		return state->is_inline && state->is_inline(state->user, pc);
	return round_instruction_is_short(instruction);
}

/* A call that is inline stores what its callee does, which calls nothing in its turn or is not looked into.
 */
static void add_stores(search *state, volt_instruction instruction) {
	if (instruction.op != VOLT_OP_Call) {
		round_memory_add(&state->memory, state->flow->function, instruction);
		return;
	}
	uint32_t index = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS);
	const volt_function *callee = &state->module->functions.items[index];
	for (uint32_t pc = 0; pc < callee->code.count; pc++)
		round_memory_add(&state->memory, callee, callee->code.items[pc]);
}

static bool all_harmless(search *state) {
	uint32_t instructions = 0;
	state->memory = (round_memory){0};
	for (uint32_t i = 0; i < state->block_count; i++) {
		const basic_block *block = &state->flow->blocks[state->blocks[i]];
		instructions += block->end - block->first;
		for (uint32_t pc = block->first; pc < block->end; pc++) {
			if (instructions > MOST_INSTRUCTIONS || !is_harmless(state, pc))
				return false;
			add_stores(state, code_of(state)[pc]);
		}
	}
	return true;
}

/* ---- Walking ---- */

static round_value *values_at(const search *state, uint32_t place) {
	return &state->values[(size_t)place * state->shape->memory_slots];
}

static round_value *values_now(const search *state) {
	return values_at(state, MOST_BLOCKS);
}

static void write_results(search *state, uint32_t pc, round_value result) {
	const volt_operand *operand = volt_opcode_get_info(code_of(state)[pc].op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (operand->role != VOLT_OPERAND_WRITE && operand->role != VOLT_OPERAND_UPDATE)
			continue;
		operand_extent extent = volt_operand_extent(&state->constants, pc, operand);
		for (uint32_t i = 0; i < extent.count && extent.first + i < state->shape->memory_slots; i++) {
			values_now(state)[extent.first + i] = extent.count == 1 ? result : (round_value){0};
			values_now(state)[extent.first + i].writer = pc;
		}
	}
}

/* Slots that an index reaches are in memory, and not followed. */
static round_value value_of(const search *state, uint32_t slot) {
	const round_value unknown = {.writer = ROUND_SEVERAL_WRITERS};
	return slot < state->shape->memory_slots ? values_now(state)[slot] : unknown;
}

static bool is_compared(uint8_t op) {
	return op >= VOLT_OP_EqI && op <= VOLT_OP_GeU;
}

static bool stays_if_taken(const search *state, uint32_t pc, bool *taken) {
	volt_instruction instruction = code_of(state)[pc];
	uint32_t target = state->flow->block_of[volt_jump_target(instruction, pc)];
	uint32_t next = state->flow->block_of[pc + 1];
	bool target_inside = position(state, target) < state->block_count;
	*taken = target_inside;
	return target_inside != (position(state, next) < state->block_count);
}

static void note_stay(search *state, uint32_t pc, uint32_t comparison, round_test test) {
	round_change lower = test.second_is_lower ? test.second : test.first;
	round_change upper = test.second_is_lower ? test.first : test.second;
	round_change closing = round_change_closing(lower, upper);
	if (closing.kind == CHANGE_UNKNOWN)
		return;
	round_fact *fact = &state->rounds->facts[pc];
	*fact = (round_fact){
	    .kind = ROUND_STAYS,
	    .change = closing,
	    .comparison = comparison,
	    .second_is_lower = test.second_is_lower,
	    .inclusive = test.inclusive,
	};
	if (comparison != pc)
		state->rounds->facts[comparison].kind = ROUND_COMPARED;
}

/* The tested slot holds what a comparison of this round has found, whose operands every round compares. */
static void look_at_jump(search *state, uint32_t pc) {
	volt_instruction jump = code_of(state)[pc];
	bool taken;
	if (!stays_if_taken(state, pc, &taken))
		return;
	uint32_t writer = value_of(state, jump.a).writer;
	if (writer == ROUND_NO_WRITER || writer == ROUND_SEVERAL_WRITERS ||
	    !is_compared(code_of(state)[writer].op) || code_of(state)[writer].a != jump.a)
		return;
	uint32_t block = position(state, state->flow->block_of[writer]);
	if (block == state->block_count || !state->every_round[block])
		return;
	const round_value *result = &values_now(state)[jump.a];
	round_test test = {.first = result->compared[0], .second = result->compared[1]};
	if (round_test_find(code_of(state)[writer], taken == (jump.op == VOLT_OP_JumpIf), &test))
		note_stay(state, pc, writer, test);
}

static void look_at_for_loop(search *state, uint32_t pc) {
	volt_instruction instruction = code_of(state)[pc];
	bool taken;
	if (!stays_if_taken(state, pc, &taken) || !taken)
		return;
	enum { DOWN = 2, INCLUSIVE = 4 };
	round_test test = {
	    .first = value_of(state, instruction.a).change,
	    .second = value_of(state, instruction.b).change,
	    .second_is_lower = (instruction.flags & DOWN) != 0,
	    .inclusive = (instruction.flags & INCLUSIVE) != 0,
	};
	note_stay(state, pc, pc, test);
}

/* Before the instruction has written anything. */
static void look_at_memory(search *state, uint32_t pc, round_value result) {
	volt_instruction instruction = code_of(state)[pc];
	uint32_t object, index;
	round_fact *fact = &state->rounds->facts[pc];
	if (round_reads_memory(instruction) && round_change_is_none(result.change)) {
		*fact = (round_fact){.kind = ROUND_REPEATED};
		return;
	}
	if (!round_element_operands(instruction, &object, &index) ||
	    !round_change_is_none(value_of(state, object).change))
		return;
	*fact = (round_fact){.kind = ROUND_ELEMENT, .change = value_of(state, index).change};
}

static round_value evaluate(search *state, uint32_t pc) {
	volt_instruction instruction = code_of(state)[pc];
	round_operands operands = {
	    .module = state->module,
	    .memory = &state->memory,
	    .a = value_of(state, instruction.a),
	    .b = value_of(state, instruction.b),
	    .c = value_of(state, instruction.c),
	    .a_is_reference = volt_slot_is_reference(state->flow->function, instruction.a),
	};
	return round_evaluate(instruction, &operands);
}

static bool is_followed(const search *state, volt_instruction copy) {
	uint32_t slots = state->shape->memory_slots;
	return copy.a + copy.c <= slots && copy.b + copy.c <= slots;
}

/*
 * CopyN, whose slots may overlap. Their writer is the copy: the one of the values says nothing of where they
 * stand now, and slots that nothing has written yet would all be the same.
 */
static void copy_values(search *state, uint32_t pc) {
	volt_instruction copy = code_of(state)[pc];
	memmove(&values_now(state)[copy.a], &values_now(state)[copy.b], copy.c * sizeof(round_value));
	for (uint32_t i = 0; i < copy.c; i++)
		values_now(state)[copy.a + i].writer = pc;
}

static void walk_block(search *state, uint32_t place, bool looks) {
	const basic_block *block = &state->flow->blocks[state->blocks[place]];
	size_t row = state->shape->memory_slots * sizeof(round_value);
	memcpy(values_now(state), values_at(state, place), row);
	looks = looks && state->every_round[place];
	for (uint32_t pc = block->first; pc < block->end; pc++) {
		volt_instruction instruction = code_of(state)[pc];
		round_value result = evaluate(state, pc);
		if (looks)
			look_at_memory(state, pc, result);
		if (looks && (instruction.op == VOLT_OP_JumpIf || instruction.op == VOLT_OP_JumpIfNot))
			look_at_jump(state, pc);
		if (instruction.op == VOLT_OP_CopyN && is_followed(state, instruction))
			copy_values(state, pc);
		else
			write_results(state, pc, result);
		if (looks && instruction.op == VOLT_OP_ForLoop)
			look_at_for_loop(state, pc);
	}
}

/* The values of now on one more way to a place. */
static void meet(const search *state, round_value *values, bool first_way) {
	for (uint32_t slot = 0; slot < state->shape->memory_slots; slot++)
		values[slot] =
		    first_way ? values_now(state)[slot] : round_value_of_both(values[slot], values_now(state)[slot]);
}

static void walk(search *state, const round_change *steps, bool looks, round_value *at_end) {
	bool reached[MOST_BLOCKS] = {true}, ended = false;
	for (uint32_t slot = 0; slot < state->shape->memory_slots; slot++)
		values_at(state, 0)[slot] = round_value_at_start(slot, steps ? steps[slot] : (round_change){0});
	for (uint32_t i = 0; i < state->block_count; i++) {
		const basic_block *block = &state->flow->blocks[state->blocks[i]];
		walk_block(state, i, looks);
		for (uint32_t k = 0; k < block->successor_count; k++) {
			uint32_t next = position(state, block->successors[k]);
			if (next == state->block_count)
				continue;
			bool back = next == 0;
			meet(state, back ? at_end : values_at(state, next), back ? !ended : !reached[next]);
			ended |= back;
			reached[next] = true;
		}
	}
}

/* ---- Loops ---- */

static void find_steps(search *state, const round_value *at_end) {
	uint32_t slots = state->shape->memory_slots;
	for (uint32_t slot = 0; slot < slots; slot++)
		state->steps[slot] = round_step(at_end[slot], slot);
	for (uint32_t slot = 0; slot < slots; slot++)
		if (state->steps[slot].kind == CHANGE_BY_SLOT &&
		    !round_change_is_none(state->steps[state->steps[slot].slot]))
			state->steps[slot] = (round_change){0};
}

static void forget_facts(search *state, uint32_t loop) {
	for (uint32_t i = 0; i < state->block_count; i++) {
		const basic_block *block = &state->flow->blocks[state->blocks[i]];
		for (uint32_t pc = block->first; pc < block->end; pc++) {
			state->rounds->loop_of[pc] = loop;
			state->rounds->facts[pc] = (round_fact){0};
		}
	}
}

static void add_loop(search *state) {
	round_loop *loop = &state->rounds->loops[state->rounds->loop_count];
	*loop = (round_loop){.header = state->flow->blocks[state->header].first};
	for (uint32_t i = 0; i < state->block_count; i++) {
		const basic_block *block = &state->flow->blocks[state->blocks[i]];
		loop->instructions += block->end - block->first;
		for (uint32_t pc = block->first; pc < block->end; pc++) {
			const round_fact *fact = &state->rounds->facts[pc];
			loop->facts += fact->kind != ROUND_NOTHING;
			state->rounds->loop_of[pc] = state->rounds->loop_count;
		}
	}
	if (loop->facts)
		state->rounds->loop_count++;
	else
		forget_facts(state, ROUND_NO_LOOP);
}

static void look_at_loop(search *state, uint32_t header, round_value *at_end) {
	if (!find_blocks(state, header) || !all_harmless(state))
		return;
	for (uint32_t i = 0; i < state->block_count; i++)
		state->every_round[i] = !can_be_avoided(state, i);
	walk(state, NULL, false, at_end);
	find_steps(state, at_end);
	walk(state, state->steps, true, at_end);
	add_loop(state);
}

static bool look_at_loops(search *state) {
	const control_flow *flow = state->flow;
	size_t slots = state->shape->memory_slots + (size_t)1;
	round_value *at_end = calloc(slots, sizeof *at_end);
	state->values = calloc(slots * (MOST_BLOCKS + 1), sizeof *state->values);
	state->steps = calloc(slots, sizeof *state->steps);
	bool complete = at_end && state->values && state->steps;
	for (uint32_t block = 0; complete && block < flow->block_count; block++)
		if (flow->blocks[block].is_loop_header)
			look_at_loop(state, block, at_end);
	free(at_end);
	free(state->values);
	free(state->steps);
	return complete;
}

static bool has_loop(const control_flow *flow) {
	for (uint32_t block = 0; block < flow->block_count; block++)
		if (flow->blocks[block].is_loop_header)
			return true;
	return false;
}

static bool make_rounds(const volt_function *function, function_rounds *rounds) {
	size_t count = function->code.count + (size_t)1;
	*rounds = (function_rounds){
	    .loops = calloc(count, sizeof *rounds->loops),
	    .loop_of = malloc(count * sizeof *rounds->loop_of),
	    .facts = calloc(count, sizeof *rounds->facts),
	};
	if (!rounds->loops || !rounds->loop_of || !rounds->facts)
		return false;
	for (size_t pc = 0; pc < count; pc++)
		rounds->loop_of[pc] = ROUND_NO_LOOP;
	return true;
}

bool volt_function_rounds_compute(const volt_module *module, uint32_t function, const function_shape *shape,
                                  call_is_inline *is_inline, void *user, function_rounds *rounds) {
	const volt_function *code = &module->functions.items[function];
	control_flow flow;
	*rounds = (function_rounds){0};
	if (!volt_control_flow_compute(code, &flow))
		return false;
	search state = {
	    .module = module,
	    .flow = &flow,
	    .shape = shape,
	    .is_inline = is_inline,
	    .user = user,
	    .rounds = rounds,
	    .constants = {.module = module, .function = code},
	};
	bool complete = true;
	if (has_loop(&flow) && shape->memory_slots <= MOST_SLOTS)
		complete = make_rounds(code, rounds) && look_at_loops(&state);
	volt_control_flow_dispose(&flow);
	if (!complete)
		volt_function_rounds_dispose(rounds);
	return complete;
}

bool volt_function_is_short(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		volt_instruction instruction = function->code.items[pc];
		bool jumps = (volt_opcode_get_info(instruction.op)->effects & VOLT_EFFECT_JUMPS) != 0;
		if ((jumps && volt_jump_target(instruction, pc) <= pc) ||
		    (instruction.op != VOLT_OP_Return && !round_instruction_is_short(instruction)))
			return false;
	}
	return true;
}

void volt_function_rounds_dispose(function_rounds *rounds) {
	free(rounds->loops);
	free(rounds->loop_of);
	free(rounds->facts);
	*rounds = (function_rounds){0};
}
