/*
 * The register ABI: (context, base, arguments...) -> {results..., status}, all i64. Nothing is written to the
 * context on the way in or out: an exit does that.
 */
#include "lower/emit.h"

#include <stdlib.h>

enum { FIRST_ARGUMENT = 2 };

static LLVMTypeRef returned_type(module_lowering *module, const function_shape *shape) {
	uint32_t count = shape->results + 1;
	LLVMTypeRef *fields = malloc(count * sizeof(LLVMTypeRef));
	for (uint32_t i = 0; i < count; i++)
		fields[i] = module->types.i64;
	LLVMTypeRef type = LLVMStructTypeInContext(module->context, fields, count, false);
	free(fields);
	return type;
}

static LLVMTypeRef function_type(module_lowering *module, const function_shape *shape) {
	uint32_t count = FIRST_ARGUMENT + shape->parameters;
	LLVMTypeRef *parameters = malloc(count * sizeof(LLVMTypeRef));
	parameters[0] = module->types.pointer;
	for (uint32_t i = 1; i < count; i++)
		parameters[i] = module->types.i64;
	LLVMTypeRef type = LLVMFunctionType(returned_type(module, shape), parameters, count, false);
	free(parameters);
	return type;
}

static void enter(function_lowering *lowering) {
	lowering->v_context = LLVMGetParam(lowering->v_function, 0);
	lowering->v_base = LLVMGetParam(lowering->v_function, 1);
	for (uint32_t slot = 0; slot < lowering->shape->parameters; slot++)
		write_slot(lowering, slot, LLVMGetParam(lowering->v_function, FIRST_ARGUMENT + slot));
}

static LLVMValueRef build_call(module_lowering *module, uint32_t callee, LLVMValueRef v_callee,
                               LLVMValueRef v_context, LLVMValueRef v_base, LLVMValueRef *v_arguments) {
	const function_shape *shape = &module->shapes[callee];
	v_arguments[0] = v_context;
	v_arguments[1] = v_base;
	return LLVMBuildCall2(module->builder, function_type(module, shape), v_callee, v_arguments,
	                      FIRST_ARGUMENT + shape->parameters, "v_returned");
}

static LLVMValueRef status_of(module_lowering *module, const function_shape *shape, LLVMValueRef v_returned) {
	return LLVMBuildExtractValue(module->builder, v_returned, shape->results, "v_status");
}

static LLVMValueRef call(function_lowering *lowering, const call_site *site, LLVMValueRef v_callee,
                         LLVMValueRef *v_returned) {
	module_lowering *module = lowering->module;
	const function_shape *shape = &module->shapes[site->callee];
	LLVMValueRef *v_arguments = malloc((FIRST_ARGUMENT + shape->parameters) * sizeof(LLVMValueRef));
	for (uint32_t slot = 0; slot < shape->parameters; slot++)
		v_arguments[FIRST_ARGUMENT + slot] = read_slot(lowering, site->first_slot + slot);
	LLVMValueRef v_base = LLVMBuildAdd(lowering->builder, lowering->v_base,
	                                   constant_i64(lowering, lowering->function->local_slots), "");
	*v_returned = build_call(module, site->callee, v_callee, lowering->v_context, v_base, v_arguments);
	free(v_arguments);
	return status_of(module, shape, *v_returned);
}

static void take_results(function_lowering *lowering, const call_site *site, LLVMValueRef v_returned) {
	for (uint32_t result = 0; result < site->taken_count; result++) {
		LLVMValueRef v_value = LLVMBuildExtractValue(lowering->builder, v_returned, result, "");
		write_slot(lowering, site->first_slot + result, v_value);
	}
}

static LLVMValueRef poison_result(function_lowering *lowering) {
	return LLVMGetPoison(returned_type(lowering->module, lowering->shape));
}

static void leave(function_lowering *lowering, uint32_t first_slot) {
	LLVMBuilderRef builder = lowering->builder;
	uint32_t count = lowering->shape->results;
	LLVMValueRef v_result = poison_result(lowering);
	for (uint32_t i = 0; i < count; i++)
		v_result = LLVMBuildInsertValue(builder, v_result, read_slot(lowering, first_slot + i), i, "");
	v_result = LLVMBuildInsertValue(builder, v_result, constant_i64(lowering, VOLT_STATUS_OK), count, "");
	LLVMBuildRet(builder, v_result);
}

static void leave_exit(function_lowering *lowering, LLVMValueRef v_status) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_wide = LLVMBuildIntCast2(builder, v_status, lowering->module->types.i64, false, "");
	LLVMValueRef v_result =
	    LLVMBuildInsertValue(builder, poison_result(lowering), v_wide, lowering->shape->results, "");
	LLVMBuildRet(builder, v_result);
}

/* ---- The host's entry: from memory to registers and back ---- */

static LLVMValueRef word_address(module_lowering *module, LLVMValueRef v_words, uint64_t index) {
	LLVMValueRef v_index = LLVMConstInt(module->types.i64, index, false);
	return LLVMBuildGEP2(module->builder, module->types.i64, v_words, &v_index, 1, "");
}

static LLVMValueRef entry_base(module_lowering *module, LLVMValueRef v_context) {
	LLVMValueRef v_offset =
	    LLVMConstInt(module->types.i64, module->options.context_offsets[VOLT_CONTEXT_base], false);
	LLVMValueRef v_address = LLVMBuildGEP2(module->builder, module->types.i8, v_context, &v_offset, 1, "");
	return LLVMBuildLoad2(module->builder, module->types.i64, v_address, "v_base");
}

static LLVMValueRef entry_call(module_lowering *module, uint32_t index, LLVMValueRef v_entry) {
	const function_shape *shape = &module->shapes[index];
	LLVMValueRef v_context = LLVMGetParam(v_entry, 0);
	LLVMValueRef *v_arguments = malloc((FIRST_ARGUMENT + shape->parameters) * sizeof(LLVMValueRef));
	for (uint32_t slot = 0; slot < shape->parameters; slot++) {
		LLVMValueRef v_from = word_address(module, LLVMGetParam(v_entry, 1), slot);
		v_arguments[FIRST_ARGUMENT + slot] = LLVMBuildLoad2(module->builder, module->types.i64, v_from, "");
	}
	LLVMValueRef v_returned = build_call(module, index, inner_function(module, index), v_context,
	                                     entry_base(module, v_context), v_arguments);
	free(v_arguments);
	return v_returned;
}

/*
 * After an exit the results are poison, which may be stored: the host looks at them only if the status is
 * OK.
 */
static void define_entry(module_lowering *module, uint32_t index) {
	char symbol[SYMBOL_SIZE];
	entry_symbol(module, index, symbol);
	const function_shape *shape = &module->shapes[index];
	LLVMValueRef v_entry =
	    LLVMAddFunction(module->module, symbol, external_convention.function_type(module, shape));
	LLVMPositionBuilderAtEnd(module->builder,
	                         LLVMAppendBasicBlockInContext(module->context, v_entry, "b_entry"));
	LLVMValueRef v_returned = entry_call(module, index, v_entry);
	for (uint32_t i = 0; i < shape->results; i++) {
		LLVMValueRef v_value = LLVMBuildExtractValue(module->builder, v_returned, i, "");
		LLVMBuildStore(module->builder, v_value, word_address(module, LLVMGetParam(v_entry, 2), i));
	}
	LLVMValueRef v_status = status_of(module, shape, v_returned);
	LLVMBuildRet(module->builder, LLVMBuildTrunc(module->builder, v_status, module->types.i32, ""));
}

const call_convention fast_convention = {
    .function_type = function_type,
    .enter = enter,
    .call = call,
    .take_results = take_results,
    .leave = leave,
    .leave_exit = leave_exit,
    .define_entry = define_entry,
};
