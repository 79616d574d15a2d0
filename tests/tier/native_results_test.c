/*
 * Natives that write all results that their import declares, called where the caller's frame ends before: the
 * import table has the widest use of each in the module.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

static volt_native_result native_log(volt_native_call *call) {
	for (uint32_t i = 0; i < call->argument_count; i++) {
		char text[32];
		const int length =
		    snprintf(text, sizeof text, "%s%lld", i ? " " : "", (long long)(int64_t)call->arguments[i]);
		volt_native_write(call, text, (size_t)length);
	}
	volt_native_write(call, "\n", 1);
	return VOLT_NATIVE_OK;
}

/* Results x, x + 1, x + 2 and so on, as many as are declared. */
static volt_native_result native_fill(volt_native_call *call) {
	const volt_slot first = call->arguments[0];
	for (uint32_t i = 0; i < call->result_count; i++)
		call->results[i] = first + i;
	return VOLT_NATIVE_OK;
}

/* The same after a wait, to which it came with other results written. */
static volt_native_result native_wait(volt_native_call *call) {
	const volt_slot first = call->arguments[0];
	if (call->wait)
		return native_fill(call);
	for (uint32_t i = 0; i < call->result_count; i++)
		call->results[i] = UINT64_MAX;
	call->results[0] = first;
	volt_wait_complete(volt_native_begin_wait(call, NULL, NULL));
	return VOLT_NATIVE_WAIT;
}

static volt_native_result native_deny(volt_native_call *call) {
	const int first = (int)call->arguments[0];
	native_fill(call);
	return volt_native_panic(call, "no %d", first);
}

/* Strings, each made after the ones before were written. */
static volt_native_result native_texts(volt_native_call *call) {
	for (uint32_t i = 0; i < call->result_count; i++) {
		char text[16];
		const int length = snprintf(text, sizeof text, "text %u", i);
		call->results[i] = volt_native_new_string(call, text, (size_t)length);
	}
	return VOLT_NATIVE_OK;
}

static void register_natives(volt_vm *vm, void *user) {
	static const struct {
		const char *name;
		volt_native_function function;
	} natives[] = {{"log", native_log},
	               {"fill", native_fill},
	               {"wait", native_wait},
	               {"deny", native_deny},
	               {"texts", native_texts}};
	(void)user;
	for (size_t i = 0; i < sizeof natives / sizeof *natives; i++)
		ck_assert_ptr_null(
		    volt_vm_register_native(vm, natives[i].name, natives[i].function, NULL, VOLT_PERMIT_NOTHING));
}

/* Each declares 300 results; the frames have room for one or two of them. */
static const char narrow_program[] = "native fill results=300\n"
                                     "native wait results=300\n"
                                     "native deny results=300\n"
                                     "native texts results=300\n"
                                     "fn use params=1 locals=5 results=4 {\n"
                                     "	LoadInt r1, 11\n"
                                     "	LoadInt r2, 12\n"
                                     "	CallExtern @fill, r3, r0 args=1\n"
                                     "	Return r1, 4\n"
                                     "}\n"
                                     "fn pause params=1 locals=3 results=2 {\n"
                                     "	LoadInt r1, 21\n"
                                     "	CallExtern @wait, r2, r0 args=1\n"
                                     "	Return r1, 2\n"
                                     "}\n"
                                     "fn catch locals=2 {\n"
                                     "	Recover r0\n"
                                     "	CallExtern @vo_println, r0, r0 args=2\n"
                                     "	Return r0, 0\n"
                                     "}\n"
                                     "fn refuse params=1 locals=3 {\n"
                                     "	DeferPush @catch, r0 args=0\n"
                                     "	CallExtern @deny, r2, r0 args=1\n"
                                     "	Return r0, 0\n"
                                     "}\n"
                                     "fn second_text locals=2 results=1 {\n"
                                     "	CallExtern @texts, r0, r0 args=0\n"
                                     "	Return r1, 1\n"
                                     "}\n"
                                     "fn main locals=12 {\n"
                                     "	LoadInt r0, 0\n"
                                     "	LoadInt r1, 3\n"
                                     "	LoadInt r10, 110\n"
                                     "	LoadInt r11, 111\n"
                                     "again:\n"
                                     "	Copy r2, r0\n"
                                     "	Call @use, r2 args=1 results=4\n"
                                     "	CallExtern @log, r2, r2 args=4\n"
                                     "	Copy r2, r0\n"
                                     "	Call @pause, r2 args=1 results=2\n"
                                     "	CallExtern @log, r2, r2 args=2\n"
                                     "	Copy r2, r0\n"
                                     "	Call @refuse, r2 args=1 results=0\n"
                                     "	Call @second_text, r2 args=0 results=1\n"
                                     "	IfaceAssign r4, r2, iface(string), string\n"
                                     "	CallExtern @vo_println, r4, r4 args=2\n"
                                     "	CallExtern @log, r2, r10 args=2\n"
                                     "	ForLoop r0, r1, again\n"
                                     "	Return r0, 0\n"
                                     "}\n";

static const char narrow_output[] = "11 12 0 1\n21 0\nno 0\ntext 1\n110 111\n"
                                    "11 12 1 2\n21 1\nno 1\ntext 1\n110 111\n"
                                    "11 12 2 3\n21 2\nno 2\ntext 1\n110 111\n";

static void expect(run_request request, const char *output) {
	request.register_natives = register_natives;
	run_result result = run_program(request);
	ck_assert_ptr_null(result.error);
	ck_assert_str_eq(result.output.bytes, output);
	run_result_free(&result);
}

START_TEST(frames_end_before_the_results) {
	expect((run_request){.text = narrow_program, .mode = &compiled_modes[_i]}, narrow_output);
}
END_TEST

START_TEST(frames_end_before_the_results_when_interpreted) {
	expect((run_request){.text = narrow_program}, narrow_output);
}
END_TEST

/* As many as a native import can declare: such a function stays with the interpreter. */
START_TEST(more_results_than_a_native_frame_holds) {
	expect((run_request){.text = "native fill results=65535\n"
	                             "fn main locals=3 {\n"
	                             "	LoadInt r0, 5\n"
	                             "	CallExtern @fill, r1, r0 args=1\n"
	                             "	CallExtern @log, r0, r0 args=3\n"
	                             "	Return r0, 0\n"
	                             "}\n",
	                     .mode = &compiled_modes[_i]},
	       "5 5 6\n");
}
END_TEST

int main(void) {
	Suite *suite = suite_create("native results");
	TCase *tests = tcase_create("narrow uses");
	tcase_add_test(tests, frames_end_before_the_results_when_interpreted);
	tcase_add_loop_test(tests, frames_end_before_the_results, 0, compiled_mode_count());
	tcase_add_loop_test(tests, more_results_than_a_native_frame_holds, 0, compiled_mode_count());
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
