/* Which callees become part of their callers. */
#ifndef CALLS_INLINING_H
#define CALLS_INLINING_H

#include "ir/lowering.h"

/* Is the call of `callee` that is being lowered built into its caller? Then it counts as a part of it. */
bool become_part_of(function_lowering *caller, uint32_t callee);

#endif
