/* What LLVM has to say of a context's code: kept instead of printed, and an error does not end the process.
 */
#ifndef GUARD_DIAGNOSTICS_H
#define GUARD_DIAGNOSTICS_H

#include <llvm-c/Core.h>

#include "volt/error.h"

enum { DIAGNOSTIC_SIZE = 256 };

typedef struct {
	char text[DIAGNOSTIC_SIZE]; /* the first error; "": there was none */
} diagnostics;

/* `kept` must live as long as the context. Warnings and remarks are dropped. */
void diagnostics_keep(LLVMContextRef context, diagnostics *kept);

/* "WHAT: TEXT"; NULL without an error. */
volt_error *diagnostics_error(const diagnostics *kept, const char *what);

#endif
