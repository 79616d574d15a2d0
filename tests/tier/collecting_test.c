/*
 * Another VM collects on its own thread, again and again, while this one leaves a recursion that is too deep
 * for the native stack: the collector finds every frame's string, wherever the exit has come to.
 */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "support.h"
#include "volt/verify.h"
#include "volt/vot.h"

/* deep(n): the number of frames whose string is not the digits of n any more. */
static const char deep_program[] = "fn text params=1 results=1 {\n"
                                   "	StrNew r1, \"\"\n"
                                   "	StrNew r2, \"0123456789\"\n"
                                   "	LoadInt r3, 10\n"
                                   "	LoadInt r8, 1\n"
                                   "next:\n"
                                   "	ModI r4, r0, r3\n"
                                   "	AddI r5, r4, r8\n"
                                   "	StrSlice r6, r2, r4\n"
                                   "	StrConcat r1, r6, r1\n"
                                   "	DivI r0, r0, r3\n"
                                   "	JumpIf r0, next\n"
                                   "	Return r1, 1\n"
                                   "}\n"
                                   "fn deep params=1 locals=60 results=1 {\n"
                                   "	JumpIfNot r0, last\n"
                                   "	Copy r1, r0\n"
                                   "	Call @text, r1 args=1 results=1\n"
                                   "	LoadInt r2, 1\n"
                                   "	SubI r3, r0, r2\n"
                                   "	Call @deep, r3 args=1 results=1\n"
                                   "	Copy r4, r0\n"
                                   "	Call @text, r4 args=1 results=1\n"
                                   "	StrNe r4, r1, r4\n"
                                   "	AddI r3, r3, r4\n"
                                   "	Return r3, 1\n"
                                   "last:\n"
                                   "	Return r0, 1\n"
                                   "}\n"
                                   "fn main {\n"
                                   "	LoadConst r0, 60000\n"
                                   "	Call @deep, r0 args=1 results=1\n"
                                   "	IfaceAssign r2, r0, iface(int), int\n"
                                   "	CallExtern @vo_println, r2, r2 args=2\n"
                                   "	Return r0, 0\n"
                                   "}\n";

/* Makes garbage until it is told to stop: its spaces of text fill the collector's heap. */
static const char litter_program[] = "module litter\n"
                                     "entry @main\n"
                                     "native going results=1\n"
                                     "fn main {\n"
                                     "	StrNew r0, \"some text that is copied, longer each time; \"\n"
                                     "	LoadInt r4, 12\n"
                                     "again:\n"
                                     "	Copy r1, r0\n"
                                     "	LoadInt r3, 0\n"
                                     "longer:\n"
                                     "	StrConcat r1, r1, r1\n"
                                     "	ForLoop r3, r4, longer\n"
                                     "	CallExtern @going, r2, r2 args=0\n"
                                     "	JumpIf r2, again\n"
                                     "	Return r0, 0\n"
                                     "}\n";

static atomic_bool going;

static volt_native_result is_going(volt_native_call *call) {
	call->results[0] = atomic_load(&going);
	return VOLT_NATIVE_OK;
}

static void *make_litter(void *unused) {
	(void)unused;
	volt_module *module;
	volt_vm *vm;
	int status;
	ck_assert_ptr_null(volt_module_assemble(litter_program, strlen(litter_program), "litter.vot", &module));
	ck_assert_ptr_null(volt_module_verify(module));
	ck_assert_ptr_null(volt_vm_new(module, NULL, &vm));
	ck_assert_ptr_null(volt_vm_register_native(vm, "going", is_going, NULL, VOLT_PERMIT_NOTHING));
	ck_assert_ptr_null(volt_vm_run(vm, &status));
	volt_vm_free(vm);
	volt_module_free(module);
	return NULL;
}

START_TEST(no_string_is_lost_while_frames_are_left) {
	pthread_t thread;
	atomic_store(&going, true);
	ck_assert_int_eq(pthread_create(&thread, NULL, make_litter, NULL), 0);
	run_result result = run_program((run_request){.text = deep_program, .preset = presets[_i]});
	atomic_store(&going, false);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_ptr_null(result.error);
	ck_assert_str_eq(result.output.bytes, "0\n");
	if (presets[_i])
		ck_assert_uint_ge(result.exits[VOLT_STATUS_YIELD], 1);
	run_result_free(&result);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier collecting");
	TCase *cases = tcase_create("every preset, and the interpreter");
	tcase_set_timeout(cases, 120);
	tcase_add_loop_test(cases, no_string_is_lost_while_frames_are_left, 0, preset_count() + 1);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
