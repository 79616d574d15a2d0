/* What the optimiser is told of paths that only exits take: the `hints` axis. */
#ifndef CALLS_HINTS_H
#define CALLS_HINTS_H

#include "ir/emit.h"

/* Tells that a branch is taken to its first block only when something unusual happens. */
void hint_unlikely(function_lowering *lowering, LLVMValueRef v_branch);

/* Gives every helper without a result the thunk that cold paths call, if the hints ask for one. */
void make_cold_thunks(module_lowering *module);

/* What cold paths call for a helper: its thunk, which is made when it is first asked for, or itself. */
LLVMValueRef cold_helper(module_lowering *module, volt_helper helper);

/* Marks a function of the unit as one that only exits call. */
void hint_cold_function(module_lowering *module, LLVMValueRef v_function);

/* Calls a helper of the host as only an exit does. */
void call_cold_helper(function_lowering *lowering, volt_helper helper, LLVMValueRef *v_arguments,
                      unsigned count);

#endif
