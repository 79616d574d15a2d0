/* Packages math, math/bits and math/rand over edge values. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "host.h"

static const double infinity = HUGE_VAL;

static void expect_float(const char *name, volt_slot got, double expected) {
	double value = volt_slot_float(got);
	bool same = isnan(expected) ? isnan(value) : got == FLOAT(expected);
	ck_assert_msg(same, "%s: got %a, expected %a", name, value, expected);
}

START_TEST(functions_of_one_number) {
	const struct {
		const char *name;
		double argument, expected;
	} cases[] = {
	    {"math_Floor", -1.5, -2},
	    {"math_Floor", -0.0, -0.0},
	    {"math_Ceil", -0.2, -0.0},
	    {"math_Ceil", 1.5, 2},
	    {"math_Round", 0.5, 1},
	    {"math_Round", -0.5, -1},
	    {"math_Round", 2.5, 3},
	    {"math_Round", 0.49999999999999994, 0},
	    {"math_Round", -2.4, -2},
	    {"math_Trunc", -2.7, -2},
	    {"math_Trunc", infinity, infinity},
	    {"math_Sqrt", 144, 12},
	    {"math_Sqrt", -1, NAN},
	    {"math_Sqrt", -0.0, -0.0},
	    {"math_Cbrt", -8, -2},
	    {"math_Exp", 0, 1},
	    {"math_Exp", 1000, infinity},
	    {"math_Exp2", 10, 1024},
	    {"math_Expm1", 0, 0},
	    {"math_Log", 1, 0},
	    {"math_Log", 0, -infinity},
	    {"math_Log", -1, NAN},
	    {"math_Log2", 8, 3},
	    {"math_Log10", 1000, 3},
	    {"math_Log1p", -1, -infinity},
	    {"math_Sin", 0, 0},
	    {"math_Cos", 0, 1},
	    {"math_Tan", -0.0, -0.0},
	    {"math_Sin", infinity, NAN},
	    {"math_Asin", 2, NAN},
	    {"math_Acos", 1, 0},
	    {"math_Atan", 0, 0},
	    {"math_Sinh", 0, 0},
	    {"math_Cosh", 0, 1},
	    {"math_Tanh", infinity, 1},
	    {"math_Asinh", 0, 0},
	    {"math_Asinh", -0.0, -0.0},
	    {"math_Asinh", -infinity, -infinity},
	    {"math_Acosh", 0.5, NAN},
	    {"math_Acosh", infinity, infinity},
	    {"math_Atanh", -0.0, -0.0},
	    {"math_Atanh", -1, -infinity},
	    {"math_Atanh", 1.5, NAN},
	    {"math_Acosh", 1, 0},
	    {"math_Atanh", 1, infinity},
	    {"math_Floor", NAN, NAN},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		expect_float(cases[i].name, CALL(cases[i].name, 1, FLOAT(cases[i].argument)).results[0],
		             cases[i].expected);
	}
}
END_TEST

START_TEST(functions_of_two_numbers) {
	const struct {
		const char *name;
		double left, right, expected;
	} cases[] = {
	    {"math_Pow", 2, 10, 1024},
	    {"math_Pow", 0, -1, infinity},
	    {"math_Pow", NAN, 0, 1},
	    {"math_Pow", 1, NAN, 1},
	    {"math_Pow", -8, 0.5, NAN},
	    {"math_Hypot", 3, 4, 5},
	    {"math_Hypot", infinity, NAN, infinity},
	    {"math_Atan2", 0, 1, 0},
	    {"math_Atan2", 1, -1, 2.356194490192345},
	    {"math_Mod", 7.5, 2, 1.5},
	    {"math_Mod", -7.5, 2, -1.5},
	    {"math_Mod", 1, 0, NAN},
	    {"math_Mod", 5, infinity, 5},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		volt_slot got = CALL(cases[i].name, 1, FLOAT(cases[i].left), FLOAT(cases[i].right)).results[0];
		expect_float(cases[i].name, got, cases[i].expected);
	}
}
END_TEST

START_TEST(parts_of_numbers) {
	const struct {
		double value, whole, rest, fraction;
		int64_t exponent;
	} cases[] = {
	    {3.75, 3, 0.75, 0.9375, 2},
	    {-3.75, -3, -0.75, -0.9375, 2},
	    {40, 40, 0, 0.625, 6},
	    {-3, -3, 0, -0.75, 2}, /* a plain subtraction, so no negative zero */
	    {0, 0, 0, 0, 0},
	    {-0.0, -0.0, 0, -0.0, 0},
	    {infinity, infinity, NAN, infinity, 0},
	    {-infinity, -infinity, NAN, -infinity, 0},
	    {NAN, NAN, NAN, NAN, 0},
	    {5e-324, 0, 5e-324, 0.5, -1073},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_outcome outcome = CALL("math_Modf", 2, FLOAT(cases[i].value));
		expect_float("Modf", outcome.results[0], cases[i].whole);
		expect_float("Modf", outcome.results[1], cases[i].rest);
		outcome = CALL("math_Frexp", 2, FLOAT(cases[i].value));
		expect_float("Frexp", outcome.results[0], cases[i].fraction);
		ck_assert_int_eq((int64_t)outcome.results[1], cases[i].exponent);
	}
}
END_TEST

/* The power overflows and underflows by itself. */
START_TEST(ldexp_is_a_product) {
	expect_float("Ldexp", CALL("math_Ldexp", 1, FLOAT(0.625), 6).results[0], 40);
	expect_float("Ldexp", CALL("math_Ldexp", 1, FLOAT(1), (volt_slot)-1074).results[0], 5e-324);
	expect_float("Ldexp", CALL("math_Ldexp", 1, FLOAT(5e-324), 1074).results[0], infinity);
	expect_float("Ldexp", CALL("math_Ldexp", 1, FLOAT(0), 2000).results[0], NAN);
	expect_float("Ldexp", CALL("math_Ldexp", 1, FLOAT(3), (volt_slot)INT64_MIN).results[0], 0);
}
END_TEST

START_TEST(special_numbers) {
	expect_float("FMA", CALL("math_FMA", 1, FLOAT(2), FLOAT(3), FLOAT(4)).results[0], 10);
	/* fused: the exact product (1+e)(1-e) = 1-e*e would round to 1 */
	double e = 0x1p-30;
	expect_float("FMA", CALL("math_FMA", 1, FLOAT(1 + e), FLOAT(1 - e), FLOAT(-1)).results[0], -0x1p-60);
	expect_float("Inf", CALL("math_Inf", 1, 0).results[0], infinity);
	expect_float("Inf", CALL("math_Inf", 1, 5).results[0], infinity);
	expect_float("Inf", CALL("math_Inf", 1, (volt_slot)-1).results[0], -infinity);
	ck_assert_uint_eq(host_call("math_NaN", 1, NULL, 0).results[0], 0x7ff8000000000000);
}
END_TEST

/* ---- math/bits ---- */

static const uint64_t bit_patterns[] = {0,
                                        1,
                                        2,
                                        3,
                                        8,
                                        0x7f,
                                        0x80,
                                        0xff,
                                        0x100,
                                        0x8000,
                                        0xffff,
                                        0x10000,
                                        0x7fffffff,
                                        0x80000000,
                                        0xffffffff,
                                        0x100000000,
                                        0x7fffffffffffffff,
                                        0x8000000000000000,
                                        0xffffffffffffffff,
                                        0x123456789abcdef0};
enum { PATTERNS = sizeof bit_patterns / sizeof *bit_patterns };

static uint64_t cut(uint64_t value, unsigned bits) {
	return bits == 64 ? value : value & ((UINT64_C(1) << bits) - 1);
}

static void expect_count(const char *stem, const char *suffix, uint64_t value, unsigned expected) {
	char name[64];
	snprintf(name, sizeof name, "math_bits_%s%s", stem, suffix);
	uint64_t got = CALL(name, 1, value).results[0];
	ck_assert_msg(got == expected, "%s(%llx): %llu, expected %u", name, (unsigned long long)value,
	              (unsigned long long)got, expected);
}

START_TEST(bit_counts) {
	static const struct {
		const char *suffix;
		unsigned bits;
	} widths[] = {{"", 64}, {"8", 8}, {"16", 16}, {"32", 32}, {"64", 64}};
	for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
		for (size_t i = 0; i < PATTERNS; i++) {
			uint64_t value = cut(bit_patterns[i], widths[w].bits);
			unsigned ones = 0;
			unsigned highest = 0; /* one more than the number of the highest bit */
			unsigned lowest = widths[w].bits;
			for (unsigned bit = 0; bit < widths[w].bits; bit++) {
				if (value >> bit & 1) {
					ones++;
					highest = bit + 1;
					lowest = lowest == widths[w].bits ? bit : lowest;
				}
			}
			expect_count("LeadingZeros", widths[w].suffix, value, widths[w].bits - highest);
			expect_count("TrailingZeros", widths[w].suffix, value, lowest);
			expect_count("OnesCount", widths[w].suffix, value, ones);
		}
	}
}
END_TEST

/* Schoolbook arithmetic in halves, so that it does not share the wide type with the natives. */
static void multiply_64(uint64_t left, uint64_t right, uint64_t *high, uint64_t *low) {
	uint64_t a = left >> 32, b = left & 0xffffffff, c = right >> 32, d = right & 0xffffffff;
	uint64_t middle = a * d + (b * d >> 32);
	uint64_t middle_low = (middle & 0xffffffff) + b * c;
	*high = a * c + (middle >> 32) + (middle_low >> 32);
	*low = left * right;
}

START_TEST(wide_arithmetic_64) {
	static const char *const suffixes[] = {"", "64"};
	for (size_t s = 0; s < 2; s++) {
		char add[32], sub[32], mul[32];
		snprintf(add, sizeof add, "math_bits_Add%s", suffixes[s]);
		snprintf(sub, sizeof sub, "math_bits_Sub%s", suffixes[s]);
		snprintf(mul, sizeof mul, "math_bits_Mul%s", suffixes[s]);
		for (size_t i = 0; i < PATTERNS * PATTERNS * 2; i++) {
			uint64_t x = bit_patterns[i / 2 / PATTERNS], y = bit_patterns[i / 2 % PATTERNS], carry = i & 1;
			host_outcome outcome = CALL(add, 2, x, y, carry | 0xfe); /* only bit 0 counts */
			ck_assert_uint_eq(outcome.results[0], x + y + carry);
			ck_assert_uint_eq(outcome.results[1], x + y < x || x + y + carry < carry);
			outcome = CALL(sub, 2, x, y, carry);
			ck_assert_uint_eq(outcome.results[0], x - y - carry);
			ck_assert_uint_eq(outcome.results[1], x < y || (x == y && carry));
			uint64_t high, low;
			multiply_64(x, y, &high, &low);
			outcome = CALL(mul, 2, x, y);
			ck_assert_uint_eq(outcome.results[0], high);
			ck_assert_uint_eq(outcome.results[1], low);
		}
	}
}
END_TEST

START_TEST(wide_arithmetic_32) {
	for (size_t i = 0; i < PATTERNS * PATTERNS * 2; i++) {
		uint64_t x = cut(bit_patterns[i / 2 / PATTERNS], 32), y = cut(bit_patterns[i / 2 % PATTERNS], 32),
		         carry = i & 1;
		host_outcome outcome = CALL("math_bits_Add32", 2, x, y, carry);
		ck_assert_uint_eq(outcome.results[0], cut(x + y + carry, 32));
		ck_assert_uint_eq(outcome.results[1], x + y + carry > 0xffffffff);
		outcome = CALL("math_bits_Sub32", 2, x, y, carry);
		ck_assert_uint_eq(outcome.results[0], cut(x - y - carry, 32));
		ck_assert_uint_eq(outcome.results[1], x < y + carry);
		outcome = CALL("math_bits_Mul32", 2, x, y);
		ck_assert_uint_eq(outcome.results[0], x * y >> 32);
		ck_assert_uint_eq(outcome.results[1], cut(x * y, 32));
	}
}
END_TEST

START_TEST(division) {
	host_outcome outcome = CALL("math_bits_Div64", 2, 1, 0, 10);
	ck_assert_uint_eq(outcome.results[0], 1844674407370955161);
	ck_assert_uint_eq(outcome.results[1], 6);
	outcome = CALL("math_bits_Div", 2, 0, 100, 7);
	ck_assert_uint_eq(outcome.results[0], 14);
	ck_assert_uint_eq(outcome.results[1], 2);
	outcome = CALL("math_bits_Div64", 2, 5, 3, 1); /* 5 * 2^64 + 3: the quotient's high word is lost */
	ck_assert_uint_eq(outcome.results[0], 3);
	ck_assert_uint_eq(outcome.results[1], 0);
	outcome = CALL("math_bits_Div32", 2, 1, 0, 10);
	ck_assert_uint_eq(outcome.results[0], 429496729);
	ck_assert_uint_eq(outcome.results[1], 6);
	ck_assert_int_eq(CALL("math_bits_Div64", 2, 0, 1, 0).ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(host_panic(), "math/bits: Div64: division by zero");
	ck_assert_int_eq(CALL("math_bits_Div32", 2, 0, 1, 0x100000000).ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(host_panic(), "math/bits: Div32: division by zero");
	ck_assert_int_eq(CALL("math_bits_Div", 2, 0, 1, 0).ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(host_panic(), "math/bits: Div: division by zero");
}
END_TEST

/* ---- math/rand ---- */

START_TEST(random_numbers_keep_their_ranges) {
	bool seen[3] = {false, false, false};
	for (int i = 0; i < 2000; i++) {
		uint64_t three = CALL("math_rand_Intn", 1, 3).results[0];
		ck_assert_uint_lt(three, 3);
		seen[three] = true;
		ck_assert_uint_eq(CALL("math_rand_Int63n", 1, 1).results[0], 0);
		ck_assert_uint_lt(CALL("math_rand_Int63n", 1, INT64_MAX).results[0], INT64_MAX);
		ck_assert_int_ge((int64_t)host_call("math_rand_Int", 1, NULL, 0).results[0], 0);
		ck_assert_uint_le(host_call("math_rand_Uint32", 1, NULL, 0).results[0], UINT32_MAX);
		double real = volt_slot_float(host_call("math_rand_Float64", 1, NULL, 0).results[0]);
		ck_assert(real >= 0 && real < 1);
		real = volt_slot_float(host_call("math_rand_Float32", 1, NULL, 0).results[0]);
		ck_assert(real >= 0 && real < 1 && (double)(float)real == real);
	}
	ck_assert(seen[0] && seen[1] && seen[2]);
}
END_TEST

START_TEST(random_bits_are_all_used) {
	uint64_t ever = 0;
	uint64_t always = UINT64_MAX;
	for (int i = 0; i < 200; i++) {
		uint64_t value = host_call("math_rand_Uint64", 1, NULL, 0).results[0];
		ever |= value;
		always &= value;
	}
	ck_assert_uint_eq(ever, UINT64_MAX);
	ck_assert_uint_eq(always, 0);
}
END_TEST

START_TEST(random_bounds_must_be_positive) {
	ck_assert_int_eq(CALL("math_rand_Intn", 1, 0).ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(host_panic(), "math/rand: Intn: argument must be positive");
	ck_assert_int_eq(CALL("math_rand_Int63n", 1, (volt_slot)-5).ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(host_panic(), "math/rand: Int63n: argument must be positive");
}
END_TEST

START_TEST(random_bytes) {
	char zeros[21] = {0};
	volt_slot slice = host_bytes(zeros, sizeof zeros);
	uint8_t ever[21] = {0};
	for (int i = 0; i < 50; i++) {
		host_outcome outcome = CALL("math_rand_Read", 3, slice);
		ck_assert_uint_eq(outcome.results[0], 21);
		ck_assert_uint_eq(outcome.results[1], 0);
		ck_assert_uint_eq(outcome.results[2], 0);
		for (int byte = 0; byte < 21; byte++)
			ever[byte] |= slice_data(slice)[byte];
	}
	for (int byte = 0; byte < 21; byte++)
		ck_assert_uint_eq(ever[byte], 0xff);
	ck_assert_uint_eq(CALL("math_rand_Read", 3, 0).results[0], 0);
}
END_TEST

HOST_MAIN("math", functions_of_one_number, functions_of_two_numbers, parts_of_numbers, ldexp_is_a_product,
          special_numbers, bit_counts, wide_arithmetic_64, wide_arithmetic_32, division,
          random_numbers_keep_their_ranges, random_bits_are_all_used, random_bounds_must_be_positive,
          random_bytes)
