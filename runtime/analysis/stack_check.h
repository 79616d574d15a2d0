/* Where a function must look at what is left of the native stack. */
#ifndef ANALYSIS_STACK_CHECK_H
#define ANALYSIS_STACK_CHECK_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

enum { STACK_CHECK_NEVER = UINT32_MAX };

/*
 * The start of the last basic block that every path to a call passes through, outside of all loops;
 * STACK_CHECK_NEVER if the function calls nothing. Paths that call nothing have no check. A recursion,
 * endless or deep, still makes one in each frame, and what calls nothing needs at most one frame below the
 * limit, which the limit leaves room for.
 */
uint32_t volt_stack_check_pc(const volt_function *function);

VOLT_DECLARATIONS_END

#endif
