/* Looks at every instruction; what is not known to be harmless is not. */
#include "analysis/repeatable.h"

/*
 * Instructions that only write slots, from slots, constants and what stands still while the function runs.
 * They may panic: then so they will again. Allocations, natives and everything that is executed out of line
 * is not among them.
 */
static bool writes_slots_only(uint8_t opcode) {
	switch (opcode) {
	case VOLT_OP_Hint:
	case VOLT_OP_LoadInt:
	case VOLT_OP_LoadConst:
	case VOLT_OP_Copy:
	case VOLT_OP_CopyN:
	case VOLT_OP_SlotGet:
	case VOLT_OP_SlotSet:
	case VOLT_OP_SlotGetN:
	case VOLT_OP_SlotSetN:
	case VOLT_OP_GlobalGet:
	case VOLT_OP_GlobalGetN:
	case VOLT_OP_BoolNot:
	case VOLT_OP_ConvI2F:
	case VOLT_OP_ConvF2I:
	case VOLT_OP_ConvF64F32:
	case VOLT_OP_ConvF32F64:
	case VOLT_OP_Trunc: return true;
	default: return opcode >= VOLT_OP_AddI && opcode <= VOLT_OP_ShrU;
	}
}

static bool is_repeatable(uint32_t index, volt_instruction instruction, uint32_t pc) {
	switch (instruction.op) {
	case VOLT_OP_Jump:
	case VOLT_OP_JumpIf:
	case VOLT_OP_JumpIfNot: return volt_jump_target(instruction, pc) > pc;
	case VOLT_OP_Call: return (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS) == index;
	case VOLT_OP_Return: return instruction.flags == 0;
	default: return writes_slots_only(instruction.op);
	}
}

bool volt_is_repeatable_recursion(const volt_module *module, uint32_t index, const bool *reachable) {
	const volt_function *function = &module->functions.items[index];
	bool repeatable = !function->has_defer, recursive = false;
	for (uint32_t pc = 0; pc < function->code.count && repeatable; pc++) {
		if (!reachable[pc])
			continue;
		recursive |= function->code.items[pc].op == VOLT_OP_Call;
		repeatable = is_repeatable(index, function->code.items[pc], pc);
	}
	return repeatable && recursive;
}
