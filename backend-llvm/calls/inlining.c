/*
 * Built into callers: small functions. A copy has no check of the native stack, so that copies never call
 * copies except of functions that call nothing. A call that is never executed stays a call. With its copies a
 * function stays within the budget of what is optimised (analysis/budget.h).
 */
#include "calls/inlining.h"

#include "ir/profile_weights.h"

enum { INLINED_INSTRUCTIONS = 48 };

static bool calls_something(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (volt_opcode_get_info(function->code.items[pc].op)->effects & VOLT_EFFECT_CALLS)
			return true;
	return false;
}

/* Can a copy of the callee be built into a copy? */
static bool is_leaf_copy(const module_lowering *module, uint32_t caller, uint32_t callee) {
	const volt_function *function = &module->bytecode->functions.items[callee];
	return callee != caller && function->code.count <= INLINED_INSTRUCTIONS && !calls_something(function);
}

/* Instructions of a copy with those that become part of it, at the most. */
static uint64_t copied_instructions(const module_lowering *module, uint32_t index) {
	const volt_function *function = &module->bytecode->functions.items[index];
	uint64_t copied = function->code.count;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		volt_instruction instruction = function->code.items[pc];
		uint32_t callee = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS);
		if (instruction.op == VOLT_OP_Call && is_leaf_copy(module, index, callee))
			copied += module->bytecode->functions.items[callee].code.count;
	}
	return copied;
}

static bool can_become_part_of(const function_lowering *caller, uint32_t callee) {
	const module_lowering *module = caller->module;
	const volt_function *function = &module->bytecode->functions.items[callee];
	const function_shape *shape = &module->shapes[callee];
	return module->options.inlines && callee != caller->index && !shape->returns_through_host &&
	       !shape->large && function->code.count <= INLINED_INSTRUCTIONS &&
	       (caller->form != FORM_INLINED || !calls_something(function)) && !call_never_runs(caller);
}

bool become_part_of(function_lowering *caller, uint32_t callee) {
	if (!can_become_part_of(caller, callee))
		return false;
	uint64_t copied = copied_instructions(caller->module, callee);
	if (caller->inlined + copied > volt_budget_rest(&caller->shape->budget))
		return false;
	caller->inlined += copied;
	return true;
}
