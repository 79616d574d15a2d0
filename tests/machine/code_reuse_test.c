/*
 * Code is written where other code was before, and as better code of the same function: what runs is always
 * the new one, though instructions are fetched through caches of their own (on AArch64 the writer has to
 * clear them).
 */
#include <check.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "../tier/support.h"
#include "tier/state.h"

enum { PROGRAMS = 24 };

typedef struct {
	void *entries[PROGRAMS]; /* of the function `answer`, by program */
	int current;
	volt_level highest; /* of `answer`, after a run */
} observation;

static void observe(volt_vm *vm, void *user) {
	observation *seen = user;
	seen->entries[seen->current] = (void *)(uintptr_t)atomic_load(&vm->functions[0].entry);
	tier_state *state = vm->tier;
	seen->highest = state->queue ? compile_queue_form(state->queue, 0, VOLT_FORM_CALL).level : 0;
}

/* `answer` is the function 0; the loop adds up what it gives. */
static void write_program(buffer *text, int answer, int rounds) {
	buffer_append_format(text,
	                     "module reuse\nentry @main\nnative vo_println results=0\n"
	                     "fn answer params=1 locals=6 results=1 {\n"
	                     "	LoadInt r1, %d\n"
	                     "	LoadInt r2, 1\n"
	                     "	Or r3, r0, r2\n"
	                     "	DivI r4, r1, r2\n"
	                     "	ModI r3, r4, r3\n"
	                     "	SubI r4, r4, r3\n"
	                     "	AddI r4, r4, r3\n"
	                     "	Return r4, 1\n"
	                     "}\n"
	                     "fn main params=0 locals=10 results=0 {\n"
	                     "	LoadInt r0, 0\n"
	                     "	LoadInt r1, 0\n"
	                     "	LoadConst r2, %d\n"
	                     "next:\n"
	                     "	Copy r3, r1\n"
	                     "	Call @answer, r3 args=1 results=1\n"
	                     "	AddI r0, r0, r3\n"
	                     "	ForLoop r1, r2, next\n"
	                     "	IfaceAssign r4, r0, iface(int), int\n"
	                     "	CallExtern @vo_println, r4, r4 args=2\n"
	                     "	Return r0, 0\n"
	                     "}\n",
	                     answer, rounds);
}

static void run_and_check(observation *seen, run_request request, int answer, int rounds) {
	buffer text = {0}, expected = {0};
	write_program(&text, answer, rounds);
	buffer_append_format(&expected, "%lld\n", (long long)answer * rounds);
	request.text = text.bytes;
	request.at_end = observe;
	request.user = seen;
	run_result result = run_program(request);
	ck_assert_msg(!result.error, "%s", result.error);
	ck_assert_str_eq(result.output.bytes, expected.bytes);
	run_result_free(&result);
	buffer_free(&text);
	buffer_free(&expected);
}

static int count_reused(const observation *seen) {
	int reused = 0;
	for (int i = 1; i < PROGRAMS; i++) {
		bool again = false;
		for (int earlier = 0; earlier < i; earlier++)
			again |= seen->entries[i] && seen->entries[i] == seen->entries[earlier];
		reused += again;
	}
	return reused;
}

START_TEST(other_code_at_the_same_address) {
	static observation seen;
	for (seen.current = 0; seen.current < PROGRAMS; seen.current++)
		run_and_check(&seen, (run_request){.preset = "record-hinted"}, 1000 + seen.current, 5);
	const int reused = count_reused(&seen);
#ifdef VOLT_TEST_EMULATED
	if (reused == 0) {
		puts("skipped: other_code_at_the_same_address: the emulator gives no address twice");
		return;
	}
#endif
	ck_assert_int_gt(reused, 0); /* or nothing was tested */
}
END_TEST

/*
 * While it runs, `answer` is interpreted, quick and then optimised. When that happens depends on time, so the
 * program runs for longer and longer until it was seen.
 */
START_TEST(better_code_of_the_same_function) {
	static observation seen;
	int rounds = 1000000;
	do {
		run_and_check(&seen, (run_request){.automatic = true, .in_background = true}, 1234, rounds);
		rounds *= 3;
	} while (seen.highest < VOLT_LEVEL_OPTIMISED && rounds < 300000000);
	ck_assert_int_eq(seen.highest, VOLT_LEVEL_OPTIMISED);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("machine code reuse");
	TCase *cases = tcase_create("one process");
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, other_code_at_the_same_address);
	tcase_add_test(cases, better_code_of_the_same_function);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
