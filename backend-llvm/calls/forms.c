/* Declarations with the attributes that each form needs. */
#include "calls/forms.h"

#include "calls/module_calls.h"

/*
 * Unwind tables (uwtable 2: asynchronous) let debuggers and profilers walk through compiled frames.
 * Protected: other units can refer to the symbol, and calls within this one are direct.
 */
static LLVMValueRef declare(module_lowering *module, uint32_t index, function_form form, LLVMTypeRef type,
                            bool unwinds) {
	char symbol[SYMBOL_SIZE];
	form_symbol(module, index, form, symbol);
	LLVMValueRef v_function = LLVMAddFunction(module->module, symbol, type);
	LLVMSetVisibility(v_function, LLVMProtectedVisibility);
	if (!unwinds)
		add_function_attribute(module, v_function, "nounwind", 0);
	add_function_attribute(module, v_function, "uwtable", 2);
	return v_function;
}

LLVMValueRef new_form(module_lowering *module, uint32_t index, function_form form,
                      const call_convention *convention) {
	LLVMTypeRef type = convention->operations->function_type(module, convention, index);
	LLVMValueRef v_function = declare(module, index, form, type, convention->unwinds);
	pin_context(module, v_function);
	return v_function;
}

const call_convention *inner_convention(const module_lowering *module, uint32_t index) {
	return module->calls->strategy->inner_convention(module, index);
}

LLVMValueRef inner_function(module_lowering *module, uint32_t index) {
	LLVMValueRef *v_inner = &module->calls->v_inner[index];
	if (!*v_inner)
		*v_inner = new_form(module, index, FORM_INNER, inner_convention(module, index));
	return *v_inner;
}

LLVMValueRef new_form_like_inner(module_lowering *module, uint32_t index, function_form form) {
	inner_function(module, index);
	return new_form(module, index, form, inner_convention(module, index));
}

LLVMValueRef rest_function(module_lowering *module, uint32_t index) {
	LLVMValueRef v_function = new_form_like_inner(module, index, FORM_REST);
	LLVMSetVisibility(v_function, LLVMDefaultVisibility);
	LLVMSetLinkage(v_function, LLVMInternalLinkage);
	return v_function;
}

LLVMValueRef resume_function(module_lowering *module, uint32_t index) {
	LLVMTypeRef type = host_convention.operations->function_type(module, &host_convention, index);
	return declare(module, index, FORM_RESUME, type, false);
}

LLVMValueRef new_inlined_function(module_lowering *module, uint32_t index) {
	char symbol[SYMBOL_SIZE];
	form_symbol(module, index, FORM_INLINED, symbol);
	const call_convention *convention = inner_convention(module, index);
	LLVMTypeRef type = convention->operations->function_type(module, convention, index);
	LLVMValueRef v_function = LLVMAddFunction(module->module, symbol, type);
	LLVMSetLinkage(v_function, LLVMInternalLinkage);
	if (!convention->unwinds)
		add_function_attribute(module, v_function, "nounwind", 0);
	add_function_attribute(module, v_function, "alwaysinline", 0);
	pin_context(module, v_function);
	return v_function;
}
