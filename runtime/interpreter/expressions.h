/*
 * What instructions compute from slots. Those with two operands, x and y, do it for their own cases and for
 * fused ones.
 */
#ifndef INTERPRETER_EXPRESSIONS_H
#define INTERPRETER_EXPRESSIONS_H

#include <math.h>
#include <string.h>

#include "volt/value.h"

/* Integers modulo 2^64. */
#define EXPRESSION_AddI(x, y) ((x) + (y))
#define EXPRESSION_SubI(x, y) ((x) - (y))
#define EXPRESSION_MulI(x, y) ((x) * (y))

/* Once y is known not to be 0. INT64_MIN / -1 would trap in hardware: x / -1 is -x, and x % -1 is 0. */
#define EXPRESSION_DivI(x, y) ((y) == UINT64_MAX ? -(x) : (volt_slot)((int64_t)(x) / (int64_t)(y)))
#define EXPRESSION_DivU(x, y) ((x) / (y))
#define EXPRESSION_ModI(x, y) ((y) == UINT64_MAX ? 0 : (volt_slot)((int64_t)(x) % (int64_t)(y)))
#define EXPRESSION_ModU(x, y) ((x) % (y))

#define EXPRESSION_EqI(x, y) ((x) == (y))
#define EXPRESSION_NeI(x, y) ((x) != (y))
#define EXPRESSION_LtI(x, y) ((int64_t)(x) < (int64_t)(y))
#define EXPRESSION_LtU(x, y) ((x) < (y))
#define EXPRESSION_LeI(x, y) ((int64_t)(x) <= (int64_t)(y))
#define EXPRESSION_LeU(x, y) ((x) <= (y))
#define EXPRESSION_GtI(x, y) ((int64_t)(x) > (int64_t)(y))
#define EXPRESSION_GtU(x, y) ((x) > (y))
#define EXPRESSION_GeI(x, y) ((int64_t)(x) >= (int64_t)(y))
#define EXPRESSION_GeU(x, y) ((x) >= (y))

#define EXPRESSION_And(x, y) ((x) & (y))
#define EXPRESSION_Or(x, y) ((x) | (y))
#define EXPRESSION_Xor(x, y) ((x) ^ (y))
#define EXPRESSION_AndNot(x, y) ((x) & ~(y))

/* Once the count y is known not to be negative. */
#define EXPRESSION_Shl(x, y) ((y) < 64 ? (x) << (y) : 0)
#define EXPRESSION_ShrS(x, y) ((volt_slot)((int64_t)(x) >> ((y) < 64 ? (y) : 63)))
#define EXPRESSION_ShrU(x, y) ((y) < 64 ? (x) >> (y) : 0)

/* Floats: IEEE double. */
#define EXPRESSION_AddF(x, y) volt_slot_from_float(volt_slot_float(x) + volt_slot_float(y))
#define EXPRESSION_SubF(x, y) volt_slot_from_float(volt_slot_float(x) - volt_slot_float(y))
#define EXPRESSION_MulF(x, y) volt_slot_from_float(volt_slot_float(x) * volt_slot_float(y))
#define EXPRESSION_DivF(x, y) volt_slot_from_float(volt_slot_float(x) / volt_slot_float(y))

#define EXPRESSION_EqF(x, y) (volt_slot_float(x) == volt_slot_float(y))
#define EXPRESSION_NeF(x, y) (volt_slot_float(x) != volt_slot_float(y))
#define EXPRESSION_LtF(x, y) (volt_slot_float(x) < volt_slot_float(y))
#define EXPRESSION_LeF(x, y) (volt_slot_float(x) <= volt_slot_float(y))
#define EXPRESSION_GtF(x, y) (volt_slot_float(x) > volt_slot_float(y))
#define EXPRESSION_GeF(x, y) (volt_slot_float(x) >= volt_slot_float(y))

/* ---- Conversions ---- */

static inline int64_t saturating_int(double value) {
	if (value >= 0x1p63)
		return INT64_MAX;
	if (value < -0x1p63)
		return INT64_MIN;
	return isnan(value) ? 0 : (int64_t)value;
}

static inline volt_slot truncated(volt_slot value, uint8_t flags) {
	switch (flags) {
	case 0x81: return (volt_slot)(int64_t)(int8_t)value;
	case 0x82: return (volt_slot)(int64_t)(int16_t)value;
	case 0x84: return (volt_slot)(int64_t)(int32_t)value;
	case 1: return (uint8_t)value;
	case 2: return (uint16_t)value;
	case 4: return (uint32_t)value;
	default: return value;
	}
}

static inline float slot_float32(volt_slot slot) {
	const uint32_t bits = (uint32_t)slot;
	float value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

static inline volt_slot slot_from_float32(float value) {
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	return volt_slot_identity(VOLT_KIND_FLOAT32, bits);
}

#endif
