/*
 * A small cache of what a call site of closures or methods has called, by the closure's function or by the
 * value's dispatch table. The host fills it (volt/tier.h, VOLT_CALL_CACHE_WORDS).
 */
#ifndef LOWER_DISPATCH_CACHE_H
#define LOWER_DISPATCH_CACHE_H

#include "ir/lowering.h"

/* An empty one, for the site that is being lowered. */
LLVMValueRef new_dispatch_cache(module_lowering *module);

/* The callee's index (i64). A miss goes to `b_host`. */
LLVMValueRef look_up_in_cache(function_lowering *lowering, LLVMValueRef v_cache, LLVMBasicBlockRef b_host);

/* Goes to `b_host`, where the host makes the call, if the condition holds. */
void leave_to_host_if(function_lowering *lowering, LLVMValueRef v_condition, LLVMBasicBlockRef b_host);

#endif
