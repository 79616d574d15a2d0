/*
 * Package math/bits (NATIVES.md, "Mathematics"). Arguments of the narrow forms are cut to
 * their width, results are zero-extended.
 */
#include "extern/direct_native.h"

__extension__ typedef unsigned __int128 uint128;

static int leading_zeros(uint64_t value) {
	return value == 0 ? 64 : __builtin_clzll(value);
}
static int trailing_zeros(uint64_t value) {
	return value == 0 ? 64 : __builtin_ctzll(value);
}

/* The three counts for one type. */
#define COUNTS(suffix, type) \
	DIRECT_NATIVE_1(leading_zeros##suffix, vm, value) { \
		return (volt_slot)(leading_zeros((type)value) - (64 - 8 * (int)sizeof(type))); \
	} \
	DIRECT_NATIVE_1(trailing_zeros##suffix, vm, value) { \
		return (volt_slot)((type)value == 0 ? 8 * (int)sizeof(type) : trailing_zeros((type)value)); \
	} \
	DIRECT_NATIVE_1(ones_count##suffix, vm, value) { \
		return (volt_slot)__builtin_popcountll((type)value); \
	}

COUNTS(8, uint8_t)
COUNTS(16, uint16_t)
COUNTS(32, uint32_t)
COUNTS(64, uint64_t)

static volt_native_result pair(volt_native_call *call, uint64_t first, uint64_t second) {
	native_set(call, 0, first);
	native_set(call, 1, second);
	return VOLT_NATIVE_OK;
}

/* Arithmetic of one type in a type of twice its width. Only bit 0 of a carry counts. */
#define ARITHMETIC(suffix, type, wide, bits) \
	static volt_native_result add##suffix(volt_native_call *call) { \
		wide sum = \
		    (wide)(type)native_uint(call, 0) + (type)native_uint(call, 1) + (native_uint(call, 2) & 1); \
		return pair(call, (type)sum, (uint64_t)(sum >> (bits))); \
	} \
	static volt_native_result sub##suffix(volt_native_call *call) { \
		wide difference = (wide)(type)native_uint(call, 0) - (type)native_uint(call, 1); \
		difference -= native_uint(call, 2) & 1; \
		return pair(call, (type)difference, (uint64_t)(difference >> (bits)) & 1); \
	} \
	static volt_native_result mul##suffix(volt_native_call *call) { \
		wide product = (wide)(type)native_uint(call, 0) * (type)native_uint(call, 1); \
		return pair(call, (type)(product >> (bits)), (type)product); \
	} \
	static volt_native_result divide##suffix(volt_native_call *call, const char *name) { \
		wide dividend = (wide)(type)native_uint(call, 0) << (bits) | (type)native_uint(call, 1); \
		type divisor = (type)native_uint(call, 2); \
		if (divisor == 0) \
			return volt_native_panic(call, "math/bits: %s: division by zero", name); \
		return pair(call, (type)(dividend / divisor), (type)(dividend % divisor)); \
	}

ARITHMETIC(32, uint32_t, uint64_t, 32)
ARITHMETIC(64, uint64_t, uint128, 64)

static volt_native_result div_uint(volt_native_call *call) {
	return divide64(call, "Div");
}
static volt_native_result div_uint32(volt_native_call *call) {
	return divide32(call, "Div32");
}
static volt_native_result div_uint64(volt_native_call *call) {
	return divide64(call, "Div64");
}

static const native_row rows[] = {
    {"math_bits_Add", add64, VOLT_PERMIT_NOTHING, "(x uint, y uint, carry uint) -> (sum uint, carry uint)"},
    {"math_bits_Add32", add32, VOLT_PERMIT_NOTHING,
     "(x uint32, y uint32, carry uint32) -> (sum uint32, carry uint32)"},
    {"math_bits_Add64", add64, VOLT_PERMIT_NOTHING,
     "(x uint64, y uint64, carry uint64) -> (sum uint64, carry uint64)"},
    {"math_bits_Div", div_uint, VOLT_PERMIT_NOTHING,
     "(high uint, low uint, divisor uint) -> (quotient uint, remainder uint)"},
    {"math_bits_Div32", div_uint32, VOLT_PERMIT_NOTHING,
     "(high uint32, low uint32, divisor uint32) -> (quotient uint32, remainder uint32)"},
    {"math_bits_Div64", div_uint64, VOLT_PERMIT_NOTHING,
     "(high uint64, low uint64, divisor uint64) -> (quotient uint64, remainder uint64)"},
    {"math_bits_LeadingZeros", leading_zeros64, VOLT_PERMIT_NOTHING, "(uint) -> int"},
    {"math_bits_LeadingZeros16", leading_zeros16, VOLT_PERMIT_NOTHING, "(uint16) -> int"},
    {"math_bits_LeadingZeros32", leading_zeros32, VOLT_PERMIT_NOTHING, "(uint32) -> int"},
    {"math_bits_LeadingZeros64", leading_zeros64, VOLT_PERMIT_NOTHING, "(uint64) -> int"},
    {"math_bits_LeadingZeros8", leading_zeros8, VOLT_PERMIT_NOTHING, "(uint8) -> int"},
    {"math_bits_Mul", mul64, VOLT_PERMIT_NOTHING, "(x uint, y uint) -> (high uint, low uint)"},
    {"math_bits_Mul32", mul32, VOLT_PERMIT_NOTHING, "(x uint32, y uint32) -> (high uint32, low uint32)"},
    {"math_bits_Mul64", mul64, VOLT_PERMIT_NOTHING, "(x uint64, y uint64) -> (high uint64, low uint64)"},
    {"math_bits_OnesCount", ones_count64, VOLT_PERMIT_NOTHING, "(uint) -> int"},
    {"math_bits_OnesCount16", ones_count16, VOLT_PERMIT_NOTHING, "(uint16) -> int"},
    {"math_bits_OnesCount32", ones_count32, VOLT_PERMIT_NOTHING, "(uint32) -> int"},
    {"math_bits_OnesCount64", ones_count64, VOLT_PERMIT_NOTHING, "(uint64) -> int"},
    {"math_bits_OnesCount8", ones_count8, VOLT_PERMIT_NOTHING, "(uint8) -> int"},
    {"math_bits_Sub", sub64, VOLT_PERMIT_NOTHING,
     "(x uint, y uint, borrow uint) -> (difference uint, borrow uint)"},
    {"math_bits_Sub32", sub32, VOLT_PERMIT_NOTHING,
     "(x uint32, y uint32, borrow uint32) -> (difference uint32, borrow uint32)"},
    {"math_bits_Sub64", sub64, VOLT_PERMIT_NOTHING,
     "(x uint64, y uint64, borrow uint64) -> (difference uint64, borrow uint64)"},
    {"math_bits_TrailingZeros", trailing_zeros64, VOLT_PERMIT_NOTHING, "(uint) -> int"},
    {"math_bits_TrailingZeros16", trailing_zeros16, VOLT_PERMIT_NOTHING, "(uint16) -> int"},
    {"math_bits_TrailingZeros32", trailing_zeros32, VOLT_PERMIT_NOTHING, "(uint32) -> int"},
    {"math_bits_TrailingZeros64", trailing_zeros64, VOLT_PERMIT_NOTHING, "(uint64) -> int"},
    {"math_bits_TrailingZeros8", trailing_zeros8, VOLT_PERMIT_NOTHING, "(uint8) -> int"},
};

static const direct_native_row direct_rows[] = {
    DIRECT_ROW("math_bits_LeadingZeros", leading_zeros64, 1),
    DIRECT_ROW("math_bits_LeadingZeros16", leading_zeros16, 1),
    DIRECT_ROW("math_bits_LeadingZeros32", leading_zeros32, 1),
    DIRECT_ROW("math_bits_LeadingZeros64", leading_zeros64, 1),
    DIRECT_ROW("math_bits_LeadingZeros8", leading_zeros8, 1),
    DIRECT_ROW("math_bits_OnesCount", ones_count64, 1),
    DIRECT_ROW("math_bits_OnesCount16", ones_count16, 1),
    DIRECT_ROW("math_bits_OnesCount32", ones_count32, 1),
    DIRECT_ROW("math_bits_OnesCount64", ones_count64, 1),
    DIRECT_ROW("math_bits_OnesCount8", ones_count8, 1),
    DIRECT_ROW("math_bits_TrailingZeros", trailing_zeros64, 1),
    DIRECT_ROW("math_bits_TrailingZeros16", trailing_zeros16, 1),
    DIRECT_ROW("math_bits_TrailingZeros32", trailing_zeros32, 1),
    DIRECT_ROW("math_bits_TrailingZeros64", trailing_zeros64, 1),
    DIRECT_ROW("math_bits_TrailingZeros8", trailing_zeros8, 1),
};

const native_package math_bits_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
