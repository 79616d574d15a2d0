/* Sums and changes, and which instructions there is something to say of. */
#include "analysis/round_values.h"

#include "analysis/constants.h"

/* Changes stay far from where sums of them would overflow. */
enum { LARGEST_CHANGE = 1 << 30 };

/* ---- Changes ---- */

static round_change constant_change(int64_t constant) {
	if (constant > LARGEST_CHANGE || constant < -LARGEST_CHANGE)
		return (round_change){0};
	return (round_change){.kind = CHANGE_CONSTANT, .constant = constant};
}

bool round_change_is_none(round_change change) {
	return change.kind == CHANGE_CONSTANT && change.constant == 0;
}

static round_change sum_of_changes(round_change left, round_change right) {
	if (round_change_is_none(left))
		return right;
	if (round_change_is_none(right))
		return left;
	if (left.kind != CHANGE_CONSTANT || right.kind != CHANGE_CONSTANT)
		return (round_change){0};
	return constant_change(left.constant + right.constant);
}

static round_change difference_of_changes(round_change left, round_change right) {
	if (right.kind == CHANGE_CONSTANT)
		return sum_of_changes(left, constant_change(-right.constant));
	return (round_change){0};
}

/*
 * Neither wraps before they meet: the lower one only rises and the upper one only falls. A slot that is not
 * above 0 is for who counts the rounds to find out.
 */
round_change round_change_closing(round_change lower, round_change upper) {
	bool falls = lower.kind == CHANGE_CONSTANT && lower.constant < 0;
	if (falls || upper.kind != CHANGE_CONSTANT || upper.constant > 0)
		return (round_change){0};
	return difference_of_changes(lower, upper);
}

/* ---- Values ---- */

static round_value constant_value(uint64_t constant) {
	return (round_value){
	    .form = FORM_CONSTANT,
	    .offset = constant,
	    .change = constant_change(0),
	};
}

round_value round_value_at_start(uint32_t slot, round_change step) {
	return (round_value){
	    .form = FORM_SUM,
	    .slot = slot,
	    .plus = ROUND_NO_SLOT,
	    .change = step,
	    .writer = ROUND_NO_WRITER,
	};
}

static bool is_same_sum(round_value left, round_value right) {
	if (left.form != right.form || left.form == FORM_UNKNOWN || left.offset != right.offset)
		return false;
	return left.form == FORM_CONSTANT || (left.slot == right.slot && left.plus == right.plus);
}

round_value round_value_of_both(round_value left, round_value right) {
	if (left.writer == right.writer && left.writer != ROUND_SEVERAL_WRITERS)
		return left;
	round_value both = is_same_sum(left, right) ? left : (round_value){0};
	both.writer = ROUND_SEVERAL_WRITERS;
	return both;
}

round_change round_step(round_value at_end, uint32_t slot) {
	if (at_end.form != FORM_SUM)
		return (round_change){0};
	if (at_end.plus == ROUND_NO_SLOT)
		return at_end.slot == slot ? constant_change((int64_t)at_end.offset) : (round_change){0};
	if (at_end.offset != 0 || (at_end.slot == slot) == (at_end.plus == slot))
		return (round_change){0};
	uint32_t other = at_end.slot == slot ? at_end.plus : at_end.slot;
	return (round_change){.kind = CHANGE_BY_SLOT, .slot = other};
}

static round_value plus_constant(round_value value, uint64_t constant) {
	value.offset += constant;
	return value;
}

static round_value sum(round_value left, round_value right) {
	round_value result = {0};
	if (right.form == FORM_CONSTANT && left.form != FORM_UNKNOWN)
		result = plus_constant(left, right.offset);
	else if (left.form == FORM_CONSTANT && right.form != FORM_UNKNOWN)
		result = plus_constant(right, left.offset);
	else if (left.form == FORM_SUM && right.form == FORM_SUM && left.plus == ROUND_NO_SLOT &&
	         right.plus == ROUND_NO_SLOT)
		result = (round_value){
		    .form = FORM_SUM,
		    .slot = left.slot,
		    .plus = right.slot,
		    .offset = left.offset + right.offset,
		};
	result.change = sum_of_changes(left.change, right.change);
	return result;
}

static round_value difference(round_value left, round_value right) {
	round_value result = {0};
	if (right.form == FORM_CONSTANT && left.form != FORM_UNKNOWN)
		result = plus_constant(left, 0 - right.offset);
	result.change = difference_of_changes(left.change, right.change);
	return result;
}

/* A change times a value that no round changes. */
static round_change scaled(round_change change, round_value factor) {
	if (change.kind != CHANGE_CONSTANT)
		return (round_change){0};
	if (factor.form == FORM_CONSTANT && (int64_t)factor.offset <= LARGEST_CHANGE &&
	    (int64_t)factor.offset >= -LARGEST_CHANGE)
		return constant_change(change.constant * (int64_t)factor.offset);
	bool is_slot = factor.form == FORM_SUM && factor.plus == ROUND_NO_SLOT && factor.offset == 0;
	if (change.constant == 1 && is_slot)
		return (round_change){.kind = CHANGE_BY_SLOT, .slot = factor.slot};
	return (round_change){0};
}

static round_value changing(round_change change) {
	return (round_value){.change = change};
}

static round_value unchanged_if(bool unchanged) {
	return changing(unchanged ? constant_change(0) : (round_change){0});
}

static round_value product(round_value left, round_value right) {
	bool left_stays = round_change_is_none(left.change), right_stays = round_change_is_none(right.change);
	if (left_stays && right_stays)
		return unchanged_if(true);
	if (right_stays)
		return changing(scaled(left.change, right));
	return left_stays ? changing(scaled(right.change, left)) : changing((round_change){0});
}

/* ---- Memory ---- */

/* Words that go from slots to an object. */
static void add_words(round_memory *memory, const volt_function *function, uint32_t first, uint32_t count) {
	for (uint32_t slot = first; slot < first + count; slot++)
		if (volt_slot_is_value(function, slot))
			memory->values = true;
		else
			memory->references = true;
}

static bool is_word(volt_instruction instruction) {
	enum { BYTES_MASK = 0x3f };
	const uint32_t bytes = instruction.flags & BYTES_MASK;
	return bytes != 1 && bytes != 2 && bytes != 4;
}

void round_memory_add(round_memory *memory, const volt_function *function, volt_instruction instruction) {
	switch (instruction.op) {
	case VOLT_OP_GlobalSet:
	case VOLT_OP_GlobalSetN: memory->globals = true; break;
	case VOLT_OP_PtrSet: add_words(memory, function, instruction.c, 1); break;
	case VOLT_OP_PtrSetN: add_words(memory, function, instruction.c, instruction.flags); break;
	case VOLT_OP_ArraySet:
	case VOLT_OP_SliceSet:
		if (is_word(instruction))
			add_words(memory, function, instruction.c, volt_element_slots(instruction.flags));
		else
			memory->values = true;
		break;
	case VOLT_OP_Call: memory->globals = memory->values = memory->references = true; break;
	default: break;
	}
}

static bool is_word_changed(const round_operands *operands) {
	return operands->memory->references || (operands->memory->values && !operands->a_is_reference);
}

static bool is_load_repeated(volt_instruction instruction, const round_operands *operands) {
	bool same_b = round_change_is_none(operands->b.change), same_c = round_change_is_none(operands->c.change);
	switch (instruction.op) {
	case VOLT_OP_SliceLen:
	case VOLT_OP_SliceCap:
	case VOLT_OP_StrLen: return same_b;
	case VOLT_OP_StrIndex: return same_b && same_c;
	case VOLT_OP_ArrayGet:
	case VOLT_OP_SliceGet:
		return same_b && same_c &&
		       (is_word(instruction) ? !is_word_changed(operands)
		                             : !operands->memory->references && !operands->memory->values);
	case VOLT_OP_PtrGet: return same_b && !is_word_changed(operands);
	case VOLT_OP_GlobalGet: return !operands->memory->globals;
	default: return false;
	}
}

bool round_reads_memory(volt_instruction instruction) {
	switch (instruction.op) {
	case VOLT_OP_ArrayGet:
	case VOLT_OP_SliceGet: return volt_element_slots(instruction.flags) == 1;
	case VOLT_OP_StrIndex:
	case VOLT_OP_SliceLen:
	case VOLT_OP_SliceCap:
	case VOLT_OP_StrLen:
	case VOLT_OP_PtrGet: return true;
	default: return false;
	}
}

bool round_element_operands(volt_instruction instruction, uint32_t *object, uint32_t *index) {
	switch (instruction.op) {
	case VOLT_OP_ArrayGet:
	case VOLT_OP_SliceGet:
	case VOLT_OP_StrIndex:
		*object = instruction.b;
		*index = instruction.c;
		return true;
	case VOLT_OP_ArraySet:
	case VOLT_OP_SliceSet:
		*object = instruction.a;
		*index = instruction.b;
		return true;
	case VOLT_OP_IndexCheck:
		*object = instruction.b;
		*index = instruction.a;
		return true;
	default: return false;
	}
}

/* ---- Instructions ---- */

static bool is_arithmetic(uint8_t op) {
	return (op >= VOLT_OP_AddI && op <= VOLT_OP_BoolNot) || (op >= VOLT_OP_ConvI2F && op <= VOLT_OP_Trunc);
}

bool round_instruction_is_short(volt_instruction instruction) {
	uint8_t op = instruction.op;
	if (is_arithmetic(op) || op <= VOLT_OP_GlobalSetN || (op >= VOLT_OP_PtrGet && op <= VOLT_OP_PtrAdd))
		return true;
	switch (op) {
	case VOLT_OP_Jump:
	case VOLT_OP_JumpIf:
	case VOLT_OP_JumpIfNot:
	case VOLT_OP_ForLoop:
	case VOLT_OP_StrLen:
	case VOLT_OP_StrIndex:
	case VOLT_OP_ArrayAddr:
	case VOLT_OP_SliceLen:
	case VOLT_OP_SliceCap:
	case VOLT_OP_SliceAddr:
	case VOLT_OP_ClosureGet:
	case VOLT_OP_IndexCheck: return true;
	case VOLT_OP_ArrayGet:
	case VOLT_OP_ArraySet:
	case VOLT_OP_SliceGet:
	case VOLT_OP_SliceSet: return instruction.flags != 0;
	default: return false;
	}
}

/* Does the instruction read the slot that its field c names? */
static bool reads_two(volt_instruction instruction) {
	const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++)
		if (operand->role == VOLT_OPERAND_READ && operand->field == VOLT_FIELD_C)
			return true;
	return false;
}

/* Whatever it calculates: from the same comes the same. */
static round_value evaluate_arithmetic(volt_instruction instruction, const round_operands *operands) {
	round_value result = unchanged_if(round_change_is_none(operands->b.change) &&
	                                  (!reads_two(instruction) || round_change_is_none(operands->c.change)));
	result.compared[0] = operands->b.change;
	result.compared[1] = operands->c.change;
	return result;
}

static round_value evaluate_shift(volt_instruction instruction, const round_operands *operands) {
	enum { MOST_BITS = 30 };
	const round_value *count = &operands->c;
	if (count->form != FORM_CONSTANT || count->offset > MOST_BITS)
		return evaluate_arithmetic(instruction, operands);
	return product(operands->b, constant_value(UINT64_C(1) << count->offset));
}

round_value round_evaluate(volt_instruction instruction, const round_operands *operands) {
	enum { LOOP_DOWN = 2 };
	switch (instruction.op) {
	case VOLT_OP_LoadInt:
	case VOLT_OP_LoadConst: return constant_value(volt_loaded_value(operands->module, instruction));
	case VOLT_OP_Copy: return operands->b;
	case VOLT_OP_AddI: return sum(operands->b, operands->c);
	case VOLT_OP_SubI: return difference(operands->b, operands->c);
	case VOLT_OP_MulI: return product(operands->b, operands->c);
	case VOLT_OP_Shl: return evaluate_shift(instruction, operands);
	case VOLT_OP_ForLoop:
		return sum(operands->a, constant_value(instruction.flags & LOOP_DOWN ? UINT64_MAX : 1));
	default: break;
	}
	if (is_arithmetic(instruction.op))
		return evaluate_arithmetic(instruction, operands);
	return unchanged_if(is_load_repeated(instruction, operands));
}

/* ---- Tests ---- */

static void swap_order(round_test *test) {
	test->second_is_lower = !test->second_is_lower;
	test->inclusive = !test->inclusive;
}

/* While they differ by steps of 1, the one that rises is the lower one, the falling one the upper. */
static bool find_unequal(round_test *test) {
	round_change closing = difference_of_changes(test->first, test->second);
	if (closing.kind != CHANGE_CONSTANT || (closing.constant != 1 && closing.constant != -1))
		return false;
	test->second_is_lower = closing.constant < 0;
	return true;
}

bool round_test_find(volt_instruction comparison, bool wanted, round_test *test) {
	test->inclusive = test->second_is_lower = false;
	switch (comparison.op) {
	case VOLT_OP_EqI: return !wanted && find_unequal(test);
	case VOLT_OP_NeI: return wanted && find_unequal(test);
	case VOLT_OP_LtI:
	case VOLT_OP_LtU: break;
	case VOLT_OP_LeI:
	case VOLT_OP_LeU: test->inclusive = true; break;
	case VOLT_OP_GtI:
	case VOLT_OP_GtU: test->second_is_lower = true; break;
	case VOLT_OP_GeI:
	case VOLT_OP_GeU: test->second_is_lower = test->inclusive = true; break;
	default: return false;
	}
	if (!wanted)
		swap_order(test);
	return true;
}
