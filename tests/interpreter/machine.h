/* Running programs in text form through the public interface, with what they print captured. */
#ifndef TEST_EXEC_MACHINE_H
#define TEST_EXEC_MACHINE_H

#include <check.h>

#include "volt/vm.h"

/* How a program ended. */
typedef struct {
	char output[8192];
	char trace[8192];
	char message[512];    /* of the error; "" if there was none */
	volt_error_kind kind; /* of the error; 0 if there was none */
	int exit_status;
} outcome;

/*
 * A native to register beside `log`, which prints its argument slots as signed numbers, one line for each
 * call.
 */
typedef struct {
	const char *name;
	volt_native_function function;
	void *user;
} test_native;

/*
 * Assembles, verifies and runs a program. `options` may be NULL; `natives` ends with a NULL name and may
 * be NULL.
 */
outcome run_with(const char *program, const volt_vm_options *options, const test_native *natives);
outcome run(const char *program);

/*
 * Asserts that the program ends well and prints exactly this, also when the collector runs at every
 * allocation.
 */
void expect_output(const char *program, const char *output);

/* Asserts an uncaught panic with this text. */
void expect_panic(const char *program, const char *message);

/* Runs a suite with these tests; the result is main()'s. */
typedef struct {
	const char *name;
	const TTest *test;
} named_test;
int run_suite(const char *name, const named_test *tests);

#endif
