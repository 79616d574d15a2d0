/* Deferred calls that a function makes itself: what those in slots and those in a list have in common. */
#ifndef LOWER_DEFER_H
#define LOWER_DEFER_H

#include "calls/convention.h"

/* What a deferred call goes to. */
typedef struct {
	LLVMValueRef v_host;  /* i1: the host must make it */
	LLVMValueRef v_code;  /* else this is called; NULL: it always must */
	LLVMValueRef v_index; /* i64: its function, if only the closure names it */
	uint32_t like;        /* then: a function that is called like it */
} deferred_target;

/* May it be pending at the Return that is lowered? */
bool deferred_call_is_made_here(const function_lowering *lowering, uint32_t i);

/* `v_closure`: the call's own, which may be nil; NULL: it has none. May go on in a new block. */
deferred_target deferred_call_find(function_lowering *lowering, const deferred_call *call,
                                   LLVMValueRef v_closure);

/* Makes the call whose closure and arguments stand in its slots, and which is not pending any more. */
void deferred_call_make(function_lowering *lowering, const deferred_call *call,
                        const deferred_target *target);

/* Those in a list: a DeferPush, and what a Return does. */
void push_in_list(function_lowering *lowering, const deferred_call *call);
void make_calls_in_list(function_lowering *lowering);

#endif
