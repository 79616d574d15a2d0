/*
 * `unwind`: frames are recorded as under `record`, but functions that never wait return no status. Their
 * exits, those of the native stack and of pre-emption included, are forced unwinding (DWARF tables): each
 * caller's landing pad records its frame and goes on, until a function that does return a status, or an
 * entry, ends it. A function that may wait calls both kinds; one that never waits calls only its own.
 */
#include <stdlib.h>

#include "analysis/exits.h"
#include "calls/convention_fast.h"
#include "calls/forms.h"
#include "calls/module_calls.h"
#include "calls/preset.h"
#include "calls/strategy.h"
#include "guard/memory.h"
#include "ir/helper_declarations.h"

/* ---- Landing pads ---- */

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

/* Goes on in the landing pad; `*b_returned` is where control goes without an exit. */
static LLVMValueRef invoke(module_lowering *module, LLVMValueRef v_caller, LLVMTypeRef type,
                           LLVMValueRef v_callee, LLVMValueRef *v_arguments, unsigned count,
                           block_kind returned, LLVMBasicBlockRef *b_returned) {
	*b_returned = new_block_in(module, v_caller, returned);
	LLVMBasicBlockRef b_landing = new_block_in(module, v_caller, BLOCK_UNWOUND);
	LLVMValueRef v_returned =
	    LLVMBuildInvoke2(module->builder, type, v_callee, v_arguments, count, *b_returned, b_landing, "");
	pin_context_of_call(module, v_returned);
	LLVMPositionBuilderAtEnd(module->builder, b_landing);
	return v_returned;
}

/* ---- The convention of functions that never wait ---- */

/* Where the callee exits, it unwinds to here; its status stands in the context. */
static LLVMBasicBlockRef call(function_lowering *lowering, const call_convention *self, const call_site *site,
                              LLVMValueRef v_callee, called *result) {
	module_lowering *module = lowering->module;
	const uint32_t model = callee_model(site);
	LLVMBasicBlockRef b_hot;
	LLVMValueRef *v_arguments = fast_arguments(lowering, self, site);
	result->v_returned =
	    invoke(module, lowering->v_function, fast_function_type(module, self, model), v_callee, v_arguments,
	           fast_argument_count(module, self, model), BLOCK_GO_ON, &b_hot);
	memory_free(v_arguments);
	lowering->v_landing = build_landing_pad(module, lowering->v_function);
	result->v_status = read_context(lowering, VOLT_CONTEXT_status);
	return b_hot;
}

static void take_results(function_lowering *lowering, const call_site *site, const called *result) {
	lowering->v_landing = NULL;
	fast_take_results(lowering, site, result);
}

/* From a callee's exit the unwinding goes on; an exit of this function starts it. */
static void leave_exit(function_lowering *lowering, LLVMValueRef v_status) {
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

/* The entry ends the unwinding of an inner form that exits. */
static void define_entry(module_lowering *module, const call_convention *self, uint32_t index) {
	LLVMValueRef v_entry = fast_declare_entry(module, index);
	LLVMValueRef v_inner = inner_function(module, index);
	LLVMValueRef *v_arguments = fast_entry_arguments(module, self, index, v_entry);
	LLVMBasicBlockRef b_done;
	LLVMValueRef v_returned =
	    invoke(module, v_entry, fast_function_type(module, self, index), v_inner, v_arguments,
	           fast_argument_count(module, self, index), BLOCK_DONE, &b_done);
	memory_free(v_arguments);
	build_landing_pad(module, v_entry);
	fast_return_status(module, fast_load_field(module, LLVMGetParam(v_entry, 0), VOLT_CONTEXT_status));
	LLVMPositionBuilderAtEnd(module->builder, b_done);
	fast_store_results(module, index, v_entry, v_returned);
	fast_return_status(module, LLVMConstInt(module->types.i64, VOLT_STATUS_OK, false));
}

static const call_operations unwinding_operations = {
    .function_type = fast_function_type,
    .scratch_words = fast_scratch_words,
    .enter = fast_enter,
    .call = call,
    .take_results = take_results,
    .leave = fast_leave,
    .leave_exit = leave_exit,
    .define_entry = define_entry,
};

static const call_convention unwinding_convention = {.operations = &unwinding_operations, .unwinds = true};

/* ---- The strategy ---- */

/* Those that never wait, whatever natives a host binds: what they call never waits either, so that all of it
 * unwinds. */
static void prepare(module_lowering *module) {
	uint32_t count = module->bytecode->functions.count;
	bool *unwinds = memory_new(count + (size_t)1, sizeof *unwinds);
	function_exits *exits = memory_needed(volt_exits_compute(module->bytecode, NULL));
	for (uint32_t i = 0; i < count; i++)
		unwinds[i] = volt_exits_class(&exits[i]) != EXITS_WAIT;
	free(exits);
	module->calls->unwinds = unwinds;
}

static const call_convention *convention_of(const module_lowering *module, uint32_t index) {
	return module->calls->unwinds[index] ? &unwinding_convention : &module->calls->convention;
}

static const char *contradiction(const compile_preset *preset) {
	if (preset->abi == ABI_EXTERNAL)
		return "exit=unwind needs abi=fast: the external ABI is a status";
	if (preset->status == STATUS_MEMORY)
		return "exit=unwind returns no status that could stand in memory";
	if (preset->types == TYPES_NATURAL)
		return "exit=unwind passes uniform slots only";
	return NULL;
}

const exit_strategy unwind_strategy = {
    .frame = &recorded_frame,
    .held_frame = &held_frame,
    .one_convention = false,
    .contradiction = contradiction,
    .prepare = prepare,
    .inner_convention = convention_of,
    .plan_forms = plan_inner_form,
    .join_forms = nothing_to_join,
    .working_form = inner_form_works,
};
