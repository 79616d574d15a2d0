/* Slots that operands cover, and where jumps go. */
#include "bytecode/model/operands.h"

uint32_t volt_element_slots(uint8_t flags) {
	enum { SIZE_BITS = 63, SLOT_BYTES = 8 };
	if (!flags)
		return 0;
	uint32_t slots = ((uint32_t)(flags & SIZE_BITS) + SLOT_BYTES - 1) / SLOT_BYTES;
	return slots ? slots : 1;
}

int64_t volt_jump_target(volt_instruction instruction, uint32_t pc) {
	if (instruction.op == VOLT_OP_ForLoop)
		return (int64_t)pc + 1 + volt_instruction_get(instruction, VOLT_FIELD_C_SIGNED);
	return (int64_t)pc + volt_instruction_immediate(instruction);
}

bool operand_is_slots(const volt_operand *operand) {
	switch (operand->role) {
	case VOLT_OPERAND_WRITE:
	case VOLT_OPERAND_READ:
	case VOLT_OPERAND_UPDATE:
	case VOLT_OPERAND_IMPLICIT_READ: return true;
	case VOLT_OPERAND_NONE:
	case VOLT_OPERAND_JUMP:
	case VOLT_OPERAND_CONSTANT:
	case VOLT_OPERAND_GLOBAL_READ:
	case VOLT_OPERAND_GLOBAL_WRITE:
	case VOLT_OPERAND_FUNCTION:
	case VOLT_OPERAND_CALLEE:
	case VOLT_OPERAND_NATIVE:
	case VOLT_OPERAND_NUMBER:
	case VOLT_OPERAND_NAMED: return false;
	}
	return false;
}

static uint32_t asserted_slots(volt_instruction instruction) {
	enum { TO_INTERFACE = 1 };
	uint32_t ok = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_FLAGS_BIT_2);
	uint32_t slots = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_FLAGS_HIGH_5);
	if (volt_instruction_get(instruction, VOLT_FIELD_FLAGS_LOW_2) == TO_INTERFACE)
		return 2 + ok;
	return (slots ? slots : 1) + ok;
}

static uint32_t native_results(const volt_module *module, volt_instruction instruction) {
	return instruction.b < module->natives.count ? module->natives.items[instruction.b].result_slots : 0;
}

uint32_t operand_least_slots(const volt_module *module, volt_instruction instruction,
                             const volt_operand *operand) {
	uint8_t flags = instruction.flags;
	uint32_t ok = flags & 1, dynamic_size = flags ? 0 : 1, element = flags ? volt_element_slots(flags) : 1;
	uint32_t select_slots = flags >> 1 ? flags >> 1 : 1;
	switch (operand->count) {
	case VOLT_COUNT_NONE: return 0;
	case VOLT_COUNT_ONE: return 1;
	case VOLT_COUNT_TWO: return 2;
	case VOLT_COUNT_IN_FLAGS: return flags;
	case VOLT_COUNT_IN_B: return instruction.b;
	case VOLT_COUNT_IN_C: return instruction.c;
	case VOLT_COUNT_REST_OF_FRAME: return 1;
	case VOLT_COUNT_CALL_ARGUMENTS: return instruction.c >> 8;
	case VOLT_COUNT_CALL_RESULTS: return instruction.c & 0xff;
	case VOLT_COUNT_NATIVE_RESULTS: return native_results(module, instruction);
	case VOLT_COUNT_ELEMENT: return element;
	case VOLT_COUNT_INDEX_AND_SIZE: return 1 + dynamic_size;
	case VOLT_COUNT_LENGTH_CAPACITY_AND_SIZE: return 2 + dynamic_size;
	case VOLT_COUNT_SLICE_BOUNDS: return flags & 2 ? 3 : 2;
	case VOLT_COUNT_APPEND: return 1 + dynamic_size + element;
	case VOLT_COUNT_MAP_GET_RESULT:
	case VOLT_COUNT_MAP_GET_KEY:
	case VOLT_COUNT_MAP_SET_KEY:
	case VOLT_COUNT_MAP_SET_VALUE:
	case VOLT_COUNT_MAP_DELETE_KEY: return 1;
	case VOLT_COUNT_MAP_ITERATOR: return 7;
	case VOLT_COUNT_MAP_ENTRY: return (flags & 15) + (flags >> 4);
	case VOLT_COUNT_RECEIVED: return (flags >> 1) + ok;
	case VOLT_COUNT_SELECT_SEND: return flags ? flags : 1;
	case VOLT_COUNT_SELECT_RECEIVE: return select_slots + ok;
	case VOLT_COUNT_INTERFACE_SOURCE: return flags == VOLT_KIND_INTERFACE ? 2 : 1;
	case VOLT_COUNT_ASSERTED: return asserted_slots(instruction);
	}
	return 0;
}

static bool width_is_dynamic(volt_instruction instruction, volt_slot_count count) {
	switch (count) {
	case VOLT_COUNT_MAP_GET_RESULT:
	case VOLT_COUNT_MAP_GET_KEY:
	case VOLT_COUNT_MAP_SET_KEY:
	case VOLT_COUNT_MAP_SET_VALUE:
	case VOLT_COUNT_MAP_DELETE_KEY: return true;
	case VOLT_COUNT_ELEMENT:
	case VOLT_COUNT_APPEND: return instruction.flags == 0;
	default: return false;
	}
}

uint32_t volt_operand_first_slot(volt_instruction instruction, const volt_operand *operand) {
	if (operand->role == VOLT_OPERAND_IMPLICIT_READ)
		return operand->slot;
	return (uint32_t)volt_instruction_get(instruction, operand->field);
}

static uint32_t smaller(uint32_t left, uint32_t right) {
	return left < right ? left : right;
}

int volt_operand_slots(const volt_module *module, const volt_function *function, volt_instruction instruction,
                       const volt_operand *operand) {
	if (!operand_is_slots(operand))
		return 0;
	if (width_is_dynamic(instruction, operand->count))
		return -1;
	if (operand->count == VOLT_COUNT_REST_OF_FRAME)
		return (int)function->local_slots - (int)volt_operand_first_slot(instruction, operand);
	uint32_t slots = operand_least_slots(module, instruction, operand);
	if (operand->count == VOLT_COUNT_NATIVE_RESULTS && slots)
		slots = smaller(slots, function->local_slots - volt_operand_first_slot(instruction, operand));
	return (int)slots;
}

uint64_t operands_used_bits(volt_instruction instruction) {
	const uint64_t op_bits = 0xff;
	uint64_t used = op_bits;
	const volt_opcode_info *info = volt_opcode_get_info(instruction.op);
	for (const volt_operand *operand = info->operands; operand->role != VOLT_OPERAND_NONE; operand++) {
		bool callee = operand->role == VOLT_OPERAND_CALLEE;
		used |= volt_field_mask(callee && callee_is_closure(instruction) ? VOLT_FIELD_A : operand->field);
		if (callee)
			used |= volt_field_mask(VOLT_FIELD_FLAGS_BIT_0);
	}
	return used;
}
