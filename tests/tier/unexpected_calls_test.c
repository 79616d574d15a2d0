/*
 * Programs that change when their code is optimised: what was the only callee of a site is no longer called,
 * or a call that was never seen is made in each round. What is compiled anew is a matter of counts.
 */
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "tier/state.h"
#include "tier/unexpected_calls.h"

enum { MANY_CALLS = 50000 }; /* of one site, after which its function is compiled anew */
enum { THRESHOLD = 100, WARM_UP = 1000 };
enum { FIRST, SECOND, THIRD, FOURTH, FIFTH, WORK }; /* indices of functions */

/* A closure that divides by its argument less 400,000: some panic there. */
#define CALLEE(name, factor) \
	"fn " name " params=2 locals=5 results=1 closure {\n" \
	"	LoadConst r2, " factor "\n" \
	"	LoadConst r3, 400000\n" \
	"	SubI r3, r1, r3\n" \
	"	DivI r4, r2, r3\n" \
	"	AddI r4, r4, r1\n" \
	"	Return r4, 1\n" \
	"}\n"

/* Too many that take such a call for all of them to be expected. */
#define CALLEES \
	CALLEE("first", "1000003") \
	CALLEE("second", "2000003") \
	CALLEE("third", "3000017") \
	CALLEE("fourth", "4000037") \
	CALLEE("fifth", "5000011")

/* Calls a closure with each number from r1 up to r2, and sums the results up. */
#define CALLING_WORK \
	"fn work params=3 locals=10 results=1 {\n" \
	"	LoadInt r3, 0\n" \
	"again:\n" \
	"	Copy r6, r1\n" \
	"	CallClosure r0, r6 args=1 results=1\n" \
	"	AddI r3, r3, r6\n" \
	"	ForLoop r1, r2, again\n" \
	"	Return r3, 1\n" \
	"}\n"
enum { PC_CALLING = 2 };

/* r0 is 0, as r15 of main, or the closure that each round calls behind a jump. */
#define SOMETIMES_CALLING_WORK \
	"fn work params=3 locals=10 results=1 {\n" \
	"	LoadInt r3, 0\n" \
	"again:\n" \
	"	Copy r6, r1\n" \
	"	JumpIfNot r0, next\n" \
	"	CallClosure r0, r6 args=1 results=1\n" \
	"next:\n" \
	"	AddI r3, r3, r6\n" \
	"	ForLoop r1, r2, again\n" \
	"	Return r3, 1\n" \
	"}\n"
enum { PC_SOMETIMES_CALLING = 3 };

/* The same with a call by name. */
#define PLAIN_CALLING_WORK \
	"fn work params=3 locals=10 results=1 {\n" \
	"	LoadInt r3, 0\n" \
	"again:\n" \
	"	Copy r6, r1\n" \
	"	JumpIfNot r0, next\n" \
	"	Call @half, r6 args=1 results=1\n" \
	"next:\n" \
	"	AddI r3, r3, r6\n" \
	"	ForLoop r1, r2, again\n" \
	"	Return r3, 1\n" \
	"}\n" \
	"fn half params=1 locals=2 results=1 {\n" \
	"	LoadInt r1, 1\n" \
	"	ShrS r0, r0, r1\n" \
	"	Return r0, 1\n" \
	"}\n"

/* Four sites, of which each calls a closure of its own, from r0 on; r4 and r5 as r1 and r2 above. */
#define FOUR_SITES_WORK \
	"fn work params=6 locals=12 results=1 {\n" \
	"	LoadInt r6, 0\n" \
	"again:\n" \
	"	Copy r8, r4\n" \
	"	CallClosure r0, r8 args=1 results=1\n" \
	"	CallClosure r1, r8 args=1 results=1\n" \
	"	CallClosure r2, r8 args=1 results=1\n" \
	"	CallClosure r3, r8 args=1 results=1\n" \
	"	AddI r6, r6, r8\n" \
	"	ForLoop r4, r5, again\n" \
	"	Return r6, 1\n" \
	"}\n"

#define MAIN_BEGIN "fn main params=0 locals=40 results=0 {\n"
#define MAIN_END \
	"	IfaceAssign r20, r30, iface(int), int\n" \
	"	CallExtern @vo_println, r20, r20 args=2\n" \
	"	Return r0, 0\n" \
	"}\n"
#define HEAD "native vo_println results=0\n"

#define MAKE(slot, function) "	ClosureNew " slot ", @" function ", 0\n"
#define MAKE_ALL \
	MAKE("r10", "first") \
	MAKE("r11", "second") \
	MAKE("r12", "third") \
	MAKE("r13", "fourth")

/* ---- Running ---- */

typedef struct {
	uint32_t compiled_anew, pc;
	volt_branch_profile at_site;
	bool panicked;
} outcome;

static void look_at_work(volt_vm *vm, void *user) {
	outcome *seen = user;
	const tier_state *state = vm->tier;
	seen->compiled_anew = state->functions[WORK].compiled_anew;
	seen->at_site = vm->branch_profiles[WORK][seen->pc];
}

static buffer with_phases(const char *work, const char *phases) {
	buffer text = {0};
	const char *parts[] = {HEAD, CALLEES, work, MAIN_BEGIN, MAKE_ALL, phases, MAIN_END};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		buffer_append(&text, parts[i], strlen(parts[i]));
	buffer_append(&text, "", 1);
	return text;
}

static run_request compiling(const buffer *text, void (*at_end)(volt_vm *vm, void *user), void *user) {
	return (run_request){.text = text->bytes,
	                     .automatic = true,
	                     .threshold = THRESHOLD,
	                     .profile_period = 1,
	                     .at_end = at_end,
	                     .user = user};
}

static const char *or_none(const char *text) {
	return text ? text : "(none)";
}

/* The program does what it does when it is interpreted, and compiled code leaves for calls seldom. */
static outcome run_phases(const char *work, const char *phases, uint32_t pc) {
	outcome seen = {.pc = pc};
	buffer text = with_phases(work, phases);
	run_result interpreted = run_program((run_request){.text = text.bytes});
	run_result compiled = run_program(compiling(&text, look_at_work, &seen));
	ck_assert_str_eq(or_none(compiled.output.bytes), or_none(interpreted.output.bytes));
	ck_assert_str_eq(or_none(compiled.error), or_none(interpreted.error));
	ck_assert_str_eq(or_none(compiled.trace), or_none(interpreted.trace));
	seen.panicked = compiled.error != NULL;
	ck_assert_uint_le(compiled.exits[VOLT_STATUS_CALL], 5 * THRESHOLD);
	run_result_free(&interpreted);
	run_result_free(&compiled);
	buffer_free(&text);
	return seen;
}

typedef struct {
	const char *closure; /* a slot of main */
	uint32_t first, rounds;
} phase;

static buffer phases_of(const phase *phases, size_t count) {
	buffer text = {0};
	for (size_t i = 0; i < count; i++) {
		buffer_append_format(&text, "	Copy r20, %s\n", phases[i].closure);
		buffer_append_format(&text, "	LoadConst r21, %u\n	LoadConst r22, %u\n", phases[i].first,
		                     phases[i].first + phases[i].rounds);
		buffer_append_format(&text, "	Call @work, r20 args=3 results=1\n	AddI r30, r30, r20\n");
	}
	buffer_append(&text, "", 1);
	return text;
}

static outcome run_with(const char *work, uint32_t pc, const phase *phases, size_t count) {
	buffer text = phases_of(phases, count);
	outcome seen = run_phases(work, text.bytes, pc);
	buffer_free(&text);
	return seen;
}

#define RUN(work, pc, ...) \
	run_with(work, pc, (const phase[]){__VA_ARGS__}, sizeof((const phase[]){__VA_ARGS__}) / sizeof(phase))

/* With two calls, so that code in which frames go on is there, too. */
#define WARM(closure) \
	{closure, 0, WARM_UP}, { \
		closure, 0, WARM_UP \
	}

/* ---- Another callee ---- */

START_TEST(another_callee_is_expected_after_so_many_calls) {
	outcome before = RUN(CALLING_WORK, PC_CALLING, WARM("r10"), {"r11", 0, MANY_CALLS - 1});
	ck_assert_uint_eq(before.compiled_anew, 0);
	ck_assert_uint_eq(before.at_site.other_callee, VOLT_NO_CALLEE);
	outcome after = RUN(CALLING_WORK, PC_CALLING, WARM("r10"), {"r11", 0, MANY_CALLS});
	ck_assert_uint_eq(after.compiled_anew, 1);
	ck_assert_uint_eq(after.at_site.callee, FIRST + 1);
	ck_assert_uint_eq(after.at_site.other_callee, SECOND + 1);
}
END_TEST

START_TEST(what_was_expected_is_no_reason) {
	outcome seen = RUN(CALLING_WORK, PC_CALLING, WARM("r10"), {"r10", 0, 4 * MANY_CALLS});
	ck_assert_uint_eq(seen.compiled_anew, 0);
}
END_TEST

/* The one that is called most is expected, though it is not the last one. */
START_TEST(of_several_others_the_most_frequent_is_expected) {
	outcome seen =
	    RUN(CALLING_WORK, PC_CALLING, WARM("r10"), {"r12", 0, 10000}, {"r11", 0, 30000}, {"r13", 0, 10000});
	ck_assert_uint_eq(seen.compiled_anew, 1);
	ck_assert_uint_eq(seen.at_site.other_callee, SECOND + 1);
}
END_TEST

/* Whoever has changed once is not waited for again. */
START_TEST(a_site_is_a_reason_once) {
	outcome seen = RUN(CALLING_WORK, PC_CALLING, WARM("r10"), {"r11", 0, 2 * MANY_CALLS},
	                   {"r12", 0, 4 * MANY_CALLS}, {"r10", 0, 2 * MANY_CALLS});
	ck_assert_uint_eq(seen.compiled_anew, 1);
	ck_assert_uint_eq(seen.at_site.other_callee, SECOND + 1);
}
END_TEST

START_TEST(a_panic_of_the_new_callee_has_its_trace) {
	outcome seen = RUN(CALLING_WORK, PC_CALLING, WARM("r10"), {"r11", 0, 2 * MANY_CALLS},
	                   {"r11", 400000 - WARM_UP, 2 * WARM_UP});
	ck_assert_uint_eq(seen.compiled_anew, 1);
	ck_assert(seen.panicked);
}
END_TEST

/* ---- Calls that were never seen ---- */

START_TEST(a_call_that_was_never_seen_is_after_so_many) {
	outcome before =
	    RUN(SOMETIMES_CALLING_WORK, PC_SOMETIMES_CALLING, WARM("r15"), {"r11", 0, MANY_CALLS - 1});
	ck_assert_uint_eq(before.compiled_anew, 0);
	outcome after = RUN(SOMETIMES_CALLING_WORK, PC_SOMETIMES_CALLING, WARM("r15"), {"r11", 0, MANY_CALLS});
	ck_assert_uint_eq(after.compiled_anew, 1);
	ck_assert_uint_eq(after.at_site.callee, SECOND + 1);
	ck_assert_uint_gt(after.at_site.taken, 0);
}
END_TEST

START_TEST(so_is_a_call_by_name) {
	outcome before = RUN(PLAIN_CALLING_WORK, PC_SOMETIMES_CALLING, WARM("r15"), {"r11", 0, MANY_CALLS - 1});
	ck_assert_uint_eq(before.compiled_anew, 0);
	outcome after = RUN(PLAIN_CALLING_WORK, PC_SOMETIMES_CALLING, WARM("r15"), {"r11", 0, MANY_CALLS});
	ck_assert_uint_eq(after.compiled_anew, 1);
	ck_assert_uint_gt(after.at_site.taken, 0);
}
END_TEST

/* ---- A function with several sites ---- */

/* The sites up to `changed` call the second closure, those behind it the first. */
static void add_call(buffer *text, int changed, uint32_t rounds) {
	for (int site = 0; site < 4; site++)
		buffer_append_format(text, "	Copy r%d, r%d\n", 20 + site, site < changed ? 11 : 10);
	buffer_append_format(text, "	LoadInt r24, 0\n	LoadConst r25, %u\n", rounds);
	buffer_append_text(text, "	Call @work, r20 args=6 results=1\n	AddI r30, r30, r20\n");
}

static outcome run_four_sites(const int *changes, size_t count) {
	buffer text = {0};
	add_call(&text, 0, WARM_UP);
	add_call(&text, 0, WARM_UP);
	for (size_t i = 0; i < count; i++)
		add_call(&text, changes[i], MANY_CALLS);
	buffer_append(&text, "", 1);
	outcome seen = run_phases(FOUR_SITES_WORK, text.bytes, PC_CALLING);
	buffer_free(&text);
	return seen;
}

START_TEST(sites_that_change_together_are_one_reason) {
	ck_assert_uint_eq(run_four_sites((const int[]){4, 4, 4}, 3).compiled_anew, 1);
}
END_TEST

START_TEST(a_function_is_compiled_anew_three_times_at_most) {
	ck_assert_uint_eq(run_four_sites((const int[]){1, 2}, 2).compiled_anew, 2);
	ck_assert_uint_eq(run_four_sites((const int[]){1, 2, 3, 4, 4}, 5).compiled_anew, 3);
}
END_TEST

/* ---- Code that was withdrawn ---- */

typedef struct {
	bool is_withdrawn;
	uint32_t compiled_anew;
} old_code;

/* A frame that is still in old code counts on. */
static void count_at_end(volt_vm *vm, void *user) {
	old_code *code = user;
	function_profile *work = &((tier_state *)vm->tier)->functions[WORK];
	work->is_withdrawn = code->is_withdrawn;
	for (int i = 0; i < MANY_CALLS; i++)
		unexpected_call_count(vm, WORK, PC_CALLING, FIRST + 1, SECOND);
	code->compiled_anew = work->compiled_anew;
}

static uint32_t compiled_anew_at_end(bool is_withdrawn) {
	old_code code = {.is_withdrawn = is_withdrawn};
	buffer phases = phases_of((const phase[]){WARM("r10")}, 2);
	buffer text = with_phases(CALLING_WORK, phases.bytes);
	run_result result = run_program(compiling(&text, count_at_end, &code));
	ck_assert_str_eq(or_none(result.error), or_none(NULL));
	run_result_free(&result);
	buffer_free(&phases);
	buffer_free(&text);
	return code.compiled_anew;
}

START_TEST(what_was_withdrawn_is_not_compiled_anew) {
	ck_assert_uint_eq(compiled_anew_at_end(false), 1);
	ck_assert_uint_eq(compiled_anew_at_end(true), 0);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier unexpected calls");
	TCase *cases = tcase_create("unexpected calls");
	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, another_callee_is_expected_after_so_many_calls);
	tcase_add_test(cases, what_was_expected_is_no_reason);
	tcase_add_test(cases, of_several_others_the_most_frequent_is_expected);
	tcase_add_test(cases, a_site_is_a_reason_once);
	tcase_add_test(cases, a_panic_of_the_new_callee_has_its_trace);
	tcase_add_test(cases, a_call_that_was_never_seen_is_after_so_many);
	tcase_add_test(cases, so_is_a_call_by_name);
	tcase_add_test(cases, sites_that_change_together_are_one_reason);
	tcase_add_test(cases, a_function_is_compiled_anew_three_times_at_most);
	tcase_add_test(cases, what_was_withdrawn_is_not_compiled_anew);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
