/*
 * Defer, panic and recover: every nesting (SEMANTICS.md, "Deferred calls, panics, recovery").
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

/* Deferred functions that several programs share. */
#define PRINTS \
	"fn print params=1 {\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n" /* prints what it recovers */ \
	"fn catch {\n Recover r0\n CallExtern @vo_println, r0, r0 args=2\n Return r0, 0\n}\n" \
	"fn throw params=1 {\n IfaceAssign r1, r0, iface(int), int\n Panic r1\n}\n"

START_TEST(deferred_calls_run_last_first_with_arguments_of_their_time) {
	expect_output(
	    PRINTS
	    "fn main {\n LoadInt r0, 1\n DeferPush @print, r0 args=1\n LoadInt r0, 2\n"
	    " DeferPush @print, r0 args=1\n LoadInt r0, 3\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n",
	    "3\n2\n1\n");
}
END_TEST

START_TEST(results_survive_deferred_calls) {
	expect_output(
	    PRINTS
	    "fn f results=2 {\n LoadInt r0, 9\n DeferPush @print, r0 args=1\n LoadInt r1, 7\n LoadInt r2, 8\n"
	    " Return r1, 2\n}\n"
	    "fn main {\n LoadInt r0, 5\n Call @f, r1 args=0 results=2\n CallExtern @log, r0, r0 args=3\n"
	    " Return r0, 0\n}\n",
	    "9\n5 7 8\n");
}
END_TEST

START_TEST(recovered_function_returns_zeros) {
	expect_output(
	    PRINTS
	    "fn f results=2 locals=6 {\n DeferPush @catch, r0 args=0\n LoadInt r0, 4\n Call @throw, r0 args=1\n"
	    " LoadInt r1, 7\n Return r1, 2\n}\n"
	    "fn main {\n LoadInt r1, 1\n LoadInt r2, 2\n Call @f, r1 args=0 results=2\n"
	    " CallExtern @log, r0, r1 args=2\n Return r0, 0\n}\n",
	    "4\n0 0\n");
}
END_TEST

/* The result lives in an object; the deferred closure writes it after the panic. */
START_TEST(recovered_function_returns_its_named_result) {
	expect_output(
	    PRINTS
	    "fn fix closure params=1 {\n Recover r1\n ClosureGet r3, 0\n LoadInt r4, 42\n PtrSet r3, 0, r4\n"
	    " Return r0, 0\n}\n"
	    "fn f results=1 heap_start=0 heap_count=1 heap_slots=[1] {\n LoadInt r1, 2\n PtrNew r0, r1, 1\n"
	    " ClosureNew r2, @fix, 1\n PtrSet r2, 1, r0\n DeferPush r2, r3 args=0\n LoadInt r4, 1\n"
	    " Call @throw, r4 args=1\n Return r0, 1 flags=2\n}\n"
	    "fn main {\n Call @f, r1 args=0 results=1\n CallExtern @log, r0, r1 args=1\n Return r0, 0\n}\n",
	    "42\n");
}
END_TEST

/* What a function that a deferred one calls does with its own deferred calls is its own affair. */
START_TEST(inner_return_leaves_outer_unwinding_alone) {
	expect_output(
	    PRINTS
	    "fn inner {\n LoadInt r0, 30\n DeferPush @print, r0 args=1\n Return r0, 0\n}\n"
	    "fn helper {\n Call @inner, r0 args=0 results=0\n LoadInt r0, 20\n CallExtern @log, r0, r0 args=1\n"
	    " Return r0, 0\n}\n"
	    "fn f results=1 {\n LoadInt r0, 10\n DeferPush @print, r0 args=1\n DeferPush @helper, r0 args=0\n"
	    " LoadInt r1, 77\n Return r1, 1\n}\n"
	    "fn main {\n Call @f, r0 args=0 results=1\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n",
	    "30\n20\n10\n77\n");
}
END_TEST

START_TEST(inner_return_leaves_active_panic_alone) {
	expect_output(PRINTS
	              "fn inner {\n LoadInt r0, 30\n DeferPush @print, r0 args=1\n DeferPush @catch, r0 args=0\n "
	              "Return r0, 0\n}\n"
	              "fn helper {\n Call @inner, r0 args=0 results=0\n Return r0, 0\n}\n"
	              "fn f {\n DeferPush @catch, r0 args=0\n DeferPush @helper, r0 args=0\n LoadInt r0, 6\n"
	              " Call @throw, r0 args=1\n Return r0, 0\n}\n"
	              "fn main {\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	              "<nil>\n30\n6\n");
}
END_TEST

/*
 * A panic that a deferred call starts and somebody above it recovers does not touch the one that is under
 * way.
 */
START_TEST(panic_recovered_inside_deferred_call) {
	expect_output(
	    PRINTS
	    "fn inner results=1 locals=8 {\n DeferPush @catch, r0 args=0\n LoadInt r0, 2\n Call @throw, r0 "
	    "args=1\n"
	    " Return r0, 1\n}\n"
	    "fn helper {\n LoadInt r0, 5\n Call @inner, r0 args=0 results=1\n CallExtern @log, r0, r0 args=1\n"
	    " Return r0, 0\n}\n"
	    "fn f {\n DeferPush @catch, r0 args=0\n DeferPush @helper, r0 args=0\n LoadInt r0, 1\n"
	    " Call @throw, r0 args=1\n Return r0, 0\n}\n"
	    "fn main {\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	    "2\n0\n1\n");
}
END_TEST

START_TEST(second_panic_replaces_the_first) {
	expect_output(PRINTS
	              "fn f {\n LoadInt r0, 11\n DeferPush @catch, r0 args=0\n LoadInt r0, 22\n"
	              " DeferPush @throw, r0 args=1\n LoadInt r0, 33\n Call @throw, r0 args=1\n Return r0, 0\n}\n"
	              "fn main {\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	              "22\n");
}
END_TEST

START_TEST(panic_in_deferred_call_of_a_return) {
	expect_output(
	    PRINTS
	    "fn f results=1 {\n LoadInt r0, 1\n DeferPush @print, r0 args=1\n DeferPush @catch, r0 args=0\n"
	    " LoadInt r0, 22\n DeferPush @throw, r0 args=1\n LoadInt r0, 5\n Return r0, 1\n}\n"
	    "fn main {\n Call @f, r0 args=0 results=1\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n",
	    "22\n1\n5\n");
}
END_TEST

/* Recover works in the deferred function itself, in no function that it calls. */
START_TEST(recover_only_directly) {
	expect_output(
	    PRINTS
	    "fn indirect {\n Call @catch, r0 args=0 results=0\n Return r0, 0\n}\n"
	    "fn f {\n DeferPush @catch, r0 args=0\n DeferPush @indirect, r0 args=0\n LoadInt r0, 3\n"
	    " Call @throw, r0 args=1\n Return r0, 0\n}\n"
	    "fn main {\n Call @catch, r0 args=0 results=0\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	    "<nil>\n<nil>\n3\n");
}
END_TEST

/* A deferred call may defer: that runs first, and may recover the panic that its maker runs for. */
START_TEST(deferred_call_defers) {
	expect_output(PRINTS
	              "fn maker {\n LoadInt r0, 2\n DeferPush @print, r0 args=1\n DeferPush @catch, r0 args=0\n"
	              " LoadInt r0, 1\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n"
	              "fn f {\n LoadInt r0, 3\n DeferPush @print, r0 args=1\n DeferPush @maker, r0 args=0\n"
	              " LoadInt r0, 50\n Call @throw, r0 args=1\n Return r0, 0\n}\n"
	              "fn main {\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	              "1\n50\n2\n3\n");
}
END_TEST

/* The second panic comes from the deferred call that recovered the first. */
START_TEST(recover_then_panic_again) {
	expect_output(PRINTS
	              "fn again {\n Recover r0\n CallExtern @vo_println, r0, r0 args=2\n LoadInt r2, 8\n"
	              " Call @throw, r2 args=1\n Return r0, 0\n}\n"
	              "fn f {\n DeferPush @catch, r0 args=0\n DeferPush @again, r0 args=0\n LoadInt r0, 7\n"
	              " Call @throw, r0 args=1\n Return r0, 0\n}\n"
	              "fn main {\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	              "7\n8\n");
}
END_TEST

#define ERRDEFERS \
	" LoadInt r0, 1\n DeferPush @print, r0 args=1\n LoadInt r0, 2\n ErrDeferPush @print, r0 args=1\n" \
	" LoadInt r0, 3\n DeferPush @print, r0 args=1\n LoadInt r0, 4\n ErrDeferPush @print, r0 args=1\n"

START_TEST(error_only_calls_on_a_good_return) {
	expect_output(PRINTS "fn main {\n" ERRDEFERS " Return r0, 0\n}\n", "3\n1\n");
}
END_TEST

START_TEST(error_only_calls_on_a_fail) {
	expect_output(PRINTS "fn main {\n" ERRDEFERS " Return r0, 0 flags=1\n}\n", "4\n3\n2\n1\n");
}
END_TEST

START_TEST(error_only_calls_on_an_error_result) {
	const char *program = PRINTS
	    "fn f params=1 results=3 error=1 {\n Copy r4, r0\n LoadInt r3, 9\n LoadInt r5, 0\n" ERRDEFERS
	    " Return r3, 3\n}\n"
	    "fn main {\n LoadInt r0, 17\n Call @f, r0 args=1 results=3\n CallExtern @log, r0, r0 args=3\n"
	    " LoadInt r0, 0\n Call @f, r0 args=1 results=3\n CallExtern @log, r0, r0 args=3\n Return r0, 0\n}\n";
	expect_output(program, "4\n3\n2\n1\n9 17 0\n3\n1\n9 0 0\n");
}
END_TEST

START_TEST(error_only_calls_until_recovered) {
	expect_output(
	    PRINTS
	    "fn f {\n LoadInt r0, 1\n ErrDeferPush @print, r0 args=1\n DeferPush @catch, r0 args=0\n" ERRDEFERS
	    " LoadInt r0, 60\n Call @throw, r0 args=1\n Return r0, 0\n}\n"
	    "fn main {\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	    "4\n3\n2\n1\n60\n");
}
END_TEST

START_TEST(nil_closure_traps_when_it_runs) {
	expect_output(
	    PRINTS
	    "fn f {\n LoadInt r0, 1\n DeferPush @print, r0 args=1\n DeferPush @catch, r0 args=0\n LoadInt r1, 0\n"
	    " DeferPush r1, r0 args=0\n LoadInt r0, 2\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n"
	    "fn main {\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	    "2\nruntime error: call of nil function\n1\n");
}
END_TEST

START_TEST(uncaught_panic_runs_all_deferred_calls) {
	const outcome result =
	    run(PRINTS "fn f {\n LoadInt r0, 2\n DeferPush @print, r0 args=1\n LoadInt r0, 7\n"
	               " Call @throw, r0 args=1\n Return r0, 0\n}\n"
	               "fn main {\n LoadInt r0, 1\n DeferPush @print, r0 args=1\n Call @f, r0 args=0 results=0\n"
	               " Return r0, 0\n}\ndebug {\n}\n");
	ck_assert_str_eq(result.output, "2\n1\n");
	ck_assert_str_eq(result.message, "7");
	ck_assert_int_eq(result.kind, VOLT_ERROR_PANIC);
	ck_assert_str_eq(result.trace, "\tthrow pc 1\n\tf pc 3\n\tmain pc 2\n");
}
END_TEST

START_TEST(trace_names_source_lines) {
	const outcome result =
	    run("fn main {\n LoadInt r0, 0\n DivI r0, r0, r0\n Return r0, 0\n}\n"
	        "debug {\n file \"a.vo\"\n function {\n at 0 file=0 line=3\n at 1 file=0 line=4\n }\n}\n");
	ck_assert_str_eq(result.trace, "\tmain a.vo:4\n");
}
END_TEST

/* 1000 frames: the first and the last 50 stay. */
START_TEST(trace_is_bounded) {
	const outcome result =
	    run("fn f params=1 {\n JumpIfNot r0, stop\n LoadInt r1, 1\n SubI r2, r0, r1\n"
	        " Call @f, r2 args=1\n Return r0, 0\nstop:\n DivI r0, r0, r0\n Return r0, 0\n}\n"
	        "fn main {\n LoadInt r0, 998\n Call @f, r0 args=1\n Return r0, 0\n}\ndebug {\n}\n");
	int lines = 0;
	for (const char *c = result.trace; *c; c++)
		lines += *c == '\n';
	ck_assert_int_eq(lines, 101);
	ck_assert_ptr_nonnull(strstr(result.trace, "\n\t... 900 more frames\n"));
	ck_assert_int_eq(strncmp(result.trace, "\tf pc 5\n\tf pc 3\n", 16), 0);
	ck_assert_ptr_nonnull(strstr(result.trace, "\tf pc 3\n\tmain pc 1\n"));
}
END_TEST

/* Recovering must not get slower with the number of panics. */
START_TEST(twenty_thousand_panics) {
	expect_output(
	    PRINTS
	    "fn swallow {\n Recover r0\n Return r0, 0\n}\n"
	    "fn f {\n DeferPush @swallow, r0 args=0\n LoadInt r0, 1\n Call @throw, r0 args=1\n Return r0, 0\n}\n"
	    "fn main {\n LoadInt r0, 0\n LoadInt r1, 20000\nagain:\n Call @f, r2 args=0 results=0\n"
	    " ForLoop r0, r1, again\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n",
	    "20000\n");
}
END_TEST

/*
 * A recursion through deferred calls: 250,000 functions are being left when the innermost panics, on a native
 * stack without room for a C frame for each of them. `defers` and `leaves` are lines of the function.
 */
#define DESCEND(defers, leaves) \
	"global left\nglobal calls\n" \
	"fn count {\n GlobalGet r0, @calls\n LoadInt r1, 1\n AddI r0, r0, r1\n GlobalSet @calls, r0\n" \
	" Return r0, 0\n}\n" \
	"fn deeper {\n GlobalGet r0, @left\n LoadInt r1, 1\n SubI r0, r0, r1\n GlobalSet @left, r0\n" \
	" DivI r2, r1, r0\n Call @leave, r0 args=0\n Return r0, 0\n}\n" \
	"fn leave {\n" defers " DeferPush @deeper, r0 args=0\n" leaves " Return r0, 0\n}\n" \
	"fn catch {\n Recover r0\n CallExtern @vo_println, r0, r0 args=2\n Return r0, 0\n}\n" \
	"fn try {\n DeferPush @catch, r0 args=0\n Call @leave, r0 args=0\n Return r0, 0\n}\n" \
	"fn main {\n LoadInt r0, 250001\n GlobalSet @left, r0\n Call @try, r0 args=0\n" \
	" GlobalGet r0, @calls\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n"

static void *run_program(void *program) {
	outcome *result = malloc(sizeof *result);
	*result = run_with(program, &(volt_vm_options){.tier_mode = VOLT_TIER_INTERPRETER}, NULL);
	return result;
}

static void expect_on_small_stack(char *program, const char *output) {
	pthread_attr_t attributes;
	pthread_t thread;
	void *result;
	ck_assert_int_eq(pthread_attr_init(&attributes), 0);
	ck_assert_int_eq(pthread_attr_setstacksize(&attributes, 256 << 10), 0);
	ck_assert_int_eq(pthread_create(&thread, &attributes, run_program, program), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	pthread_attr_destroy(&attributes);
	ck_assert_str_eq(((outcome *)result)->message, "");
	ck_assert_str_eq(((outcome *)result)->output, output);
	free(result);
}

/* Functions that return, that panic, and that have one more deferred call to run. */
START_TEST(deep_unwinding) {
	const char *zero = "runtime error: integer divide by zero\n0\n";
	expect_on_small_stack((char[]){DESCEND("", "")}, zero);
	expect_on_small_stack((char[]){DESCEND("", " LoadInt r0, 0\n DivI r0, r0, r0\n")}, zero);
	expect_on_small_stack((char[]){DESCEND(" DeferPush @count, r0 args=0\n", "")},
	                      "runtime error: integer divide by zero\n250001\n");
}
END_TEST

int main(void) {
	return run_suite("unwind", (named_test[]){
	                               {"LIFO", deferred_calls_run_last_first_with_arguments_of_their_time},
	                               {"results", results_survive_deferred_calls},
	                               {"zeros", recovered_function_returns_zeros},
	                               {"named result", recovered_function_returns_its_named_result},
	                               {"inner return", inner_return_leaves_outer_unwinding_alone},
	                               {"inner return in panic", inner_return_leaves_active_panic_alone},
	                               {"inner panic", panic_recovered_inside_deferred_call},
	                               {"replaced", second_panic_replaces_the_first},
	                               {"panic in return", panic_in_deferred_call_of_a_return},
	                               {"direct", recover_only_directly},
	                               {"deferring", deferred_call_defers},
	                               {"again", recover_then_panic_again},
	                               {"errdefer good", error_only_calls_on_a_good_return},
	                               {"errdefer fail", error_only_calls_on_a_fail},
	                               {"errdefer error", error_only_calls_on_an_error_result},
	                               {"errdefer recovered", error_only_calls_until_recovered},
	                               {"nil", nil_closure_traps_when_it_runs},
	                               {"uncaught", uncaught_panic_runs_all_deferred_calls},
	                               {"lines", trace_names_source_lines},
	                               {"bounded trace", trace_is_bounded},
	                               {"many", twenty_thousand_panics},
	                               {"deep", deep_unwinding},
	                               {NULL, NULL},
	                           });
}
