/*
 * The verifier: what must hold before a module may be run or compiled.
 *
 * Threads: any; the module is only read.
 */
#ifndef VOLT_VERIFY_H
#define VOLT_VERIFY_H

#include "volt/bytecode.h"
#include "volt/error.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/*
 * Checks every rule that the interpreter and compiled code rely on: opcodes, slot ranges, call shapes, jump
 * targets, indices of constants, types, functions, globals and natives, and that no path falls off the end.
 * What is promised afterwards, and what is not: runtime/bytecode/README.md, "What the verifier promises, and
 * what executors must still check". NULL if the module keeps them all; else VOLT_ERROR_VERIFY with the
 * function, pc and reason of the first one that is broken, or VOLT_ERROR_MEMORY.
 */
volt_error *volt_module_verify(const volt_module *module);

VOLT_DECLARATIONS_END

#endif
