/* What calls go to. */
#ifndef CALLS_TARGETS_H
#define CALLS_TARGETS_H

#include "calls/convention.h"

/* The symbol of the table of inner forms: one pointer for each function, NULL while it is interpreted. */
#define INNER_TABLE_SYMBOL "volt_inner_table"

/* By which this function calls that one. */
const call_convention *convention_to(const function_lowering *lowering, uint32_t callee);

/*
 * What a direct call from this function goes to. `*in_table`: the value was read from the table of inner
 * forms and is NULL while the callee is interpreted.
 */
LLVMValueRef call_target(function_lowering *lowering, uint32_t callee, bool *in_table);

/* Loads the inner form of the function with this index (i64) from the table; NULL: it is interpreted. */
LLVMValueRef inner_form_of(module_lowering *module, LLVMValueRef v_index);

#endif
