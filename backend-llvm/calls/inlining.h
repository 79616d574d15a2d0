/*
 * Which callees become part of their callers. Each call that is inlined has a copy of its own, an LLVM
 * function that only this call calls: how deep copies stand in each other, and how large all of them are, is
 * then known when a call is lowered.
 */
#ifndef CALLS_INLINING_H
#define CALLS_INLINING_H

#include "ir/lowering.h"

typedef struct inlined_copy {
	uint32_t function;
	uint32_t caller_function;
	uint32_t depth;                    /* copies that it stands in, itself included */
	const struct inlined_copy *caller; /* the copy that calls it; NULL: the form that the unit is made for */
	LLVMValueRef v_function;
	struct inlined_copy *next;
} inlined_copy;

/* Of a unit, in the order in which they were asked for, which is that of their depth. */
typedef struct {
	inlined_copy *first, *last;
	uint64_t instructions;        /* of all of them */
	uint64_t nested_instructions; /* of those that stand in others */
} inlined_copies;

/* Can a call of `callee` that is being lowered go to a copy, if there is room for it? */
bool can_be_copied(const function_lowering *caller, uint32_t callee);

/* Does it stay a call only because the profile says that it is not executed? */
bool is_left_out(const function_lowering *caller, uint32_t callee);

/* Code of the function itself that is lowered a second time. False: there is no room for it. */
bool count_as_copied(function_lowering *lowering, uint32_t instructions);

/* The copy that the call of `callee` that is being lowered goes to; NULL: it stays a call. */
LLVMValueRef inlined_callee(function_lowering *caller, uint32_t callee);

void inlined_copies_dispose(inlined_copies *copies);

#endif
