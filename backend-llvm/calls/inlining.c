/*
 * Built into callers: small functions. A copy has no check of the native stack, so that copies never call
 * copies except of functions that call nothing. A call that is never executed stays a call.
 */
#include "calls/inlining.h"

#include "ir/profile.h"

enum { INLINED_INSTRUCTIONS = 48 };

static bool calls_something(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (volt_opcode_get_info(function->code.items[pc].op)->effects & VOLT_EFFECT_CALLS)
			return true;
	return false;
}

bool becomes_part_of(const function_lowering *caller, uint32_t callee) {
	const module_lowering *module = caller->module;
	const volt_function *function = &module->bytecode->functions.items[callee];
	const function_shape *shape = &module->shapes[callee];
	return module->options.inlines && callee != caller->index && !shape->returns_through_host &&
	       !shape->large && function->code.count <= INLINED_INSTRUCTIONS &&
	       (caller->form != FORM_INLINED || !calls_something(function)) && !call_never_runs(caller);
}
