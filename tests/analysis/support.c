/* Assembling, and running suites. */
#include "support.h"
#include "volt/verify.h"
#include "volt/vot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail_on(volt_error *error) {
	if (error)
		ck_abort_msg("%s", volt_error_message(error));
}

volt_module *assemble(const char *text) {
	char *whole;
	int length = asprintf(&whole, "module test\nentry @main\n%s", text);
	ck_assert_int_gt(length, 0);
	volt_module *module;
	fail_on(volt_module_assemble(whole, (size_t)length, "test.vot", &module));
	fail_on(volt_module_verify(module));
	free(whole);
	return module;
}

uint32_t function_named(const volt_module *module, const char *name) {
	for (uint32_t i = 0; i < module->functions.count; i++) {
		volt_text found = module->functions.items[i].name;
		if (found.length == strlen(name) && memcmp(found.bytes, name, found.length) == 0)
			return i;
	}
	ck_abort_msg("no function %s", name);
}

int run_suite(const char *name, const listed_test *tests) {
	Suite *suite = suite_create(name);
	TCase *cases = tcase_create(name);
	tcase_set_timeout(cases, 300);
	for (const listed_test *listed = tests; listed->test; listed++)
		tcase_add_loop_test(cases, listed->test, 0, listed->count ? listed->count : 1);
	suite_add_tcase(suite, cases);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
