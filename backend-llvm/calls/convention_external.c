/*
 * The memory ABI: (context, arguments, results) -> i32 status. The context's base and stack pointer are
 * written at every call, and every prologue checks that the fiber's stack has room for the frame.
 */
#include "calls/checks.h"
#include "calls/convention.h"
#include "calls/forms.h"

static LLVMTypeRef function_type(module_lowering *module, const call_convention *self, uint32_t index) {
	(void)self, (void)index;
	LLVMTypeRef parameters[] = {module->types.pointer, module->types.pointer, module->types.pointer};
	return LLVMFunctionType(module->types.i32, parameters, 3, false);
}

static uint32_t maximum(uint32_t left, uint32_t right) {
	return left > right ? left : right;
}

/* Arguments on the way in, results on the way out. */
static uint32_t scratch_words(const module_lowering *module, uint32_t callee) {
	const function_shape *shape = &module->shapes[callee];
	return shape->refusal ? 0 : maximum(maximum(shape->parameters, shape->results), 1);
}

static void enter(function_lowering *lowering) {
	lowering->v_context = LLVMGetParam(lowering->v_function, 0);
	lowering->v_results = LLVMGetParam(lowering->v_function, 2);
	lowering->v_base = read_context(lowering, VOLT_CONTEXT_base);
	LLVMValueRef v_arguments = LLVMGetParam(lowering->v_function, 1);
	load_slots(lowering, 0, v_arguments, lowering->shape->parameters, MEMORY_UNNAMED);
	ensure_stack_room(lowering, lowering->function->local_slots);
}

static void write_frame_registers(function_lowering *lowering, LLVMValueRef v_base, uint64_t frame_end) {
	write_context(lowering, VOLT_CONTEXT_base, v_base);
	write_context(lowering, VOLT_CONTEXT_stack_pointer, base_plus(lowering, frame_end));
}

/* How large the frame of an indirect callee is, is not known here: its prologue makes room. */
static uint64_t callee_slots(const function_lowering *lowering, const call_site *site) {
	return site->indirect ? 0 : lowering->module->bytecode->functions.items[site->callee].local_slots;
}

/*
 * Arguments and results share the scratch array: a callee reads all its arguments before it writes a
 * result.
 */
static LLVMBasicBlockRef call(function_lowering *lowering, const call_convention *self, const call_site *site,
                              LLVMValueRef v_callee, called *result) {
	module_lowering *module = lowering->module;
	const uint32_t model = callee_model(site);
	for (uint32_t slot = 0; slot < module->shapes[model].parameters; slot++)
		LLVMBuildStore(lowering->builder, read_argument(lowering, site, slot), scratch_slot(lowering, slot));
	uint64_t own = lowering->function->local_slots;
	write_frame_registers(lowering, base_plus(lowering, own), own + callee_slots(lowering, site));
	LLVMValueRef v_arguments[] = {lowering->v_context, lowering->v_scratch, lowering->v_scratch};
	LLVMTypeRef type = function_type(module, self, model);
	result->v_returned = NULL;
	result->v_status = LLVMBuildCall2(lowering->builder, type, v_callee, v_arguments, 3, "v_status");
	return branch_unless_ok(lowering, result->v_status, BLOCK_CALLEE_EXIT);
}

static void take_results(function_lowering *lowering, const call_site *site, const called *returned) {
	(void)returned;
	write_frame_registers(lowering, lowering->v_base, lowering->function->local_slots);
	for (uint32_t result = 0; result < site->taken_count; result++) {
		LLVMValueRef v_value = LLVMBuildLoad2(lowering->builder, lowering->module->types.i64,
		                                      scratch_slot(lowering, result), "");
		write_slot(lowering, site->first_slot + result, v_value);
	}
}

static void leave(function_lowering *lowering, uint32_t first_slot) {
	for (uint32_t result = 0; result < lowering->shape->results; result++) {
		LLVMValueRef v_to = slot_address(lowering, lowering->v_results, constant_i64(lowering, result));
		LLVMBuildStore(lowering->builder, read_slot(lowering, first_slot + result), v_to);
	}
	LLVMBuildRet(lowering->builder, constant_i32(lowering, VOLT_STATUS_OK));
}

static void leave_exit(function_lowering *lowering, LLVMValueRef v_status) {
	LLVMTypeRef i32 = lowering->module->types.i32;
	LLVMBuildRet(lowering->builder, LLVMBuildIntCast2(lowering->builder, v_status, i32, false, ""));
}

/* The host's entry is the function itself, under a second name. */
static void define_entry(module_lowering *module, const call_convention *self, uint32_t index) {
	(void)self;
	char symbol[SYMBOL_SIZE];
	form_symbol(module, index, FORM_ENTRY, symbol);
	LLVMValueRef v_inner = inner_function(module, index);
	LLVMAddAlias2(module->module, LLVMGlobalGetValueType(v_inner), 0, v_inner, symbol);
}

const call_operations external_operations = {
    .function_type = function_type,
    .scratch_words = scratch_words,
    .enter = enter,
    .call = call,
    .take_results = take_results,
    .leave = leave,
    .leave_exit = leave_exit,
    .define_entry = define_entry,
};

const call_convention host_convention = {.operations = &external_operations, .returns_status = true};
