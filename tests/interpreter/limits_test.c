/* Limits: depth of recursion, steps, heap; many fibers. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "machine.h"

#define DOWN \
	"fn down params=1 results=1 {\n LoadInt r1, 1\n JumpIf r0, deeper\n LoadInt r2, 0\n Return r2, " \
	"1\ndeeper:\n" \
	" SubI r2, r0, r1\n Call @down, r2 args=1 results=1\n AddI r2, r2, r1\n Return r2, 1\n}\n"

START_TEST(deep_recursion) {
	const outcome result = run(
	    DOWN
	    "fn main {\n LoadInt r0, 200000\n Call @down, r0 args=1 results=1\n CallExtern @log, r0, r0 args=1\n"
	    " Return r0, 0\n}\n");
	ck_assert_str_eq(result.message, "");
	ck_assert_str_eq(result.output, "200000\n");
}
END_TEST

/* Recoverable, and afterwards there is room again. */
START_TEST(stack_overflow) {
	const outcome result =
	    run_with("fn forever {\n Call @forever, r0 args=0\n Return r0, 0\n}\n" DOWN
	             "fn catch {\n Recover r0\n CallExtern @vo_println, r0, r0 args=2\n Return r0, 0\n}\n"
	             "fn try params=1 {\n DeferPush @catch, r1 args=0\n Call @down, r0 args=1 results=1\n Return "
	             "r0, 0\n}\n"
	             "fn try_empty {\n DeferPush @catch, r1 args=0\n Call @forever, r0 args=0\n Return r0, 0\n}\n"
	             "fn main {\n LoadInt r0, 100000\n Call @try, r0 args=1\n Call @try_empty, r0 args=0\n "
	             "LoadInt r0, 100\n"
	             " Call @down, r0 args=1 results=1\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n",
	             &(volt_vm_options){.max_stack_slots = 4096}, NULL);
	ck_assert_str_eq(result.message, "");
	ck_assert_str_eq(result.output, "runtime error: stack overflow\nruntime error: stack overflow\n100\n");
}
END_TEST

START_TEST(uncaught_stack_overflow) {
	expect_panic("fn main {\n Call @main, r0 args=0\n Return r0, 0\n}\n", "runtime error: stack overflow");
}
END_TEST

static outcome with_steps(const char *program, uint64_t steps) {
	return run_with(program, &(volt_vm_options){.max_steps = steps}, NULL);
}

START_TEST(steps) {
	const char *loop = "fn main {\nagain:\n Jump again\n}\n";
	outcome result = with_steps(loop, 10000);
	ck_assert_int_eq(result.kind, VOLT_ERROR_LIMIT);
	ck_assert_str_eq(result.message, "limit of 10000 steps reached in main test.vot:3");
	ck_assert_str_eq(result.trace, "\tmain test.vot:3\n");
	const char *calls =
	    DOWN "fn main {\n LoadInt r0, 5000\n Call @down, r0 args=1 results=1\n Return r0, 0\n}\n";
	ck_assert_int_eq(with_steps(calls, 4000).kind, VOLT_ERROR_LIMIT);
	result = with_steps(calls, 5100);
	ck_assert_str_eq(result.message, "");
	const char *fibers =
	    "fn spin {\nagain:\n Jump again\n}\nfn main {\n GoStart @spin, r0 args=0\n GoStart @spin, r0 args=0\n"
	    " Return r0, 0\n}\n";
	ck_assert_int_eq(with_steps(fibers, 10000).kind, VOLT_ERROR_LIMIT);
}
END_TEST

/* Programs that go on forever without a call or a backward jump. */
START_TEST(steps_without_loops) {
	const char *defers = "fn again {\n DeferPush @again, r0 args=0\n Return r0, 0\n}\n"
	                     "fn main {\n Call @again, r0 args=0\n Return r0, 0\n}\n";
	ck_assert_int_eq(with_steps(defers, 10000).kind, VOLT_ERROR_LIMIT);
	const char *fibers = "fn main {\n GoStart @main, r0 args=0\n Return r0, 0\n}\n";
	ck_assert_int_eq(with_steps(fibers, 10000).kind, VOLT_ERROR_LIMIT);
}
END_TEST

/*
 * The arguments of deferred calls for errors that never run are not kept: many of them need little memory.
 */
START_TEST(dropped_defers) {
	const char *program =
	    "fn on_error params=200 {\n Return r0, 0\n}\n"
	    "fn work {\n ErrDeferPush @on_error, r0 args=200\n LoadInt r200, 0\n Return r0, 0\n}\n"
	    "fn main {\n LoadInt r0, 0\n LoadInt r1, 200000\nagain:\n Call @work, r2 args=0\n ForLoop r0, r1, "
	    "again\n"
	    " Return r0, 0\n}\n";
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	outcome result = run(program);
	ck_assert_str_eq(result.message, "");
	getrusage(RUSAGE_SELF, &after);
	ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 200 << 10);
}
END_TEST

START_TEST(heap) {
	const outcome result = run_with(
	    "fn main {\n LoadInt r0, 2\n LoadInt r1, 100000\n Copy r2, r1\n LoadInt r3, 0\nagain:\n"
	    " SliceNew r4, r0, r1 bytes=8\n SliceAppend r3, r3, r0 bytes=8\n Copy r0, r4\n LoadInt r5, 20\n"
	    " PtrNew r6, r5, 2\n PtrSet r6, 0, r4\n PtrSet r6, 1, r7\n Copy r7, r6\n LoadInt r0, 2\n"
	    " Jump again\n}\n",
	    &(volt_vm_options){.max_heap_bytes = 16 << 20}, NULL);
	ck_assert_int_eq(result.kind, VOLT_ERROR_MEMORY);
	ck_assert_str_eq(result.message, "heap limit of 16777216 bytes reached");
}
END_TEST

/* Without a limit, what was asked for is said. */
START_TEST(memory_that_no_machine_has) {
	const outcome result = run("fn main {\n LoadInt r0, 2\n LoadConst r1, 35184372088832\n Copy r2, r1\n"
	                           " SliceNew r4, r0, r1 bytes=8\n Return r0, 0\n}\n");
	ck_assert_int_eq(result.kind, VOLT_ERROR_MEMORY);
	/* 2^48 bytes and the words in front of them. */
	size_t bytes = 0;
	int length = 0;
	ck_assert_int_eq(sscanf(result.message, "out of memory: %zu bytes asked for%n", &bytes, &length), 1);
	ck_assert_uint_eq((size_t)length, strlen(result.message));
	ck_assert_uint_ge(bytes, (size_t)1 << 48);
	ck_assert_uint_lt(bytes, ((size_t)1 << 48) + 256);
}
END_TEST

/* All parked at once, then all finish; ids are used again afterwards. */
START_TEST(many_fibers) {
	const char *program =
	    "fn wait params=2 {\n ChanRecv r2, r0 slots=1\n ChanSend r1, r2 slots=1\n Return r0, 0\n}\n"
	    "fn main {\n LoadInt r0, 2\n LoadInt r1, 0\n ChanNew r2, r0, r1 slots=1\n ChanNew r3, r0, r1 "
	    "slots=1\n"
	    " LoadInt r4, 20000\n LoadInt r5, 0\nstart:\n GoStart @wait, r2 args=2\n ForLoop r5, r4, start\n"
	    " LoadInt r5, 0\n LoadInt r6, 0\nfeed:\n ChanSend r2, r5 slots=1\n ChanRecv r7, r3 slots=1\n"
	    " AddI r6, r6, r7\n ForLoop r5, r4, feed\n CallExtern @log, r0, r6 args=1\n Return r0, 0\n}\n";
	const outcome result = run(program);
	ck_assert_str_eq(result.message, "");
	ck_assert_str_eq(result.output, "199990000\n");
}
END_TEST

int main(void) {
	return run_suite("limits", (named_test[]){
	                               {"deep", deep_recursion},
	                               {"overflow", stack_overflow},
	                               {"uncaught overflow", uncaught_stack_overflow},
	                               {"steps", steps},
	                               {"steps without loops", steps_without_loops},
	                               {"dropped defers", dropped_defers},
	                               {"heap", heap},
	                               {"memory_that_no_machine_has", memory_that_no_machine_has},
	                               {"fibers", many_fibers},
	                               {NULL, NULL},
	                           });
}
