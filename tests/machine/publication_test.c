/*
 * Code is published by the compiler's thread while the program's thread looks for it: directly, by closures
 * and through the code table. A pointer that is seen before what it points to would show here on a machine
 * that orders memory weakly; ordering_test.py looks at the instructions, on any machine.
 */
#include <check.h>
#include <stdlib.h>

#include "../tier/support.h"

enum { FUNCTIONS = 24, ROUNDS = 20000, MOST_ROUNDS = 30000000, RUNS = 6 };

/* step_N calls step_N+1 and adds N; every third one is called through a closure. The last returns its
 * argument. */
static void append_step(buffer *text, int number) {
	buffer_append_format(text, "fn step_%d params=%d locals=8 results=1%s {\n", number, number % 3 ? 1 : 2,
	                     number % 3 ? "" : " param_count=1 closure param_types=[int:0 1]");
	const int argument = number % 3 ? 0 : 1, next = number + 1;
	buffer_append_format(text, "	LoadInt r2, %d\n	AddI r3, r%d, r2\n", number, argument);
	if (next == FUNCTIONS)
		buffer_append_text(text, "	Return r3, 1\n}\n");
	else if (next % 3)
		buffer_append_format(text, "	Call @step_%d, r3 args=1 results=1\n	Return r3, 1\n}\n", next);
	else
		buffer_append_format(text,
		                     "	ClosureNew r4, @step_%d, 0\n	CallClosure r4, r3 args=1 results=1\n"
		                     "	Return r3, 1\n}\n",
		                     next);
}

static void write_program(buffer *text, int rounds) {
	buffer_append_text(text, "module publication\nentry @main\nnative vo_println results=0\n");
	for (int i = 1; i < FUNCTIONS; i++)
		append_step(text, i);
	buffer_append_format(text,
	                     "fn main params=0 locals=10 results=0 {\n"
	                     "	LoadInt r0, 0\n"
	                     "	LoadInt r1, 0\n"
	                     "	LoadConst r2, %d\n"
	                     "next:\n"
	                     "	Copy r3, r1\n"
	                     "	Call @step_1, r3 args=1 results=1\n"
	                     "	AddI r0, r0, r3\n"
	                     "	ForLoop r1, r2, next\n"
	                     "	IfaceAssign r4, r0, iface(int), int\n"
	                     "	CallExtern @vo_println, r4, r4 args=2\n"
	                     "	Return r0, 0\n"
	                     "}\n",
	                     rounds);
}

/* Each round adds the round's number and 1 + 2 + ... + FUNCTIONS - 1. */
static long long total(long long rounds) {
	return rounds * (rounds - 1) / 2 + rounds * FUNCTIONS * (FUNCTIONS - 1) / 2;
}

/* Runs the program and returns how often compiled code was entered. */
static uint64_t run(int rounds, uint64_t threshold) {
	buffer text = {0}, expected = {0};
	write_program(&text, rounds);
	buffer_append_format(&expected, "%lld\n", total(rounds));
	run_result result = run_program(
	    (run_request){.text = text.bytes, .automatic = true, .in_background = true, .threshold = threshold});
	ck_assert_msg(!result.error, "%s", result.error);
	ck_assert_str_eq(result.output.bytes, expected.bytes);
	uint64_t entries = result.entries;
	run_result_free(&result);
	buffer_free(&text);
	buffer_free(&expected);
	return entries;
}

/* Where the compiler needs longer than the program, the program is made to run longer. */
START_TEST(code_is_found_while_it_is_published) {
	int rounds = ROUNDS;
	for (int i = 0; i < RUNS; i++) {
		while (run(rounds, i % 2 ? 40 : 1) == 0) {
			rounds *= 4;
			ck_assert_int_lt(rounds, MOST_ROUNDS);
		}
	}
}
END_TEST

int main(void) {
	Suite *suite = suite_create("machine publication");
	TCase *cases = tcase_create("two threads");
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, code_is_found_while_it_is_published);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
