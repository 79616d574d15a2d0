/*
 * Where a panic ends the program, its trace is the interpreter's: with frames of callees that were built in,
 * and with frames that tail calls have skipped, also if an exit has taken the native frames apart before.
 */
#include <check.h>
#include <string.h>

#include "support.h"

typedef struct {
	const char *name, *text, *error;
} program;

/* 60 / (8 - n) in the innermost of four calls: the ninth round panics. */
static const char nested[] = "fn fourth params=1 locals=3 results=1 {\n"
                             "	LoadInt r1, 60\n"
                             "	DivI r2, r1, r0\n"
                             "	Return r2, 1\n"
                             "}\n"
                             "fn third params=1 locals=3 results=1 {\n"
                             "	Copy r1, r0\n"
                             "	Call @fourth, r1 args=1 results=1\n"
                             "	AddI r2, r1, r0\n"
                             "	Return r2, 1\n"
                             "}\n"
                             "fn second params=1 locals=3 results=1 {\n"
                             "	LoadInt r1, 8\n"
                             "	SubI r2, r1, r0\n"
                             "	Call @third, r2 args=1 results=1\n"
                             "	MulI r2, r2, r1\n"
                             "	Return r2, 1\n"
                             "}\n"
                             "fn main params=0 locals=5 results=0 {\n"
                             "	LoadInt r0, 0\n"
                             "	LoadInt r1, 20\n"
                             "next:\n"
                             "	Copy r2, r0\n"
                             "	Call @second, r2 args=1 results=1\n"
                             "	ForLoop r0, r1, next\n"
                             "	Return r0, 0\n"
                             "}\n";

/* The same behind a closure that is the only one of its site. */
static const char closure[] =
    "fn divides params=2 param_count=1 locals=4 results=1 closure captures=[int:0 1] {\n"
    "	ClosureGet r2, 0\n"
    "	SubI r2, r2, r1\n"
    "	LoadInt r3, 60\n"
    "	DivI r3, r3, r2\n"
    "	Return r3, 1\n"
    "}\n"
    "fn main params=0 locals=6 results=0 {\n"
    "	LoadInt r0, 0\n"
    "	LoadInt r1, 20\n"
    "	LoadInt r2, 8\n"
    "	ClosureNew r3, @divides, 1\n"
    "	PtrSet r3, 1, r2\n"
    "next:\n"
    "	Copy r4, r0\n"
    "	CallClosure r3, r4 args=1 results=1\n"
    "	ForLoop r0, r1, next\n"
    "	Return r0, 0\n"
    "}\n";

/* 60 / n for n = 40, 39 ... 0, each in a call of its own. */
static const char tail_calls[] = "fn divide params=1 locals=3 results=1 {\n"
                                 "	LoadInt r1, 60\n"
                                 "	DivI r1, r1, r0\n"
                                 "	LoadInt r2, 1\n"
                                 "	SubI r2, r0, r2\n"
                                 "	Call @divide, r2 args=1 results=1\n"
                                 "	Return r2, 1\n"
                                 "}\n"
                                 "fn main params=0 locals=2 results=0 {\n"
                                 "	LoadInt r0, 40\n"
                                 "	Call @divide, r0 args=1 results=1\n"
                                 "	Return r0, 0\n"
                                 "}\n";

/* Never comes back: the stack's limit ends it, each frame of a number of slots that does not divide the
 * limit. */
static const char endless[] = "fn forever params=1 locals=7 results=1 {\n"
                              "	LoadInt r1, 1\n"
                              "	AddI r2, r0, r1\n"
                              "	Call @forever, r2 args=1 results=1\n"
                              "	Return r2, 1\n"
                              "}\n"
                              "fn main params=0 locals=2 results=0 {\n"
                              "	LoadInt r0, 0\n"
                              "	Call @forever, r0 args=1 results=1\n"
                              "	Return r0, 0\n"
                              "}\n";

#define DIVISION "runtime error: integer divide by zero"

static const program programs[] = {
    {"nested", nested, DIVISION},
    {"closure", closure, DIVISION},
    {"tail calls", tail_calls, DIVISION},
};

enum { PROGRAMS_HERE = sizeof programs / sizeof programs[0], EVERY_SLICE = 1, FORCED_EXITS = 50 };

static void expect_trace(const program *chosen, run_request request) {
	run_result expected = run_program((run_request){.text = chosen->text});
	request.text = chosen->text;
	run_result result = run_program(request);
	ck_assert_msg(result.error && strcmp(result.error, chosen->error) == 0, "%s: %s", chosen->name,
	              result.error ? result.error : "no error");
	ck_assert_str_eq(expected.error, chosen->error);
	ck_assert_str_eq(result.trace, expected.trace);
	run_result_free(&expected);
	run_result_free(&result);
}

START_TEST(every_mode_has_the_trace_of_the_interpreter) {
	expect_trace(&programs[_i / compiled_mode_count()],
	             (run_request){.mode = &compiled_modes[_i % compiled_mode_count()]});
}
END_TEST

/* With a profile of the rounds before the loop is compiled, the closure is built in. */
START_TEST(a_profile_changes_no_trace) {
	expect_trace(&programs[_i],
	             (run_request){.automatic = true, .threshold = 3, .profile_period = EVERY_SLICE});
}
END_TEST

START_TEST(an_exit_before_the_panic_changes_no_trace) {
	for (uint64_t forced = 1; forced < FORCED_EXITS; forced += SWEEP_STRIDE)
		expect_trace(&programs[_i], (run_request){.automatic = true,
		                                          .threshold = 1,
		                                          .profile_period = EVERY_SLICE,
		                                          .force_exit = forced});
}
END_TEST

/* The outermost frames of a trace, from its last "forever" on. */
static const char *outermost(const char *trace) {
	const char *found = trace;
	for (const char *next = trace; (next = strstr(next, "forever")); next++)
		found = next;
	return found;
}

/* Compiled code finds out that it is too deep when it exits, so the innermost frames may be others. */
START_TEST(endless_tail_calls_end_at_the_limit) {
	static const size_t limits[] = {1000, 100000, 2000000};
	run_result result = run_program(
	    (run_request){.text = endless, .automatic = true, .threshold = 1, .max_stack_slots = limits[_i]});
	run_result expected = run_program((run_request){.text = endless, .max_stack_slots = limits[_i]});
	ck_assert_str_eq(expected.error, "runtime error: stack overflow");
	ck_assert_str_eq(result.error, expected.error);
	ck_assert_str_eq(outermost(result.trace), outermost(expected.trace));
	run_result_free(&expected);
	run_result_free(&result);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier traces");
	TCase *cases = tcase_create("traces");
	tcase_set_timeout(cases, 120);
	tcase_add_loop_test(cases, every_mode_has_the_trace_of_the_interpreter, 0,
	                    PROGRAMS_HERE * compiled_mode_count());
	tcase_add_loop_test(cases, a_profile_changes_no_trace, 0, PROGRAMS_HERE);
	tcase_add_loop_test(cases, an_exit_before_the_panic_changes_no_trace, 0, PROGRAMS_HERE);
	tcase_add_loop_test(cases, endless_tail_calls_end_at_the_limit, 0, 3);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
