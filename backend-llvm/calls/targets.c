/* Callees: a copy to build in, a function of the unit, or what the table of inner forms has. */
#include "calls/targets.h"

#include "calls/forms.h"
#include "calls/inlining.h"
#include "calls/module_calls.h"

/* A form that is executed again after an exit calls nothing but itself. */
const call_convention *convention_to(const function_lowering *lowering, uint32_t callee) {
	return lowering->frame->starts_anew ? lowering->convention : inner_convention(lowering->module, callee);
}

/* Another thread publishes entries of the table: acquire pairs with its release. */
LLVMValueRef inner_form_of(module_lowering *module, LLVMValueRef v_index) {
	LLVMValueRef *v_table = &module->calls->v_table;
	if (!*v_table) {
		LLVMTypeRef type = LLVMArrayType2(module->types.pointer, module->bytecode->functions.count);
		*v_table = LLVMAddGlobal(module->module, type, INNER_TABLE_SYMBOL);
	}
	LLVMValueRef v_address = LLVMBuildGEP2(module->builder, module->types.pointer, *v_table, &v_index, 1, "");
	LLVMValueRef v_inner = LLVMBuildLoad2(module->builder, module->types.pointer, v_address, "v_inner");
	LLVMSetAlignment(v_inner, sizeof(void *));
	LLVMSetOrdering(v_inner, LLVMAtomicOrderingAcquire);
	return v_inner;
}

/* What a function that calls itself calls; NULL: what everybody calls. */
static LLVMValueRef own_target(function_lowering *lowering) {
	switch (lowering->form) {
	case FORM_INNER:
	case FORM_TRIAL:
	case FORM_COMPLETE: return lowering->v_function;
	case FORM_REST: return inner_function(lowering->module, lowering->index);
	case FORM_ENTRY:
	case FORM_RESUME:
	case FORM_INLINED:
	case FORM_COUNT: break;
	}
	return NULL;
}

LLVMValueRef call_target(function_lowering *lowering, uint32_t callee, bool *in_table) {
	module_lowering *module = lowering->module;
	*in_table = false;
	LLVMValueRef v_copy = inlined_callee(lowering, callee);
	if (v_copy)
		return v_copy;
	LLVMValueRef v_own = callee == lowering->index ? own_target(lowering) : NULL;
	if (v_own)
		return v_own;
	bool in_unit = module->options.large_in_unit || module->shapes[callee].budget.effort == EFFORT_FULL;
	if (!module->options.through_table && in_unit)
		return inner_function(module, callee);
	*in_table = true;
	return inner_form_of(module, LLVMConstInt(module->types.i64, callee, false));
}
