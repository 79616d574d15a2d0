/*
 * Calls have slots of their own if no push can be reached from itself and none from a later one. Those in
 * loops, and those that are too many for that, stand in a list: calls for errors only do not, as which of
 * them are made is decided for all of them at the Return.
 */
#include "analysis/deferred_calls.h"

#include <stdlib.h>

#include "analysis/constants.h"
#include "analysis/reachability.h"

enum { CALLEE_IS_CLOSURE = 1, MOST_PUSHES = 64, MOST_CALLS_IN_SLOTS = 16, MOST_SLOTS = 64 };

/* Each Return makes all calls that may be pending there. */
enum { MOST_CALLS_AT_RETURNS = 32, MOST_LISTED_AT_RETURNS = 128 };

static bool is_push(volt_instruction instruction) {
	return instruction.op == VOLT_OP_DeferPush || instruction.op == VOLT_OP_ErrDeferPush;
}

/* ---- Callees ---- */

/* What made the closure in the slot, looked for from `pc` back to where another way of control may join. */
static bool find_closure(const volt_module *module, const volt_function *function, const bool *joins,
                         uint32_t pc, uint32_t slot, volt_instruction *made) {
	const slot_constants nothing = {.module = module, .function = function};
	while (pc > 0 && !joins[pc]) {
		*made = function->code.items[--pc];
		if (volt_opcode_get_info(made->op)->effects & VOLT_EFFECT_ENDS)
			return false;
		if (volt_may_write_slot(&nothing, pc, slot))
			return made->op == VOLT_OP_ClosureNew;
	}
	return false;
}

/* How a closure is called: interpreter/calls.h, call_resolve_closure(). */
static bool knows_closure(const volt_module *module, volt_instruction made, deferred_call *call) {
	const bool captures = made.c > 0;
	call->callee = (uint32_t)volt_instruction_get(made, VOLT_FIELD_B_WITH_FLAGS);
	const volt_function *callee = &module->functions.items[call->callee];
	call->passes_closure = captures || callee->is_closure;
	return !(captures && callee->receiver_slots > 0);
}

static void describe_closure(const volt_module *module, const volt_function *function, const bool *joins,
                             deferred_call *call) {
	volt_instruction made;
	call->by_closure = true;
	if (find_closure(module, function, joins, call->pc, function->code.items[call->pc].a, &made) &&
	    knows_closure(module, made, call))
		return;
	call->callee = DEFERRED_CALLEE_UNKNOWN;
	call->passes_closure = true;
}

static bool describe_callee(const volt_module *module, const volt_function *function, const bool *joins,
                            deferred_call *call) {
	const volt_instruction push = function->code.items[call->pc];
	call->callee = (uint32_t)volt_instruction_get(push, VOLT_FIELD_A_WITH_FLAGS_ABOVE_BIT_0);
	if (push.flags & CALLEE_IS_CLOSURE)
		describe_closure(module, function, joins, call);
	return call->callee == DEFERRED_CALLEE_UNKNOWN || module->functions.items[call->callee].parameter_slots ==
	                                                      call->passes_closure + call->argument_count;
}

/* ---- Pushes ---- */

static bool *new_joins(const volt_function *function, const bool *reachable) {
	bool *joins = calloc(function->code.count + 1, sizeof *joins);
	for (uint32_t pc = 0; joins && pc < function->code.count; pc++) {
		const volt_instruction instruction = function->code.items[pc];
		if (reachable[pc] && volt_opcode_get_info(instruction.op)->effects & VOLT_EFFECT_JUMPS)
			joins[volt_jump_target(instruction, pc)] = true;
	}
	return joins;
}

static bool add_call(const volt_module *module, uint32_t index, const bool *joins, uint32_t pc,
                     deferred_calls *result) {
	const volt_function *function = &module->functions.items[index];
	if (result->count == MOST_PUSHES)
		return false;
	deferred_call *call = &result->calls[result->count++];
	*call = (deferred_call){
	    .pc = pc,
	    .argument_count = function->code.items[pc].c,
	    .error_only = function->code.items[pc].op == VOLT_OP_ErrDeferPush,
	    .pending = volt_reachable_from(function, pc + 1, REACHABILITY_NO_BARRIER),
	};
	result->error_only |= call->error_only;
	return call->pending && describe_callee(module, function, joins, call);
}

static bool add_calls(const volt_module *module, uint32_t index, const bool *reachable, const bool *joins,
                      deferred_calls *result) {
	const volt_function *function = &module->functions.items[index];
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (reachable[pc] && is_push(function->code.items[pc]) && !add_call(module, index, joins, pc, result))
			return false;
	return true;
}

/* ---- Where they are kept ---- */

static uint32_t calls_at_returns(const volt_function *function, const bool *reachable,
                                 const deferred_calls *calls) {
	uint32_t returns = 0;
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		returns += reachable[pc] && function->code.items[pc].op == VOLT_OP_Return;
	return returns * calls->count;
}

static bool is_ordered(const deferred_calls *calls) {
	for (uint32_t i = 0; i < calls->count; i++)
		for (uint32_t earlier = 0; earlier <= i; earlier++)
			if (calls->calls[i].pending[calls->calls[earlier].pc])
				return false;
	return true;
}

static uint32_t slots_of(const deferred_call *call) {
	return 1u + call->by_closure + call->argument_count;
}

static bool keep_in_slots(const volt_function *function, const bool *reachable, deferred_calls *calls) {
	calls->slots = 0;
	for (uint32_t i = 0; i < calls->count; i++) {
		calls->calls[i].first_slot = function->local_slots + calls->slots;
		calls->slots += slots_of(&calls->calls[i]);
	}
	return calls->count <= MOST_CALLS_IN_SLOTS && calls->slots <= MOST_SLOTS && is_ordered(calls) &&
	       calls_at_returns(function, reachable, calls) <= MOST_CALLS_AT_RETURNS;
}

static bool keep_in_list(const volt_function *function, const bool *reachable, deferred_calls *calls) {
	calls->slots = 0;
	calls->in_list = true;
	for (uint32_t i = 0; i < calls->count; i++) {
		calls->calls[i].first_slot = function->local_slots;
		if (slots_of(&calls->calls[i]) > calls->slots)
			calls->slots = slots_of(&calls->calls[i]);
	}
	return !calls->error_only && calls->slots <= MOST_SLOTS &&
	       calls_at_returns(function, reachable, calls) <= MOST_LISTED_AT_RETURNS;
}

static bool compute(const volt_module *module, uint32_t index, const bool *reachable, const bool *joins,
                    deferred_calls *result) {
	const volt_function *function = &module->functions.items[index];
	return add_calls(module, index, reachable, joins, result) &&
	       (keep_in_slots(function, reachable, result) || keep_in_list(function, reachable, result));
}

bool volt_deferred_calls_compute(const volt_module *module, uint32_t function, deferred_calls *result) {
	*result = (deferred_calls){.calls = calloc(MOST_PUSHES, sizeof(deferred_call))};
	bool *reachable = volt_reachable_instructions(&module->functions.items[function]);
	bool *joins = reachable ? new_joins(&module->functions.items[function], reachable) : NULL;
	const bool known = result->calls && joins && compute(module, function, reachable, joins, result);
	free(reachable);
	free(joins);
	if (!known)
		volt_deferred_calls_dispose(result);
	return known;
}

void volt_deferred_calls_dispose(deferred_calls *calls) {
	for (uint32_t i = 0; i < calls->count; i++)
		free(calls->calls[i].pending);
	free(calls->calls);
	*calls = (deferred_calls){0};
}
