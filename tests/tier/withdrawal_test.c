/* What counts for code that does not pay: its own exits, not the ends of turns, which the clock decides. */
#include <check.h>
#include <stdlib.h>

#include "state/give_way.h"
#include "support.h"
#include "tier/state.h"

enum { MAIN = 2 }; /* index of the function */

/* square leaves at its DeferPush each time, which passes less than is taken, and takes main with it. Twenty
 * rounds do so while turns end in between. */
static const char leaving_program[] = "native end_turn results=0\n"
                                      "fn nothing params=1 {\n"
                                      "	Return r0, 0\n"
                                      "}\n"
                                      "fn square params=1 locals=2 results=1 defer {\n"
                                      "	DeferPush @nothing, r0 args=0\n"
                                      "	MulI r1, r0, r0\n"
                                      "	Return r1, 1\n"
                                      "}\n"
                                      "fn main locals=8 {\n"
                                      "	LoadInt r0, 0\n"
                                      "	LoadInt r1, 20000\n"
                                      "	LoadInt r2, 0\n"
                                      "	LoadInt r5, 20\n"
                                      "next:\n"
                                      "	LtI r6, r0, r5\n"
                                      "	JumpIfNot r6, plain\n"
                                      "	CallExtern @end_turn, r7, r7 args=0\n"
                                      "plain:\n"
                                      "	Copy r3, r0\n"
                                      "	Call @square, r3 args=1 results=1\n"
                                      "	AddI r2, r2, r3\n"
                                      "	ForLoop r0, r1, next\n"
                                      "	Return r0, 0\n"
                                      "}\n";

static volt_native_result end_turn(volt_native_call *call) {
	give_way_ask(&call->vm->context);
	return VOLT_NATIVE_OK;
}

static void register_end_turn(volt_vm *vm, void *user) {
	(void)user;
	ck_assert_ptr_null(volt_vm_register_native(vm, "end_turn", end_turn, NULL, VOLT_PERMIT_NOTHING));
}

static void check_withdrawal(volt_vm *vm, void *user) {
	(void)user;
	const function_profile *profile = &((const tier_state *)vm->tier)->functions[MAIN];
	uint64_t entered = 0;
	for (entry_kind kind = 0; kind < ENTRY_KIND_COUNT; kind++)
		entered += profile->entered[kind];
	ck_assert(profile->is_withdrawn);
	ck_assert_uint_gt(entered, 2000);
	ck_assert_uint_lt(entered, 5000); /* as many as square's first exits, and then as many of main's own */
}

START_TEST(the_ends_of_turns_do_not_count) {
	run_result result = run_program((run_request){
	    .text = leaving_program,
	    .automatic = true,
	    .threshold = 1,
	    .register_natives = register_end_turn,
	    .at_end = check_withdrawal,
	});
	ck_assert_ptr_null(result.error);
	run_result_free(&result);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier withdrawal");
	TCase *test_case = tcase_create("withdrawal");
	tcase_add_test(test_case, the_ends_of_turns_do_not_count);
	suite_add_tcase(suite, test_case);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failures = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
