/* Arguments of a counted call, from the words of the command line. */
#ifndef COUNTS_ARGUMENTS_H
#define COUNTS_ARGUMENTS_H

#include "count.h"

/* Any integer of 64 bits, in C's spelling. Errors: VOLT_ERROR_ARGUMENT. */
volt_error *argument_number(const char *text, uint64_t *value);

/*
 * Adds one more argument: a number, or "slice:COUNT:ELEMENT", a slice whose elements are ELEMENT bytes of
 * zeros each, or slices if ELEMENT is such a word itself. free(call->data) is the caller's in any case.
 * Errors: VOLT_ERROR_ARGUMENT, VOLT_ERROR_LIMIT, VOLT_ERROR_MEMORY.
 */
volt_error *argument_add(counted_call *call, const char *text);

#endif
