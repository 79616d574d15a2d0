/*
 * Natives that are one machine instruction and whose result IEEE 754 fixes (NATIVES.md, "Mathematics"), where
 * the host has not put one of its own in their place.
 */
#include <string.h>

#include "calls/checks.h"
#include "lower/opcodes.h"

typedef struct {
	const char *native;
	const char *intrinsic;
} math_function;

static const math_function functions[] = {
    {"math_Sqrt", "llvm.sqrt"},
    {"math_Floor", "llvm.floor"},
    {"math_Ceil", "llvm.ceil"},
    {"math_Trunc", "llvm.trunc"},
};

enum { FUNCTION_COUNT = sizeof functions / sizeof functions[0] };

static const math_function *find(volt_text name) {
	for (int i = 0; i < FUNCTION_COUNT; i++)
		if (strlen(functions[i].native) == name.length &&
		    memcmp(functions[i].native, name.bytes, name.length) == 0)
			return &functions[i];
	return NULL;
}

static bool is_standard(const volt_tier_host *host, uint32_t native) {
	return !host || (host->native_is_standard && host->native_is_standard(host->user, native));
}

/* NULL: it is no call of one. */
static const math_function *function_here(const function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	const volt_native_import *native = &lowering->module->bytecode->natives.items[instruction.b];
	if (instruction.flags != 1 || native->result_slots != 1 ||
	    !is_standard(lowering->module->options.host, instruction.b))
		return NULL;
	return find(native->name);
}

bool is_math_call(const function_lowering *lowering) {
	return function_here(lowering) != NULL;
}

bool lower_math_call(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	const math_function *function = function_here(lowering);
	if (!function)
		return false;
	LLVMTypeRef f64 = lowering->module->types.f64;
	unsigned id = LLVMLookupIntrinsicID(function->intrinsic, strlen(function->intrinsic));
	LLVMValueRef v_intrinsic = LLVMGetIntrinsicDeclaration(lowering->module->module, id, &f64, 1);
	LLVMTypeRef type = LLVMIntrinsicGetType(lowering->module->context, id, &f64, 1);
	LLVMValueRef v_argument = read_float(lowering, instruction.c);
	write_float(lowering, instruction.a,
	            LLVMBuildCall2(lowering->builder, type, v_intrinsic, &v_argument, 1, ""));
	return true;
}
