/* The comparison of a field is LoadInt i; SlotGet x, left, i; SlotGet y, right, i; EqI x, y. */
#include "analysis/float_reads.h"

/* The LoadInt of the index, or NULL. */
static const volt_instruction *load_of_index(const volt_function *function, uint32_t pc) {
	const volt_instruction *code = function->code.items;
	uint16_t index = code[pc].c;
	if (pc > 1 && code[pc - 1].op == VOLT_OP_SlotGet && code[pc - 1].c == index && code[pc - 1].a != index)
		pc--;
	if (pc == 0 || code[pc - 1].op != VOLT_OP_LoadInt || code[pc - 1].a != index)
		return NULL;
	return &code[pc - 1];
}

bool volt_reads_float_field(const volt_function *function, uint32_t pc) {
	const volt_instruction *load = load_of_index(function, pc);
	if (!load)
		return false;
	int64_t slot = (int64_t)function->code.items[pc].b + volt_instruction_immediate(*load);
	return slot >= 0 && slot < function->slot_types.count &&
	       function->slot_types.items[slot] == VOLT_SLOT_FLOAT;
}
