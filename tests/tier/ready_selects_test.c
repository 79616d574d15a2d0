/* A select whose cases stand one behind the other leaves compiled code only where none is ready. */
#include "support.h"

enum { ROUNDS = 400, FEW = 20 };

/* Receives what it has just sent, and then nothing, in 400 rounds: the sum of their numbers, less 400. */
#define POLLING(between) \
	"module polling\n" \
	"native vo_println results=0\n" \
	"fn round params=3 results=1 {\n" \
	"	ChanSend r0, r1 slots=1\n" \
	"	SelectBegin 2\n" \
	"	SelectRecv r3, r0 slots=1 ok=1\n" between "	SelectRecv r3, r2 slots=1 ok=1\n" \
	"	SelectExec r5\n" \
	"	SelectBegin 1 default=1\n" \
	"	SelectRecv r3, r2 slots=1\n" between "	SelectExec r6\n" \
	"	AddI r3, r3, r6\n" \
	"	AddI r3, r3, r5\n" \
	"	Return r3, 1\n" \
	"}\n" \
	"fn main {\n" \
	"	LoadInt r0, 2\n" \
	"	LoadInt r1, 1\n" \
	"	ChanNew r2, r0, r1 slots=1\n" \
	"	LoadInt r0, 0\n" \
	"	LoadInt r1, 400\n" \
	"	LoadInt r3, 0\n" \
	"next:\n" \
	"	Copy r4, r2\n" \
	"	Copy r5, r0\n" \
	"	LoadInt r6, 0\n" \
	"	Call @round, r4 args=3 results=1\n" \
	"	AddI r3, r3, r4\n" \
	"	ForLoop r0, r1, next\n" \
	"	IfaceAssign r4, r3, iface(int), int\n" \
	"	CallExtern @vo_println, r4, r4 args=2\n" \
	"	Return r0, 0\n" \
	"}\n"

static uint64_t exits_of(const char *text) {
	run_result result = run_program((run_request){.text = text, .automatic = true, .threshold = 1});
	ck_assert_ptr_null(result.error);
	ck_assert_str_eq(result.output.bytes, "79400\n"); /* 399 * 200 - 400 */
	ck_assert_uint_gt(result.entries, 0);
	uint64_t exits = 0;
	for (int status = 0; status <= VOLT_STATUS_YIELD; status++)
		exits += result.exits[status];
	run_result_free(&result);
	return exits;
}

START_TEST(what_is_ready_stays_in_compiled_code) {
	ck_assert_uint_lt(exits_of(POLLING("")), FEW);
}
END_TEST

START_TEST(with_something_in_between_the_host_executes_it) {
	ck_assert_uint_ge(exits_of(POLLING("	Copy r7, r1\n")), ROUNDS - FEW);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier ready selects");
	TCase *test_case = tcase_create("exits");
	tcase_add_test(test_case, what_is_ready_stays_in_compiled_code);
	tcase_add_test(test_case, with_something_in_between_the_host_executes_it);
	suite_add_tcase(suite, test_case);
	return run_suite(suite);
}
