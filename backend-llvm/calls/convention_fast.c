/*
 * The register ABI: (context, [base], arguments...) -> {results..., [status]}. Nothing is written to the
 * context on the way in or out: an exit does that. Where the status stands in the context, it is OK until an
 * exit.
 */
#include "ir/emit.h"

#include <stdlib.h>

static uint32_t first_argument(const call_convention *convention) {
	return convention->passes_base ? 2 : 1;
}

static LLVMTypeRef slot_type(module_lowering *module, const call_convention *self,
                             const volt_function *function, uint32_t slot) {
	bool is_float = self->natural_types && slot < function->slot_types.count &&
	                function->slot_types.items[slot] == VOLT_SLOT_FLOAT;
	return is_float ? module->types.f64 : module->types.i64;
}

static LLVMTypeRef returned_type(module_lowering *module, const call_convention *self, uint32_t index) {
	const volt_function *function = &module->bytecode->functions.items[index];
	const function_shape *shape = &module->shapes[index];
	uint32_t count = shape->results + self->returns_status;
	LLVMTypeRef *fields = malloc((count + 1) * sizeof(LLVMTypeRef));
	for (uint32_t i = 0; i < shape->results; i++)
		fields[i] = slot_type(module, self, function, shape->first_result + i);
	if (self->returns_status)
		fields[shape->results] = module->types.i64;
	LLVMTypeRef type = LLVMStructTypeInContext(module->context, fields, count, false);
	free(fields);
	return type;
}

static LLVMTypeRef function_type(module_lowering *module, const call_convention *self, uint32_t index) {
	const volt_function *function = &module->bytecode->functions.items[index];
	uint32_t first = first_argument(self), count = first + module->shapes[index].parameters;
	LLVMTypeRef *parameters = malloc(count * sizeof(LLVMTypeRef));
	parameters[0] = module->types.pointer;
	parameters[first - 1] = first == 1 ? module->types.pointer : module->types.i64;
	for (uint32_t i = first; i < count; i++)
		parameters[i] = slot_type(module, self, function, i - first);
	LLVMTypeRef type = LLVMFunctionType(returned_type(module, self, index), parameters, count, false);
	free(parameters);
	return type;
}

static LLVMValueRef as_type(module_lowering *module, LLVMValueRef v_value, LLVMTypeRef type) {
	return LLVMBuildBitCast(module->builder, v_value, type, "");
}

/* ---- Unwinding ---- */

/* Unwinding stops at every frame that has something to record; nobody asks what is unwound. */
static LLVMValueRef build_landing_pad(module_lowering *module, LLVMValueRef v_function) {
	LLVMTypeRef fields[] = {module->types.pointer, module->types.i32};
	LLVMTypeRef type = LLVMStructTypeInContext(module->context, fields, 2, false);
	LLVMValueRef v_personality = LLVMGetNamedFunction(module->module, PERSONALITY_SYMBOL);
	if (!v_personality)
		v_personality = LLVMAddFunction(module->module, PERSONALITY_SYMBOL,
		                                LLVMFunctionType(module->types.i32, NULL, 0, true));
	LLVMSetPersonalityFn(v_function, v_personality);
	LLVMValueRef v_landing = LLVMBuildLandingPad(module->builder, type, NULL, 0, "v_landing");
	LLVMSetCleanup(v_landing, true);
	return v_landing;
}

/* From a callee's exit the unwinding goes on; an exit of this function starts it. */
static void leave_by_unwinding(function_lowering *lowering, LLVMValueRef v_status) {
	if (lowering->v_landing) {
		LLVMBuildResume(lowering->builder, lowering->v_landing);
		return;
	}
	LLVMTypeRef i32 = lowering->module->types.i32;
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    LLVMBuildIntCast2(lowering->builder, v_status, i32, false, ""),
	};
	call_helper(lowering, VOLT_HELPER_raise, v_arguments, 2);
	LLVMBuildUnreachable(lowering->builder);
}

/* ---- The function's own side ---- */

static void enter(function_lowering *lowering) {
	uint32_t first = first_argument(lowering->convention);
	lowering->v_context = LLVMGetParam(lowering->v_function, 0);
	if (lowering->convention->passes_base)
		lowering->v_base = LLVMGetParam(lowering->v_function, 1);
	for (uint32_t slot = 0; slot < lowering->shape->parameters; slot++) {
		LLVMValueRef v_argument = LLVMGetParam(lowering->v_function, first + slot);
		write_slot(lowering, slot, as_type(lowering->module, v_argument, lowering->module->types.i64));
	}
}

static void leave(function_lowering *lowering, uint32_t first_slot) {
	module_lowering *module = lowering->module;
	const call_convention *self = lowering->convention;
	uint32_t count = lowering->shape->results;
	LLVMTypeRef type = returned_type(module, self, lowering->index);
	LLVMValueRef v_result = LLVMGetPoison(type);
	for (uint32_t i = 0; i < count; i++) {
		LLVMValueRef v_value = read_slot(lowering, first_slot + i);
		v_value = as_type(module, v_value, LLVMStructGetTypeAtIndex(type, i));
		v_result = LLVMBuildInsertValue(lowering->builder, v_result, v_value, i, "");
	}
	if (self->returns_status)
		v_result = LLVMBuildInsertValue(lowering->builder, v_result, constant_i64(lowering, VOLT_STATUS_OK),
		                                count, "");
	LLVMBuildRet(lowering->builder, v_result);
}

static void leave_exit(function_lowering *lowering, LLVMValueRef v_status) {
	LLVMBuilderRef builder = lowering->builder;
	const call_convention *self = lowering->convention;
	if (self->raises) {
		leave_by_unwinding(lowering, v_status);
		return;
	}
	LLVMValueRef v_wide = LLVMBuildIntCast2(builder, v_status, lowering->module->types.i64, false, "");
	LLVMValueRef v_result = LLVMGetPoison(returned_type(lowering->module, self, lowering->index));
	if (self->returns_status)
		v_result = LLVMBuildInsertValue(builder, v_result, v_wide, lowering->shape->results, "");
	else
		write_context(lowering, VOLT_CONTEXT_status, v_wide);
	LLVMBuildRet(builder, v_result);
}

/* ---- The caller's side ---- */

/* The arguments' slots, as the callee's parameters. */
static LLVMValueRef *new_arguments(function_lowering *lowering, const call_convention *self,
                                   const call_site *site) {
	module_lowering *module = lowering->module;
	const volt_function *callee = &module->bytecode->functions.items[site->callee];
	uint32_t first = first_argument(self), parameters = module->shapes[site->callee].parameters;
	LLVMValueRef *v_arguments = malloc((first + parameters) * sizeof(LLVMValueRef));
	v_arguments[0] = lowering->v_context;
	if (self->passes_base)
		v_arguments[1] = frame_end(lowering);
	for (uint32_t slot = 0; slot < parameters; slot++)
		v_arguments[first + slot] = as_type(module, read_slot(lowering, site->first_slot + slot),
		                                    slot_type(module, self, callee, slot));
	return v_arguments;
}

static unsigned argument_count(module_lowering *module, const call_convention *self, uint32_t callee) {
	return first_argument(self) + module->shapes[callee].parameters;
}

/* Where the callee exits, it unwinds to here; its status stands in the context. */
static LLVMBasicBlockRef call_with_landing_pad(function_lowering *lowering, const call_site *site,
                                               LLVMValueRef v_callee, LLVMValueRef *v_arguments,
                                               called *result) {
	module_lowering *module = lowering->module;
	const call_convention *self = convention_to(lowering, site->callee);
	LLVMBasicBlockRef b_hot = new_block(lowering, "hot"), b_landing = new_block(lowering, "cold.unwound");
	result->v_returned =
	    LLVMBuildInvoke2(lowering->builder, function_type(module, self, site->callee), v_callee, v_arguments,
	                     argument_count(module, self, site->callee), b_hot, b_landing, "");
	pin_context_of_call(module, result->v_returned);
	LLVMPositionBuilderAtEnd(lowering->builder, b_landing);
	lowering->v_landing = build_landing_pad(module, lowering->v_function);
	result->v_status = read_context(lowering, VOLT_CONTEXT_status);
	return b_hot;
}

static LLVMBasicBlockRef call(function_lowering *lowering, const call_site *site, LLVMValueRef v_callee,
                              called *result) {
	module_lowering *module = lowering->module;
	const call_convention *self = convention_to(lowering, site->callee);
	LLVMValueRef *v_arguments = new_arguments(lowering, self, site);
	if (self->raises) {
		LLVMBasicBlockRef b_hot = call_with_landing_pad(lowering, site, v_callee, v_arguments, result);
		free(v_arguments);
		return b_hot;
	}
	result->v_returned =
	    LLVMBuildCall2(lowering->builder, function_type(module, self, site->callee), v_callee, v_arguments,
	                   argument_count(module, self, site->callee), "");
	pin_context_of_call(module, result->v_returned);
	free(v_arguments);
	result->v_status = self->returns_status
	                       ? LLVMBuildExtractValue(lowering->builder, result->v_returned,
	                                               module->shapes[site->callee].results, "v_status")
	                       : read_context(lowering, VOLT_CONTEXT_status);
	return branch_unless_ok(lowering, result->v_status, "cold.call");
}

/* All parameters and results are i64: the callee's types are not known. */
static LLVMTypeRef indirect_type(module_lowering *module, const indirect_callee *callee) {
	const call_convention *self = &module->convention;
	uint32_t first = first_argument(self), count = first + callee->parameters;
	uint32_t returned = callee->results + self->returns_status;
	LLVMTypeRef *words = malloc((count + returned) * sizeof(LLVMTypeRef));
	for (uint32_t i = 0; i < count + returned; i++)
		words[i] = module->types.i64;
	LLVMTypeRef result = LLVMStructTypeInContext(module->context, words, returned, false);
	words[0] = module->types.pointer;
	LLVMTypeRef type = LLVMFunctionType(result, words, count, false);
	free(words);
	return type;
}

static LLVMBasicBlockRef call_indirect(function_lowering *lowering, const call_site *site,
                                       LLVMValueRef v_callee, called *result) {
	module_lowering *module = lowering->module;
	const indirect_callee *callee = site->indirect;
	const call_convention *self = &module->convention;
	uint32_t first = first_argument(self);
	LLVMValueRef *v_arguments = malloc((first + callee->parameters) * sizeof(LLVMValueRef));
	v_arguments[0] = lowering->v_context;
	if (self->passes_base)
		v_arguments[1] = frame_end(lowering);
	v_arguments[first] = callee->v_slot_0;
	for (uint32_t slot = 1; slot < callee->parameters; slot++)
		v_arguments[first + slot] = read_slot(lowering, site->first_slot + slot - 1);
	result->v_returned = LLVMBuildCall2(lowering->builder, indirect_type(module, callee), v_callee,
	                                    v_arguments, first + callee->parameters, "");
	pin_context_of_call(module, result->v_returned);
	free(v_arguments);
	result->v_status = self->returns_status ? LLVMBuildExtractValue(lowering->builder, result->v_returned,
	                                                                callee->results, "v_status")
	                                        : read_context(lowering, VOLT_CONTEXT_status);
	return branch_unless_ok(lowering, result->v_status, "cold.call");
}

static void take_results(function_lowering *lowering, const call_site *site, const called *result) {
	module_lowering *module = lowering->module;
	lowering->v_landing = NULL;
	for (uint32_t i = 0; i < site->taken_count; i++) {
		LLVMValueRef v_value = LLVMBuildExtractValue(lowering->builder, result->v_returned, i, "");
		write_slot(lowering, site->first_slot + i, as_type(module, v_value, module->types.i64));
	}
}

/* ---- The host's entry: from memory to registers and back ---- */

static LLVMValueRef word_address(module_lowering *module, LLVMValueRef v_words, uint64_t index) {
	LLVMValueRef v_index = LLVMConstInt(module->types.i64, index, false);
	return LLVMBuildGEP2(module->builder, module->types.i64, v_words, &v_index, 1, "");
}

static LLVMValueRef load_field(module_lowering *module, LLVMValueRef v_context, volt_context_field field) {
	LLVMValueRef v_offset = LLVMConstInt(module->types.i64, module->options.context_offsets[field], false);
	LLVMValueRef v_address = LLVMBuildGEP2(module->builder, module->types.i8, v_context, &v_offset, 1, "");
	return LLVMBuildLoad2(module->builder, module->types.i64, v_address, "");
}

static LLVMValueRef *new_entry_arguments(module_lowering *module, uint32_t index, LLVMValueRef v_entry) {
	const call_convention *self = inner_convention(module, index);
	const volt_function *function = &module->bytecode->functions.items[index];
	uint32_t first = first_argument(self), parameters = module->shapes[index].parameters;
	LLVMValueRef *v_arguments = malloc((first + parameters) * sizeof(LLVMValueRef));
	v_arguments[0] = LLVMGetParam(v_entry, 0);
	if (self->passes_base)
		v_arguments[1] = load_field(module, v_arguments[0], VOLT_CONTEXT_base);
	for (uint32_t slot = 0; slot < parameters; slot++) {
		LLVMValueRef v_from = word_address(module, LLVMGetParam(v_entry, 1), slot);
		LLVMTypeRef type = slot_type(module, self, function, slot);
		v_arguments[first + slot] = LLVMBuildLoad2(module->builder, type, v_from, "");
	}
	return v_arguments;
}

static LLVMBasicBlockRef entry_block(module_lowering *module, LLVMValueRef v_entry, const char *name) {
	return LLVMAppendBasicBlockInContext(module->context, v_entry, name);
}

static void return_status(module_lowering *module, LLVMValueRef v_status) {
	LLVMBuildRet(module->builder, LLVMBuildTrunc(module->builder, v_status, module->types.i32, ""));
}

/* The entry ends the unwinding of an inner form that exits. */
static LLVMValueRef entry_call(module_lowering *module, uint32_t index, LLVMValueRef v_entry) {
	const call_convention *self = inner_convention(module, index);
	LLVMValueRef v_inner = inner_function(module, index);
	LLVMValueRef *v_arguments = new_entry_arguments(module, index, v_entry);
	LLVMTypeRef type = function_type(module, self, index);
	unsigned count = argument_count(module, self, index);
	LLVMValueRef v_returned;
	if (self->raises) {
		LLVMBasicBlockRef b_done = entry_block(module, v_entry, "b_done");
		LLVMBasicBlockRef b_landing = entry_block(module, v_entry, "cold.unwound");
		v_returned =
		    LLVMBuildInvoke2(module->builder, type, v_inner, v_arguments, count, b_done, b_landing, "");
		pin_context_of_call(module, v_returned);
		LLVMPositionBuilderAtEnd(module->builder, b_landing);
		build_landing_pad(module, v_entry);
		return_status(module, load_field(module, LLVMGetParam(v_entry, 0), VOLT_CONTEXT_status));
		LLVMPositionBuilderAtEnd(module->builder, b_done);
	} else {
		v_returned = LLVMBuildCall2(module->builder, type, v_inner, v_arguments, count, "");
		pin_context_of_call(module, v_returned);
	}
	free(v_arguments);
	return v_returned;
}

static LLVMValueRef entry_status(module_lowering *module, uint32_t index, LLVMValueRef v_entry,
                                 LLVMValueRef v_returned) {
	const call_convention *self = inner_convention(module, index);
	if (self->raises)
		return LLVMConstInt(module->types.i64, VOLT_STATUS_OK, false);
	if (!self->returns_status)
		return load_field(module, LLVMGetParam(v_entry, 0), VOLT_CONTEXT_status);
	return LLVMBuildExtractValue(module->builder, v_returned, module->shapes[index].results, "v_status");
}

/*
 * After an exit the results are poison, which may be stored: the host looks at them only if the status is
 * OK.
 */
static void define_entry(module_lowering *module, uint32_t index) {
	char symbol[SYMBOL_SIZE];
	entry_symbol(module, index, symbol);
	LLVMValueRef v_entry =
	    LLVMAddFunction(module->module, symbol, external_operations.function_type(module, NULL, index));
	LLVMPositionBuilderAtEnd(module->builder, entry_block(module, v_entry, "b_entry"));
	LLVMValueRef v_returned = entry_call(module, index, v_entry);
	for (uint32_t i = 0; i < module->shapes[index].results; i++) {
		LLVMValueRef v_value = LLVMBuildExtractValue(module->builder, v_returned, i, "");
		LLVMBuildStore(module->builder, v_value, word_address(module, LLVMGetParam(v_entry, 2), i));
	}
	return_status(module, entry_status(module, index, v_entry, v_returned));
}

const struct call_operations fast_operations = {
    .function_type = function_type,
    .enter = enter,
    .call = call,
    .call_indirect = call_indirect,
    .take_results = take_results,
    .leave = leave,
    .leave_exit = leave_exit,
    .define_entry = define_entry,
};
