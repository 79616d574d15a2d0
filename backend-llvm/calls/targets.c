/* Callees: a copy to build in, a function of the unit, or what the table of inner forms has. */
#include "calls/targets.h"

#include "calls/forms.h"
#include "calls/inlining.h"
#include "calls/module_calls.h"
#include "ir/emit.h"

/* A form that is executed again after an exit calls nothing but itself. */
const call_convention *convention_to(const function_lowering *lowering, uint32_t callee) {
	return lowering->frame->starts_anew ? lowering->convention : inner_convention(lowering->module, callee);
}

/* ---- Tables of inner forms, and of the calls that they take ---- */

enum { SIGNATURE_METHOD = 1 << 20, SIGNATURE_PARAMETERS_SHIFT = 8 };

uint32_t call_signature(bool is_method, uint32_t parameters, uint32_t results) {
	return (is_method ? SIGNATURE_METHOD : 0) | parameters << SIGNATURE_PARAMETERS_SHIFT | results;
}

/* A bound method, which is called as a closure, is none: its slot 0 is what the closure has captured. */
uint32_t call_signature_of(const volt_function *function, const function_shape *shape) {
	bool is_closure = function->is_closure && function->receiver_slots == 0;
	bool is_method = function->receiver_slots == 1;
	bool fits = shape->parameters >= 1 && shape->parameters <= UINT8_MAX + 1U && shape->results <= UINT8_MAX;
	return fits && (is_closure || is_method) ? call_signature(is_method, shape->parameters, shape->results)
	                                         : 0;
}

static bool are_called_alike(module_lowering *module, uint32_t one, uint32_t other) {
	const call_convention *convention = inner_convention(module, one);
	if (convention != inner_convention(module, other))
		return false;
	LLVMTypeRef type = convention->operations->function_type(module, convention, one);
	return type == convention->operations->function_type(module, convention, other);
}

uint32_t model_of_callees(module_lowering *module, uint32_t signature) {
	const volt_module *bytecode = module->bytecode;
	const bool uniform = convention_is_uniform(module);
	uint32_t model = CALLEE_UNKNOWN;
	for (uint32_t i = 0; i < bytecode->functions.count; i++) {
		if (call_signature_of(&bytecode->functions.items[i], &module->shapes[i]) != signature)
			continue;
		if (uniform)
			return i;
		if (model == CALLEE_UNKNOWN)
			model = i;
		else if (!are_called_alike(module, model, i))
			return CALLEE_UNKNOWN;
	}
	return model;
}

/* Element `v_index` of one of the tables that the tier keeps. Another thread publishes what stands there. */
static LLVMValueRef read_table(module_lowering *module, const char *symbol, LLVMTypeRef type,
                               LLVMValueRef v_index, LLVMAtomicOrdering ordering) {
	LLVMValueRef v_table = LLVMGetNamedGlobal(module->module, symbol);
	if (!v_table) {
		uint64_t count = module->bytecode->functions.count + UINT64_C(1);
		v_table = LLVMAddGlobal(module->module, LLVMArrayType2(type, count), symbol);
	}
	LLVMValueRef v_address = LLVMBuildGEP2(module->builder, type, v_table, &v_index, 1, "");
	LLVMValueRef v_value = LLVMBuildLoad2(module->builder, type, v_address, "");
	LLVMSetAlignment(v_value, type == module->types.i32 ? sizeof(uint32_t) : sizeof(void *));
	LLVMSetOrdering(v_value, ordering);
	return v_value;
}

/* Acquire pairs with the release of who publishes. */
LLVMValueRef inner_form_at(module_lowering *module, LLVMValueRef v_index) {
	return read_table(module, INNER_TABLE_SYMBOL, module->types.pointer, v_index, LLVMAtomicOrderingAcquire);
}

/* The signature stands there only when the code does. */
LLVMValueRef indirect_target(function_lowering *lowering, LLVMValueRef v_index, uint32_t signature,
                             LLVMValueRef *v_fits) {
	module_lowering *module = lowering->module;
	LLVMValueRef v_taken =
	    read_table(module, SIGNATURE_TABLE_SYMBOL, module->types.i32, v_index, LLVMAtomicOrderingAcquire);
	*v_fits =
	    LLVMBuildICmp(lowering->builder, LLVMIntEQ, v_taken, constant_i32(lowering, signature), "v_fits");
	return read_table(module, INNER_TABLE_SYMBOL, module->types.pointer, v_index,
	                  LLVMAtomicOrderingMonotonic);
}

/* ---- Direct calls ---- */

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
	return inner_form_at(module, LLVMConstInt(module->types.i64, callee, false));
}
