/*
 * A stand-in for the VM for natives that reach outside: several calls at once, each like a fiber of its own,
 * waits on a real event loop, and a module with an error type, so that errors can be read.
 */
#ifndef TESTS_EXTERN_OUTSIDE_HOST_H
#define TESTS_EXTERN_OUTSIDE_HOST_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "extern/registry.h"
#include "extern/support.h"

enum { OUTSIDE_SLOTS = 24 };

/* A call in progress or over. It must not move while it waits. */
typedef struct {
	native_binding binding;
	volt_native_call call;
	volt_slot arguments[OUTSIDE_SLOTS];
	volt_slot results[OUTSIDE_SLOTS];
	volt_native_result ended; /* VOLT_NATIVE_WAIT: it still waits */
} outside_call;

/* Begins a call with these argument slots. */
void outside_begin(outside_call *made, const char *name, const volt_slot *arguments, size_t count);
#define BEGIN(made, name, ...) \
	outside_begin((made), (name), (const volt_slot[]){__VA_ARGS__}, \
	              sizeof((const volt_slot[]){__VA_ARGS__}) / sizeof(volt_slot))

/* Runs the event loop until the call is over. Fails the test after some seconds. */
void outside_finish(outside_call *made);

/* Runs the event loop for a moment; is the call still waiting? */
bool outside_still_waits(outside_call *made);

/* Gives up a call that waits, as the end of a VM does. */
void outside_abandon(outside_call *made);

/* Begins and finishes. The result is valid until the next CALL. */
const volt_slot *outside_call_native(const char *name, const volt_slot *arguments, size_t count);
#define CALL(name, ...) \
	outside_call_native((name), (const volt_slot[]){__VA_ARGS__}, \
	                    sizeof((const volt_slot[]){__VA_ARGS__}) / sizeof(volt_slot))
#define CALL0(name) outside_call_native((name), NULL, 0)

/* Calls it without any slot for arguments or results. */
void outside_without_results(const char *name);

/* The permissions of later calls; all at the start of each test. The text of the last panic. */
void outside_allow(unsigned permissions);
const char *outside_panic(void);
int outside_exit_status(void);
/* What was written to standard output (1) or standard error (2). */
const char *outside_output(int stream);
/* From now on the VM has no output function. */
void outside_use_process_streams(void);
/* How often a native asked for what was kept back of the output to be written. */
unsigned outside_flushes(void);

/* ---- Values ---- */

volt_slot string(const char *text);
volt_slot bytes(const char *text);   /* a []byte of the text */
volt_slot zero_bytes(size_t length); /* a []byte of zeros */
volt_slot strings(const char *const *texts, size_t count);
#define STRINGS(...) \
	strings((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* A C copy of a string or []byte, freed at the end of the test; the text of an error, "<nil>" for none. */
const char *text_of(volt_slot string);
const char *error_text(const volt_slot error[2]);
bool same_error(const volt_slot left[2], const volt_slot right[2]);

#define ASSERT_NO_ERROR(error) ck_assert_str_eq(error_text(error), "<nil>")
#define ASSERT_ERROR(error, text) ck_assert_str_eq(error_text(error), text)

/* ---- Suites ---- */

/* A new directory that is removed at the end of the test. */
const char *temporary_directory(void);
/* "DIRECTORY/name", freed at the end of the test. */
const char *path_in(const char *directory, const char *name);

/* main() of a suite. Every test must leave no descriptor open, in the table or in the process. */
int outside_run(const char *suite, const TTest *const *tests, size_t count);
#define OUTSIDE_MAIN(suite, ...) \
	int main(void) { \
		const TTest *const all[] = {__VA_ARGS__}; \
		return outside_run((suite), all, sizeof all / sizeof *all); \
	}

#endif
