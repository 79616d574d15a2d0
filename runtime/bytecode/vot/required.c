#include "bytecode/vot/required.h"

#include <string.h>

#include "bytecode/model/operands.h"

/* The function that the instruction names; NULL: it names none, or one that is not there. */
static const volt_function *named_function(const volt_module *module, volt_instruction instruction) {
	for (const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
	     operand->role != VOLT_OPERAND_NONE; operand++) {
		if (operand->role != VOLT_OPERAND_FUNCTION && operand->role != VOLT_OPERAND_CALLEE)
			continue;
		uint32_t index = (uint32_t)volt_instruction_get(instruction, operand->field);
		bool is_closure = operand->role == VOLT_OPERAND_CALLEE && callee_is_closure(instruction);
		return is_closure || index >= module->functions.count ? NULL : &module->functions.items[index];
	}
	return NULL;
}

bool required_operand(const volt_module *module, volt_instruction instruction, const volt_operand *operand) {
	if (!operand->is_required)
		return false;
	const volt_function *callee = named_function(module, instruction);
	if (!callee)
		return true;
	return (strcmp(operand->name, "args") == 0 ? callee->parameter_slots : callee->result_slots) != 0;
}

const char *required_operand_hint(const char *name) {
	static const char *const hints[][2] = {
	    {"args", "the slots of the arguments, args=0 if there are none"},
	    {"results", "the slots of the results that are wanted, results=0 if there are none"},
	    {"bytes", "the bytes of an element, bytes=0 if a slot holds their number"},
	    {"slots", "the slots of a value, slots=0 if it is empty"},
	    {"key", "the slots of a key, key=0 if it is empty"},
	    {"value", "the slots of a value, value=0 if it is empty"},
	    {"method", "the number of the method in the interface, from 0"},
	};
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strcmp(hints[i][0], name) == 0)
			return hints[i][1];
	return "a number";
}
