/*
 * A panic goes through many native frames: whatever they keep in registers that callees preserve is the
 * caller's again where the program goes on, also where tables for unwinding say from where to take it back.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "../tier/support.h"
#include "modes.h"

#define HEAD "module unwinding\nentry @main\nnative vo_println results=0\n"

enum { DEPTH = 2000, ATTEMPTS = 3, INTEGERS = 12, FLOATS = 8, VALUES = INTEGERS + FLOATS };

/* Panics at the bottom, with eight values in each frame that its result would be made of. */
static const char descend[] = "fn descend params=2 locals=16 results=1 {\n"
                              "	LoadInt r2, 1\n"
                              "	SubI r3, r0, r2\n"
                              "	MulI r4, r0, r0\n"
                              "	MulI r5, r4, r0\n"
                              "	AddI r6, r5, r1\n"
                              "	Xor r7, r6, r4\n"
                              "	ConvI2F r8, r7\n"
                              "	MulF r9, r8, r8\n"
                              "	JumpIf r0, deeper\n"
                              "	DivI r10, r2, r0\n"
                              "deeper:\n"
                              "	Copy r10, r3\n"
                              "	Copy r11, r7\n"
                              "	Call @descend, r10 args=2 results=1\n"
                              "	AddI r10, r10, r4\n"
                              "	AddI r10, r10, r5\n"
                              "	AddI r10, r10, r6\n"
                              "	AddF r9, r9, r8\n"
                              "	AddI r10, r10, r9\n"
                              "	Return r10, 1\n"
                              "}\n"
                              "fn catch params=0 locals=4 results=0 {\n"
                              "	Recover r0\n"
                              "	CallExtern @vo_println, r0, r0 args=2\n"
                              "	Return r0, 0\n"
                              "}\n"
                              "fn attempt params=1 locals=4 results=0 defer {\n"
                              "	DeferPush @catch, r1 args=0\n"
                              "	LoadInt r1, 5\n"
                              "	Copy r2, r0\n"
                              "	Copy r3, r1\n"
                              "	Call @descend, r2 args=2 results=1\n"
                              "	Return r0, 0\n"
                              "}\n";

/* Values 0 to 11 are integers, 12 to 19 floats; after each attempt, 1 is added to all. */
static void append_attempts(buffer *text) {
	for (int i = 0; i < VALUES; i++)
		buffer_append_format(text, i < INTEGERS ? "	LoadInt r%d, %d\n" : "	LoadConst r%d, %d.5\n", i, i);
	buffer_append_format(
	    text, "	LoadInt r20, 0\n	LoadInt r21, %d\n	LoadInt r22, 1\n	LoadConst r23, 1.0\n", ATTEMPTS);
	buffer_append_format(text, "next:\n	LoadInt r24, %d\n	Call @attempt, r24 args=1 results=0\n", DEPTH);
	for (int i = 0; i < VALUES; i++)
		buffer_append_format(text, i < INTEGERS ? "	AddI r%d, r%d, r22\n" : "	AddF r%d, r%d, r23\n", i, i);
	buffer_append_text(text, "	ForLoop r20, r21, next\n");
}

/* Of the integers and of the floats: total = 2 * total + value, which is exact and depends on each and its
 * place. */
static void append_totals(buffer *text, buffer *expected) {
	int64_t total = 0;
	double float_total = 0;
	for (int i = 0; i < ATTEMPTS; i++)
		buffer_append_text(expected, "runtime error: integer divide by zero\n");
	buffer_append_text(text, "	LoadInt r28, 0\n	LoadConst r29, 0.0\n");
	for (int i = 0; i < VALUES; i++) {
		const char *add = i < INTEGERS ? "AddI r28, r28" : "AddF r29, r29";
		buffer_append_format(text, "	%s, r%d\n	%s, r%d\n", add, i < INTEGERS ? 28 : 29, add, i);
		if (i < INTEGERS)
			total = 2 * total + i + ATTEMPTS;
		else
			float_total = 2 * float_total + i + 0.5 + ATTEMPTS;
	}
	buffer_append_text(
	    text, "	IfaceAssign r30, r28, iface(int), int\n	IfaceAssign r32, r29, iface(float64), float64\n"
	          "	CallExtern @vo_println, r30, r30 args=4\n");
	buffer_append_format(expected, "%" PRId64 " %.1f\n", total, float_total);
}

START_TEST(a_panic_through_many_frames) {
	buffer text = {0}, expected = {0};
	buffer_append_format(&text, HEAD "%sfn main params=0 locals=34 results=0 {\n", descend);
	append_attempts(&text);
	append_totals(&text, &expected);
	buffer_append_text(&text, "	Return r0, 0\n}\n");
	check_in_mode(_i, text.bytes, expected.bytes, 0);
	buffer_free(&text);
	buffer_free(&expected);
}
END_TEST

/* The trace has every frame: its lines are as many as interpreted. */
START_TEST(an_uncaught_panic_names_every_frame) {
	buffer text = {0};
	buffer_append_format(&text,
	                     HEAD
	                     "%sfn main params=0 locals=4 results=0 {\n	LoadInt r0, 60\n	LoadInt r1, 5\n"
	                     "	Call @descend, r0 args=2 results=1\n	Return r0, 0\n}\n",
	                     descend);
	run_result expected = run_program((run_request){.text = text.bytes});
	run_result actual = run_program((run_request){.text = text.bytes, .preset = presets[_i]});
	ck_assert_int_eq(actual.exit_status, 1);
	ck_assert_uint_eq(actual.exits[VOLT_STATUS_PANIC], 1);
	ck_assert_str_eq(actual.trace, expected.trace);
	int lines = 0;
	for (const char *at = actual.trace; *at; at++)
		lines += *at == '\n';
	ck_assert_int_ge(lines, 62); /* main and descend(60) to descend(0) */
	run_result_free(&expected);
	run_result_free(&actual);
	buffer_free(&text);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("machine unwinding");
	TCase *cases = tcase_create("every mode");
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, a_panic_through_many_frames, 0, mode_count());
	tcase_add_loop_test(cases, an_uncaught_panic_names_every_frame, 0, preset_count());
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
