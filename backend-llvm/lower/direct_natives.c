/*
 * Natives that are functions of their arguments are called as such, with the slots in registers, where the
 * host says which function that is (volt/tier.h, volt_direct_native).
 */
#include "calls/checks.h"
#include "ir/native_symbols.h"
#include "lower/opcodes.h"

enum { MOST_ARGUMENTS = 6 };

static LLVMTypeRef native_type(const module_lowering *module, uint32_t arguments) {
	LLVMTypeRef parameters[1 + MOST_ARGUMENTS] = {module->types.pointer};
	for (uint32_t i = 0; i < arguments; i++)
		parameters[1 + i] = module->types.i64;
	return LLVMFunctionType(module->types.i64, parameters, 1 + arguments, false);
}

static LLVMValueRef native_function(module_lowering *module, uint32_t native, LLVMTypeRef type) {
	char symbol[NATIVE_SYMBOL_SIZE];
	LLVMValueRef v_function = LLVMGetNamedFunction(module->module, native_symbol(native, symbol));
	if (v_function)
		return v_function;
	v_function = LLVMAddFunction(module->module, symbol, type);
	add_function_attribute(module, v_function, "nounwind", 0);
	return v_function;
}

bool lower_direct_native(function_lowering *lowering) {
	const volt_instruction instruction = lowering->instruction;
	module_lowering *module = lowering->module;
	const volt_direct_native direct = direct_native_of(module->options.host, instruction.b);
	if (!module->options.typed_helpers || !direct.function || direct.arguments > MOST_ARGUMENTS ||
	    direct.arguments > instruction.flags)
		return false;
	LLVMValueRef v_arguments[1 + MOST_ARGUMENTS] = {lowering->v_context};
	for (uint32_t i = 0; i < direct.arguments; i++)
		v_arguments[1 + i] = read_slot(lowering, instruction.c + i);
	LLVMTypeRef type = native_type(module, direct.arguments);
	LLVMValueRef v_function = native_function(module, instruction.b, type);
	write_slot(lowering, instruction.a,
	           LLVMBuildCall2(lowering->builder, type, v_function, v_arguments, 1 + direct.arguments, ""));
	forced_exit_check(lowering, lowering->pc + 1);
	return true;
}
