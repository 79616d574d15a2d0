/*
 * Built into callers: small functions of any shape, and what they call, some levels deep. A copy has no check
 * of the native stack: that of the function which it becomes part of covers it, since no chain of copies
 * comes back to where it began. A call that is never executed stays a call. With its copies a function stays
 * within the budget of what is optimised (analysis/budget.h).
 */
#include "calls/inlining.h"

#include "calls/forms.h"
#include "calls/module_calls.h"
#include "calls/strategy.h"
#include "guard/memory.h"
#include "ir/profile_weights.h"

/*
 * Copies in copies are fewer than those in the function itself: nobody knows how often they are executed, and
 * each level adds a captured frame to every exit below it.
 */
enum {
	INLINED_INSTRUCTIONS = 48,
	NESTED_INSTRUCTIONS = 320,
	NESTED_SLOTS = 64, /* of the frame, whose image may take native stack */
	DEEPEST_COPY = 6,
};

/* Is the function, or one of the copies in it, that contain this call? */
static bool is_active(const function_lowering *caller, uint32_t function) {
	if (caller->index == function)
		return true;
	for (const inlined_copy *copy = caller->copy; copy; copy = copy->caller)
		if (copy->caller_function == function)
			return true;
	return false;
}

/* Whether it is ever executed or not. */
static bool is_small_enough(const function_lowering *caller, uint32_t callee) {
	const module_lowering *module = caller->module;
	const function_shape *shape = &module->shapes[callee];
	return module->options.inlines && !caller->frame->starts_anew && !shape->refusal &&
	       !shape->returns_through_host && !shape->defers && !shape->large &&
	       module->bytecode->functions.items[callee].code.count <= INLINED_INSTRUCTIONS &&
	       !is_active(caller, callee);
}

bool can_be_copied(const function_lowering *caller, uint32_t callee) {
	return is_small_enough(caller, callee) && !call_never_runs(caller);
}

static bool fits_nested(const function_lowering *caller, const volt_function *callee) {
	const inlined_copies *copies = &caller->module->calls->copies;
	return caller->copy->depth < DEEPEST_COPY && callee->local_slots <= NESTED_SLOTS &&
	       copies->nested_instructions + callee->code.count <= NESTED_INSTRUCTIONS;
}

/* The budget is that of the function which all copies become part of. */
static bool is_within_budget(const function_lowering *caller, uint32_t instructions) {
	const module_lowering *module = caller->module;
	const inlined_copy *outermost = caller->copy;
	while (outermost && outermost->caller)
		outermost = outermost->caller;
	uint32_t whole = outermost ? outermost->caller_function : caller->index;
	return module->calls->copies.instructions + instructions <=
	       volt_budget_rest(&module->shapes[whole].budget);
}

static bool fits(const function_lowering *caller, uint32_t callee) {
	const volt_function *function = &caller->module->bytecode->functions.items[callee];
	return is_within_budget(caller, function->code.count) && (!caller->copy || fits_nested(caller, function));
}

bool is_left_out(const function_lowering *caller, uint32_t callee) {
	return is_small_enough(caller, callee) && call_never_runs(caller) && fits(caller, callee);
}

bool count_as_copied(function_lowering *lowering, uint32_t instructions) {
	if (!is_within_budget(lowering, instructions))
		return false;
	lowering->module->calls->copies.instructions += instructions;
	return true;
}

static const inlined_copy *add_copy(const function_lowering *caller, uint32_t callee) {
	module_lowering *module = caller->module;
	inlined_copies *copies = &module->calls->copies;
	uint32_t instructions = module->bytecode->functions.items[callee].code.count;
	inlined_copy *copy = memory_new(1, sizeof *copy);
	*copy = (inlined_copy){
	    .function = callee,
	    .caller_function = caller->index,
	    .depth = caller->copy ? caller->copy->depth + 1 : 1,
	    .caller = caller->copy,
	    .v_function = new_inlined_function(module, callee),
	};
	copies->instructions += instructions;
	copies->nested_instructions += caller->copy ? instructions : 0;
	if (copies->last)
		copies->last->next = copy;
	else
		copies->first = copy;
	copies->last = copy;
	return copy;
}

LLVMValueRef inlined_callee(function_lowering *caller, uint32_t callee) {
	if (!can_be_copied(caller, callee) || !fits(caller, callee))
		return NULL;
	return add_copy(caller, callee)->v_function;
}

void inlined_copies_dispose(inlined_copies *copies) {
	for (inlined_copy *copy = copies->first, *next; copy; copy = next) {
		next = copy->next;
		memory_free(copy);
	}
}
