/* Finds the row of an opcode. */
#include "lower/opcodes.h"

static const opcode_row *const families[] = {
#define FAMILY(name) name##_opcodes,
    OPCODE_FAMILIES(FAMILY)
#undef FAMILY
};

static opcode_lowering find(uint8_t opcode) {
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		for (const opcode_row *row = families[i]; row->lower; row++)
			if (row->opcode == opcode)
				return row->lower;
	return volt_opcode_get_info(opcode)->effects & VOLT_EFFECT_FRAME ? lower_in_host : lower_out_of_line;
}

void lower_opcode(function_lowering *lowering) {
	find(lowering->instruction.op)(lowering);
}
