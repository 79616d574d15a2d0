/* Real modules: read, verified, and round-tripped through both forms. */
#include <stdio.h>
#include <stdlib.h>

#include "support.h"
#include "volt/verify.h"

static void check_program(const char *path) {
	volt_module *module;
	volt_error *error = volt_module_read_file(path, &module);
	if (!error)
		error = volt_module_verify(module);
	if (error)
		ck_abort_msg("%s", volt_error_message(error));
	volt_module_free(module);
	FILE *stream = fopen(path, "rb");
	ck_assert_ptr_nonnull(stream);
	static uint8_t data[1 << 20];
	size_t size = fread(data, 1, sizeof data, stream);
	fclose(stream);
	assert_round_trip(data, size, path);
}

START_TEST(conformance_programs) {
	each_shared_program("conformance", check_program);
}
END_TEST

START_TEST(bench_programs) {
	each_shared_program("bench", check_program);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("programs");
	TCase *tests = tcase_create("shared");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, conformance_programs);
	tcase_add_test(tests, bench_programs);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
