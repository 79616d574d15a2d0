/* Numbers: integers, floats, and conversions between them. */
#include "objects.h"

/* ---- Integers ---- */

static volt_slot compare_integers(uint8_t op, volt_slot left, volt_slot right) {
	switch (op) {
	case VOLT_OP_EqI: return left == right;
	case VOLT_OP_NeI: return left != right;
	case VOLT_OP_LtI: return (int64_t)left < (int64_t)right;
	case VOLT_OP_LtU: return left < right;
	case VOLT_OP_LeI: return (int64_t)left <= (int64_t)right;
	case VOLT_OP_LeU: return left <= right;
	case VOLT_OP_GtI: return (int64_t)left > (int64_t)right;
	case VOLT_OP_GtU: return left > right;
	case VOLT_OP_GeI: return (int64_t)left >= (int64_t)right;
	default: return left >= right;
	}
}

/* The smallest number by -1 is itself. */
static volt_slot divide(uint8_t op, volt_slot left, volt_slot right) {
	const bool is_division = op == VOLT_OP_DivI || op == VOLT_OP_DivU;
	if (op == VOLT_OP_DivU || op == VOLT_OP_ModU)
		return is_division ? left / right : left % right;
	if (right == UINT64_MAX)
		return is_division ? 0 - left : 0;
	const int64_t by = (int64_t)right;
	return (volt_slot)(is_division ? (int64_t)left / by : (int64_t)left % by);
}

/* All bits are gone at 64; what is left of a signed number then is its sign. */
static volt_slot shift(uint8_t op, volt_slot value, volt_slot by) {
	if (op == VOLT_OP_ShrS)
		return (volt_slot)((int64_t)value >> (by < 64 ? by : 63));
	if (by >= 64)
		return 0;
	return op == VOLT_OP_Shl ? value << by : value >> by;
}

static volt_slot calculate_integers(uint8_t op, volt_slot left, volt_slot right) {
	switch (op) {
	case VOLT_OP_AddI: return left + right;
	case VOLT_OP_SubI: return left - right;
	case VOLT_OP_MulI: return left * right;
	case VOLT_OP_And: return left & right;
	case VOLT_OP_Or: return left | right;
	case VOLT_OP_Xor: return left ^ right;
	default: return left & ~right;
	}
}

/* ---- Floats ---- */

static volt_slot calculate_floats(uint8_t op, double left, double right) {
	switch (op) {
	case VOLT_OP_AddF: return volt_slot_from_float(left + right);
	case VOLT_OP_SubF: return volt_slot_from_float(left - right);
	case VOLT_OP_MulF: return volt_slot_from_float(left * right);
	case VOLT_OP_DivF: return volt_slot_from_float(left / right);
	case VOLT_OP_EqF: return left == right;
	case VOLT_OP_NeF: return left != right;
	case VOLT_OP_LtF: return left < right;
	case VOLT_OP_LeF: return left <= right;
	case VOLT_OP_GtF: return left > right;
	default: return left >= right;
	}
}

/* Toward zero; the nearest number there is, and 0 for what is none. */
static volt_slot integer_of(double value) {
	const double beyond = 9223372036854775808.0;
	if (value != value)
		return 0;
	if (value >= beyond)
		return INT64_MAX;
	return (volt_slot)(value < -beyond ? INT64_MIN : (int64_t)value);
}

static volt_slot negated_float(volt_slot value) {
	return value ^ UINT64_C(1) << 63;
}

/* ---- One instruction ---- */

static volt_status execute_division(machine *self, volt_instruction at, volt_slot *slots) {
	if (slots[at.c] == 0)
		return raise_trap(self, VOLT_TRAP_DivisionByZero, 0, 0);
	slots[at.a] = divide(at.op, slots[at.b], slots[at.c]);
	return VOLT_STATUS_OK;
}

static volt_status execute_shift(machine *self, volt_instruction at, volt_slot *slots) {
	if ((int64_t)slots[at.c] < 0)
		return raise_trap(self, VOLT_TRAP_NegativeShift, 0, 0);
	slots[at.a] = shift(at.op, slots[at.b], slots[at.c]);
	return VOLT_STATUS_OK;
}

/* Two operands, and nothing can be wrong with them. */
static volt_slot of_two(uint8_t op, volt_slot left, volt_slot right) {
	const bool is_comparison = op >= VOLT_OP_EqI && op <= VOLT_OP_GeU;
	const bool is_of_floats =
	    (op >= VOLT_OP_AddF && op <= VOLT_OP_DivF) || (op >= VOLT_OP_EqF && op <= VOLT_OP_GeF);
	if (is_of_floats)
		return calculate_floats(op, volt_slot_float(left), volt_slot_float(right));
	return is_comparison ? compare_integers(op, left, right) : calculate_integers(op, left, right);
}

bool is_of_numbers(uint8_t op) {
	return (op >= VOLT_OP_AddI && op <= VOLT_OP_BoolNot) || op == VOLT_OP_ConvI2F || op == VOLT_OP_ConvF2I;
}

volt_status execute_on_numbers(machine *self, volt_instruction at, volt_slot *slots) {
	switch (at.op) {
	case VOLT_OP_DivI:
	case VOLT_OP_DivU:
	case VOLT_OP_ModI:
	case VOLT_OP_ModU: return execute_division(self, at, slots);
	case VOLT_OP_Shl:
	case VOLT_OP_ShrS:
	case VOLT_OP_ShrU: return execute_shift(self, at, slots);
	case VOLT_OP_NegI: slots[at.a] = 0 - slots[at.b]; break;
	case VOLT_OP_NegF: slots[at.a] = negated_float(slots[at.b]); break;
	case VOLT_OP_Not: slots[at.a] = ~slots[at.b]; break;
	case VOLT_OP_BoolNot: slots[at.a] = slots[at.b] == 0; break;
	case VOLT_OP_ConvI2F: slots[at.a] = volt_slot_from_float((double)(int64_t)slots[at.b]); break;
	case VOLT_OP_ConvF2I: slots[at.a] = integer_of(volt_slot_float(slots[at.b])); break;
	default: slots[at.a] = of_two(at.op, slots[at.b], slots[at.c]); break;
	}
	return VOLT_STATUS_OK;
}
