/* The LLVM functions that are made of a bytecode function, as declarations; each is made on first use. */
#ifndef CALLS_FORMS_H
#define CALLS_FORMS_H

#include "calls/convention.h"

/* The inner form. */
LLVMValueRef inner_function(module_lowering *module, uint32_t index);

/* By which the inner form of a function is called. */
const call_convention *inner_convention(const module_lowering *module, uint32_t index);

/* A new copy of the inner form that LLVM builds into its caller (inlining.h). */
LLVMValueRef new_inlined_function(module_lowering *module, uint32_t index);

/* Another form with the type of the inner one; not called twice for the same. */
LLVMValueRef new_form_like_inner(module_lowering *module, uint32_t index, function_form form);

/* The form with that convention; not called twice for the same. */
LLVMValueRef new_form(module_lowering *module, uint32_t index, function_form form,
                      const call_convention *convention);

/* The rest of an inner form that has one; not called twice. */
LLVMValueRef rest_function(module_lowering *module, uint32_t index);

/* The function that continues frames; not called twice. */
LLVMValueRef resume_function(module_lowering *module, uint32_t index);

#endif
