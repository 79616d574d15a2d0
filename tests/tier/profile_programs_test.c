/*
 * Programs do the same when every slice is profiled: interpreted to the end, and compiled at the first call
 * or loop round. What is expected lies beside them (tests/programs/README.md).
 */
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

enum { EVERY_SLICE = 1, AT_ONCE = 1, NEVER_HOT = 1u << 30 };
enum { STACK_SLOTS = 4 << 20 }; /* 32 MiB: some programs fill theirs again and again */

static glob_t own, conformance;

/* The file beside a program with another ending; an empty buffer if there is none. */
static buffer read_beside(const char *program, const char *ending) {
	char path[4096];
	buffer content = {0};
	const char *dot = strrchr(program, '.');
	snprintf(path, sizeof path, "%.*s%s", (int)(dot - program), program, ending);
	FILE *file = fopen(path, "rb");
	if (!file)
		return content;
	char bytes[4096];
	for (size_t read; (read = fread(bytes, 1, sizeof bytes, file)) > 0;)
		buffer_append(&content, bytes, read);
	fclose(file);
	return content;
}

static int expected_status(const char *program) {
	buffer text = read_beside(program, ".rc");
	buffer_append(&text, "", 1);
	int status = atoi((const char *)text.bytes);
	buffer_free(&text);
	return status;
}

/* As the command ends (runtime/cli/command.c). */
static int status_of(const run_result *result) {
	if (!result->error)
		return result->exit_status;
	return result->error_kind == VOLT_ERROR_VERIFY ? 3 : 1;
}

static void check_program(const char *program, uint64_t threshold) {
	run_result result = run_program((run_request){.file = program,
	                                              .automatic = true,
	                                              .threshold = threshold,
	                                              .profile_period = EVERY_SLICE,
	                                              .with_ticker = true,
	                                              .max_stack_slots = STACK_SLOTS,
	                                              .permissions = VOLT_PERMIT_ALL});
	buffer output = read_beside(program, ".out");
	int status = status_of(&result);
	ck_assert_msg(status == expected_status(program), "%s: exit status %d: %s", program, status,
	              result.error);
	ck_assert_msg(output.length == result.output.length &&
	                  (output.length == 0 || memcmp(output.bytes, result.output.bytes, output.length) == 0),
	              "%s: other output: %.*s", program, (int)result.output.length, result.output.bytes);
	buffer_free(&output);
	run_result_free(&result);
}

START_TEST(own_program_interpreted) {
	check_program(own.gl_pathv[_i], NEVER_HOT);
}
END_TEST

START_TEST(own_program_compiled_at_once) {
	check_program(own.gl_pathv[(size_t)_i * SWEEP_STRIDE], AT_ONCE);
}
END_TEST

START_TEST(conformance_program_interpreted) {
	check_program(conformance.gl_pathv[_i], NEVER_HOT);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier profile programs");
	TCase *cases = tcase_create("every slice profiled");
	tcase_set_timeout(cases, 120);
	if (glob(PROGRAMS "/*.vot", 0, NULL, &own))
		return EXIT_FAILURE;
	tcase_add_loop_test(cases, own_program_interpreted, 0, (int)own.gl_pathc);
	tcase_add_loop_test(cases, own_program_compiled_at_once, 0, (int)own.gl_pathc / SWEEP_STRIDE);
	if (glob(SHARED_PROGRAMS "/*.vob", 0, NULL, &conformance) == 0)
		tcase_add_loop_test(cases, conformance_program_interpreted, 0, (int)conformance.gl_pathc);
	suite_add_tcase(suite, cases);
	int status = run_suite(suite);
	globfree(&own);
	globfree(&conformance);
	return status;
}
