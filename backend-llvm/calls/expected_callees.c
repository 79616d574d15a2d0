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

static bool takes_call(const function_lowering *lowering, uint32_t function) {
	const module_lowering *module = lowering->module;
	return call_signature_of(&module->bytecode->functions.items[function], &module->shapes[function]) ==
	           indirect_call_signature(lowering) &&
	       (!is_method(lowering) || is_entry_of_method(lowering, function));
}

/* Does it take little time beside a call? */
static bool is_tiny(const volt_function *function) {
	enum { MOST_INSTRUCTIONS = 20 };
	return function->code.count <= MOST_INSTRUCTIONS && volt_function_is_short(function);
}

static expected_callees possible_callees(const function_lowering *lowering) {
	expected_callees possible = {.count = 0};
	for (uint32_t i = 0; i < lowering->module->bytecode->functions.count; i++) {
		if (!takes_call(lowering, i))
			continue;
		if (possible.count == MOST_EXPECTED_CALLEES ||
		    !is_tiny(&lowering->module->bytecode->functions.items[i]))
			return (expected_callees){.count = 0};
		possible.functions[possible.count++] = i;
	}
	return possible;
}

expected_callees find_expected_callees(const function_lowering *lowering) {
	expected_callees only = {.count = 0};
	if (!only_callee(lowering, &only.functions[0]))
		return possible_callees(lowering);
	only.count = takes_call(lowering, only.functions[0]);
	return only;
}
