/*
 * Exits of compiled code: whatever makes a function exit, three native frames down, the fiber then holds
 * exactly the frames that the interpreter would have had, and the program goes on as if nothing had been
 * compiled.
 */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "state/give_way.h"
#include "support.h"

/* How `middle` calls `leaf`, and what `leaf` does, differ between the tests; the numbers are the same. */
#define DIRECT_MIDDLE \
	"fn middle params=1 locals=5 results=1 {\n" \
	"	LoadInt r1, 100\n" \
	"	Copy r2, r0\n" \
	"	LoadInt r3, 5\n" \
	"	Call @leaf, r2 args=2 results=1\n" \
	"	AddI r4, r2, r1\n" \
	"	Return r4, 1\n" \
	"}\n"
#define CLOSURE_MIDDLE \
	"fn middle params=1 locals=5 results=1 {\n" \
	"	LoadInt r1, 100\n" \
	"	ClosureNew r4, @leaf, 0\n" \
	"	Copy r2, r0\n" \
	"	LoadInt r3, 5\n" \
	"	CallClosure r4, r2 args=2 results=1\n" \
	"	AddI r4, r2, r1\n" \
	"	Return r4, 1\n" \
	"}\n"
#define CALLERS \
	"fn outer params=1 locals=4 results=1 {\n" \
	"	LoadInt r1, 1000\n" \
	"	Copy r2, r0\n" \
	"	Call @middle, r2 args=1 results=1\n" \
	"	AddI r3, r2, r1\n" \
	"	Return r3, 1\n" \
	"}\n" \
	"fn main params=0 locals=4 results=0 {\n" \
	"	LoadInt r0, 3\n" \
	"	Call @outer, r0 args=1 results=1\n" \
	"	IfaceAssign r2, r0, iface(int), int\n" \
	"	CallExtern @vo_println, r2, r2 args=2\n" \
	"	Return r0, 0\n" \
	"}\n"

/* It changes its first parameter, so that an exit that restored the arguments would be seen. */
#define WAITING_LEAF(locals) \
	"native probe results=1\n" \
	"fn leaf params=2 locals=" locals " results=1 {\n" \
	"	AddI r2, r0, r1\n" \
	"	LoadInt r3, 7\n" \
	"	MulI r0, r0, r3\n" \
	"	CallExtern @probe, r4, r2 args=1\n" \
	"	AddI r5, r4, r0\n" \
	"	Return r5, 1\n" \
	"}\n"

/* A frame this large is copied to the fiber by the host and not slot by slot. */
#define LARGE "8000"

/* leaf: 3 + 5, 7, 3 * 7; the native is executed again, so the pc is the CallExtern's. */
typedef struct {
	const char *text;
	const char *frames;
	const char *live_frames; /* with 0 in slots that are written before they are read again, or never read */
} waiting_program;

/*
 * Results of the calls are still to come, and so they are not live; a native may write none. The callee of a
 * closure is not known, so all that the call itself reads is kept: the host may have to make it.
 */
#define LIVE_FRAMES \
	"main 2 0 0:0 []\n" \
	"outer 3 4 0:1 [0 1000]\n" \
	"middle 4 8 2:1 [0 100]\n" \
	"leaf 3 13 2:1 [21 0 8]\n"

static const waiting_program waiting_programs[] = {
    {WAITING_LEAF("6") DIRECT_MIDDLE CALLERS,
     "main 2 0 0:0 [3]\n"
     "outer 3 4 0:1 [3 1000 3]\n"
     "middle 4 8 2:1 [3 100 3 5]\n"
     "leaf 3 13 2:1 [21 5 8 7]\n",
     LIVE_FRAMES},
    {WAITING_LEAF("6") CLOSURE_MIDDLE CALLERS,
     "main 2 0 0:0 [3]\n"
     "outer 3 4 0:1 [3 1000 3]\n"
     "middle 5 8 2:1 [3 100 3 5 *]\n"
     "leaf 3 13 2:1 [21 5 8 7]\n",
     "main 2 0 0:0 []\n"
     "outer 3 4 0:1 [0 1000]\n"
     "middle 5 8 2:1 [0 100 3 5 *]\n"
     "leaf 3 13 2:1 [21 0 8]\n"},
    {WAITING_LEAF(LARGE) DIRECT_MIDDLE CALLERS,
     "main 2 0 0:0 [3]\n"
     "outer 3 4 0:1 [3 1000 3]\n"
     "middle 4 8 2:1 [3 100 3 5]\n"
     "leaf 3 13 2:1 [21 5 8 7]\n",
     LIVE_FRAMES},
};

enum { WAITING_PROGRAMS = sizeof waiting_programs / sizeof waiting_programs[0] };

/* All but the last one, whose frames are large. */
enum { SMALL_PROGRAMS = WAITING_PROGRAMS - 1 };

static const char panicking_program[] = "fn leaf params=2 locals=6 results=1 {\n"
                                        "	AddI r2, r0, r1\n"
                                        "	LoadInt r3, 0\n"
                                        "	MulI r0, r0, r2\n"
                                        "	DivI r4, r0, r3\n"
                                        "	AddI r5, r4, r0\n"
                                        "	Return r5, 1\n"
                                        "}\n" DIRECT_MIDDLE CALLERS;

/* ---- A native that waits ---- */

typedef struct {
	buffer frames; /* as they are when the native is executed again */
	unsigned executions;
} probe_log;

static void *complete(void *wait) {
	volt_wait_complete(wait);
	return NULL;
}

static volt_native_result begin(volt_native_call *call) {
	volt_wait *wait = volt_native_begin_wait(call, NULL, NULL);
	pthread_t thread;
	ck_assert_int_eq(pthread_create(&thread, NULL, complete, wait), 0);
	pthread_detach(thread);
	return VOLT_NATIVE_WAIT;
}

/* Waits once, then gives 50. */
static volt_native_result probe(volt_native_call *call) {
	probe_log *log = call->user;
	log->executions++;
	if (!call->wait)
		return begin(call);
	write_frames(call->vm, call->vm->fibers.current, true, &log->frames);
	call->results[0] = 50;
	return VOLT_NATIVE_OK;
}

static void register_probe(volt_vm *vm, void *user) {
	ck_assert_ptr_null(volt_vm_register_native(vm, "probe", probe, user, VOLT_PERMIT_NOTHING));
}

static run_result run_waiting(const char *text, const char *preset, probe_log *log) {
	return run_program((run_request){
	    .text = text,
	    .preset = preset,
	    .at_exits = true,
	    .register_natives = register_probe,
	    .user = log,
	});
}

static void check_waiting(const char *preset, const waiting_program *program) {
	probe_log interpreted = {0}, compiled = {0};
	run_result expected = run_waiting(program->text, NULL, &interpreted);
	run_result result = run_waiting(program->text, preset, &compiled);
	ck_assert_ptr_null(result.error);
	if (preset_drops_dead_slots(preset)) {
		ck_assert_str_eq(result.frames.bytes, program->live_frames);
		ck_assert(frames_agree(compiled.frames.bytes, interpreted.frames.bytes));
	} else {
		ck_assert_str_eq(result.frames.bytes, program->frames);
		ck_assert_str_eq(compiled.frames.bytes, interpreted.frames.bytes);
	}
	ck_assert_str_eq(result.output.bytes, "1171\n");
	ck_assert_str_eq(result.output.bytes, expected.output.bytes);
	ck_assert_uint_eq(compiled.executions, 2);
	ck_assert_uint_eq(result.exits[VOLT_STATUS_WAIT_IO], 1);
	run_result_free(&expected);
	run_result_free(&result);
	buffer_free(&interpreted.frames);
	buffer_free(&compiled.frames);
}

/* Presets of a sweep. */
static const char *preset_of(int place) {
	return presets[(size_t)place * SWEEP_STRIDE];
}

/* Case _i is one program in one preset. */
START_TEST(wait_leaves_the_interpreters_frames) {
	check_waiting(preset_of(_i / SMALL_PROGRAMS), &waiting_programs[_i % SMALL_PROGRAMS]);
}
END_TEST

/* Case _i is one preset. */
START_TEST(wait_leaves_large_frames) {
	check_waiting(preset_of(_i), &waiting_programs[SMALL_PROGRAMS]);
}
END_TEST

/* ---- Giving way ---- */

/*
 * 3 + 5, 7, 3 * 7; the native gives 50, and seven rounds add 21 each. The native also asks for the thread, or
 * ends the time slice, so that the first jump backwards exits.
 */
static const char yielding_program[] = "native yield_soon results=1\n"
                                       "fn leaf params=2 locals=7 results=1 {\n"
                                       "	AddI r2, r0, r1\n"
                                       "	LoadInt r3, 7\n"
                                       "	MulI r0, r0, r3\n"
                                       "	CallExtern @yield_soon, r4, r2 args=1\n"
                                       "	LoadInt r5, 0\n"
                                       "again:\n"
                                       "	AddI r4, r4, r0\n"
                                       "	ForLoop r5, r3, again\n"
                                       "	AddI r6, r4, r0\n"
                                       "	Return r6, 1\n"
                                       "}\n" DIRECT_MIDDLE CALLERS;

/* The loop goes on with its second round: 50 + 21, one round done. */
static const char frames_at_yield[] = "main 2 0 0:0 [3]\n"
                                      "outer 3 4 0:1 [3 1000 3]\n"
                                      "middle 4 8 2:1 [3 100 3 5]\n"
                                      "leaf 5 13 2:1 [21 5 8 7 71 1]\n";
static const char live_frames_at_yield[] = "main 2 0 0:0 []\n"
                                           "outer 3 4 0:1 [0 1000]\n"
                                           "middle 4 8 2:1 [0 100]\n"
                                           "leaf 5 13 2:1 [21 0 0 7 71 1]\n";

static volt_native_result yield_soon(volt_native_call *call) {
	const bool *counts_steps = call->user;
	if (*counts_steps)
		call->vm->context.budget = 0;
	else
		give_way_ask(&call->vm->context);
	call->results[0] = 50;
	return VOLT_NATIVE_OK;
}

static void register_yield_soon(volt_vm *vm, void *user) {
	ck_assert_ptr_null(volt_vm_register_native(vm, "yield_soon", yield_soon, user, VOLT_PERMIT_NOTHING));
}

/* Case _i is one preset, which is asked for the thread or counts steps. */
START_TEST(yield_leaves_the_interpreters_frames) {
	const char *preset = preset_of(_i / 2);
	bool counts_steps = _i % 2;
	run_result result = run_program((run_request){
	    .text = yielding_program,
	    .preset = preset,
	    .max_steps = counts_steps ? 1000000 : 0,
	    .at_yields = true,
	    .register_natives = register_yield_soon,
	    .user = &counts_steps,
	});
	ck_assert_ptr_null(result.error);
	ck_assert_str_eq(result.frames.bytes,
	                 preset_drops_dead_slots(preset) ? live_frames_at_yield : frames_at_yield);
	ck_assert_str_eq(result.output.bytes, "1318\n"); /* 50 + 7 * 21 + 21 + 100 + 1000 */
	ck_assert_uint_eq(result.exits[VOLT_STATUS_YIELD], 1);
	run_result_free(&result);
}
END_TEST

/* ---- Panics ---- */

/* leaf: 3 + 5, 0, 3 * 8; a panicking frame's pc is behind the instruction. */
static const char frames_at_panic[] = "main 2 0 0:0 [3]\n"
                                      "outer 3 4 0:1 [3 1000 3]\n"
                                      "middle 4 8 2:1 [3 100 3 5]\n"
                                      "leaf 4 13 2:1 [24 5 8]\n";

/* The panicking frame has no deferred calls, so nothing of it will be read. */
static const char live_frames_at_panic[] = "main 2 0 0:0 []\n"
                                           "outer 3 4 0:1 [0 1000]\n"
                                           "middle 4 8 2:1 [0 100]\n"
                                           "leaf 4 13 2:1 []\n";

START_TEST(panic_leaves_the_interpreters_frames) {
	run_result expected = run_program((run_request){.text = panicking_program});
	run_result result =
	    run_program((run_request){.text = panicking_program, .preset = preset_of(_i), .at_exits = true});
	ck_assert_str_eq(result.frames.bytes,
	                 preset_drops_dead_slots(preset_of(_i)) ? live_frames_at_panic : frames_at_panic);
	ck_assert_str_eq(result.error, "runtime error: integer divide by zero");
	ck_assert_str_eq(result.error, expected.error);
	ck_assert_str_eq(result.trace, expected.trace);
	ck_assert_ptr_nonnull(strstr(result.trace, "leaf"));
	run_result_free(&expected);
	run_result_free(&result);
}
END_TEST

/* ---- Forced exits ---- */

static const char recursive_program[] = "fn fib params=1 locals=5 results=1 {\n"
                                        "	LoadInt r1, 2\n"
                                        "	LtI r2, r0, r1\n"
                                        "	JumpIfNot r2, more\n"
                                        "	Return r0, 1\n"
                                        "more:\n"
                                        "	LoadInt r1, 1\n"
                                        "	SubI r3, r0, r1\n"
                                        "	Call @fib, r3 args=1 results=1\n"
                                        "	LoadInt r1, 2\n"
                                        "	SubI r4, r0, r1\n"
                                        "	Call @fib, r4 args=1 results=1\n"
                                        "	AddI r3, r3, r4\n"
                                        "	Return r3, 1\n"
                                        "}\n"
                                        "fn main params=0 locals=4 results=0 {\n"
                                        "	LoadInt r0, 9\n"
                                        "	Call @fib, r0 args=1 results=1\n"
                                        "	IfaceAssign r2, r0, iface(int), int\n"
                                        "	CallExtern @vo_println, r2, r2 args=2\n"
                                        "	Return r0, 0\n"
                                        "}\n";

/* fib(9) makes 108 calls below its own; with main's call and its native there are 110 checks. */
enum { FORCED_CHECKS = 110 };

/* The calls differ in depth and in what is live, not one by one: each preset takes every fifth of them. */
enum { FORCED_STRIDE = 5 * SWEEP_STRIDE };

START_TEST(an_exit_at_any_check_changes_nothing) {
	uint64_t hits = 0, misses = 0;
	for (uint64_t n = 1 + (uint64_t)_i % FORCED_STRIDE; n <= FORCED_CHECKS + 1; n += FORCED_STRIDE) {
		run_result result = run_program((run_request){
		    .text = recursive_program,
		    .preset = preset_of(_i),
		    .keeps_code = true,
		    .force_exit = n,
		});
		ck_assert_ptr_null(result.error);
		ck_assert_str_eq(result.output.bytes, "34\n");
		/* A frame that had to give way goes on interpreted, where nothing is forced. */
		if (result.exits[VOLT_STATUS_YIELD] == 0)
			ck_assert_uint_eq(result.exits[VOLT_STATUS_CALL], n <= FORCED_CHECKS ? 1 : 0);
		hits += result.kept_hits;
		misses += result.kept_misses;
		run_result_free(&result);
	}
	/* All code is compiled once, and most runs find it; with a stride there are fewer of them. */
	ck_assert_uint_gt(hits * SWEEP_STRIDE, misses);
}
END_TEST

/* ---- What the host does for compiled functions ---- */

static const char mixed_program[] = "fn risky params=2 locals=4 results=1 {\n"
                                    "	AddI r2, r0, r1\n"
                                    "	JumpIfNot r2, nothing\n"
                                    "	Return r2, 1\n"
                                    "nothing:\n"
                                    "	Return r0, 0\n"
                                    "}\n"
                                    "fn main params=0 locals=6 results=0 {\n"
                                    "	LoadInt r4, 30\n"
                                    "	LoadInt r0, 3\n"
                                    "	LoadInt r1, 4\n"
                                    "	Call @risky, r0 args=2 results=1\n"
                                    "	AddI r0, r0, r4\n"
                                    "	IfaceAssign r2, r0, iface(int), int\n"
                                    "	CallExtern @vo_println, r2, r2 args=2\n"
                                    "	Return r0, 0\n"
                                    "}\n";

/* A Return (of 3 + 4 in r2) is the host's where another one gives fewer results, so that main may read its
 * own r0. */
START_TEST(host_returns_where_results_differ) {
	run_result result =
	    run_program((run_request){.text = mixed_program, .preset = preset_of(_i), .at_exits = true});
	ck_assert_ptr_null(result.error);
	if (preset_drops_dead_slots(preset_of(_i)))
		ck_assert_str_eq(result.frames.bytes, "main 4 0 0:0 [3 0 0 0 30]\n"
		                                      "risky 2 6 0:1 [0 0 7]\n");
	else
		ck_assert_str_eq(result.frames.bytes, "main 4 0 0:0 [3 4 0 0 30]\n"
		                                      "risky 2 6 0:1 [3 4 7]\n");
	ck_assert_str_eq(result.output.bytes, "37\n");
	ck_assert_uint_eq(result.exits[VOLT_STATUS_CALL], 1);
	run_result_free(&result);
}
END_TEST

static const char deferring_program[] = "fn note params=1 locals=3 results=0 {\n"
                                        "	Recover r1\n"
                                        "	AddI r1, r1, r0\n"
                                        "	Return r0, 0\n"
                                        "}\n"
                                        "fn work params=1 locals=2 results=1 {\n"
                                        "	LoadInt r1, 5\n"
                                        "	DeferPush @note, r1 args=1\n"
                                        "	JumpIfNot r0, last\n"
                                        "	DeferPush @note, r0 args=1\n"
                                        "last:\n"
                                        "	Return r0, 1\n"
                                        "}\n"
                                        "fn main params=0 locals=4 results=0 {\n"
                                        "	LoadInt r0, 8\n"
                                        "	Call @work, r0 args=1 results=1\n"
                                        "	IfaceAssign r2, r0, iface(int), int\n"
                                        "	CallExtern @vo_println, r2, r2 args=2\n"
                                        "	Return r0, 0\n"
                                        "}\n";

/* Nothing leaves where exits can tell what is pending; elsewhere the two pushes do, and the Return stays
 * outside. */
START_TEST(deferred_calls_stay_in_compiled_code) {
	run_result result = run_program((run_request){.text = deferring_program, .preset = preset_of(_i)});
	const bool tells = strcmp(preset_of(_i), "record") == 0 || strcmp(preset_of(_i), "record-hinted") == 0;
	ck_assert_ptr_null(result.error);
	ck_assert_str_eq(result.output.bytes, "8\n");
	ck_assert_uint_eq(result.exits[VOLT_STATUS_CALL], tells ? 0 : 2);
	run_result_free(&result);
}
END_TEST

/* LLVM would need minutes for this function; its calls take one of its results. */
static const char wide_program[] = "fn wide params=1 locals=60000 results=60000 {\n"
                                   "	LoadInt r0, 7\n"
                                   "	Return r0, 60000\n"
                                   "}\n"
                                   "fn main params=0 locals=4 results=0 {\n"
                                   "	Call @wide, r0 args=1 results=1\n"
                                   "	IfaceAssign r2, r0, iface(int), int\n"
                                   "	CallExtern @vo_println, r2, r2 args=2\n"
                                   "	Return r0, 0\n"
                                   "}\n";

START_TEST(functions_of_any_width_run) {
	run_result result = run_program((run_request){.text = wide_program, .preset = preset_of(_i)});
	ck_assert_ptr_null(result.error);
	ck_assert_str_eq(result.output.bytes, "7\n");
	run_result_free(&result);
}
END_TEST

/* Constant widths: the instruction that uses one too large for its frame ends the program, as interpreted. */
#define TOO_WIDE(body) \
	"native vo_println results=0\n" \
	"fn use params=1 locals=24 results=1 {\n" \
	"	LoadInt r1, 2\n" \
	"	LoadInt r2, 1\n" \
	"	LoadInt r3, 800\n" \
	"	ArrayNew r4, r1, r2 bytes=0\n" body "	Return r0, 1\n" \
	"}\n" \
	"fn main locals=4 {\n" \
	"	LoadInt r0, 3\n" \
	"	Call @use, r0 args=1 results=1\n" \
	"	IfaceAssign r2, r0, iface(int), int\n" \
	"	CallExtern @vo_println, r2, r2 args=2\n" \
	"	Return r0, 0\n" \
	"}\n"

static const struct {
	const char *text;
	const char *place; /* NULL: it fits */
} wide_uses[] = {
    {TOO_WIDE("	LoadInt r5, 0\n	LoadInt r6, 144\n	ArrayGet r7, r4, r5 bytes=0\n"),
     "function use (#0), pc 6 (ArrayGet)"},
    {TOO_WIDE("	LoadInt r5, 0\n	LoadInt r6, 800\n	ArraySet r4, r5, r7 bytes=0\n"),
     "function use (#0), pc 6 (ArraySet)"},
    {TOO_WIDE("	LoadInt r6, -1\n	LoadInt r5, 0\n	ArrayGet r7, r4, r5 bytes=0\n"),
     "function use (#0), pc 6 (ArrayGet)"},
    {TOO_WIDE("	LoadInt r5, 6553602\n	LoadInt r4, 0\n	MapGet r7, r4, r5\n"),
     "function use (#0), pc 6 (MapGet)"},
    {TOO_WIDE("	LoadInt r5, 25601\n	LoadInt r4, 0\n	MapSet r4, r5, r7\n"),
     "function use (#0), pc 6 (MapSet)"},
    {TOO_WIDE("	LoadInt r5, 23\n	LoadInt r4, 0\n	MapDelete r4, r5\n"),
     "function use (#0), pc 6 (MapDelete)"},
    /* The largest that fits. */
    {TOO_WIDE("	LoadInt r5, 0\n	LoadInt r6, 136\n	ArrayGet r7, r4, r5 bytes=0\n"), NULL},
    {TOO_WIDE("	LoadInt r5, 18\n	LoadInt r4, 0\n	MapDelete r4, r5\n"), NULL},
};
enum { WIDE_USES = sizeof wide_uses / sizeof *wide_uses };

START_TEST(constant_widths_are_checked) {
	for (int i = 0; i < WIDE_USES; i++) {
		run_result result = run_program((run_request){.text = wide_uses[i].text, .preset = preset_of(_i)});
		if (wide_uses[i].place) {
			ck_assert_int_eq(result.error_kind, VOLT_ERROR_VERIFY);
			ck_assert_ptr_nonnull(strstr(result.error, wide_uses[i].place));
			ck_assert_ptr_nonnull(strstr(result.error, "fit the frame"));
		} else {
			ck_assert_ptr_null(result.error);
			ck_assert_str_eq(result.output.bytes, "3\n");
		}
		run_result_free(&result);
	}
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier exits");
	TCase *cases = tcase_create("every preset");
	tcase_set_timeout(cases, 120);
	int count = (preset_count() - 1) / SWEEP_STRIDE + 1;
	tcase_add_loop_test(cases, wait_leaves_the_interpreters_frames, 0, count * SMALL_PROGRAMS);
	tcase_add_loop_test(cases, wait_leaves_large_frames, 0, count);
	tcase_add_loop_test(cases, yield_leaves_the_interpreters_frames, 0, count * 2);
	tcase_add_loop_test(cases, panic_leaves_the_interpreters_frames, 0, count);
	tcase_add_loop_test(cases, an_exit_at_any_check_changes_nothing, 0, count);
	tcase_add_loop_test(cases, host_returns_where_results_differ, 0, count);
	tcase_add_loop_test(cases, deferred_calls_stay_in_compiled_code, 0, count);
	tcase_add_loop_test(cases, functions_of_any_width_run, 0, count);
	tcase_add_loop_test(cases, constant_widths_are_checked, 0, count);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
