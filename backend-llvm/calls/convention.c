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
	case CONTEXT_PINNED: return true;
	case CONTEXT_ARGUMENT:
	case CONTEXT_COUNT: break;
	}
	return false;
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

/* ---- Registers ---- */

enum { FIRST_PARAMETER = 1 }; /* as LLVM's attributes count; 0 is what is returned */

static LLVMAttributeRef context_attribute(module_lowering *module) {
	unsigned kind = LLVMGetEnumAttributeKindForName("swiftself", strlen("swiftself"));
	return LLVMCreateEnumAttribute(module->context, kind, 0);
}

/* C's convention for x86-64 returns three words in registers, Swift's a fourth one. AArch64 has eight. */
static bool returns_four_words(module_lowering *module, LLVMTypeRef function_type) {
	enum { WORDS = 4 };
	LLVMTypeRef returned = LLVMGetReturnType(function_type);
	if (LLVMGetTypeKind(returned) != LLVMStructTypeKind || LLVMCountStructElementTypes(returned) != WORDS)
		return false;
	for (unsigned i = 0; i < WORDS; i++)
		if (LLVMStructGetTypeAtIndex(returned, i) != module->types.i64)
			return false;
	return true;
}

/* Only where functions are compiled because they are hot: presets differ in what their axes say alone. */
static LLVMCallConv machine_convention(module_lowering *module, LLVMTypeRef function_type) {
	const bool is_x86 = strncmp(LLVMGetTarget(module->module), "x86_64", strlen("x86_64")) == 0;
	return is_x86 && module->options.through_table && returns_four_words(module, function_type)
	           ? LLVMSwiftCallConv
	           : LLVMCCallConv;
}

void set_machine_convention(module_lowering *module, LLVMValueRef v_function) {
	LLVMSetFunctionCallConv(v_function, machine_convention(module, LLVMGlobalGetValueType(v_function)));
	if (pins_context(module->options.preset->context))
		LLVMAddAttributeAtIndex(v_function, FIRST_PARAMETER, context_attribute(module));
}

void set_machine_convention_of_call(module_lowering *module, LLVMValueRef v_call) {
	LLVMSetInstructionCallConv(v_call, machine_convention(module, LLVMGetCalledFunctionType(v_call)));
	if (pins_context(module->options.preset->context))
		LLVMAddCallSiteAttribute(v_call, FIRST_PARAMETER, context_attribute(module));
}
