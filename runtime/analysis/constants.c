/*
 * Each slot in question is followed back along every way that leads to its instruction, through copies, up to
 * the instruction that has written it. If all of these load the same constant, it is that constant: an
 * execution has come along one of these ways. A loop that writes nothing adds no writer, so a place that was
 * visited need not be visited again. What the function's entry leaves in a slot is no constant.
 */
#include "analysis/constants.h"

#include <stdlib.h>

/* What one slot may take, so that a function takes time in proportion to its instructions. */
enum { MOST_STEPS = 512, MOST_PLACES = 64 };

enum { NO_SLOT = UINT32_MAX };

uint64_t volt_loaded_value(const volt_module *module, volt_instruction instruction) {
	if (instruction.op == VOLT_OP_LoadInt)
		return (uint64_t)(int64_t)volt_instruction_immediate(instruction);
	/* A string constant loads as the null reference (SPECIFICATION.md, "Loads and copies"). */
	const volt_constant *constant = &module->constants.items[instruction.b];
	return constant->tag == VOLT_CONSTANT_STRING || constant->tag == VOLT_CONSTANT_NIL ? 0 : constant->bits;
}

/* The slot with the width or the index; NO_SLOT: the instruction tells by itself what it covers. */
static uint32_t slot_in_question(volt_instruction instruction) {
	switch (instruction.op) {
	case VOLT_OP_SlotGet:
	case VOLT_OP_SlotGetN:
	case VOLT_OP_MapGet: return instruction.c;
	case VOLT_OP_SlotSet:
	case VOLT_OP_SlotSetN:
	case VOLT_OP_MapSet:
	case VOLT_OP_MapDelete: return instruction.b;
	case VOLT_OP_ArrayGet:
	case VOLT_OP_SliceGet:
	case VOLT_OP_SliceAppend: return instruction.flags ? NO_SLOT : instruction.c + 1u;
	case VOLT_OP_ArraySet:
	case VOLT_OP_SliceSet: return instruction.flags ? NO_SLOT : instruction.b + 1u;
	default: return NO_SLOT;
	}
}

/* ---- What operands cover ---- */

static uint64_t slots_of_bytes(uint64_t bytes) {
	enum { SLOT_BYTES = 8 };
	return bytes / SLOT_BYTES + (bytes % SLOT_BYTES != 0);
}

/* Slots of an operand whose width stands in a slot that holds `value`. */
static uint64_t width_by_value(volt_slot_count count, uint64_t value) {
	switch (count) {
	case VOLT_COUNT_ELEMENT: return slots_of_bytes(value);
	case VOLT_COUNT_APPEND: return 2 + slots_of_bytes(value);
	case VOLT_COUNT_MAP_GET_RESULT: return (value >> 1 & 0x7fff) + (value & 1);
	case VOLT_COUNT_MAP_GET_KEY: return 1 + (value >> 16);
	case VOLT_COUNT_MAP_SET_KEY: return 1 + (value >> 8);
	case VOLT_COUNT_MAP_SET_VALUE: return value & 0xff;
	case VOLT_COUNT_MAP_DELETE_KEY: return value == UINT64_MAX ? value : 1 + value;
	default: return UINT64_MAX;
	}
}

static uint32_t indexed_width(volt_instruction instruction) {
	bool several = instruction.op == VOLT_OP_SlotGetN || instruction.op == VOLT_OP_SlotSetN;
	return several ? instruction.flags : 1;
}

/* Element `index` of the elements that fill the `rest`, the slots from their first to the frame's end. */
static operand_extent indexed_extent(operand_extent rest, uint32_t width, uint64_t index) {
	if (width == 0)
		return (operand_extent){rest.first, 0, true};
	if (index >= rest.count / width)
		return rest;
	return (operand_extent){rest.first + (uint32_t)index * width, width, true};
}

operand_extent volt_operand_extent(const slot_constants *constants, uint32_t pc,
                                   const volt_operand *operand) {
	const volt_function *function = constants->function;
	volt_instruction instruction = function->code.items[pc];
	uint32_t first = volt_operand_first_slot(instruction, operand);
	uint32_t to_end = first < function->local_slots ? function->local_slots - first : 0;
	const operand_extent rest = {first, to_end, false};
	uint64_t value;
	bool known = volt_slot_constant(constants, pc, &value);
	if (operand->count == VOLT_COUNT_REST_OF_FRAME)
		return known ? indexed_extent(rest, indexed_width(instruction), value) : rest;
	int slots = volt_operand_slots(constants->module, function, instruction, operand);
	uint64_t width = slots >= 0 ? (uint64_t)slots
	                 : known    ? width_by_value(operand->count, value)
	                            : UINT64_MAX;
	return width <= to_end ? (operand_extent){first, (uint32_t)width, true} : rest;
}

bool volt_slot_constant(const slot_constants *constants, uint32_t pc, uint64_t *value) {
	if (!constants->known || !constants->known[pc])
		return false;
	*value = constants->values[pc];
	return true;
}

/* A SelectExec writes what its cases name, somewhere in the frame. */
bool volt_may_write_slot(const slot_constants *constants, uint32_t pc, uint32_t slot) {
	uint8_t opcode = constants->function->code.items[pc].op;
	if (opcode == VOLT_OP_SelectExec)
		return true;
	const volt_operand *operand = volt_opcode_get_info(opcode)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (operand->role != VOLT_OPERAND_WRITE && operand->role != VOLT_OPERAND_UPDATE)
			continue;
		operand_extent written = volt_operand_extent(constants, pc, operand);
		if (slot >= written.first && slot - written.first < written.count)
			return true;
	}
	return false;
}

/* ---- Following a slot back ---- */

/* The slot as it is behind the last instruction of a block. */
typedef struct {
	uint32_t block, slot;
} place;

typedef struct {
	const slot_constants *constants;
	const control_flow *flow;
	place places[MOST_PLACES];
	uint32_t count;
	uint64_t steps; /* that may still be taken */
	bool found;
	uint64_t value; /* what all writers so far have loaded, if one was found */
} search;

static bool add_writer(search *state, volt_instruction instruction) {
	uint64_t value = volt_loaded_value(state->constants->module, instruction);
	bool same = !state->found || state->value == value;
	state->found = true;
	state->value = value;
	return same;
}

static bool add_place(search *state, uint32_t block, uint32_t slot) {
	for (uint32_t i = 0; i < state->count; i++)
		if (state->places[i].block == block && state->places[i].slot == slot)
			return true;
	if (state->count == MOST_PLACES)
		return false;
	state->places[state->count++] = (place){block, slot};
	return true;
}

static bool add_predecessors(search *state, uint32_t index, uint32_t slot) {
	const basic_block *block = &state->flow->blocks[index];
	if (index == 0)
		return false;
	for (uint32_t i = 0; i < block->predecessor_count; i++)
		if (!add_place(state, state->flow->predecessors[block->first_predecessor + i], slot))
			return false;
	return true;
}

/* From behind the instructions [first, end) of a block to what has written the slot. False: no constant. */
static bool follow(search *state, uint32_t block, uint32_t end, uint32_t slot) {
	const volt_instruction *code = state->constants->function->code.items;
	for (uint32_t pc = end; pc-- > state->flow->blocks[block].first;) {
		if (state->steps == 0)
			return false;
		state->steps--;
		if (!volt_may_write_slot(state->constants, pc, slot))
			continue;
		if (code[pc].op == VOLT_OP_LoadInt || code[pc].op == VOLT_OP_LoadConst)
			return add_writer(state, code[pc]);
		if (code[pc].op != VOLT_OP_Copy && code[pc].op != VOLT_OP_CopyN)
			return false;
		slot = code[pc].b + (slot - code[pc].a);
	}
	return add_predecessors(state, block, slot);
}

/* Takes the steps from `most_steps`. */
static void find_constant(const control_flow *flow, uint32_t pc, uint64_t *most_steps,
                          slot_constants *constants) {
	uint32_t slot = slot_in_question(flow->function->code.items[pc]), block = flow->block_of[pc];
	if (slot == NO_SLOT || block == CONTROL_FLOW_NO_BLOCK)
		return;
	uint64_t steps = *most_steps < MOST_STEPS ? *most_steps : MOST_STEPS;
	search state = {.constants = constants, .flow = flow, .steps = steps};
	bool same = follow(&state, block, pc, slot);
	for (uint32_t i = 0; same && i < state.count; i++)
		same = follow(&state, state.places[i].block, flow->blocks[state.places[i].block].end,
		              state.places[i].slot);
	*most_steps -= steps - state.steps;
	constants->known[pc] = same && state.found;
	constants->values[pc] = state.value;
}

static bool has_slot_in_question(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (slot_in_question(function->code.items[pc]) != NO_SLOT)
			return true;
	return false;
}

void slot_constants_compute(const volt_module *module, const control_flow *flow, uint64_t most_steps,
                            slot_constants *result) {
	const volt_function *function = flow->function;
	*result = (slot_constants){.module = module, .function = function};
	if (!has_slot_in_question(function))
		return;
	result->known = calloc(function->code.count, sizeof *result->known);
	result->values = calloc(function->code.count, sizeof *result->values);
	if (!result->known || !result->values) {
		slot_constants_dispose(result);
		return;
	}
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		find_constant(flow, pc, &most_steps, result);
}

void slot_constants_dispose(slot_constants *constants) {
	free(constants->known);
	free(constants->values);
	constants->known = NULL;
	constants->values = NULL;
}
