/* Profiles: what is counted, when, and what a compile request takes along. */
#include <check.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "interpreter/profile.h"
#include "recording_tier.h"
#include "support.h"

/* More steps than any program here takes: nothing gets hot. */
enum { NEVER_HOT = 1u << 30 };

/* Rounds i = 0..99: `even` is called for every even i, through a closure for every tenth.
 */
static const char branching_program[] = "fn even params=1 locals=1 results=1 {\n"
                                        "	Return r0, 1\n"
                                        "}\n"
                                        "fn main params=0 locals=12 results=0 {\n"
                                        "	LoadInt r0, 0\n"
                                        "	LoadInt r1, 100\n"
                                        "	LoadInt r2, 2\n"
                                        "	LoadInt r3, 10\n"
                                        "	ClosureNew r4, @even, 0\n"
                                        "round:\n"
                                        "	ModI r5, r0, r2\n"
                                        "	JumpIf r5, next\n"
                                        "	Call @even, r6 args=1 results=1\n"
                                        "	ModI r5, r0, r3\n"
                                        "	EqI r7, r5, r10\n"
                                        "	JumpIfNot r7, next\n"
                                        "	CallClosure r4, r6 args=1 results=1\n"
                                        "next:\n"
                                        "	ForLoop r0, r1, round\n"
                                        "	Return r0, 0\n"
                                        "}\n";

enum { MAIN = 1 }; /* index of the function, in every program here */
enum {
	PC_JUMP_IF = 6,
	PC_CALL = 7,
	PC_JUMP_IF_NOT = 10,
	PC_CALL_CLOSURE = 11,
	PC_FOR_LOOP = 12,
	PC_COUNT = 14
};

typedef struct {
	volt_branch_profile main[PC_COUNT];
	bool any;
	uint64_t slices;
} counted;

static void keep_counts(volt_vm *vm, void *user) {
	counted *kept = user;
	const volt_branch_profile *branches = vm->branch_profiles ? vm->branch_profiles[MAIN] : NULL;
	kept->slices = vm->slices.count;
	kept->any = branches != NULL;
	const uint32_t instructions = vm->module->functions.items[MAIN].code.count;
	if (branches)
		memcpy(kept->main, branches, (instructions < PC_COUNT ? instructions : PC_COUNT) * sizeof *branches);
}

/* The counts of the first instruction. */
static void keep_first(volt_vm *vm, void *user) {
	*(volt_branch_profile *)user = vm->branch_profiles[MAIN][0];
}

static counted count(run_request request) {
	counted kept = {0};
	request.at_end = keep_counts;
	request.user = &kept;
	run_result result = run_program(request);
	ck_assert_ptr_null(result.error);
	run_result_free(&result);
	return kept;
}

static void expect_counts(const counted *kept, uint32_t pc, uint32_t taken, uint32_t not_taken) {
	ck_assert_uint_eq(kept->main[pc].taken, taken);
	ck_assert_uint_eq(kept->main[pc].not_taken, not_taken);
}

START_TEST(every_branch_and_call_is_counted) {
	counted kept = count((run_request){
	    .text = branching_program, .automatic = true, .threshold = NEVER_HOT, .profile_period = 1});
	expect_counts(&kept, PC_JUMP_IF, 50, 50);
	expect_counts(&kept, PC_CALL, 50, 0);
	expect_counts(&kept, PC_JUMP_IF_NOT, 40, 10);
	expect_counts(&kept, PC_CALL_CLOSURE, 10, 0);
	expect_counts(&kept, PC_FOR_LOOP, 99, 1);
	for (uint32_t pc = 0; pc < PC_JUMP_IF; pc++)
		expect_counts(&kept, pc, 0, 0);
}
END_TEST

/* Rounds i = 0..9: the first site calls `even`, the second one the closure that is in turn `even` and `odd`.
 */
static const char calling_program[] = "fn even params=1 locals=1 results=1 {\n"
                                      "	Return r0, 1\n"
                                      "}\n"
                                      "fn main params=0 locals=12 results=0 {\n"
                                      "	ClosureNew r1, @even, 0\n"
                                      "	ClosureNew r2, @even, 0\n"
                                      "	ClosureNew r3, @odd, 0\n"
                                      "	LoadInt r4, 10\n"
                                      "round:\n"
                                      "	CallClosure r1, r6 args=1 results=1\n"
                                      "	CallClosure r2, r6 args=1 results=1\n"
                                      "	Copy r7, r2\n"
                                      "	Copy r2, r3\n"
                                      "	Copy r3, r7\n"
                                      "	ForLoop r0, r4, round\n"
                                      "	Return r0, 0\n"
                                      "}\n"
                                      "fn odd params=1 locals=1 results=1 {\n"
                                      "	Return r0, 1\n"
                                      "}\n";

START_TEST(callees_are_kept_by_site) {
	enum { EVEN, PC_ALWAYS_EVEN = 4, PC_IN_TURN = 5, PC_NEXT = 9 };
	counted kept = count((run_request){
	    .text = calling_program, .automatic = true, .threshold = NEVER_HOT, .profile_period = 1});
	ck_assert_uint_eq(kept.main[PC_ALWAYS_EVEN].callee, EVEN + 1);
	ck_assert_uint_eq(kept.main[PC_ALWAYS_EVEN].taken, 10);
	ck_assert_uint_eq(kept.main[PC_IN_TURN].callee, VOLT_SEVERAL_CALLEES);
	ck_assert_uint_eq(kept.main[PC_NEXT].callee, VOLT_NO_CALLEE);
}
END_TEST

/* 99 rounds and 60 calls are 159 steps: with a slice's end in front of a call, it counts once all the same.
 */
START_TEST(ticks_of_one_step_change_no_count) {
	counted kept = count((run_request){.text = branching_program,
	                                   .automatic = true,
	                                   .threshold = 1,
	                                   .profile_period = 1,
	                                   .library = RECORDING_TIER});
	expect_counts(&kept, PC_CALL, 50, 0);
	expect_counts(&kept, PC_CALL_CLOSURE, 10, 0);
	expect_counts(&kept, PC_FOR_LOOP, 99, 1);
}
END_TEST

static const char panicking_program[] = "fn unused {\n"
                                        "	Return r0, 0\n"
                                        "}\n"
                                        "fn main params=0 locals=4 results=0 {\n"
                                        "	CallIface r0, r2 method=1 args=0\n"
                                        "	Return r0, 0\n"
                                        "}\n";

/* The interface is nil. */
START_TEST(calls_that_panic_are_executed) {
	volt_branch_profile branches = {0};
	run_result result = run_program((run_request){.text = panicking_program,
	                                              .automatic = true,
	                                              .threshold = NEVER_HOT,
	                                              .profile_period = 1,
	                                              .at_end = keep_first,
	                                              .user = &branches});
	ck_assert_str_eq(result.error, "runtime error: nil pointer dereference");
	ck_assert_uint_eq(branches.taken, 1);
	run_result_free(&result);
}
END_TEST

/* Only the last instruction is a step. */
static const char long_loop[] = "fn unused {\n"
                                "	Return r0, 0\n"
                                "}\n"
                                "fn main params=0 locals=4 results=0 {\n"
                                "	LoadInt r0, 0\n"
                                "	LoadInt r1, 35000\n"
                                "	LoadInt r2, 7\n"
                                "	LoadInt r3, 7\n"
                                "	LoadInt r3, 7\n"
                                "	LoadInt r3, 7\n"
                                "round:\n"
                                "	ModI r3, r0, r2\n"
                                "	JumpIf r3, next\n"
                                "	LoadInt r3, 7\n"
                                "	LoadInt r3, 7\n"
                                "	LoadInt r3, 7\n"
                                "	LoadInt r3, 7\n"
                                "next:\n"
                                "	ForLoop r0, r1, round\n"
                                "	Return r0, 0\n"
                                "}\n";

/* A slice of 500 steps takes 501 backward jumps: the one that finds its budget below 0 has been taken. */
START_TEST(few_slices_are_profiled_always_the_same) {
	run_request request = {.text = long_loop, .automatic = true, .threshold = NEVER_HOT};
	counted first = count(request), second = count(request);
	ck_assert_mem_eq(first.main, second.main, sizeof first.main);
	uint64_t profiled = first.slices / PROFILE_PERIOD;
	ck_assert_uint_eq(profiled, 2);
	ck_assert_uint_eq(first.main[PC_FOR_LOOP].taken, profiled * 501);
}
END_TEST

START_TEST(no_profile_without_automatic_compiling) {
	ck_assert(!count((run_request){.text = branching_program, .profile_period = 1}).any);
	ck_assert(!count((run_request){.text = branching_program, .preset = "hinted"}).any);
}
END_TEST

START_TEST(counts_stop_at_their_end) {
	volt_branch_profile counts[2] = {{0}, {.taken = UINT32_MAX - 1, .not_taken = UINT32_MAX}};
	profile_count(counts, 1, true);
	ck_assert_uint_eq(counts[1].taken, UINT32_MAX);
	profile_count(counts, 1, true);
	profile_count(counts, 1, false);
	ck_assert_uint_eq(counts[1].taken, UINT32_MAX);
	ck_assert_uint_eq(counts[1].not_taken, UINT32_MAX);
	ck_assert_uint_eq(counts[0].taken, 0);
	profile_count(NULL, 1, true);
}
END_TEST

/* ---- Compile requests ---- */

static tier_record *record_of_run(void) {
	void *library = dlopen(RECORDING_TIER, RTLD_NOW | RTLD_LOCAL);
	ck_assert_ptr_nonnull(library);
	return dlsym(library, TIER_RECORD_SYMBOL);
}

static void forget(tier_record *record) {
	for (uint32_t i = 0; i < record->count; i++)
		free(record->requests[i].profile);
	record->count = 0;
}

/*
 * The loop is hot at its 300th step. What is counted later does not change what the request said.
 */
START_TEST(requests_take_a_snapshot) {
	tier_record *record = record_of_run();
	counted kept = count((run_request){.text = long_loop,
	                                   .automatic = true,
	                                   .threshold = 300,
	                                   .profile_period = 1,
	                                   .library = RECORDING_TIER});
	ck_assert_uint_eq(record->count, 1);
	const recorded_request *request = &record->requests[0];
	ck_assert_uint_eq(request->function, MAIN);
	ck_assert_int_eq(request->form, VOLT_FORM_RESUME);
	ck_assert_int_eq(request->level, VOLT_LEVEL_OPTIMISED);
	ck_assert_ptr_nonnull(request->profile);
	ck_assert_uint_eq(request->profile[PC_FOR_LOOP].taken, 300);
	ck_assert_uint_eq(request->profile[PC_FOR_LOOP].not_taken, 0);
	expect_counts(&kept, PC_FOR_LOOP, 34999, 1);
	forget(record);
}
END_TEST

START_TEST(requests_without_a_profile_say_so) {
	tier_record *record = record_of_run();
	run_result result = run_program((run_request){.text = branching_program,
	                                              .automatic = true,
	                                              .threshold = 1,
	                                              .profile_period = 1000000,
	                                              .library = RECORDING_TIER});
	ck_assert_ptr_null(result.error);
	ck_assert_uint_ge(record->count, 2);
	for (uint32_t i = 0; i < record->count; i++)
		ck_assert_ptr_null(record->requests[i].profile);
	forget(record);
	run_result_free(&result);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier profile");
	TCase *cases = tcase_create("profile");
	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, every_branch_and_call_is_counted);
	tcase_add_test(cases, callees_are_kept_by_site);
	tcase_add_test(cases, ticks_of_one_step_change_no_count);
	tcase_add_test(cases, calls_that_panic_are_executed);
	tcase_add_test(cases, few_slices_are_profiled_always_the_same);
	tcase_add_test(cases, no_profile_without_automatic_compiling);
	tcase_add_test(cases, counts_stop_at_their_end);
	tcase_add_test(cases, requests_take_a_snapshot);
	tcase_add_test(cases, requests_without_a_profile_say_so);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
