/* Signatures and dispatch tables leave few functions that an indirect call can go to, and the profile fewer.
 */
#include "calls/expected_callees.h"

#include "analysis/rounds.h"
#include "calls/targets.h"
#include "ir/profile_weights.h"

static bool is_method(const function_lowering *lowering) {
	return lowering->instruction.op == VOLT_OP_CallIface;
}

uint32_t indirect_call_signature(const function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	const uint32_t arguments = instruction.c >> 8, results = instruction.c & 0xff;
	return call_signature(is_method(lowering), 1 + arguments, results);
}

static bool is_entry_of_method(const function_lowering *lowering, uint32_t function) {
	const uint8_t method = lowering->instruction.flags;
	const volt_module *bytecode = lowering->module->bytecode;
	for (uint32_t itab = 0; itab < bytecode->itabs.count; itab++)
		if (method < bytecode->itabs.items[itab].count &&
		    bytecode->itabs.items[itab].items[method] == function)
			return true;
	return false;
}

static bool has_signature(const function_lowering *lowering, uint32_t function) {
	const module_lowering *module = lowering->module;
	return call_signature_of(&module->bytecode->functions.items[function], &module->shapes[function]) ==
	       indirect_call_signature(lowering);
}

static bool takes_call(const function_lowering *lowering, uint32_t function) {
	return has_signature(lowering, function) &&
	       (!is_method(lowering) || is_entry_of_method(lowering, function));
}

/* Does it take little time beside a call? */
static bool is_tiny(const volt_function *function) {
	enum { MOST_INSTRUCTIONS = 20 };
	return function->code.count <= MOST_INSTRUCTIONS && volt_function_is_short(function);
}

/* In the order of their numbers. */
static void insert(expected_callees *possible, uint32_t function) {
	uint32_t place = possible->count++;
	for (; place > 0 && possible->functions[place - 1] > function; place--)
		possible->functions[place] = possible->functions[place - 1];
	possible->functions[place] = function;
}

/* False: there are too many, or the function is too large. */
static bool add_possible(const function_lowering *lowering, expected_callees *possible, uint32_t function) {
	const volt_function *callee = &lowering->module->bytecode->functions.items[function];
	for (uint32_t i = 0; i < possible->count; i++)
		if (possible->functions[i] == function)
			return true;
	if (!has_signature(lowering, function))
		return true;
	if (possible->count == MOST_EXPECTED_CALLEES || !is_tiny(callee))
		return false;
	insert(possible, function);
	return true;
}

static bool add_methods(const function_lowering *lowering, expected_callees *possible) {
	const uint8_t method = lowering->instruction.flags;
	const volt_module *bytecode = lowering->module->bytecode;
	for (uint32_t itab = 0; itab < bytecode->itabs.count; itab++)
		if (method < bytecode->itabs.items[itab].count &&
		    !add_possible(lowering, possible, bytecode->itabs.items[itab].items[method]))
			return false;
	return true;
}

static bool add_functions(const function_lowering *lowering, expected_callees *possible) {
	for (uint32_t i = 0; i < lowering->module->bytecode->functions.count; i++)
		if (!add_possible(lowering, possible, i))
			return false;
	return true;
}

static expected_callees possible_callees(const function_lowering *lowering) {
	expected_callees possible = {.count = 0};
	const bool all =
	    is_method(lowering) ? add_methods(lowering, &possible) : add_functions(lowering, &possible);
	return all ? possible : (expected_callees){.count = 0};
}

expected_callees find_expected_callees(const function_lowering *lowering) {
	uint32_t callees[2];
	const uint32_t count = seen_callees(lowering, callees);
	if (count == 0)
		return possible_callees(lowering);
	expected_callees seen = {.is_guess = true};
	for (uint32_t i = 0; i < count; i++)
		if (takes_call(lowering, callees[i]))
			seen.functions[seen.count++] = callees[i];
	return seen;
}
