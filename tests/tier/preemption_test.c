/*
 * Compiled code gives way: another goroutine's turn comes within 10 ms, whatever an endless one does. And
 * where steps are counted, turns are exactly those of the interpreter.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support.h"

enum {
	GAPS = 21,
	LONGEST_GAP = 10000000, /* nanoseconds */
	SLACK = 3,              /* times as much: on a busy machine the ticker comes late */
	NOTICEABLE = 1000000,   /* what is longer than this was another goroutine's turn */
	RUN_SECONDS = 240,      /* then the program is ended: nothing gave way */
};

typedef struct {
	uint64_t last, gaps[GAPS];
	unsigned count;
} turns;

/* The VM's thread alone: other processes may have the machine for a while. */
static uint64_t now_nanoseconds(void) {
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Called all the time by one goroutine; ends the program when it has seen enough. */
static volt_native_result stamp(volt_native_call *call) {
	turns *seen = call->user;
	uint64_t now = now_nanoseconds(), gap = seen->last ? now - seen->last : 0;
	seen->last = now;
	if (gap >= NOTICEABLE && seen->count < GAPS)
		seen->gaps[seen->count++] = gap;
	if (seen->count == GAPS)
		call->vm->stopping = true;
	return VOLT_NATIVE_OK;
}

static void register_stamp(volt_vm *vm, void *user) {
	ck_assert_ptr_null(volt_vm_register_native(vm, "stamp", stamp, user, VOLT_PERMIT_NOTHING));
}

static int compare_gaps(const void *left, const void *right) {
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

#define STAMP_FOREVER \
	"native stamp results=0\n" \
	"fn stamp_forever params=0 locals=2 results=0 {\n" \
	"again:\n" \
	"	CallExtern @stamp, r0, r0 args=0\n" \
	"	Jump again\n" \
	"}\n"

#define RUN_BOTH \
	"fn main params=0 locals=8 results=0 {\n" \
	"	GoStart @stamp_forever, r0\n" \
	"	LoadInt r0, 1\n" \
	"	Call @endless, r0 args=1 results=1\n" \
	"	Return r0, 0\n" \
	"}\n"

static const struct {
	const char *name, *text;
} endless_programs[] = {
    {"a loop without calls", STAMP_FOREVER "fn endless params=1 locals=4 results=1 {\n"
                                           "	LoadInt r1, 1\n"
                                           "again:\n"
                                           "	AddI r2, r2, r1\n"
                                           "	Jump again\n"
                                           "}\n" RUN_BOTH},
    {"recursion without loops", STAMP_FOREVER "fn tree params=1 locals=6 results=1 {\n"
                                              "	LoadInt r1, 1\n"
                                              "	JumpIf r0, more\n"
                                              "	Return r1, 1\n"
                                              "more:\n"
                                              "	SubI r2, r0, r1\n"
                                              "	Call @tree, r2 args=1 results=1\n"
                                              "	SubI r3, r0, r1\n"
                                              "	Call @tree, r3 args=1 results=1\n"
                                              "	AddI r4, r2, r3\n"
                                              "	Return r4, 1\n"
                                              "}\n"
                                              "fn endless params=1 locals=4 results=1 {\n"
                                              "	LoadInt r1, 60\n"
                                              "	Call @tree, r1 args=1 results=1\n"
                                              "	Return r1, 1\n"
                                              "}\n" RUN_BOTH},
    {"polling in a select", STAMP_FOREVER "fn endless params=1 locals=8 results=1 {\n"
                                          "	LoadInt r1, 0\n"
                                          "	LoadInt r2, 2\n"
                                          "	ChanNew r3, r2, r1 slots=1\n"
                                          "again:\n"
                                          "	SelectBegin 1 default=1\n"
                                          "	SelectRecv r4, r3 slots=1\n"
                                          "	SelectExec r5\n"
                                          "	Jump again\n"
                                          "}\n" RUN_BOTH},
};

enum { ENDLESS_PROGRAMS = sizeof endless_programs / sizeof endless_programs[0] };

/* Case _i is one program in one mode. */
START_TEST(nobody_waits_longer_than_ten_milliseconds) {
	turns seen = {0};
	run_result result = run_program((run_request){
	    .text = endless_programs[_i / compiled_mode_count()].text,
	    .mode = &compiled_modes[_i % compiled_mode_count()],
	    .with_ticker = true,
	    .register_natives = register_stamp,
	    .user = &seen,
	});
	ck_assert_ptr_null(result.error);
	ck_assert_uint_eq(seen.count, GAPS);
	qsort(seen.gaps, GAPS, sizeof *seen.gaps, compare_gaps);
	uint64_t median = seen.gaps[GAPS / 2];
	ck_assert_msg(median <= (uint64_t)SLACK * LONGEST_GAP, "%s, %s: the median gap is %.1f ms",
	              endless_programs[_i / compiled_mode_count()].name,
	              compiled_modes[_i % compiled_mode_count()].name, (double)median / 1e6);
	run_result_free(&result);
}
END_TEST

/* ---- Counted steps ---- */

/* Three goroutines print their number in some rounds of a loop; the one that starts them recurses in between.
 */
#define RACY_PROGRAM(locals, touch, depth, rounds, period) \
	"fn depth params=1 locals=" locals " results=1 {\n" \
	"	JumpIf r0, more\n" \
	"	Return r0, 1\n" \
	"more:\n" \
	"	LoadInt r1, 1\n" touch "	SubI r2, r0, r1\n" \
	"	Call @depth, r2 args=1 results=1\n" \
	"	AddI r3, r2, r1\n" \
	"	Return r3, 1\n" \
	"}\n" \
	"fn work params=1 locals=12 results=0 {\n" \
	"	LoadInt r1, 0\n" \
	"	LoadInt r2, " rounds "\n" \
	"	LoadInt r5, " period "\n" \
	"next:\n" \
	"	ModI r3, r1, r5\n" \
	"	JumpIf r3, quiet\n" \
	"	IfaceAssign r6, r0, iface(int), int\n" \
	"	CallExtern @vo_print, r6, r6 args=2\n" \
	"quiet:\n" \
	"	LoadInt r8, 1\n" \
	"	Call @depth, r8 args=1 results=1\n" \
	"	ForLoop r1, r2, next\n" \
	"	Return r0, 0\n" \
	"}\n" \
	"fn main params=0 locals=8 results=0 {\n" \
	"	LoadInt r0, 1\n" \
	"	GoStart @work, r0 args=1\n" \
	"	LoadInt r0, 2\n" \
	"	GoStart @work, r0 args=1\n" \
	"	LoadInt r0, " depth "\n" \
	"	Call @depth, r0 args=1 results=1\n" \
	"	LoadInt r0, 3\n" \
	"	GoStart @work, r0 args=1\n" \
	"	Return r0, 0\n" \
	"}\n"

enum { SEEDS = 5 };

static run_result run_racy(const char *text, const compiled_mode *mode, uint64_t seed) {
	return run_program((run_request){.text = text, .mode = mode, .schedule_seed = seed});
}

/* Modes of a sweep. */
static const compiled_mode *mode_of(int place) {
	return &compiled_modes[(size_t)place * SWEEP_STRIDE];
}

START_TEST(turns_are_the_interpreters_for_every_seed) {
	static const char text[] = RACY_PROGRAM("4", "", "10", "1200", "60");
	char *first = NULL;
	bool differ = false;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		run_result expected = run_racy(text, NULL, seed), actual = run_racy(text, mode_of(_i), seed);
		ck_assert_uint_eq(expected.output.length, 60); /* 3 goroutines, 1200 / 60 lines each */
		ck_assert_str_eq(actual.output.bytes, expected.output.bytes);
		ck_assert_uint_gt(actual.entries, 0);
		differ = differ || (first && strcmp(first, expected.output.bytes) != 0);
		if (!first)
			first = strdup(expected.output.bytes);
		run_result_free(&expected);
		run_result_free(&actual);
	}
	ck_assert_msg(differ, "the order does not depend on the seed: nothing was compared");
	free(first);
}
END_TEST

/*
 * Frames so large that a slice's calls need more than the native stack: compiled code leaves it, but its
 * slice goes on. A computed index keeps the slots together, in the native frame too.
 */
START_TEST(large_frames_do_not_change_turns) {
	static const char text[] = RACY_PROGRAM("3000", "	SlotSet r4, r1, r1\n", "1500", "2400", "15");
	run_result expected = run_racy(text, NULL, 7), actual = run_racy(text, mode_of(_i), 7);
	ck_assert_str_eq(actual.output.bytes, expected.output.bytes);
	ck_assert_str_eq(actual.error ? actual.error : "", "");
	run_result_free(&expected);
	run_result_free(&actual);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier pre-emption");
	TCase *cases = tcase_create("every mode");
	tcase_set_timeout(cases, RUN_SECONDS);
	int modes = compiled_mode_count();
	tcase_add_loop_test(cases, nobody_waits_longer_than_ten_milliseconds, 0, ENDLESS_PROGRAMS * modes);
	int swept = (modes - 1) / SWEEP_STRIDE + 1;
	tcase_add_loop_test(cases, turns_are_the_interpreters_for_every_seed, 0, swept);
	tcase_add_loop_test(cases, large_frames_do_not_change_turns, 0, swept);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
