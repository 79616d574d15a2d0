/* Decides which functions can be compiled, in one pass over their code. */
#include "analysis/shape.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/constants.h"
#include "analysis/deferred_calls.h"
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

uint32_t volt_heap_result_slots(const volt_function *function, uint32_t number) {
	return number < function->heap_result_slots.count ? function->heap_result_slots.items[number] : 1;
}

static uint32_t result_slots(const volt_function *function, volt_instruction instruction) {
	uint32_t slots = 0;
	if (!(instruction.flags & RETURN_HEAP_RESULTS))
		return instruction.b;
	for (uint32_t i = 0; i < instruction.b; i++)
		slots += volt_heap_result_slots(function, i);
	return slots;
}

/* Compiled callers receive a fixed number of results; the host does everything else. */
static void visit_return(function_shape *shape, const volt_function *function, volt_instruction instruction) {
	const uint32_t slots = result_slots(function, instruction);
	if (shape->results == RESULTS_UNKNOWN) {
		shape->results = slots;
		shape->first_result = instruction.a;
	}
	if (instruction.flags & RETURN_HEAP_RESULTS)
		shape->heap_slots = slots;
	if (shape->results != slots)
		shape->returns_through_host = true;
}

/* Is the slot nil, or an object of at least so many words? */
static bool holds_object(const slot_constants *nothing, const bool *reachable, uint32_t slot,
                         uint32_t words) {
	const volt_function *function = nothing->function;
	if (slot < function->parameter_slots)
		return false;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		const volt_instruction writer = function->code.items[pc];
		if (reachable[pc] && volt_may_write_slot(nothing, pc, slot) &&
		    (writer.op != VOLT_OP_PtrNew || writer.flags < words))
			return false;
	}
	return true;
}

/* Only the host knows how long an object is that comes from somewhere. */
static bool knows_heap_results(const volt_module *module, const volt_function *function,
                               const bool *reachable) {
	const slot_constants nothing = {.module = module, .function = function};
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		const volt_instruction instruction = function->code.items[pc];
		if (!reachable[pc] || instruction.op != VOLT_OP_Return || !(instruction.flags & RETURN_HEAP_RESULTS))
			continue;
		for (uint32_t i = 0; i < instruction.b; i++)
			if (!holds_object(&nothing, reachable, instruction.a + i, volt_heap_result_slots(function, i)))
				return false;
	}
	return true;
}

static bool knows_deferred_calls(const volt_module *module, uint32_t index, function_shape *shape) {
	deferred_calls calls;
	if (!module->functions.items[index].has_defer)
		return true;
	if (!volt_deferred_calls_compute(module, index, &calls))
		return false;
	shape->defers = true;
	shape->deferred_slots = calls.slots;
	volt_deferred_calls_dispose(&calls);
	return true;
}

static bool passes_results(const function_shape *shape) {
	return shape->results == RESULTS_UNKNOWN || shape->results <= MOST_CALL_SLOTS;
}

/* Which returns the host must execute. */
static void check_returns(const volt_module *module, uint32_t index, bool complete_returns,
                          const bool *reachable, function_shape *shape) {
	const volt_function *function = &module->functions.items[index];
	const bool plain = !function->has_defer && shape->heap_slots == 0;
	if (!plain &&
	    !(complete_returns && reachable && !shape->returns_through_host && passes_results(shape) &&
	      knows_heap_results(module, function, reachable) && knows_deferred_calls(module, index, shape)))
		shape->returns_through_host = true;
	if (shape->results == RESULTS_UNKNOWN || shape->returns_through_host)
		shape->results = shape->heap_slots = 0;
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

static void visit_instruction(function_shape *shape, const volt_function *function,
                              volt_instruction instruction) {
	if (instruction.op == VOLT_OP_Return)
		visit_return(shape, function, instruction);
	visit_operands(shape, instruction);
}

void volt_function_shape_compute(const volt_module *module, uint32_t index, bool complete_returns,
                                 function_shape *shape) {
	const volt_function *function = &module->functions.items[index];
	*shape = (function_shape){
	    .parameters = function->parameter_slots,
	    .results = RESULTS_UNKNOWN,
	    .memory_slots = function->local_slots,
	};
	bool *reachable = volt_reachable_instructions(function);
	if (!reachable)
		refuse(shape, "there is no memory to look at it");
	uint64_t exits = 1;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		if (!reachable || !reachable[pc])
			continue;
		visit_instruction(shape, function, function->code.items[pc]);
		exits += may_exit(function->code.items[pc]);
	}
	shape->budget = budget_compute(function, reachable);
	check_returns(module, index, complete_returns, reachable, shape);
	free(reachable);
	if (exits * function->local_slots > INLINE_SLOT_WRITES || shape->budget.effort != EFFORT_FULL) {
		shape->large = true;
		shape->memory_slots = 0;
	}
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
