/* Finds the row of an opcode. */
#include "lower/opcodes.h"

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
	return family == heap_opcodes || family == map_opcodes;
}

static opcode_lowering find(const function_lowering *lowering, uint8_t opcode) {
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		const opcode_row *row = row_in(families[i], opcode);
		if (row && (!is_through_helpers(families[i]) || lowering->module->options.typed_helpers))
			return row->lower;
	}
	return volt_opcode_get_info(opcode)->effects & VOLT_EFFECT_FRAME ? lower_in_host : lower_out_of_line;
}

void lower_opcode(function_lowering *lowering) {
	unshared_before(lowering);
	find(lowering, lowering->instruction.op)(lowering);
	unshared_after(lowering);
}
