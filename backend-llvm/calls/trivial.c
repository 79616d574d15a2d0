/*
 * The attempt is a small function, so that the recursion itself has nothing of the complete form's cost. With
 * steps counted, an attempt would use up steps that count again in the complete form, so there is none.
 */
#include "calls/trivial.h"

#include <stdlib.h>

#include "analysis/repeatable.h"

bool has_trivial_form(const module_lowering *module, uint32_t index) {
	const function_shape *shape = &module->shapes[index];
	return module->options.preset.exit == EXIT_TRIVIAL && !module->options.count_steps &&
	       !shape->returns_through_host && !shape->large && is_repeatable_recursion(module->bytecode, index);
}

void hot_symbol(const module_lowering *module, uint32_t index, char *buffer) {
	if (has_trivial_form(module, index))
		trivial_symbol(module, index, buffer);
	else
		inner_symbol(module, index, buffer);
}

static LLVMValueRef call_with(module_lowering *module, LLVMValueRef v_callee, LLVMValueRef *v_arguments) {
	LLVMValueRef v_call = LLVMBuildCall2(module->builder, LLVMGlobalGetValueType(v_callee), v_callee,
	                                     v_arguments, LLVMCountParams(v_callee), "");
	pin_context_of_call(module, v_call);
	return v_call;
}

static LLVMBasicBlockRef add_block(module_lowering *module, LLVMValueRef v_function, const char *name) {
	return LLVMAppendBasicBlockInContext(module->context, v_function, name);
}

/* The trivial form has the parameters and results of the inner form without the base, which is its second. */
static LLVMValueRef attempt(module_lowering *module, uint32_t index, LLVMValueRef *v_arguments) {
	uint32_t count = module->shapes[index].parameters + 1;
	LLVMValueRef *v_passed = malloc(count * sizeof *v_passed);
	v_passed[0] = v_arguments[0];
	for (uint32_t i = 1; i < count; i++)
		v_passed[i] = v_arguments[i + 1];
	char symbol[SYMBOL_SIZE];
	trivial_symbol(module, index, symbol);
	LLVMValueRef v_returned = call_with(module, LLVMGetNamedFunction(module->module, symbol), v_passed);
	free(v_passed);
	return v_returned;
}

void define_attempt(module_lowering *module, uint32_t index) {
	LLVMBuilderRef builder = module->builder;
	LLVMValueRef v_function = inner_function(module, index);
	LLVMValueRef *v_arguments = malloc(LLVMCountParams(v_function) * sizeof *v_arguments);
	LLVMGetParams(v_function, v_arguments);
	LLVMPositionBuilderAtEnd(builder, add_block(module, v_function, "b_entry"));
	LLVMValueRef v_returned = attempt(module, index, v_arguments);
	LLVMValueRef v_status =
	    LLVMBuildExtractValue(builder, v_returned, module->shapes[index].results, "v_status");
	LLVMBasicBlockRef b_complete = add_block(module, v_function, "cold.complete");
	LLVMBasicBlockRef b_done = add_block(module, v_function, "b_done");
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_status, "v_ok"), b_done, b_complete);
	LLVMPositionBuilderAtEnd(builder, b_done);
	LLVMBuildRet(builder, v_returned);
	LLVMPositionBuilderAtEnd(builder, b_complete);
	char symbol[SYMBOL_SIZE];
	complete_symbol(module, index, symbol);
	LLVMBuildRet(builder, call_with(module, LLVMGetNamedFunction(module->module, symbol), v_arguments));
	free(v_arguments);
}
