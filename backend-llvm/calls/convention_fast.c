/*
 * The register ABI: (context, [base], arguments...) -> {results..., [status]}. Nothing is written to the
 * context on the way in or out: an exit does that. Where the status stands in the context, it is OK until an
 * exit.
 */
#include "calls/convention_fast.h"

#include "calls/checks.h"
#include "calls/forms.h"
#include "guard/memory.h"

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
	LLVMTypeRef *fields = memory_new(count + 1, sizeof(LLVMTypeRef));
	for (uint32_t i = 0; i < shape->results; i++)
		fields[i] = slot_type(module, self, function, shape->first_result + i);
	if (self->returns_status)
		fields[shape->results] = module->types.i64;
	LLVMTypeRef type = LLVMStructTypeInContext(module->context, fields, count, false);
	memory_free(fields);
	return type;
}

LLVMTypeRef fast_function_type(module_lowering *module, const call_convention *self, uint32_t index) {
	const volt_function *function = &module->bytecode->functions.items[index];
	uint32_t first = first_argument(self), count = first + module->shapes[index].parameters;
	LLVMTypeRef *parameters = memory_new(count, sizeof(LLVMTypeRef));
	parameters[0] = module->types.pointer;
	parameters[first - 1] = first == 1 ? module->types.pointer : module->types.i64;
	for (uint32_t i = first; i < count; i++)
		parameters[i] = slot_type(module, self, function, i - first);
	LLVMTypeRef type = LLVMFunctionType(returned_type(module, self, index), parameters, count, false);
	memory_free(parameters);
	return type;
}

static LLVMValueRef as_type(module_lowering *module, LLVMValueRef v_value, LLVMTypeRef type) {
	return LLVMBuildBitCast(module->builder, v_value, type, "");
}

/* ---- The function's own side ---- */

void fast_enter(function_lowering *lowering) {
	uint32_t first = first_argument(lowering->convention);
	lowering->v_context = LLVMGetParam(lowering->v_function, 0);
	if (lowering->convention->passes_base)
		lowering->v_base = LLVMGetParam(lowering->v_function, 1);
	for (uint32_t slot = 0; slot < lowering->shape->parameters; slot++) {
		LLVMValueRef v_argument = LLVMGetParam(lowering->v_function, first + slot);
		write_slot(lowering, slot, as_type(lowering->module, v_argument, lowering->module->types.i64));
	}
}

static void return_fields(function_lowering *lowering, LLVMValueRef *v_fields) {
	LLVMTypeRef type = returned_type(lowering->module, lowering->convention, lowering->index);
	LLVMValueRef v_result = LLVMGetPoison(type);
	for (uint32_t i = 0; i < LLVMCountStructElementTypes(type); i++)
		if (v_fields[i])
			v_result = LLVMBuildInsertValue(lowering->builder, v_result, v_fields[i], i, "");
	LLVMBuildRet(lowering->builder, v_result);
}

/* A variable for what is returned, and the block that returns it. */
static void make_common_return(function_lowering *lowering) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef type = returned_type(lowering->module, lowering->convention, lowering->index);
	uint32_t count = LLVMCountStructElementTypes(type);
	LLVMBasicBlockRef b_here = LLVMGetInsertBlock(builder);
	LLVMPositionBuilderBefore(builder, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(lowering->v_function)));
	lowering->v_returned = LLVMBuildAlloca(builder, type, "v_returned");
	lowering->b_return = new_block(lowering, BLOCK_DONE);
	LLVMPositionBuilderAtEnd(builder, lowering->b_return);
	LLVMValueRef *v_fields = memory_new(count, sizeof *v_fields);
	for (uint32_t i = 0; i < count; i++) {
		LLVMValueRef v_address = LLVMBuildStructGEP2(builder, type, lowering->v_returned, i, "");
		v_fields[i] = LLVMBuildLoad2(builder, LLVMStructGetTypeAtIndex(type, i), v_address, "");
	}
	return_fields(lowering, v_fields);
	memory_free(v_fields);
	LLVMPositionBuilderAtEnd(builder, b_here);
}

/*
 * Each field that is not NULL. A copy becomes part of its caller: with one return in it each field is a value
 * there, and the test of the status goes where it is known. Of several returns LLVM makes one value with all
 * fields, which it does not take apart. Plain code has one return because instruction selection without
 * optimisation leaves a block that returns several values to the slow one.
 */
static void leave_with(function_lowering *lowering, LLVMValueRef *v_fields) {
	if (lowering->form != FORM_INLINED && !lowering->module->options.plain) {
		return_fields(lowering, v_fields);
		return;
	}
	if (!lowering->b_return)
		make_common_return(lowering);
	LLVMTypeRef type = returned_type(lowering->module, lowering->convention, lowering->index);
	for (uint32_t i = 0; i < LLVMCountStructElementTypes(type); i++)
		if (v_fields[i])
			LLVMBuildStore(lowering->builder, v_fields[i],
			               LLVMBuildStructGEP2(lowering->builder, type, lowering->v_returned, i, ""));
	LLVMBuildBr(lowering->builder, lowering->b_return);
}

void fast_leave(function_lowering *lowering, uint32_t first_slot) {
	module_lowering *module = lowering->module;
	const call_convention *self = lowering->convention;
	uint32_t count = lowering->shape->results;
	LLVMTypeRef type = returned_type(module, self, lowering->index);
	LLVMValueRef *v_fields = memory_new(count + (size_t)1, sizeof *v_fields);
	for (uint32_t i = 0; i < count; i++)
		v_fields[i] = as_type(module, read_slot(lowering, first_slot + i), LLVMStructGetTypeAtIndex(type, i));
	if (self->returns_status)
		v_fields[count] = constant_i64(lowering, VOLT_STATUS_OK);
	leave_with(lowering, v_fields);
	memory_free(v_fields);
}

static void leave_exit(function_lowering *lowering, LLVMValueRef v_status) {
	LLVMValueRef v_wide =
	    LLVMBuildIntCast2(lowering->builder, v_status, lowering->module->types.i64, false, "");
	uint32_t count = lowering->shape->results;
	LLVMValueRef *v_fields = memory_new(count + (size_t)1, sizeof *v_fields);
	if (lowering->convention->returns_status)
		v_fields[count] = v_wide;
	else
		write_context(lowering, VOLT_CONTEXT_status, v_wide);
	leave_with(lowering, v_fields);
	memory_free(v_fields);
}

/* ---- The caller's side ---- */

/* The arguments' slots, as the callee's parameters. */
LLVMValueRef *fast_arguments(function_lowering *lowering, const call_convention *self,
                             const call_site *site) {
	module_lowering *module = lowering->module;
	const uint32_t model = callee_model(site);
	const volt_function *callee = &module->bytecode->functions.items[model];
	uint32_t first = first_argument(self), parameters = module->shapes[model].parameters;
	LLVMValueRef *v_arguments = memory_new(first + parameters, sizeof(LLVMValueRef));
	v_arguments[0] = lowering->v_context;
	if (self->passes_base)
		v_arguments[1] = frame_end(lowering);
	for (uint32_t slot = 0; slot < parameters; slot++)
		v_arguments[first + slot] =
		    as_type(module, read_argument(lowering, site, slot), slot_type(module, self, callee, slot));
	return v_arguments;
}

unsigned fast_argument_count(module_lowering *module, const call_convention *self, uint32_t callee) {
	return first_argument(self) + module->shapes[callee].parameters;
}

uint32_t fast_scratch_words(const module_lowering *module, uint32_t callee) {
	(void)module, (void)callee;
	return 0;
}

static LLVMBasicBlockRef call(function_lowering *lowering, const call_convention *self, const call_site *site,
                              LLVMValueRef v_callee, called *result) {
	module_lowering *module = lowering->module;
	const uint32_t model = callee_model(site);
	LLVMValueRef *v_arguments = fast_arguments(lowering, self, site);
	result->v_returned = LLVMBuildCall2(lowering->builder, fast_function_type(module, self, model), v_callee,
	                                    v_arguments, fast_argument_count(module, self, model), "");
	pin_context_of_call(module, result->v_returned);
	memory_free(v_arguments);
	result->v_status = self->returns_status ? LLVMBuildExtractValue(lowering->builder, result->v_returned,
	                                                                module->shapes[model].results, "v_status")
	                                        : read_context(lowering, VOLT_CONTEXT_status);
	return branch_unless_ok(lowering, result->v_status, BLOCK_CALLEE_EXIT);
}

void fast_take_results(function_lowering *lowering, const call_site *site, const called *result) {
	module_lowering *module = lowering->module;
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

LLVMValueRef fast_load_field(module_lowering *module, LLVMValueRef v_context, volt_context_field field) {
	LLVMValueRef v_offset = LLVMConstInt(module->types.i64, module->options.context_offsets[field], false);
	LLVMValueRef v_address = LLVMBuildGEP2(module->builder, module->types.i8, v_context, &v_offset, 1, "");
	return LLVMBuildLoad2(module->builder, module->types.i64, v_address, "");
}

LLVMValueRef *fast_entry_arguments(module_lowering *module, const call_convention *self, uint32_t index,
                                   LLVMValueRef v_entry) {
	const volt_function *function = &module->bytecode->functions.items[index];
	uint32_t first = first_argument(self), parameters = module->shapes[index].parameters;
	LLVMValueRef *v_arguments = memory_new(first + parameters, sizeof(LLVMValueRef));
	v_arguments[0] = LLVMGetParam(v_entry, 0);
	if (self->passes_base)
		v_arguments[1] = fast_load_field(module, v_arguments[0], VOLT_CONTEXT_base);
	for (uint32_t slot = 0; slot < parameters; slot++) {
		LLVMValueRef v_from = word_address(module, LLVMGetParam(v_entry, 1), slot);
		LLVMTypeRef type = slot_type(module, self, function, slot);
		v_arguments[first + slot] = LLVMBuildLoad2(module->builder, type, v_from, "");
	}
	return v_arguments;
}

LLVMValueRef fast_declare_entry(module_lowering *module, uint32_t index) {
	char symbol[SYMBOL_SIZE];
	form_symbol(module, index, FORM_ENTRY, symbol);
	LLVMTypeRef type = host_convention.operations->function_type(module, &host_convention, index);
	LLVMValueRef v_entry = LLVMAddFunction(module->module, symbol, type);
	LLVMPositionBuilderAtEnd(module->builder, new_block_in(module, v_entry, BLOCK_ENTRY));
	return v_entry;
}

void fast_return_status(module_lowering *module, LLVMValueRef v_status) {
	LLVMBuildRet(module->builder, LLVMBuildTrunc(module->builder, v_status, module->types.i32, ""));
}

void fast_store_results(module_lowering *module, uint32_t index, LLVMValueRef v_entry,
                        LLVMValueRef v_returned) {
	for (uint32_t i = 0; i < module->shapes[index].results; i++) {
		LLVMValueRef v_value = LLVMBuildExtractValue(module->builder, v_returned, i, "");
		LLVMBuildStore(module->builder, v_value, word_address(module, LLVMGetParam(v_entry, 2), i));
	}
}

/*
 * After an exit the results are poison, which may be stored: the host looks at them only if the status is
 * OK.
 */
static void define_entry(module_lowering *module, const call_convention *self, uint32_t index) {
	LLVMValueRef v_entry = fast_declare_entry(module, index);
	LLVMValueRef *v_arguments = fast_entry_arguments(module, self, index, v_entry);
	LLVMValueRef v_returned = LLVMBuildCall2(module->builder, fast_function_type(module, self, index),
	                                         inner_function(module, index), v_arguments,
	                                         fast_argument_count(module, self, index), "");
	memory_free(v_arguments);
	pin_context_of_call(module, v_returned);
	fast_store_results(module, index, v_entry, v_returned);
	LLVMValueRef v_status =
	    self->returns_status
	        ? LLVMBuildExtractValue(module->builder, v_returned, module->shapes[index].results, "v_status")
	        : fast_load_field(module, LLVMGetParam(v_entry, 0), VOLT_CONTEXT_status);
	fast_return_status(module, v_status);
}

const call_operations fast_operations = {
    .function_type = fast_function_type,
    .scratch_words = fast_scratch_words,
    .enter = fast_enter,
    .call = call,
    .take_results = fast_take_results,
    .leave = fast_leave,
    .leave_exit = leave_exit,
    .define_entry = define_entry,
};
