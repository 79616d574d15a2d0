/* Helpers of the suites: from text or bytes to modules and back, failing the test on the way. */
#include "support.h"
#include "volt/verify.h"
#include "volt/vob.h"
#include "volt/vot.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_no_error(volt_error *error) {
	if (error)
		ck_abort_msg("%s", volt_error_message(error));
}

volt_module *assembled(const char *text) {
	volt_module *module;
	assert_no_error(volt_module_assemble(text, strlen(text), "t.vot", &module));
	return module;
}

volt_module *read_bytes(const uint8_t *data, size_t size) {
	volt_module *module;
	assert_no_error(volt_module_read(data, size, "t.vob", &module));
	return module;
}

bytes written(const volt_module *module) {
	bytes result;
	assert_no_error(volt_module_write(module, &result.data, &result.size));
	return result;
}

char *disassembled(const volt_module *module) {
	char *text;
	size_t size;
	assert_no_error(volt_module_disassemble(module, &text, &size));
	ck_assert_uint_eq(strlen(text), size);
	return text;
}

/* Takes out " at t.vot:LINE", which each message about an instruction has: the tables of rules leave it out.
 */
static void remove_line(const char *message, char *without) {
	static const char line[] = " at t.vot:";
	const char *at = strstr(message, line);
	if (!at) {
		ck_assert_ptr_null(strstr(message, "), pc "));
		strcpy(without, message);
		return;
	}
	const char *digits = at + strlen(line), *behind = digits + strspn(digits, "0123456789");
	ck_assert_ptr_ne(behind, digits);
	sprintf(without, "%.*s%s", (int)(at - message), message, behind);
}

void assert_refused(const char *text, const char *message) {
	volt_module *module;
	volt_error *error = volt_module_assemble(text, strlen(text), "t.vot", &module);
	if (!error)
		error = volt_module_verify(module);
	if (!error)
		ck_abort_msg("accepted, but expected: %s", message);
	char *without = malloc(strlen(volt_error_message(error)) + 1);
	remove_line(volt_error_message(error), without);
	ck_assert_str_eq(without, message);
	free(without);
	volt_error_free(error);
	volt_module_free(module);
}

void assert_accepted(const char *text) {
	volt_module *module = assembled(text);
	assert_no_error(volt_module_verify(module));
	volt_module_free(module);
}

static void assert_same(const uint8_t *data, size_t size, const volt_module *module, const char *what) {
	bytes again = written(module);
	ck_assert_msg(again.size == size && memcmp(again.data, data, size) == 0, "%s: other bytes", what);
	free(again.data);
}

void assert_round_trip(const uint8_t *data, size_t size, const char *what) {
	volt_module *module = read_bytes(data, size);
	assert_same(data, size, module, what);
	char *text = disassembled(module);
	volt_module *from_text = assembled(text);
	assert_same(data, size, from_text, what);
	volt_module_free(from_text);
	volt_module_free(module);
	free(text);
}

uint32_t next_random(uint64_t *state) {
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 16);
}

int run_suite(Suite *suite) {
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int each_shared_program(const char *folder, void (*visit)(const char *path)) {
	char pattern[1024];
	glob_t found;
	snprintf(pattern, sizeof pattern, "%s/%s/*.vob", VOLT_SHARED_PROGRAMS, folder);
	int count = 0;
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			visit(found.gl_pathv[i]);
		count = (int)found.gl_pathc;
	}
	globfree(&found);
	if (!count)
		fprintf(stderr, "skipped: ../shared is not there\n");
	return count;
}
