/* Branch weights, `cold`, and thunks that save registers for the cold paths that call them. */
#include "calls/hints.h"

#include <stdio.h>
#include <string.h>

#include "calls/preset.h"
#include "ir/helper_declarations.h"

/* Plain code has none: what is generated fast is generated the same with them. */
static const hint_set *hints_of(const module_lowering *module) {
	static const hint_set none = {.name = "none"};
	return module->options.plain ? &none : module->options.preset->hints;
}

void hint_unlikely(function_lowering *lowering, LLVMValueRef v_branch) {
	if (hints_of(lowering->module)->weights)
		set_branch_weights(lowering, v_branch, (branch_weights){WEIGHT_COLD, WEIGHT_HOT});
}

/*
 * A thunk saves what the caller has in registers, so that a call on a cold path costs the hot path none. It
 * is made here because C compilers differ in whether they know the convention.
 */
static LLVMValueRef define_thunk(module_lowering *module, const helper_declaration *helper,
                                 const char *name) {
	char symbol[SYMBOL_SIZE];
	snprintf(symbol, sizeof symbol, "volt_thunk_%s", name);
	LLVMValueRef v_thunk = LLVMAddFunction(module->module, symbol, helper->type);
	LLVMSetFunctionCallConv(v_thunk, LLVMPreserveMostCallConv);
	LLVMSetLinkage(v_thunk, LLVMInternalLinkage);
	add_function_attribute(module, v_thunk, "noinline", 0);
	add_function_attribute(module, v_thunk, "nounwind", 0);
	add_function_attribute(module, v_thunk, "cold", 0);
	LLVMPositionBuilderAtEnd(module->builder, new_block_in(module, v_thunk, BLOCK_ENTRY));
	LLVMValueRef v_arguments[HELPER_PARAMETERS];
	LLVMGetParams(v_thunk, v_arguments);
	LLVMValueRef v_result = LLVMBuildCall2(module->builder, helper->type, helper->v_function, v_arguments,
	                                       LLVMCountParams(v_thunk), "");
	if (LLVMGetReturnType(helper->type) == module->types.none)
		LLVMBuildRetVoid(module->builder);
	else
		LLVMBuildRet(module->builder, v_result);
	return v_thunk;
}

LLVMValueRef cold_helper(module_lowering *module, volt_helper helper) {
	helper_declaration *declaration = declare_helper(module, helper);
	if (!hints_of(module)->preserve_most)
		return declaration->v_function;
	if (!declaration->v_thunk)
		declaration->v_thunk =
		    define_thunk(module, declaration, helper_symbols[helper] + strlen(HELPER_SYMBOL_PREFIX));
	return declaration->v_thunk;
}

void make_cold_thunks(module_lowering *module) {
	if (!hints_of(module)->preserve_most)
		return;
	for (int helper = 0; helper < VOLT_HELPER_COUNT; helper++)
		if (LLVMGetReturnType(module->helpers[helper].type) == module->types.none)
			cold_helper(module, (volt_helper)helper);
}

void hint_cold_function(module_lowering *module, LLVMValueRef v_function) {
	if (hints_of(module)->preserve_most)
		LLVMSetFunctionCallConv(v_function, LLVMPreserveMostCallConv);
	if (hints_of(module)->cold)
		add_function_attribute(module, v_function, "cold", 0);
}

static void mark_cold(module_lowering *module, LLVMValueRef v_call) {
	unsigned kind = LLVMGetEnumAttributeKindForName("cold", strlen("cold"));
	LLVMAddCallSiteAttribute(v_call, LLVMAttributeFunctionIndex,
	                         LLVMCreateEnumAttribute(module->context, kind, 0));
}

void call_cold_helper(function_lowering *lowering, volt_helper helper, LLVMValueRef *v_arguments,
                      unsigned count) {
	module_lowering *module = lowering->module;
	const helper_declaration *declaration = declare_helper(module, helper);
	LLVMValueRef v_callee = hints_of(module)->preserve_most ? declaration->v_thunk : declaration->v_function;
	LLVMValueRef v_call =
	    LLVMBuildCall2(lowering->builder, declaration->type, v_callee, v_arguments, count, "");
	LLVMSetInstructionCallConv(v_call, LLVMGetFunctionCallConv(v_callee));
	if (hints_of(module)->cold)
		mark_cold(module, v_call);
}
