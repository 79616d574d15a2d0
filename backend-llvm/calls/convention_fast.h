/* What conventions that pass slots in registers have in common: `fast`, and that of functions that unwind. */
#ifndef CALLS_CONVENTION_FAST_H
#define CALLS_CONVENTION_FAST_H

#include "calls/convention.h"

LLVMTypeRef fast_function_type(module_lowering *module, const call_convention *self, uint32_t index);

/* None: nothing goes through memory. */
uint32_t fast_scratch_words(const module_lowering *module, uint32_t callee);

/* ---- The function's own side: as in call_operations ---- */

void fast_enter(function_lowering *lowering);
void fast_leave(function_lowering *lowering, uint32_t first_slot);

/* ---- The caller's side ---- */

/* The arguments' slots, as the callee's parameters; the caller frees. */
LLVMValueRef *fast_arguments(function_lowering *lowering, const call_convention *self, const call_site *site);
unsigned fast_argument_count(module_lowering *module, const call_convention *self, uint32_t callee);
void fast_take_results(function_lowering *lowering, const call_site *site, const called *result);

/* ---- The host's entry ---- */

/* Declares it and goes to its first block. */
LLVMValueRef fast_declare_entry(module_lowering *module, uint32_t index);

/* The arguments in memory, as the function's parameters; the caller frees. */
LLVMValueRef *fast_entry_arguments(module_lowering *module, const call_convention *self, uint32_t index,
                                   LLVMValueRef v_entry);
LLVMValueRef fast_load_field(module_lowering *module, LLVMValueRef v_context, volt_context_field field);
void fast_store_results(module_lowering *module, uint32_t index, LLVMValueRef v_entry,
                        LLVMValueRef v_returned);
void fast_return_status(module_lowering *module, LLVMValueRef v_status);

#endif
