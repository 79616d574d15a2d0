/* Conventions from the axes of a preset: `abi`, `status`, `types` and `context`. */
#include "calls/convention.h"

#include <string.h>

#include "calls/module_calls.h"
#include "calls/preset.h"
#include "calls/strategy.h"

static const call_operations *const operations[ABI_COUNT] = {
#define VALUE(PREFIX, ABI, name) [PREFIX##_##ABI] = &name##_operations,
    ABI_VALUES(VALUE)
#undef VALUE
};

/* ---- The other axes: a switch for each, so that a new value is not taken for an old one ---- */

static bool returns_status(status_kind status) {
	switch (status) {
	case STATUS_REGISTER: return true;
	case STATUS_MEMORY:
	case STATUS_COUNT: break;
	}
	return false;
}

static bool has_natural_types(types_kind types) {
	switch (types) {
	case TYPES_NATURAL: return true;
	case TYPES_UNIFORM:
	case TYPES_COUNT: break;
	}
	return false;
}

static bool pins_context(context_kind context) {
	switch (context) {
	case CONTEXT_PINNED:
	case CONTEXT_SWIFT: return true;
	case CONTEXT_ARGUMENT:
	case CONTEXT_COUNT: break;
	}
	return false;
}

static LLVMCallConv llvm_convention(context_kind context) {
	switch (context) {
	case CONTEXT_SWIFT: return LLVMSwiftCallConv;
	case CONTEXT_ARGUMENT:
	case CONTEXT_PINNED:
	case CONTEXT_COUNT: break;
	}
	return LLVMCCallConv;
}

call_convention convention_of_preset(const compile_preset *preset) {
	return (call_convention){
	    .operations = operations[preset->abi],
	    .passes_base = exit_strategy_find(preset->exit)->frame->needs_base,
	    .returns_status = returns_status(preset->status),
	    .natural_types = has_natural_types(preset->types),
	};
}

bool convention_is_uniform(const module_lowering *module) {
	return !module->calls->convention.natural_types && module->calls->strategy->one_convention;
}

/* ---- The context ---- */

enum { FIRST_PARAMETER = 1 }; /* as LLVM's attributes count; 0 is what is returned */

static LLVMAttributeRef context_attribute(module_lowering *module) {
	unsigned kind = LLVMGetEnumAttributeKindForName("swiftself", strlen("swiftself"));
	return LLVMCreateEnumAttribute(module->context, kind, 0);
}

void pin_context(module_lowering *module, LLVMValueRef v_function) {
	const context_kind context = module->options.preset->context;
	LLVMSetFunctionCallConv(v_function, llvm_convention(context));
	if (pins_context(context))
		LLVMAddAttributeAtIndex(v_function, FIRST_PARAMETER, context_attribute(module));
}

void pin_context_of_call(module_lowering *module, LLVMValueRef v_call) {
	const context_kind context = module->options.preset->context;
	LLVMSetInstructionCallConv(v_call, llvm_convention(context));
	if (pins_context(context))
		LLVMAddCallSiteAttribute(v_call, FIRST_PARAMETER, context_attribute(module));
}
