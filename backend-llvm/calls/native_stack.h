/* Looking at what is left of the native stack: the `check` axis. */
#ifndef CALLS_NATIVE_STACK_H
#define CALLS_NATIVE_STACK_H

#include "ir/emit.h"

/*
 * Makes the check of a form that has just been entered, or sets `stack_check_pc` to where the form makes it.
 */
void place_native_stack_check(function_lowering *lowering);

/* Leaves if the native stack is nearly used up; the function continues at `pc`. */
void native_stack_check(function_lowering *lowering, uint32_t pc);

/* The limit in this field of the context. Other threads change it, so the load is atomic. */
LLVMValueRef read_stack_limit(function_lowering *lowering, volt_context_field field,
                              LLVMAtomicOrdering ordering);

#endif
