/* What nothing can take the place of: helpers of all code, of the preset's exits, and of the module's
 * opcodes.
 */
#include "jit/host_check.h"

#include <string.h>

#include "ir/helper_declarations.h"

static const char *name_of(volt_helper helper) {
	return helper_symbols[helper] + strlen(HELPER_SYMBOL_PREFIX);
}

/* ---- What code is, whatever it does ---- */

/* Of the module's functions, and of frames that the host resumes. */
static bool exits_need(const compile_preset *preset, volt_helper helper) {
	const bool records = preset->exit == EXIT_RECORD || preset->exit == EXIT_UNWIND;
	switch (helper) {
	case VOLT_HELPER_capture_frame:
	case VOLT_HELPER_capture_skipped: return records;
	case VOLT_HELPER_write_frame:
	case VOLT_HELPER_push_resume_point: return !records;
	case VOLT_HELPER_grow_stack: return !records || preset->abi == ABI_EXTERNAL;
	case VOLT_HELPER_spill_frame: return preset->exit == EXIT_CALLBACK;
	case VOLT_HELPER_raise: return preset->exit == EXIT_UNWIND;
	default: return false;
	}
}

static volt_error *check_exits(const volt_tier_host *host, const compile_preset *preset) {
	for (int helper = 0; helper < VOLT_HELPER_COUNT; helper++)
		if (!host->helpers[helper] && exits_need(preset, (volt_helper)helper))
			return volt_error_new(VOLT_ERROR_ARGUMENT,
			                      "the host has no helper %s, which code of the preset %s calls",
			                      name_of((volt_helper)helper), preset->name);
	return NULL;
}

static volt_error *check_always(const volt_tier_host *host, bool count_heat) {
	const volt_helper always[] = {VOLT_HELPER_trap, VOLT_HELPER_execute};
	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
		if (!host->helpers[always[i]])
			return volt_error_new(VOLT_ERROR_ARGUMENT, "the host has no helper %s, which all code may call",
			                      name_of(always[i]));
	if (count_heat && !host->helpers[VOLT_HELPER_hot])
		return volt_error_new(VOLT_ERROR_ARGUMENT,
		                      "the host has no helper hot, which code with count_heat calls");
	return NULL;
}

/* ---- What the module's instructions ask for ---- */

enum { WITHOUT_EXECUTED, WITHOUT_LEFT, WITHOUT_REFUSED };

static const struct {
	volt_helper helper;
	uint8_t opcode;
	bool is_needed;
} rows[] = {
#define OPCODE_HELPER(opcode, helper, without) \
	{VOLT_HELPER_##helper, VOLT_OP_##opcode, WITHOUT_##without == WITHOUT_REFUSED},
#include "lower/opcode_helpers.def"
#undef OPCODE_HELPER
};

/* The helper that the host lacks; VOLT_HELPER_COUNT: it lacks none. */
static int missing_helper(const volt_tier_host *host, uint8_t opcode) {
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].opcode == opcode && rows[i].is_needed && !host->helpers[rows[i].helper])
			return (int)rows[i].helper;
	return VOLT_HELPER_COUNT;
}

static volt_error *check_function(const volt_tier_host *host, const volt_module *module, uint32_t index) {
	const volt_function *function = &module->functions.items[index];
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		const int missing = missing_helper(host, function->code.items[pc].op);
		if (missing != VOLT_HELPER_COUNT)
			return volt_module_error_at(module, index, pc,
			                            volt_error_new(VOLT_ERROR_ARGUMENT, "the host has no helper %s",
			                                           name_of((volt_helper)missing)));
	}
	return NULL;
}

volt_error *check_host(const volt_tier_host *host, const volt_module *module, const compile_preset *preset,
                       bool count_heat) {
	volt_error *error = check_always(host, count_heat);
	if (!error)
		error = check_exits(host, preset);
	for (uint32_t i = 0; i < module->functions.count && !error; i++)
		error = check_function(host, module, i);
	return error;
}
