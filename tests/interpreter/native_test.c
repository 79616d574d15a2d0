/*
 * Natives through volt/native.h: waits, yields, panics, exits, closures and replays; frames stay whole
 * after each.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

static int frees;

static void count_free(void *data) {
	frees++;
	free(data);
}

/* Completes a wait from another thread. */
static void *complete(void *wait) {
	volt_wait_complete(wait);
	return NULL;
}

/* wait(x): sleeps `x & 3` times, completing from another thread or at once, and returns x + 1. */
static volt_native_result native_wait(volt_native_call *call) {
	const int64_t number = (int64_t)call->arguments[0];
	int64_t *left = call->wait ? volt_wait_data(call->wait) : NULL;
	const int64_t rest = left ? *left : number & 3;
	if (rest == 0) {
		call->results[0] = (volt_slot)(number + 1);
		return VOLT_NATIVE_OK;
	}
	int64_t *data = malloc(sizeof *data);
	*data = rest - 1;
	volt_wait *wait = volt_native_begin_wait(call, data, count_free);
	if (rest == 1) {
		volt_wait_complete(wait);
	} else {
		pthread_t thread;
		ck_assert_int_eq(pthread_create(&thread, NULL, complete, wait), 0);
		pthread_detach(thread);
	}
	return VOLT_NATIVE_WAIT;
}

/* Never completes. */
static volt_native_result native_forever(volt_native_call *call) {
	volt_native_begin_wait(call, malloc(1), count_free);
	return VOLT_NATIVE_WAIT;
}

static volt_native_result native_yield(volt_native_call *call) {
	(void)call;
	return VOLT_NATIVE_YIELD;
}

static volt_native_result native_panic(volt_native_call *call) {
	return volt_native_panic(call, "native says %d", (int)call->arguments[0]);
}

static volt_native_result native_trap(volt_native_call *call) {
	return volt_native_trap(call, (volt_trap){VOLT_TRAP_IndexOutOfRange, 5, 3});
}

static volt_native_result native_exit(volt_native_call *call) {
	return volt_native_exit(call, (int)call->arguments[0]);
}

/* each(closure): calls it with 0, 1, 2, one round each, and returns the sum of the first results. */
static volt_native_result native_each(volt_native_call *call) {
	const volt_slot argument = call->closure_result_count;
	ck_assert_uint_eq(call->carried, argument);
	call->carried = argument + 1;
	if (call->closure_panicked) {
		call->results[0] = (volt_slot)-1;
		return VOLT_NATIVE_OK;
	}
	if (argument < 3)
		return volt_native_call_closure(call, call->arguments[0], &argument, 1);
	volt_slot sum = 0;
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(call->closure_results[i].count, 1);
		sum += call->closure_results[i].slots[0];
	}
	call->results[0] = sum;
	return VOLT_NATIVE_OK;
}

/* Says that it has asked for a call. */
static volt_native_result native_liar(volt_native_call *call) {
	call->results[0] = 8;
	return VOLT_NATIVE_CALL_CLOSURE;
}

/* restless(closure): asks twice; then, by its number, whether it waits for the answer. */
static volt_native_result native_restless(volt_native_call *call) {
	const volt_slot first = 1, second = 2;
	call->results[0] = 70 + call->closure_result_count;
	if (call->closure_result_count)
		return VOLT_NATIVE_OK;
	volt_native_call_closure(call, call->arguments[0], &first, 1);
	const volt_native_result result = volt_native_call_closure(call, call->arguments[0], &second, 1);
	return call->arguments[1] ? result : VOLT_NATIVE_OK;
}

static const test_native natives[] = {
    {"wait", native_wait, NULL},         {"forever", native_forever, NULL},
    {"yield", native_yield, NULL},       {"panic", native_panic, NULL},
    {"trap", native_trap, NULL},         {"exit", native_exit, NULL},
    {"each", native_each, NULL},         {"liar", native_liar, NULL},
    {"restless", native_restless, NULL}, {NULL, NULL, NULL},
};

static void expect(const char *program, const char *output) {
	for (uint64_t seed = 0; seed < 4; seed++) {
		const outcome result = run_with(program,
		                                &(volt_vm_options){.testing.schedule_seed = seed,
		                                                   .testing.collect_at_every_allocation = seed == 1},
		                                natives);
		ck_assert_str_eq(result.message, "");
		ck_assert_str_eq(result.output, output);
	}
}

START_TEST(waits) {
	frees = 0;
	expect("fn f params=1 results=1 {\n CallExtern @wait, r0, r0 args=1 results=1\n Return r0, 1\n}\n"
	       "fn main {\n LoadInt r0, 0\n LoadInt r1, 8\n LoadInt r3, 100\nagain:\n Copy r2, r0\n Call @f, r2 "
	       "args=1 results=1\n"
	       " AddI r3, r3, r2\n ForLoop r0, r1, again\n CallExtern @log, r0, r3 args=1\n Return r0, 0\n}\n",
	       "136\n");
	ck_assert_int_eq(frees, 4 * 12);
}
END_TEST

START_TEST(others_run_during_a_wait) {
	expect("fn other params=1 {\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n"
	       "fn main {\n LoadInt r0, 1\n GoStart @other, r0 args=1\n LoadInt r0, 2\n CallExtern @wait, r0, r0 "
	       "args=1 results=1\n"
	       " CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n",
	       "1\n3\n");
}
END_TEST

START_TEST(the_program_may_end_during_a_wait) {
	frees = 0;
	const outcome result = run_with(
	    "fn sleeper {\n CallExtern @forever, r0, r0 args=0\n Return r0, 0\n}\n"
	    "fn main {\n GoStart @sleeper, r0 args=0\n CallExtern @yield, r0, r0 args=0\n LoadInt r0, 7\n"
	    " CallExtern @exit, r0, r0 args=1\n Return r0, 0\n}\n",
	    NULL, natives);
	ck_assert_str_eq(result.message, "");
	ck_assert_int_eq(result.exit_status, 7);
	ck_assert_int_eq(frees, 1);
}
END_TEST

START_TEST(yield_lets_the_next_run) {
	expect("fn other params=1 {\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n"
	       "fn main {\n LoadInt r0, 1\n GoStart @other, r0 args=1\n CallExtern @yield, r0, r0 args=0\n "
	       "LoadInt r0, 2\n"
	       " CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n",
	       "1\n2\n");
}
END_TEST

#define DIVIDED "runtime error: integer divide by zero\n"
#define CATCH "fn catch {\n Recover r0\n CallExtern @vo_println, r0, r0 args=2\n Return r0, 0\n}\n"

START_TEST(panics_are_recoverable) {
	expect(CATCH
	       "fn f {\n DeferPush @catch, r0 args=0\n LoadInt r0, 6\n CallExtern @panic, r0, r0 args=1\n Return "
	       "r0, 0\n}\n"
	       "fn g {\n DeferPush @catch, r0 args=0\n CallExtern @trap, r0, r0 args=0\n Return r0, 0\n}\n"
	       "fn main {\n Call @f, r0 args=0 results=0\n Call @g, r0 args=0 results=0\n Return r0, 0\n}\n",
	       "native says 6\nruntime error: index out of range [5] with length 3\n");
}
END_TEST

/* The closure has a captured base and prints; all three rounds reach the native. */
#define BASED \
	"fn based closure params=2 {\n ClosureGet r2, 0\n AddI r3, r2, r1\n CallExtern @log, r0, r3 args=1\n" \
	" Return r3, 1\n}\n"

START_TEST(closures_are_called_and_replayed) {
	expect(BASED
	       "fn main {\n ClosureNew r0, @based, 1\n LoadInt r1, 10\n PtrSet r0, 1, r1\n LoadInt r2, 5\n"
	       " CallExtern @each, r1, r0 args=1 results=1\n CallExtern @log, r0, r1 args=2\n Return r0, 0\n}\n",
	       "10\n11\n12\n33 5\n");
}
END_TEST

/* Named results in objects arrive as values; a closure may itself wait, and use a native with closures. */
START_TEST(closures_with_heap_results_and_waits) {
	expect(BASED "fn boxed closure params=2 results=1 heap_start=2 heap_count=1 heap_slots=[1] {\n LoadInt "
	             "r3, 2\n PtrNew r2, r3, 1\n"
	             " CallExtern @wait, r1, r1 args=1 results=1\n ClosureNew r4, @based, 1\n PtrSet r4, 1, r1\n"
	             " CallExtern @each, r5, r4 args=1 results=1\n PtrSet r2, 0, r5\n Return r2, 1 flags=2\n}\n"
	             "fn main {\n ClosureNew r0, @boxed, 1\n CallExtern @each, r1, r0 args=1 results=1\n"
	             " CallExtern @log, r0, r1 args=1\n Return r0, 0\n}\n",
	       "1\n2\n3\n2\n3\n4\n3\n4\n5\n27\n");
}
END_TEST

/*
 * A native with closures inside of a closure that a native asked for, three deep, with plain returns: each
 * level goes on when the one above it is over. `outer` panics in its second round.
 */
START_TEST(closures_nest) {
	expect(BASED
	       "fn middle closure params=2 results=1 {\n ClosureNew r2, @based, 1\n PtrSet r2, 1, r1\n"
	       " CallExtern @each, r3, r2 args=1 results=1\n Return r3, 1\n}\n"
	       "fn outer closure params=2 results=1 {\n ClosureNew r2, @middle, 1\n"
	       " CallExtern @each, r3, r2 args=1 results=1\n CallExtern @log, r3, r3 args=1\n JumpIfNot r1, L1\n"
	       " LoadInt r4, 0\n DivI r4, r4, r4\nL1:\n Return r3, 1\n}\n"
	       "fn main {\n ClosureNew r0, @outer, 1\n CallExtern @each, r1, r0 args=1 results=1\n"
	       " CallExtern @log, r1, r1 args=1\n ClosureNew r0, @middle, 1\n"
	       " CallExtern @each, r1, r0 args=1 results=1\n CallExtern @log, r1, r1 args=1\n Return r0, 0\n}\n",
	       "0\n1\n2\n1\n2\n3\n2\n3\n4\n18\n0\n1\n2\n1\n2\n3\n2\n3\n4\n18\n-1\n"
	       "0\n1\n2\n1\n2\n3\n2\n3\n4\n18\n");
}
END_TEST

/* The closure's deferred calls run; its panic ends at the native. */
START_TEST(panic_of_a_closure_ends_at_the_native) {
	expect("fn print params=1 {\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n"
	       "fn bad closure params=2 results=1 {\n LoadInt r2, 4\n DeferPush @print, r2 args=1\n DivI r3, r1, "
	       "r1\n Return r3, 1\n}\n"
	       "fn main {\n ClosureNew r0, @bad, 1\n CallExtern @each, r1, r0 args=1 results=1\n"
	       " CallExtern @log, r0, r1 args=1\n LoadInt r0, 0\n CallExtern @each, r1, r0 args=1 results=1\n"
	       " CallExtern @log, r0, r1 args=1\n Return r0, 0\n}\n",
	       "4\n-1\n-1\n");
}
END_TEST

/* What a closure recovers does not reach the native: named results hold what they held, others are zero. */
START_TEST(a_closure_that_recovers_gives_its_results) {
	expect(
	    CATCH
	    "fn named closure params=2 results=1 heap_start=2 heap_count=1 heap_slots=[1] {\n LoadInt r3, 2\n"
	    " PtrNew r2, r3, 1\n DeferPush @catch, r0 args=0\n LoadInt r3, 7\n PtrSet r2, 0, r3\n LoadInt r3, 0\n"
	    " DivI r3, r3, r3\n Return r2, 1 flags=2\n}\n"
	    "fn plain closure params=2 results=1 {\n DeferPush @catch, r0 args=0\n LoadInt r2, 5\n LoadInt r3, "
	    "0\n"
	    " DivI r3, r3, r3\n Return r2, 1\n}\n"
	    "fn main {\n ClosureNew r0, @named, 1\n CallExtern @each, r1, r0 args=1 results=1\n"
	    " CallExtern @log, r0, r1 args=1\n ClosureNew r0, @plain, 1\n"
	    " CallExtern @each, r1, r0 args=1 results=1\n CallExtern @log, r0, r1 args=1\n Return r0, 0\n}\n",
	    DIVIDED DIVIDED DIVIDED "21\n" DIVIDED DIVIDED DIVIDED "0\n");
}
END_TEST

/* The same without a panic. What the deferred call prints comes behind what the closure itself does. */
START_TEST(a_closure_that_defers_gives_its_results) {
	expect("fn print params=1 {\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n"
	       "fn defers closure params=2 results=1 {\n LoadInt r2, 40\n DeferPush @print, r2 args=1\n"
	       " CallExtern @log, r0, r1 args=1\n LoadInt r2, 5\n AddI r2, r2, r1\n Return r2, 1\n}\n"
	       "fn main {\n ClosureNew r0, @defers, 1\n CallExtern @each, r1, r0 args=1 results=1\n"
	       " CallExtern @log, r0, r1 args=1\n Return r0, 0\n}\n",
	       "0\n40\n1\n40\n2\n40\n18\n");
}
END_TEST

/* A native with closures inside a deferred call, while a panic is under way. */
START_TEST(closures_during_unwinding) {
	expect(CATCH BASED "fn late params=1 {\n CallExtern @each, r1, r0 args=1 results=1\n CallExtern @log, "
	                   "r0, r1 args=1\n Return r0, 0\n}\n"
	                   "fn f {\n DeferPush @catch, r0 args=0\n ClosureNew r0, @based, 1\n DeferPush @late, "
	                   "r0 args=1\n LoadInt r1, 0\n"
	                   " DivI r1, r1, r1\n Return r0, 0\n}\n"
	                   "fn main {\n Call @f, r0 args=0 results=0\n Return r0, 0\n}\n",
	       "0\n1\n2\n3\nruntime error: integer divide by zero\n");
}
END_TEST

/* By itself, where there was a call before, and inside of one. It has ended, as one that waits for nothing.
 */
START_TEST(a_call_that_nobody_has_asked_for) {
	expect("fn unasked closure params=2 {\n CallExtern @liar, r2, r2 args=0 results=1\n"
	       " CallExtern @log, r0, r2 args=1\n Return r2, 1\n}\n"
	       "fn main {\n CallExtern @liar, r0, r0 args=0 results=1\n CallExtern @log, r0, r0 args=1\n"
	       " ClosureNew r0, @unasked, 0\n CallExtern @each, r1, r0 args=1 results=1\n"
	       " CallExtern @liar, r2, r0 args=0 results=1\n CallExtern @log, r0, r1 args=2\n Return r0, 0\n}\n",
	       "8\n8\n8\n8\n24 8\n");
}
END_TEST

/* The last request counts, if the native does not think better of it. Whatever comes next finds none. */
START_TEST(a_request_may_be_changed_and_given_up) {
	expect("fn shown closure params=2 {\n CallExtern @log, r0, r1 args=1\n Return r1, 1\n}\n"
	       "fn main {\n ClosureNew r0, @shown, 0\n LoadInt r1, 1\n"
	       " CallExtern @restless, r2, r0 args=2 results=1\n CallExtern @log, r3, r2 args=1\n LoadInt r1, 0\n"
	       " CallExtern @restless, r2, r0 args=2 results=1\n CallExtern @log, r3, r2 args=1\n"
	       " CallExtern @each, r2, r0 args=1 results=1\n CallExtern @log, r3, r2 args=1\n Return r0, 0\n}\n",
	       "2\n71\n70\n0\n1\n2\n3\n");
}
END_TEST

START_TEST(missing_natives_are_all_named) {
	const outcome result = run("fn main {\n CallExtern @nobody, r0, r0 args=0\n CallExtern @noone, r0, r0 "
	                           "args=0\n Return r0, 0\n}\n");
	ck_assert_int_eq(result.kind, VOLT_ERROR_LINK);
	ck_assert_ptr_nonnull(strstr(result.message, "nobody"));
	ck_assert_ptr_nonnull(strstr(result.message, "noone"));
}
END_TEST

int main(void) {
	return run_suite("native", (named_test[]){
	                               {"waits", waits},
	                               {"others", others_run_during_a_wait},
	                               {"end in wait", the_program_may_end_during_a_wait},
	                               {"yield", yield_lets_the_next_run},
	                               {"panics", panics_are_recoverable},
	                               {"recovered", a_closure_that_recovers_gives_its_results},
	                               {"deferring", a_closure_that_defers_gives_its_results},
	                               {"closures", closures_are_called_and_replayed},
	                               {"nested closures", closures_with_heap_results_and_waits},
	                               {"deep closures", closures_nest},
	                               {"closure panic", panic_of_a_closure_ends_at_the_native},
	                               {"unwinding", closures_during_unwinding},
	                               {"unasked", a_call_that_nobody_has_asked_for},
	                               {"changed", a_request_may_be_changed_and_given_up},
	                               {"missing", missing_natives_are_all_named},
	                               {NULL, NULL},
	                           });
}
