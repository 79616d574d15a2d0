/* Properties of functions and natives that follow from their code or name. */
#include "bytecode/model/derived.h"

#include "bytecode/model/operands.h"
#include "bytecode/vot/text.h"

bool derived_defers(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		uint8_t op = function->code.items[pc].op;
		if (op == VOLT_OP_DeferPush || op == VOLT_OP_ErrDeferPush)
			return true;
	}
	return false;
}

bool derived_blocks(volt_text native_name) {
	static const char mark[] = "_blocking_";
	return native_name.length && memmem(native_name.bytes, native_name.length, mark, sizeof mark - 1) != NULL;
}

static uint32_t end_of_operand(const volt_module *module, volt_instruction instruction,
                               const volt_operand *operand) {
	if (operand->role == VOLT_OPERAND_CALLEE)
		return callee_is_closure(instruction) ? instruction.a + 1u : 0;
	if (!operand_is_slots(operand))
		return 0;
	uint32_t slots = operand_least_slots(module, instruction, operand);
	return slots ? volt_operand_first_slot(instruction, operand) + slots : 0;
}

uint32_t derived_locals(const volt_module *module, const volt_function *function) {
	uint32_t locals = function->parameter_slots;
	if (locals < function->slot_types.count)
		locals = function->slot_types.count;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		volt_instruction instruction = function->code.items[pc];
		const volt_opcode_info *info = volt_opcode_get_info(instruction.op);
		for (const volt_operand *operand = info ? info->operands : NULL; operand && operand->role;
		     operand++) {
			uint32_t end = end_of_operand(module, instruction, operand);
			if (end > locals)
				locals = end;
		}
	}
	return locals;
}

uint32_t derived_results(const volt_function *function) {
	enum { HEAP_RESULTS = 2 };
	uint32_t results = 0;
	for (uint32_t i = 0; i < function->heap_result_slots.count; i++)
		results += function->heap_result_slots.items[i];
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		volt_instruction instruction = function->code.items[pc];
		bool plain = instruction.op == VOLT_OP_Return && !(instruction.flags & HEAP_RESULTS);
		if (plain && instruction.b > results)
			results = instruction.b;
	}
	return results;
}
