/*
 * Arithmetic for which processors have different instructions: shifts by large counts, conversions that do
 * not fit, division at the ends, rounding, comparisons with NaN. Expected values are those of
 * SPECIFICATION.md, "Integers, floats and bits". Each is calculated from arguments, by instructions, and from
 * constants, by the optimiser.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../tier/support.h"
#include "modes.h"

#define LEAST INT64_MIN
#define GREATEST INT64_MAX
#define NOT_A_NUMBER 0x7ff8000000000000
#define INFINITE 0x7ff0000000000000
#define NEGATIVE(bits) ((int64_t)((uint64_t)(bits) | UINT64_C(1) << 63))

/* The bits of a float. */
static int64_t bits(double value) {
	union {
		double value;
		int64_t bits;
	} both = {.value = value};
	return both.bits;
}

/* Instructions that make r2 of r0 and r1; r3 to r7 are theirs. */
typedef struct {
	const char *code;
	struct {
		int64_t left, right, expected;
	} rows[16];
	int count;
} operation;

enum { MOST_OPERATIONS = 40 };
static operation operations[MOST_OPERATIONS];
static int operation_count;

static void start(const char *code) {
	ck_assert_int_lt(operation_count, MOST_OPERATIONS);
	operations[operation_count++].code = code;
}

static void row(int64_t left, int64_t right, int64_t expected) {
	operation *current = &operations[operation_count - 1];
	ck_assert_int_lt(current->count, 16);
	current->rows[current->count].left = left;
	current->rows[current->count].right = right;
	current->rows[current->count++].expected = expected;
}

/* Processors look at the lower six bits of a count, or only with another instruction at more of them. */
static void add_shifts(void) {
	start("\tShl r2, r0, r1\n");
	row(1, 63, LEAST), row(1, 64, 0), row(-1, 65, 0), row(3, 1LL << 32, 0), row(3, GREATEST, 0), row(7, 0, 7);
	start("\tShrS r2, r0, r1\n");
	row(LEAST, 63, -1), row(-5, 64, -1), row(5, 64, 0), row(-5, 1LL << 32, -1), row(5, GREATEST, 0);
	row(-5, 1, -3), row(-5, 0, -5);
	start("\tShrU r2, r0, r1\n");
	row(-1, 63, 1), row(-1, 64, 0), row(-1, 128, 0), row(-1, 1LL << 32, 0), row(-1, 1, GREATEST),
	    row(-1, 0, -1);
}

/* One machine traps at the first row of each, the other has no remainder instruction. */
static void add_divisions(void) {
	start("\tDivI r2, r0, r1\n");
	row(LEAST, -1, LEAST), row(LEAST, 1, LEAST), row(-7, 2, -3), row(7, -2, -3), row(GREATEST, -1, -GREATEST);
	start("\tModI r2, r0, r1\n");
	row(LEAST, -1, 0), row(LEAST, LEAST, 0), row(-7, 2, -1), row(7, -2, 1), row(5, LEAST, 5);
	start("\tDivU r2, r0, r1\n");
	row(-1, 2, GREATEST), row(LEAST, -1, 0), row(-1, -1, 1), row(-1, 1, -1);
	start("\tModU r2, r0, r1\n");
	row(-1, 10, 5), row(LEAST, -1, LEAST), row(-1, -1, 0), row(-1, LEAST, GREATEST);
}

static void add_conversions_to_integers(void) {
	start("\tConvF2I r2, r0\n");
	row(bits(2.9), 0, 2), row(bits(-2.9), 0, -2), row(bits(-0.5), 0, 0), row(bits(-0.0), 0, 0);
	row(NOT_A_NUMBER, 0, 0), row(NEGATIVE(NOT_A_NUMBER), 0, 0), row(INFINITE | 1, 0, 0);
	row(INFINITE, 0, GREATEST), row(NEGATIVE(INFINITE), 0, LEAST);
	row(bits(0x1p63), 0, GREATEST), row(bits(-0x1p63), 0, LEAST), row(bits(1e300), 0, GREATEST);
	row(bits(0x1p63 - 1024), 0, GREATEST - 1023), row(bits(-0x1p63 - 2048), 0, LEAST);
	row(bits(4294967296.5), 0, 4294967296);
	start("\tTrunc r2, r0, 129\n");
	row(255, 0, -1), row(128, 0, -128), row(-129, 0, 127);
	start("\tTrunc r2, r0, 1\n");
	row(-1, 0, 255), row(256, 0, 0);
	start("\tTrunc r2, r0, 132\n");
	row(0x80000000, 0, INT32_MIN), row(0x17fffffff, 0, INT32_MAX);
	start("\tTrunc r2, r0, 4\n");
	row(-1, 0, UINT32_MAX), row(1LL << 32, 0, 0);
}

/* To nearest, ties to even. */
static void add_conversions_to_floats(void) {
	start("\tConvI2F r2, r0\n");
	row((1LL << 53) + 1, 0, bits(0x1p53)), row((1LL << 53) + 3, 0, bits(0x1p53 + 4));
	row(GREATEST, 0, bits(0x1p63)), row(LEAST, 0, bits(-0x1p63)), row(-1, 0, bits(-1.0)), row(0, 0, 0);
	start("\tConvF64F32 r2, r0\n");
	row(bits(0.1), 0, 0x3dcccccd), row(bits(1 + 0x1p-24), 0, 0x3f800000),
	    row(bits(1 + 0x3p-24), 0, 0x3f800002);
	row(bits(1 + 0x1p-24 + 0x1p-50), 0, 0x3f800001);
	/* Half a unit above the greatest is infinite, less is not; below the least, half a unit is 0. */
	row(bits(0x1.ffffffp127), 0, 0x7f800000), row(bits(0x1.fffffefffffffp127), 0, 0x7f7fffff);
	row(bits(0x1p-149), 0, 1), row(bits(0x1p-150), 0, 0), row(bits(0x3p-150), 0, 2),
	    row(bits(-0.0), 0, 0x80000000);
	row(NOT_A_NUMBER, 0, 0x7fc00000), row(NEGATIVE(NOT_A_NUMBER), 0, 0x7fc00000),
	    row(INFINITE | 1, 0, 0x7fc00000);
	start("\tConvF32F64 r2, r0\n");
	row(0x3dcccccd, 0, bits(0x1.99999ap-4)), row(1, 0, bits(0x1p-149)), row(0x7f800000, 0, INFINITE);
	row(0x100000000 | 0x80000000, 0, bits(-0.0));
}

/* A product is rounded before it is added to, where a machine can do both in one step. */
static void add_products(void) {
	start("\tMulF r2, r0, r0\n\tAddF r2, r2, r1\n");
	row(bits(1 + 0x1p-30), bits(-1 - 0x1p-29), 0), row(bits(3.0), bits(1.0), bits(10.0));
	start("\tMulF r2, r0, r0\n\tSubF r2, r2, r1\n");
	row(bits(1 + 0x1p-30), bits(1 + 0x1p-29), 0), row(bits(3.0), bits(1.0), bits(8.0));
	start("\tMulF r2, r0, r0\n\tSubF r2, r1, r2\n");
	row(bits(1 + 0x1p-30), bits(1 + 0x1p-29), 0), row(bits(3.0), bits(1.0), bits(-8.0));
	start("\tNegF r2, r0\n");
	row(0, 0, LEAST), row(NOT_A_NUMBER, 0, NEGATIVE(NOT_A_NUMBER)), row(bits(1.5), 0, bits(-1.5));
	start("\tDivF r2, r0, r1\n");
	row(bits(1.0), bits(-0.0), NEGATIVE(INFINITE)), row(0x10000000000000, bits(2.0), 0x8000000000000);
}

typedef struct {
	const char *value, *jumps_if_not, *jumps_if; /* code */
	int less, equal, greater, with_nan;          /* results */
} comparison;

static void add_comparison(const comparison *each) {
	start(each->value);
	row(bits(-1.0), bits(1.5), each->less), row(NEGATIVE(INFINITE), bits(-1e308), each->less);
	row(0, bits(-0.0), each->equal), row(bits(-0.0), 0, each->equal), row(INFINITE, INFINITE, each->equal);
	row(bits(2.0), bits(-2.0), each->greater);
	row(NOT_A_NUMBER, NOT_A_NUMBER, each->with_nan), row(NOT_A_NUMBER, bits(1.0), each->with_nan);
	row(bits(1.0), NEGATIVE(NOT_A_NUMBER), each->with_nan), row(INFINITE, NOT_A_NUMBER, each->with_nan);
}

/* As the condition of a jump, where machines have flags for "less" and "unordered" that are easily confused.
 */
static void add_jump(const comparison *each, const char *code) {
	start(code);
	row(bits(-1.0), bits(1.5), each->less), row(0, bits(-0.0), each->equal),
	    row(bits(2.0), bits(-2.0), each->greater);
	row(NOT_A_NUMBER, bits(1.0), each->with_nan), row(bits(1.0), NOT_A_NUMBER, each->with_nan);
}

#define COMPARISON(name, ...) \
	{ \
		"	" name " r2, r0, r1\n", \
		    "	" name " r3, r0, r1\n	LoadInt r2, 0\n	JumpIfNot r3, no\n	LoadInt r2, 1\nno:\n", \
		    "	" name " r3, r0, r1\n	LoadInt r2, 1\n	JumpIf r3, yes\n	LoadInt r2, 0\nyes:\n", \
		    __VA_ARGS__ \
	}

static void add_comparisons(void) {
	static const comparison comparisons[] = {
	    COMPARISON("EqF", 0, 1, 0, 0), COMPARISON("NeF", 1, 0, 1, 1), COMPARISON("LtF", 1, 0, 0, 0),
	    COMPARISON("LeF", 1, 1, 0, 0), COMPARISON("GtF", 0, 0, 1, 0), COMPARISON("GeF", 0, 1, 1, 0),
	};
	for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
		add_comparison(&comparisons[i]);
		add_jump(&comparisons[i], comparisons[i].jumps_if_not);
		add_jump(&comparisons[i], comparisons[i].jumps_if);
	}
}

/* ---- The program ---- */

static void append_constants(buffer *text, int64_t left, int64_t right) {
	buffer_append_format(text, "	LoadConst r0, %" PRId64 "\n	LoadConst r1, %" PRId64 "\n", left, right);
}

/* check(number, given, known, expected) prints the first three if they are not as expected. */
static const char check_function[] = "fn check params=4 locals=12 results=0 {\n"
                                     "	EqI r4, r1, r3\n"
                                     "	EqI r5, r2, r3\n"
                                     "	And r4, r4, r5\n"
                                     "	JumpIf r4, good\n"
                                     "	IfaceAssign r6, r0, iface(int), int\n"
                                     "	IfaceAssign r8, r1, iface(int), int\n"
                                     "	IfaceAssign r10, r2, iface(int), int\n"
                                     "	CallExtern @vo_println, r6, r6 args=6\n"
                                     "good:\n"
                                     "	Return r0, 0\n"
                                     "}\n";

/* A function of the numbers that it is given, and for each row one of the numbers that it knows. */
static void append_functions(buffer *text, int index) {
	const operation *each = &operations[index];
	buffer_append_format(text, "fn given_%d params=2 locals=8 results=1 {\n%s	Return r2, 1\n}\n", index,
	                     each->code);
	for (int i = 0; i < each->count; i++) {
		buffer_append_format(text, "fn known_%d_%d params=0 locals=8 results=1 {\n", index, i);
		append_constants(text, each->rows[i].left, each->rows[i].right);
		buffer_append_format(text, "%s	Return r2, 1\n}\n", each->code);
	}
}

/* Rows are numbered by their operation and their place there: 1203 is row 3 of operation 12. */
static void append_rows(buffer *text, int index) {
	const operation *each = &operations[index];
	buffer_append_format(text, "fn rows_%d params=0 locals=10 results=0 {\n", index);
	for (int i = 0; i < each->count; i++) {
		append_constants(text, each->rows[i].left, each->rows[i].right);
		buffer_append_format(text, "	Call @given_%d, r0 args=2 results=1\n	Copy r5, r0\n", index);
		buffer_append_format(text, "	Call @known_%d_%d, r6 args=0 results=1\n", index, i);
		buffer_append_format(text, "	LoadInt r4, %d\n	LoadConst r7, %" PRId64 "\n", 100 * index + i,
		                     each->rows[i].expected);
		buffer_append_text(text, "	Call @check, r4 args=4 results=0\n");
	}
	buffer_append_text(text, "	Return r0, 0\n}\n");
}

static void write_program(buffer *text) {
	buffer_append_format(text, "module numbers\nentry @main\nnative vo_println results=0\n%s",
	                     check_function);
	for (int i = 0; i < operation_count; i++) {
		append_functions(text, i);
		append_rows(text, i);
	}
	buffer_append_text(text, "fn main params=0 locals=8 results=0 {\n");
	for (int i = 0; i < operation_count; i++)
		buffer_append_format(text, "	Call @rows_%d, r0 args=0 results=0\n", i);
	/* Last, a row that is wrong: checks do report. */
	buffer_append_text(text, "	LoadInt r0, 9999\n	LoadInt r1, 1\n	LoadInt r2, 2\n	LoadInt r3, 2\n"
	                         "	Call @check, r0 args=4 results=0\n	Return r0, 0\n}\n");
}

/* Instructions are the same in every preset but for what is around them: those that differ most. */
static const char *const chosen_modes[] = {"interpreter", "baseline", "v2", "record-hinted", "auto"};

START_TEST(every_machine_calculates_the_same) {
	buffer text = {0};
	int mode = 0;
	while (strcmp(mode_name(mode), chosen_modes[_i]) != 0)
		mode++;
	write_program(&text);
	check_in_mode(mode, text.bytes, "9999 1 2\n", 0);
	buffer_free(&text);
}
END_TEST

/* In the process of each test. */
static void add_operations(void) {
	add_shifts();
	add_divisions();
	add_conversions_to_integers();
	add_conversions_to_floats();
	add_products();
	add_comparisons();
}

int main(void) {
	Suite *suite = suite_create("machine numbers");
	TCase *cases = tcase_create("every mode");
	tcase_set_timeout(cases, 60);
	tcase_add_checked_fixture(cases, add_operations, NULL);
	tcase_add_loop_test(cases, every_machine_calculates_the_same, 0,
	                    sizeof chosen_modes / sizeof *chosen_modes);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
