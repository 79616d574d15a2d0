/* Decides which functions can be compiled, in one pass over their code. */
#include "analysis/shape.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/reachability.h"

enum { RETURN_HEAP_RESULTS = 2, RESULTS_UNKNOWN = UINT32_MAX };

/*
 * An exit writes every slot, so its code grows with slots times exits, and so does the time to compile it:
 * main of a test program, with 900 slots and a thousand calls, took a minute. Beyond this product the slots
 * stay in memory.
 */
enum { INLINE_SLOT_WRITES = 1 << 14 };

/*
 * A call passes and takes at most 255 slots; LLVM needs minutes for a function that gives tens of thousands.
 * Larger frames than this would not fit between the native stack's limit and its end.
 */
enum { MOST_CALL_SLOTS = 255, MOST_FRAME_SLOTS = 8192 };

/* Its budget says by how much. */
static const char too_large[] = "too large to compile";

static void refuse(function_shape *shape, const char *reason) {
	if (!shape->refusal)
		shape->refusal = reason;
}

/* The results of a native may need more room than the frame: see volt_native_call. */
static uint32_t most_native_results(const volt_module *module, const volt_function *function) {
	uint32_t most = 0;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		volt_instruction instruction = function->code.items[pc];
		if (instruction.op == VOLT_OP_CallExtern && module->natives.items[instruction.b].result_slots > most)
			most = module->natives.items[instruction.b].result_slots;
	}
	return most;
}

static void check_sizes(function_shape *shape, const volt_module *module, const volt_function *function) {
	if (function->local_slots > MOST_FRAME_SLOTS)
		refuse(shape, "its frame is too large");
	if (most_native_results(module, function) > MOST_FRAME_SLOTS)
		refuse(shape, "a native that it calls has too many results");
	if (shape->parameters > MOST_CALL_SLOTS || shape->results > MOST_CALL_SLOTS)
		refuse(shape, "it has more parameters or results than a call can pass");
}

/* Compiled callers receive a fixed number of results from a frame's slots; the host does everything else. */
static void visit_return(function_shape *shape, volt_instruction instruction) {
	if (shape->results == RESULTS_UNKNOWN) {
		shape->results = instruction.b;
		shape->first_result = instruction.a;
	}
	if (instruction.flags & RETURN_HEAP_RESULTS || shape->results != instruction.b)
		shape->returns_through_host = true;
}

static void visit_operands(function_shape *shape, volt_instruction instruction) {
	const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (operand->count != VOLT_COUNT_REST_OF_FRAME)
			continue;
		uint32_t first = volt_operand_first_slot(instruction, operand);
		if (first < shape->memory_slots)
			shape->memory_slots = first;
	}
}

static bool may_exit(volt_instruction instruction) {
	unsigned effects = volt_opcode_get_info(instruction.op)->effects;
	return effects & (VOLT_EFFECT_PANICS | VOLT_EFFECT_BLOCKS | VOLT_EFFECT_ALLOCATES | VOLT_EFFECT_CALLS);
}

static void visit_instruction(function_shape *shape, volt_instruction instruction) {
	if (instruction.op == VOLT_OP_Return)
		visit_return(shape, instruction);
	visit_operands(shape, instruction);
}

void volt_function_shape_keep_in_memory(function_shape *shape) {
	shape->large = true;
	shape->memory_slots = 0;
}

void volt_function_shape_compute(const volt_module *module, uint32_t index, function_shape *shape) {
	const volt_function *function = &module->functions.items[index];
	*shape = (function_shape){
	    .parameters = function->parameter_slots,
	    .results = RESULTS_UNKNOWN,
	    .memory_slots = function->local_slots,
	    .returns_through_host = function->has_defer,
	};
	bool *reachable = volt_reachable_instructions(function);
	if (!reachable)
		refuse(shape, "there is no memory to look at it");
	uint64_t exits = 1;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		if (!reachable || !reachable[pc])
			continue;
		visit_instruction(shape, function->code.items[pc]);
		exits += may_exit(function->code.items[pc]);
	}
	shape->budget = budget_compute(function, reachable);
	free(reachable);
	if (exits * function->local_slots > INLINE_SLOT_WRITES || shape->budget.effort != EFFORT_FULL)
		volt_function_shape_keep_in_memory(shape);
	if (shape->results == RESULTS_UNKNOWN || shape->returns_through_host)
		shape->results = 0;
	check_sizes(shape, module, function);
	if (shape->budget.effort == EFFORT_NONE)
		refuse(shape, too_large);
}

bool volt_function_shape_reason(const function_shape *shape, char reason[BUDGET_REASON_SIZE]) {
	if (shape->refusal && shape->refusal != too_large)
		snprintf(reason, BUDGET_REASON_SIZE, "%s", shape->refusal);
	else if (shape->budget.effort != EFFORT_FULL)
		volt_budget_reason(&shape->budget, reason);
	else
		return false;
	return true;
}
