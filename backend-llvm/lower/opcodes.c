/* Finds the row of an opcode. */
#include "lower/opcodes.h"

static const opcode_row *const families[] = {
    slots_opcodes,       arithmetic_opcodes, control_opcodes, direct_calls_opcodes, indirect_calls_opcodes,
    out_of_line_opcodes, pointers_opcodes,   objects_opcodes, elements_opcodes,     channels_opcodes,
};

static opcode_lowering find(uint8_t opcode) {
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		for (const opcode_row *row = families[i]; row->lower; row++)
			if (row->opcode == opcode)
				return row->lower;
	return lower_out_of_line;
}

void lower_opcode(function_lowering *lowering) {
	find(lowering->instruction.op)(lowering);
}
