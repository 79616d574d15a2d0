/* What calls go to. */
#ifndef CALLS_TARGETS_H
#define CALLS_TARGETS_H

#include "calls/convention.h"

/* The symbol of the table of inner forms: one pointer for each function, NULL while it is interpreted. */
#define INNER_TABLE_SYMBOL "volt_inner_table"

/*
 * The symbol of the table of the indirect calls that each function takes: call_signature_of(), stored when
 * the inner form is in its table, or 0. An entry that stays 0 stands behind those of all functions.
 */
#define SIGNATURE_TABLE_SYMBOL "volt_call_signatures"

/*
 * How an indirect call must look to go straight to a function: whether its slot 0 is a closure or the payload
 * of an interface value, the slots of its parameters with that one, and of its results.
 */
uint32_t call_signature(bool is_method, uint32_t parameters, uint32_t results);

/* Of the calls that the function takes; 0: none, the host makes them. */
uint32_t call_signature_of(const volt_function *function, const function_shape *shape);

/*
 * A function of the module that takes calls of this signature, if all of these are called alike: by one
 * convention, with the same types. CALLEE_UNKNOWN: there is none, or they are not.
 */
uint32_t model_of_callees(module_lowering *module, uint32_t signature);

/* By which this function calls that one. */
const call_convention *convention_to(const function_lowering *lowering, uint32_t callee);

/*
 * What a direct call from this function goes to. `*in_table`: the value was read from the table of inner
 * forms and is NULL while the callee is interpreted.
 */
LLVMValueRef call_target(function_lowering *lowering, uint32_t callee, bool *in_table);

/* Loads the inner form of the function with this index (i64) from the table; NULL: it is interpreted. */
LLVMValueRef inner_form_at(module_lowering *module, LLVMValueRef v_index);

/*
 * What an indirect call of the function with this index (i64) goes to. `*v_fits` (i1): it is compiled and
 * takes calls of this signature; else the value means nothing.
 */
LLVMValueRef indirect_target(function_lowering *lowering, LLVMValueRef v_index, uint32_t signature,
                             LLVMValueRef *v_fits);

#endif
