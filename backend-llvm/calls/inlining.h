/* Which callees become part of their callers. */
#ifndef CALLS_INLINING_H
#define CALLS_INLINING_H

#include "ir/lowering.h"

/* Is the call of `callee` that is being lowered built into its caller? */
bool becomes_part_of(const function_lowering *caller, uint32_t callee);

#endif
