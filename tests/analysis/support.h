/* Modules from text, for the suites of the analyses. */
#ifndef TESTS_ANALYSIS_SUPPORT_H
#define TESTS_ANALYSIS_SUPPORT_H

#include <check.h>

#include "volt/bytecode.h"

/* "module test" and the entry @main are put before the text; both assembled and verified. */
volt_module *assemble(const char *text);

/* The index of a function that is there. */
uint32_t function_named(const volt_module *module, const char *name);

/* Fails with the error's message, if there is one. */
void fail_on(volt_error *error);

/* Runs a suite of one case and gives main's exit status. */
typedef struct {
	const TTest *test;
	int count; /* how often, as a loop test; 0: once */
} listed_test;
int run_suite(const char *name, const listed_test *tests);

#endif
