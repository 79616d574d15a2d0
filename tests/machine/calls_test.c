/*
 * Calling conventions: more arguments and results than a machine passes in registers, integers and floats
 * mixed; and more values than it preserves, which live across calls and across the cold paths of exits.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "../tier/support.h"
#include "modes.h"

#define HEAD "module calls\nentry @main\nnative vo_println results=0\n"

/* Even parameters are floats, odd ones integers: 0.25, 1, 2.25, 3 and so on. */
enum { PARAMETERS = 24, TOTAL = PARAMETERS, CONVERTED, THREE, FIRST_RESULT, RESULTS = 12 };

static double float_argument(int i) {
	return i + 0.25;
}

/* total = 3 * total + whole part, over the parameters; results are the total, and then the last parameters.
 */
static void append_mixed(buffer *text) {
	buffer_append_format(text, "fn mixed params=%d locals=%d results=%d types=", PARAMETERS,
	                     FIRST_RESULT + RESULTS, RESULTS);
	for (int i = 0; i < PARAMETERS; i++)
		buffer_append_text(text, i % 2 ? "v" : "f");
	buffer_append_text(text, "vvvv");
	for (int i = 1; i < RESULTS; i++)
		buffer_append_text(text, (PARAMETERS - i) % 2 ? "v" : "f");
	buffer_append_format(text, " {\n	LoadInt r%d, 0\n	LoadInt r%d, 3\n", TOTAL, THREE);
	for (int i = 0; i < PARAMETERS; i++) {
		buffer_append_format(text, "	%s r%d, r%d\n", i % 2 ? "Copy" : "ConvF2I", CONVERTED, i);
		buffer_append_format(text, "	MulI r%d, r%d, r%d\n	AddI r%d, r%d, r%d\n", TOTAL, TOTAL, THREE,
		                     TOTAL, TOTAL, CONVERTED);
	}
	buffer_append_format(text, "	Copy r%d, r%d\n", FIRST_RESULT, TOTAL);
	for (int i = 1; i < RESULTS; i++)
		buffer_append_format(text, "	Copy r%d, r%d\n", FIRST_RESULT + i, PARAMETERS - i);
	buffer_append_format(text, "	Return r%d, %d\n}\n", FIRST_RESULT, RESULTS);
}

static void append_main(buffer *text) {
	buffer_append_text(text, "fn main params=0 locals=40 results=0 {\n");
	for (int i = 0; i < PARAMETERS; i++)
		if (i % 2)
			buffer_append_format(text, "	LoadInt r%d, %d\n", i, i);
		else
			buffer_append_format(text, "	LoadConst r%d, %.2f\n", i, float_argument(i));
	buffer_append_format(text, "	Call @mixed, r0 args=%d results=%d\n", PARAMETERS, RESULTS);
	for (int i = 0; i < RESULTS; i++) {
		const char *type = i == 0 || (PARAMETERS - i) % 2 ? "int" : "float64";
		buffer_append_format(text, "	IfaceAssign r30, r%d, iface(%s), %s\n", i, type, type);
		buffer_append_text(text, "	CallExtern @vo_println, r30, r30 args=2\n");
	}
	buffer_append_text(text, "	Return r0, 0\n}\n");
}

static void append_results(buffer *expected) {
	int64_t total = 0;
	for (int i = 0; i < PARAMETERS; i++)
		total = 3 * total + i;
	buffer_append_format(expected, "%" PRId64 "\n", total);
	for (int i = PARAMETERS - 1; i > PARAMETERS - RESULTS; i--)
		if (i % 2)
			buffer_append_format(expected, "%d\n", i);
		else
			buffer_append_format(expected, "%.2f\n", float_argument(i));
}

START_TEST(arguments_and_results_beyond_registers) {
	buffer text = {0}, expected = {0};
	buffer_append_text(&text, HEAD);
	append_mixed(&text);
	append_main(&text);
	append_results(&expected);
	check_in_mode(_i, text.bytes, expected.bytes, 0);
	buffer_free(&text);
	buffer_free(&expected);
}
END_TEST

/* r0 to r15 are integers, r16 to r27 floats: all live across each call of `half`, which may panic. */
enum { INTEGERS = 16, FLOATS = 12, ROUNDS = 4, ARGUMENT = INTEGERS + FLOATS, ROUND, LIMIT, ONE };

static const char half[] = "fn half params=1 locals=3 results=1 {\n"
                           "	LoadInt r1, 2\n"
                           "	DivI r2, r0, r1\n"
                           "	JumpIf r2, good\n"
                           "	DivI r2, r0, r2\n"
                           "good:\n"
                           "	Return r2, 1\n"
                           "}\n";

/* Each round, half of 20 is added to each integer, and 1 to each float. */
static void append_rounds(buffer *text) {
	buffer_append_format(text, "	LoadInt r%d, 0\n	LoadInt r%d, %d\n	LoadConst r%d, 1.0\nnext:\n",
	                     ROUND, LIMIT, ROUNDS, ONE);
	buffer_append_format(text, "	LoadInt r%d, 20\n	Call @half, r%d args=1 results=1\n", ARGUMENT,
	                     ARGUMENT);
	for (int i = 0; i < INTEGERS; i++)
		buffer_append_format(text, "	AddI r%d, r%d, r%d\n", i, i, ARGUMENT);
	for (int i = INTEGERS; i < INTEGERS + FLOATS; i++)
		buffer_append_format(text, "	AddF r%d, r%d, r%d\n", i, i, ONE);
	buffer_append_format(text, "	ForLoop r%d, r%d, next\n", ROUND, LIMIT);
}

/* Of the integers and of the floats: total = 2 * total + value, which is exact and depends on each and its
 * place. */
static void print_totals(buffer *text, buffer *expected) {
	int64_t total = 0;
	double float_total = 0;
	buffer_append_text(text, "	LoadInt r40, 0\n	LoadConst r41, 0.0\n");
	for (int i = 0; i < INTEGERS; i++) {
		total = 2 * total + 100 + i + 10 * ROUNDS;
		buffer_append_format(text, "	AddI r40, r40, r40\n	AddI r40, r40, r%d\n", i);
	}
	for (int i = INTEGERS; i < INTEGERS + FLOATS; i++) {
		float_total = 2 * float_total + i + 0.5 + ROUNDS;
		buffer_append_format(text, "	AddF r41, r41, r41\n	AddF r41, r41, r%d\n", i);
	}
	buffer_append_text(
	    text, "	IfaceAssign r42, r40, iface(int), int\n	IfaceAssign r44, r41, iface(float64), float64\n"
	          "	CallExtern @vo_println, r42, r42 args=4\n");
	buffer_append_format(expected, "%" PRId64 " %.1f\n", total, float_total);
}

/* Case _i is a mode; the code leaves at the status check of the second call. */
START_TEST(values_live_across_calls_and_exits) {
	buffer text = {0}, expected = {0};
	buffer_append_format(&text, HEAD "%sfn main params=0 locals=48 results=0 {\n", half);
	for (int i = 0; i < INTEGERS; i++)
		buffer_append_format(&text, "	LoadInt r%d, %d\n", i, 100 + i);
	for (int i = INTEGERS; i < INTEGERS + FLOATS; i++)
		buffer_append_format(&text, "	LoadConst r%d, %d.5\n", i, i);
	append_rounds(&text);
	print_totals(&text, &expected);
	buffer_append_text(&text, "	Return r0, 0\n}\n");
	check_in_mode(_i, text.bytes, expected.bytes, 2);
	buffer_free(&text);
	buffer_free(&expected);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("machine calls");
	TCase *cases = tcase_create("every mode");
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, arguments_and_results_beyond_registers, 0, mode_count());
	tcase_add_loop_test(cases, values_live_across_calls_and_exits, 0, mode_count());
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
