/*
 * Integer and float instructions against the C definitions, over all pairs of edge values and many random
 * ones.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "volt/value.h"

/* ---- What each instruction should give ---- */

#define S(x) ((int64_t)(x))
#define D(x) volt_slot_float(x)
#define F(x) volt_slot_from_float(x)

static volt_slot float32_bits(double value) {
	const float narrow = (float)value;
	uint32_t bits;
	memcpy(&bits, &narrow, sizeof bits);
	return isnan(narrow) ? 0x7fc00000 : bits; /* there is one NaN */
}

static volt_slot widened(volt_slot slot) {
	const uint32_t bits = (uint32_t)slot;
	float value;
	memcpy(&value, &bits, sizeof value);
	return F((double)value);
}

/* Truncates toward zero, saturates, NaN gives 0: decided by comparing, not by converting. */
static volt_slot to_int(double value) {
	if (isnan(value))
		return 0;
	if (value <= -9223372036854775808.0)
		return (volt_slot)INT64_MIN;
	return value >= 9223372036854775808.0 ? (volt_slot)INT64_MAX : (volt_slot)(int64_t)value;
}

/* y is a divisor that is not 0 in DIVISIONS, a count that is not negative in SHIFTS. */
// clang-format off
#define BINARIES(ROW) \
	ROW(AddI, x + y) \
	ROW(SubI, x - y) \
	ROW(MulI, x * y) \
	ROW(EqI, x == y) \
	ROW(NeI, x != y) \
	ROW(LtI, S(x) < S(y)) \
	ROW(LtU, x < y) \
	ROW(LeI, S(x) <= S(y)) \
	ROW(LeU, x <= y) \
	ROW(GtI, S(x) > S(y)) \
	ROW(GtU, x > y) \
	ROW(GeI, S(x) >= S(y)) \
	ROW(GeU, x >= y) \
	ROW(And, x & y) \
	ROW(Or, x | y) \
	ROW(Xor, x ^ y) \
	ROW(AndNot, x & ~y) \
	ROW(AddF, F(D(x) + D(y))) \
	ROW(SubF, F(D(x) - D(y))) \
	ROW(MulF, F(D(x) * D(y))) \
	ROW(DivF, F(D(x) / D(y))) \
	ROW(EqF, D(x) == D(y)) \
	ROW(NeF, !(D(x) == D(y))) \
	ROW(LtF, D(x) < D(y)) \
	ROW(LeF, D(x) <= D(y)) \
	ROW(GtF, D(x) > D(y)) \
	ROW(GeF, D(x) >= D(y))
#define UNARIES(ROW) \
	ROW(NegI, 0 - x) \
	ROW(Not, ~x) \
	ROW(BoolNot, x == 0) \
	ROW(NegF, x ^ UINT64_C(0x8000000000000000)) \
	ROW(ConvI2F, F((double)S(x))) \
	ROW(ConvF2I, to_int(D(x))) \
	ROW(ConvF64F32, float32_bits(D(x))) \
	ROW(ConvF32F64, widened(x)) \
	ROW(Copy, x)
#define DIVISIONS(ROW) \
	ROW(DivI, S(y) == -1 ? 0 - x : (volt_slot)(S(x) / S(y))) \
	ROW(DivU, x / y) \
	ROW(ModI, S(y) == -1 ? 0 : (volt_slot)(S(x) % S(y))) \
	ROW(ModU, x % y)
#define SHIFTS(ROW) \
	ROW(Shl, y >= 64 ? 0 : x << y) \
	ROW(ShrU, y >= 64 ? 0 : x >> y) \
	ROW(ShrS, y >= 64 ? (volt_slot)(S(x) < 0 ? -1 : 0) : (volt_slot)(S(x) >> y))
#define TRUNCATIONS(ROW) \
	ROW(129, S((int8_t)x)) \
	ROW(130, S((int16_t)x)) \
	ROW(132, S((int32_t)x)) \
	ROW(1, x & 0xff) \
	ROW(2, x & 0xffff) \
	ROW(4, x & 0xffffffff) \
	ROW(8, x) \
	ROW(0, x)
// clang-format on

/* ---- The program: asks for operands, executes everything, hands the results back ---- */

#define BINARY_TEXT(name, expression) " " #name " r%d, r0, r1\n"
#define UNARY_TEXT(name, expression) " " #name " r%d, r0\n"
#define DIVISION_TEXT(name, expression) " " #name " r%d, r0, r2\n"
#define SHIFT_TEXT(name, expression) " " #name " r%d, r0, r3\n"
#define TRUNCATION_TEXT(flags, expression) " Trunc r%d, r0, " #flags "\n"

static const char *const lines[] = {
#define ROW(name, expression) BINARY_TEXT(name, expression),
    BINARIES(ROW)
#undef ROW
#define ROW(name, expression) UNARY_TEXT(name, expression),
        UNARIES(ROW)
#undef ROW
#define ROW(name, expression) DIVISION_TEXT(name, expression),
            DIVISIONS(ROW)
#undef ROW
#define ROW(name, expression) SHIFT_TEXT(name, expression),
                SHIFTS(ROW)
#undef ROW
#define ROW(flags, expression) TRUNCATION_TEXT(flags, expression),
                    TRUNCATIONS(ROW)
#undef ROW
};
enum { LINE_COUNT = sizeof lines / sizeof *lines, FIRST_RESULT = 6 };

static void expected_results(volt_slot x, volt_slot second, volt_slot divisor, volt_slot count,
                             volt_slot *expected) {
	volt_slot y = second;
#define ROW(name, expression) *expected++ = (volt_slot)(expression);
	BINARIES(ROW)
	UNARIES(ROW)
	y = divisor;
	DIVISIONS(ROW)
	y = count;
	SHIFTS(ROW)
	TRUNCATIONS(ROW)
#undef ROW
}

static const uint64_t edges[] = {
    0,
    1,
    2,
    3,
    7,
    31,
    32,
    63,
    64,
    65,
    127,
    128,
    255,
    256,
    0x7fff,
    0x8000,
    0xffff,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    0x100000000,
    0x7fffffffffffffff,
    0x8000000000000000,
    0x8000000000000001,
    0xffffffffffffffff,
    0xfffffffffffffffe,
    0x3ff0000000000000 /* 1.0 */,
    0xbff0000000000000,
    0x3fe0000000000000 /* 0.5 */,
    0x7ff0000000000000 /* inf */,
    0xfff0000000000000,
    0x7ff8000000000000 /* NaN */,
    0xfff8000000000001,
    0x43e0000000000000 /* 2^63 */,
    0xc3e0000000000000,
    0x43dfffffffffffff,
    0xc3e0000000000001,
    0x0010000000000000 /* smallest normal */,
    0x0000000000000001,
    0x7fefffffffffffff /* largest */,
    0x47efffffe0000000 /* largest float32 */,
    0x36a0000000000000 /* smallest float32 */,
    0x4000000000000000,
    0xc00921fb54442d18 /* -pi */,
    0x7f800000 /* float32 inf */,
    0x7fc00000,
    0x3f800000,
};
enum { EDGE_COUNT = sizeof edges / sizeof *edges, RANDOM_PAIRS = 5000 };

static uint32_t pair;

static volt_native_result native_next(volt_native_call *call) {
	uint64_t x, y;
	if (pair < EDGE_COUNT * EDGE_COUNT) {
		x = edges[pair / EDGE_COUNT];
		y = edges[pair % EDGE_COUNT];
	} else {
		x = (uint64_t)random() << 33 ^ (uint64_t)random() << 11 ^ (uint64_t)random();
		y = ((uint64_t)random() << 33 ^ (uint64_t)random()) >> (random() & 63);
	}
	pair++;
	call->results[0] = x;
	call->results[1] = y;
	call->results[2] = y ? y : 1;
	call->results[3] = y & INT64_MAX;
	call->results[4] = pair < EDGE_COUNT * EDGE_COUNT + RANDOM_PAIRS;
	return VOLT_NATIVE_OK;
}

/* Any NaN is as good as another. */
static bool same(volt_slot left, volt_slot right) {
	return left == right || (isnan(D(left)) && isnan(D(right)));
}

static volt_native_result native_check(volt_native_call *call) {
	const volt_slot *slots = call->arguments;
	volt_slot expected[LINE_COUNT];
	expected_results(slots[0], slots[1], slots[2], slots[3], expected);
	for (int i = 0; i < LINE_COUNT; i++) {
		if (!same(slots[FIRST_RESULT + i], expected[i])) {
			ck_abort_msg("%s of %llx, %llx gives %llx and not %llx", lines[i], (unsigned long long)slots[0],
			             (unsigned long long)slots[1], (unsigned long long)slots[FIRST_RESULT + i],
			             (unsigned long long)expected[i]);
		}
	}
	return VOLT_NATIVE_OK;
}

START_TEST(all_instructions) {
	char program[8192];
	int length =
	    snprintf(program, sizeof program, "fn main {\nagain:\n CallExtern @next, r0, r0 args=0 results=5\n");
	for (int i = 0; i < LINE_COUNT; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		length += snprintf(program + length, sizeof program - (size_t)length, lines[i], FIRST_RESULT + i);
#pragma GCC diagnostic pop
	}
	snprintf(program + length, sizeof program - (size_t)length,
	         " CallExtern @check, r0, r0 args=%d\n JumpIf r4, again\n Return r0, 0\n}\n",
	         FIRST_RESULT + LINE_COUNT);
	srandom(4711);
	pair = 0;
	const outcome result = run_with(
	    program, NULL,
	    (test_native[]){{"next", native_next, NULL}, {"check", native_check, NULL}, {NULL, NULL, NULL}});
	ck_assert_str_eq(result.message, "");
	ck_assert_uint_eq(pair, EDGE_COUNT * EDGE_COUNT + RANDOM_PAIRS);
}
END_TEST

/* Every kind of ForLoop: where it starts, its limit, and how often its body runs. */
START_TEST(loops) {
	static const struct {
		int flags;
		const char *from, *limit;
		int runs;
	} cases[] = {
	    {0, "0", "5", 5},   {0, "7", "5", 1},  {4, "0", "5", 6},  {2, "5", "0", 5},
	    {6, "5", "0", 6},   {2, "-3", "5", 1}, {0, "-3", "2", 5}, {1, "-3", "2", 1},
	    {1, "0", "-1", 10}, {3, "3", "0", 3},  {7, "1", "0", 10}, {5, "3", "4", 2},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char program[512], expected[32];
		/* A loop that would not end within ten runs is left by a jump. */
		snprintf(program, sizeof program,
		         "fn main {\n LoadInt r0, %s\n LoadInt r1, %s\n LoadInt r2, 0\n LoadInt r3, 1\n LoadInt r4, "
		         "10\nagain:\n"
		         " AddI r2, r2, r3\n EqI r5, r2, r4\n JumpIf r5, out\n ForLoop r0, r1, again flags=%d\nout:\n"
		         " CallExtern @log, r0, r2 args=1\n Return r0, 0\n}\n",
		         cases[i].from, cases[i].limit, cases[i].flags);
		snprintf(expected, sizeof expected, "%d\n", cases[i].runs);
		expect_output(program, expected);
	}
}
END_TEST

int main(void) {
	return run_suite("arithmetic", (named_test[]){{"all", all_instructions}, {"loops", loops}, {NULL, NULL}});
}
