/* See machine.h. */
#include "machine.h"
#include "volt/verify.h"
#include "volt/vot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void capture(void *user, int stream, const void *bytes, size_t length) {
	outcome *result = user;
	const size_t used = strlen(result->output);
	ck_assert_int_eq(stream, 1);
	ck_assert_uint_lt(used + length, sizeof result->output);
	memcpy(result->output + used, bytes, length);
	result->output[used + length] = 0;
}

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

static void must(volt_error *error) {
	if (error)
		ck_abort_msg("%s", volt_error_message(error));
}

static volt_vm *make(const volt_module *module, const volt_vm_options *options, const test_native *natives,
                     outcome *result) {
	volt_vm_options changed = options ? *options : (volt_vm_options){0};
	changed.output = capture;
	changed.output_user = result;
	changed.permissions = VOLT_PERMIT_ALL;
	volt_vm *vm;
	must(volt_vm_new(module, &changed, &vm));
	must(volt_vm_register_native(vm, "log", native_log, NULL, VOLT_PERMIT_NOTHING));
	for (; natives && natives->name; natives++) {
		must(volt_vm_register_native(vm, natives->name, natives->function, natives->user,
		                             VOLT_PERMIT_NOTHING));
	}
	return vm;
}

outcome run_with(const char *program, const volt_vm_options *options, const test_native *natives) {
	outcome result = {0};
	volt_module *module;
	must(volt_module_assemble(program, strlen(program), "test.vot", &module));
	must(volt_module_verify(module));
	volt_vm *vm = make(module, options, natives, &result);
	volt_error *error = volt_vm_run(vm, &result.exit_status);
	if (error) {
		result.kind = volt_error_get_kind(error);
		snprintf(result.message, sizeof result.message, "%s", volt_error_message(error));
		volt_error_free(error);
	}
	snprintf(result.trace, sizeof result.trace, "%s", volt_vm_trace(vm));
	volt_vm_free(vm);
	volt_module_free(module);
	return result;
}

outcome run(const char *program) {
	return run_with(program, NULL, NULL);
}

static void expect_output_with(const char *program, const char *output, const volt_vm_options *options) {
	const outcome result = run_with(program, options, NULL);
	ck_assert_str_eq(result.message, "");
	ck_assert_str_eq(result.output, output);
	ck_assert_int_eq(result.exit_status, 0);
}

void expect_output(const char *program, const char *output) {
	expect_output_with(program, output, NULL);
	expect_output_with(program, output, &(volt_vm_options){.testing.collect_at_every_allocation = true});
}

void expect_panic(const char *program, const char *message) {
	const outcome result = run(program);
	ck_assert_str_eq(result.message, message);
	ck_assert_int_eq(result.kind, VOLT_ERROR_PANIC);
	ck_assert_int_eq(result.exit_status, 1);
}

int run_suite(const char *name, const named_test *tests) {
	Suite *suite = suite_create(name);
	for (; tests->name; tests++) {
		TCase *item = tcase_create(tests->name);
		tcase_set_timeout(item, 60);
		tcase_add_test(item, tests->test);
		suite_add_tcase(suite, item);
	}
	SRunner *runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_NOFORK);
	srunner_run_all(runner, CK_NORMAL);
	const int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
