/*
 * One way out of the reader and the assembler: the first error ends the whole run. Everything that they
 * allocate lies in the module's arena, so there is nothing to undo on the way.
 */
#ifndef BYTECODE_MODEL_FAILURE_H
#define BYTECODE_MODEL_FAILURE_H

#include <setjmp.h>

#include "volt/error.h"

typedef struct {
	jmp_buf jump;
	volt_error *error;
} failure;

_Noreturn static inline void failure_raise(failure *place, volt_error *error) {
	place->error = error;
	longjmp(place->jump, 1);
}

#endif
