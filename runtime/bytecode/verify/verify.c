/* The verifier's order of work, and its messages. */
#include "bytecode/verify/verifier.h"

#include "bytecode/model/foreign.h"
#include "volt/verify.h"

#include <stdlib.h>

volt_error *verify_fail(const volt_module *module, const char *place, uint32_t index, const char *format,
                        ...) {
	va_list arguments;
	va_start(arguments, format);
	volt_error *reason = volt_error_new_v(VOLT_ERROR_VERIFY, format, arguments);
	va_end(arguments);
	return volt_error_prefix(reason, "%s: %s[%u]", module->source, place, index);
}

volt_error *verify_fail_function(const volt_module *module, uint32_t function, int64_t pc, const char *format,
                                 ...) {
	va_list arguments;
	va_start(arguments, format);
	volt_error *reason = volt_error_new_v(VOLT_ERROR_VERIFY, format, arguments);
	va_end(arguments);
	return volt_module_error_at(module, function, pc, reason);
}

const char *verify_slot_types(const uint8_t *items, uint32_t count) {
	for (uint32_t i = 0; i < count; i++)
		if (items[i] >= VOLT_SLOT_TYPE_COUNT)
			return "unknown slot type";
	return NULL;
}

static volt_error *verify_type_tables(const volt_module *module) {
	underlying_type *named = volt_underlying_types(module);
	if (!named)
		return volt_error_new(VOLT_ERROR_MEMORY, "%s: out of memory", module->source);
	volt_error *error = verify_types(module, named);
	if (!error)
		error = verify_type_nesting(module, named);
	free(named);
	return error;
}

volt_error *verify_globals(const volt_module *module) {
	uint64_t slots = 0;
	for (uint32_t i = 0; i < module->globals.count; i++) {
		const volt_global *global = &module->globals.items[i];
		slots += global->slots;
		if (slots > VERIFY_MOST_GLOBAL_SLOTS)
			return verify_fail(module, "globals", i, "more than %d slots of globals",
			                   VERIFY_MOST_GLOBAL_SLOTS);
		if (global->slot_types.count > global->slots)
			return verify_fail(module, "globals", i, "%u slot types for %u slots", global->slot_types.count,
			                   global->slots);
		const char *reason = verify_slot_types(global->slot_types.items, global->slot_types.count);
		if (reason)
			return verify_fail(module, "globals", i, "%s", reason);
	}
	return NULL;
}

static volt_error *verify_entry(const volt_module *module) {
	uint32_t entry = module->entry_function;
	if (entry >= module->functions.count)
		return volt_error_new(VOLT_ERROR_VERIFY, "%s: entry function #%u, but there are %u functions",
		                      module->source, entry, module->functions.count);
	const volt_function *function = &module->functions.items[entry];
	if (function->parameter_slots || function->parameter_count)
		return verify_fail_function(module, entry, -1, "the entry function has parameters");
	return NULL;
}

static volt_error *verify_debug(const volt_module *module) {
	for (uint32_t i = 0; i < module->function_debug.count; i++) {
		const volt_function_debug *debug = &module->function_debug.items[i];
		for (uint32_t j = 0; j < debug->locations.count; j++)
			if (debug->locations.items[j].file >= module->debug_files.count)
				return verify_fail(module, "function_debug", i, "location %u names file %u, but there are %u",
				                   j, debug->locations.items[j].file, module->debug_files.count);
	}
	return NULL;
}

static volt_error *verify_functions(const volt_module *module) {
	uint32_t global_slots = volt_module_global_slots(module);
	volt_error *error = NULL;
	for (uint32_t i = 0; i < module->functions.count && !error; i++)
		error = verify_function(module, i);
	for (uint32_t i = 0; i < module->functions.count && !error; i++) {
		error = verify_instructions(module, i, global_slots);
		if (!error)
			error = verify_flow(module, i);
	}
	return error;
}

volt_error *volt_module_verify(const volt_module *module) {
	static volt_error *(*const parts[])(const volt_module *) = {
	    verify_type_tables, verify_globals, verify_functions, verify_entry, verify_debug,
	};
	volt_error *error = NULL;
	for (size_t i = 0; i < sizeof parts / sizeof *parts && !error; i++)
		error = parts[i](module);
	bool may_be_foreign = error && module->is_binary && volt_error_get_kind(error) == VOLT_ERROR_VERIFY;
	return may_be_foreign ? foreign_layout(error) : error;
}
