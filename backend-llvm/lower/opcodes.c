/* Finds the row of an opcode. */
#include "lower/opcodes.h"

#include "ir/helper_declarations.h"
#include "lower/unshared.h"

static const opcode_row *const families[] = {
#define FAMILY(name) name##_opcodes,
    OPCODE_FAMILIES(FAMILY)
#undef FAMILY
};

static const opcode_row *row_in(const opcode_row *family, uint8_t opcode) {
	while (family->lower && family->opcode != opcode)
		family++;
	return family->lower ? family : NULL;
}

/* Are there helpers for what the family does? Presets leave it to the interpreter's own case. */
static bool is_through_helpers(const opcode_row *family) {
	return family == heap_opcodes || family == map_opcodes || family == ready_selects_opcodes;
}

/* Has the host left out the helper that the opcode asks for, because `execute` can do the same? */
static bool is_left_to_execute(const function_lowering *lowering, uint8_t opcode) {
	static const struct {
		uint8_t opcode;
		volt_helper helper;
	} rows[] = {
#define OPCODE_HELPER(opcode, helper, without) {VOLT_OP_##opcode, VOLT_HELPER_##helper},
#include "lower/opcode_helpers.def"
#undef OPCODE_HELPER
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].opcode == opcode)
			return !host_has(lowering->module, rows[i].helper);
	return false;
}

/* Interfaces ask for theirs only where they need the host: their file looks whether it is there. */
static bool is_lowered_by(const opcode_row *family, const function_lowering *lowering, uint8_t opcode) {
	if (is_through_helpers(family) && !lowering->module->options.typed_helpers)
		return false;
	return family == interface_values_opcodes || !is_left_to_execute(lowering, opcode);
}

static opcode_lowering find(const function_lowering *lowering, uint8_t opcode) {
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		const opcode_row *row = row_in(families[i], opcode);
		if (row && is_lowered_by(families[i], lowering, opcode))
			return row->lower;
	}
	return volt_opcode_get_info(opcode)->effects & VOLT_EFFECT_FRAME ? lower_in_host : lower_out_of_line;
}

void lower_opcode(function_lowering *lowering) {
	unshared_before(lowering);
	find(lowering, lowering->instruction.op)(lowering);
	unshared_after(lowering);
}
