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

call_convention convention_of_preset(const compile_preset *preset) {
	return (call_convention){
	    .operations = operations[preset->abi],
	    .passes_base = exit_strategy_find(preset->exit)->frame->needs_base,
	    .returns_status = preset->status == STATUS_REGISTER,
	    .natural_types = preset->types == TYPES_NATURAL,
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
	if (module->options.preset->context == CONTEXT_PINNED)
		LLVMAddAttributeAtIndex(v_function, FIRST_PARAMETER, context_attribute(module));
}

void pin_context_of_call(module_lowering *module, LLVMValueRef v_call) {
	if (module->options.preset->context == CONTEXT_PINNED)
		LLVMAddCallSiteAttribute(v_call, FIRST_PARAMETER, context_attribute(module));
}
