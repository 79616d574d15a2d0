/* Whole programs in a real VM that wait for the outside, and what such a VM leaves behind. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "extern/os/descriptors.h"
#include "volt/bytecode.h"
#include "volt/verify.h"
#include "volt/vm.h"
#include "volt/vot.h"

static char output[256];
static size_t output_length;

static void take_output(void *user, int stream, const void *bytes, size_t length) {
	(void)user;
	(void)stream;
	ck_assert_uint_lt(output_length + length, sizeof output);
	memcpy(output + output_length, bytes, length);
	output_length += length;
	output[output_length] = '\0';
}

/* Runs a program; the kind of its error, or 0 with its exit status. Afterwards nothing is open any more. */
static int run(const char *text, size_t max_heap_bytes, int *exit_status) {
	volt_module *module = NULL;
	volt_error *error = volt_module_assemble(text, strlen(text), "test", &module);
	ck_assert_msg(error == NULL, "%s", error != NULL ? volt_error_message(error) : "");
	error = volt_module_verify(module);
	ck_assert_msg(error == NULL, "%s", error != NULL ? volt_error_message(error) : "");
	volt_vm *vm = NULL;
	volt_vm_options options = {
	    .permissions = VOLT_PERMIT_ALL, .output = take_output, .max_heap_bytes = max_heap_bytes};
	ck_assert_ptr_null(volt_vm_new(module, &options, &vm));
	output_length = 0;
	output[0] = '\0';
	error = volt_vm_run(vm, exit_status);
	int kind = error != NULL ? (int)volt_error_get_kind(error) : 0;
	volt_error_free(error);
	volt_vm_free(vm);
	volt_module_free(module);
	ck_assert_uint_eq(descriptors_open(), 0);
	return kind;
}

#define NATIVES \
	"native net_listen results=3\nnative net_tcpListenerAddr results=3\nnative net_dial results=3\n" \
	"native net_blocking_tcpListenerAccept results=3\nnative net_blocking_tcpConnRead results=3\n" \
	"native net_blocking_tcpConnWrite results=3\nnative vo_conv_str_bytes results=1\n" \
	"native vo_conv_bytes_str results=1\nnative fmt_nativeWrite results=0\nnative os_nativeExit results=0\n" \
	"native os_nativePipe results=4\nnative os_blocking_fileRead results=3\nnative os_nativeReadFile " \
	"results=3\n" \
	"native os_exec_runCaptureOutput results=3\n"

/* One goroutine accepts and reads while another dials and writes; neither closes anything. */
START_TEST(two_goroutines_talk) {
	int status = -1;
	int kind = run(NATIVES "entry @main\n"
	                       "fn client params=1 locals=10 {\n"
	                       "	StrNew r1, \"tcp\"\n	Copy r2, r0\n	LoadInt r3, 0\n"
	                       "	CallExtern @net_dial, r4, r1 args=3\n"
	                       "	StrNew r7, \"hello\"\n"
	                       "	CallExtern @vo_conv_str_bytes, r8, r7 args=1\n"
	                       "	Copy r7, r4\n"
	                       "	CallExtern @net_blocking_tcpConnWrite, r1, r7 args=2\n"
	                       "	Return r0, 0\n}\n"
	                       "fn main locals=12 {\n"
	                       "	StrNew r0, \"tcp\"\n	StrNew r1, \"127.0.0.1:0\"\n"
	                       "	CallExtern @net_listen, r2, r0 args=2\n"
	                       "	CallExtern @net_tcpListenerAddr, r5, r2 args=1\n"
	                       "	GoStart @client, r5 args=1\n"
	                       "	CallExtern @net_blocking_tcpListenerAccept, r5, r2 args=1\n"
	                       "	StrNew r9, \".....\"\n"
	                       "	CallExtern @vo_conv_str_bytes, r6, r9 args=1\n"
	                       "	CallExtern @net_blocking_tcpConnRead, r7, r5 args=2\n"
	                       "	CallExtern @vo_conv_bytes_str, r0, r6 args=1\n"
	                       "	CallExtern @fmt_nativeWrite, r0, r0 args=1\n"
	                       "	Return r0, 0\n}\n",
	               0, &status);
	ck_assert_int_eq(kind, 0);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(output, "hello");
}
END_TEST

/* The program ends while a goroutine waits for a pipe. */
START_TEST(the_end_of_a_program_ends_its_waits) {
	int status = -1;
	int kind = run(NATIVES "entry @main\n"
	                       "fn reader params=2 locals=8 {\n"
	                       "	CallExtern @os_blocking_fileRead, r2, r0 args=2\n"
	                       "	Return r0, 0\n}\n"
	                       "fn main locals=12 {\n"
	                       "	CallExtern @os_nativePipe, r0, r0 args=0\n"
	                       "	StrNew r9, \".....\"\n"
	                       "	CallExtern @vo_conv_str_bytes, r1, r9 args=1\n"
	                       "	GoStart @reader, r0 args=2\n"
	                       "	StrNew r0, \"/bin/sh\"\n	LoadInt r1, 0\n	LoadInt r2, 0\n	LoadInt r3, 0\n"
	                       "	LoadInt r4, 0\n"
	                       "	CallExtern @os_exec_runCaptureOutput, r5, r0 args=5\n"
	                       "	LoadInt r0, 5\n"
	                       "	CallExtern @os_nativeExit, r0, r0 args=1\n"
	                       "	Return r0, 0\n}\n",
	               0, &status);
	ck_assert_int_eq(kind, 0);
	ck_assert_int_eq(status, 5);
}
END_TEST

/* The program ends while a thread looks up a name for a goroutine, in memory that is not the VM's. */
START_TEST(the_end_of_a_program_while_a_thread_works) {
	for (int i = 0; i < 5; i++) {
		int status = -1;
		int kind = run(NATIVES "native net_lookupHost results=3\nentry @main\n"
		                       "fn asker locals=8 {\n"
		                       "	StrNew r0, \"localhost\"\n"
		                       "	CallExtern @net_lookupHost, r2, r0 args=1\n"
		                       "	Return r0, 0\n}\n"
		                       "fn main locals=12 {\n"
		                       "	GoStart @asker, r0 args=0\n"
		                       "	GoStart @leave, r0 args=0\n"
		                       "	Return r0, 0\n}\n"
		                       "fn leave locals=2 {\n"
		                       "	LoadInt r0, 6\n"
		                       "	CallExtern @os_nativeExit, r0, r0 args=1\n"
		                       "	Return r0, 0\n}\n",
		               0, &status);
		ck_assert_int_eq(kind, 0);
		ck_assert_int_eq(status, 6);
	}
}
END_TEST

/* A file without an end meets the heap's limit, and does not stay open. */
START_TEST(endless_files_meet_the_heap_limit) {
	int status = -1;
	int kind = run(NATIVES "entry @main\n"
	                       "fn main locals=4 {\n"
	                       "	StrNew r0, \"/dev/zero\"\n"
	                       "	CallExtern @os_nativeReadFile, r1, r0 args=1\n"
	                       "	Return r0, 0\n}\n",
	               32 << 20, &status);
	ck_assert_int_eq(kind, VOLT_ERROR_MEMORY);
}
END_TEST

/* Values that name each other grow without bound: the heap's limit ends it, not the machine's memory. */
START_TEST(expansion_meets_the_heap_limit) {
	/*
	 * In the order of the environment, each value comes before those that it names: 8 to the power of 25
	 * letters.
	 */
	char *entries[27] = {0};
	char texts[26][32];
	for (int i = 0; i < 26; i++) {
		char next[3] = {'$', (char)('B' + i), 0};
		snprintf(texts[i], sizeof texts[i], "%c=%s%s%s%s%s%s%s%s", 'A' + i, next, next, next, next, next,
		         next, next, next);
		entries[i] = texts[i];
	}
	char **before = environ;
	environ = entries;
	int status = -1;
	int kind = run("native os_nativeExpandEnv results=1\nentry @main\n"
	               "fn main locals=4 {\n"
	               "	StrNew r0, \"$A\"\n"
	               "	CallExtern @os_nativeExpandEnv, r1, r0 args=1\n"
	               "	Return r0, 0\n}\n",
	               4 << 20, &status);
	environ = before;
	ck_assert_int_eq(kind, VOLT_ERROR_MEMORY);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("outside programs");
	TCase *one_case = tcase_create("programs");
	tcase_set_timeout(one_case, 60);
	tcase_add_test(one_case, two_goroutines_talk);
	tcase_add_test(one_case, the_end_of_a_program_ends_its_waits);
	tcase_add_test(one_case, the_end_of_a_program_while_a_thread_works);
	tcase_add_test(one_case, endless_files_meet_the_heap_limit);
	tcase_add_test(one_case, expansion_meets_the_heap_limit);
	suite_add_tcase(suite, one_case);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
