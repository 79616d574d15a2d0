/*
 * `trivial`: an exit is its status. Only for recursive functions that call nothing but themselves and change
 * nothing outside of their frames (analysis/repeatable.h). Such a function has a trial form with trivial
 * exits and a complete one; its inner form calls the trial and, if that exits, the complete form from the
 * start, with the same arguments. Nothing of the trial's frames is needed, and no exit is lost.
 *
 * The inner form is a small function, so that the recursion itself has nothing of the complete form's cost.
 * All other functions exit as under `frames`.
 */
#include <stdlib.h>

#include "analysis/reachability.h"
#include "analysis/repeatable.h"
#include "calls/forms.h"
#include "calls/module_calls.h"
#include "calls/preset.h"
#include "calls/strategy.h"
#include "guard/memory.h"

/* ---- Exits of trials ---- */

static void exit_here(function_lowering *lowering, const exit_cause *cause) {
	lowering->convention->operations->leave_exit(lowering, cause->v_status);
}

static void exit_after_call(function_lowering *lowering, const call_site *site, LLVMValueRef v_status) {
	(void)site;
	lowering->convention->operations->leave_exit(lowering, v_status);
}

/* It starts anew after an exit, so it does not give way to other fibers: time spent would be lost. */
static const frame_exit trial_frame = {
    .starts_anew = true,
    .stack_limit = VOLT_CONTEXT_native_stack_end,
    .exit_here = exit_here,
    .exit_after_call = exit_after_call,
};

static const call_convention trial_convention = {.operations = &fast_operations, .returns_status = true};

/* ---- Forms ---- */

/* With steps counted, a trial would use up steps that count again in the complete form, so there is none. */
static bool can_be_tried(const module_lowering *module, uint32_t index) {
	const function_shape *shape = &module->shapes[index];
	if (module->options.count_steps || shape->returns_through_host || shape->large)
		return false;
	bool *reachable = memory_needed(volt_reachable_instructions(&module->bytecode->functions.items[index]));
	bool repeatable = volt_is_repeatable_recursion(module->bytecode, index, reachable);
	free(reachable);
	return repeatable;
}

static void prepare(module_lowering *module) {
	uint32_t count = module->bytecode->functions.count;
	module->calls->trials = memory_new(count + (size_t)1, sizeof *module->calls->trials);
	for (uint32_t i = 0; i < count; i++)
		module->calls->trials[i] = can_be_tried(module, i);
}

static bool has_trial(const module_lowering *module, uint32_t index) {
	return module->calls->trials[index];
}

static uint32_t plan_forms(module_lowering *module, uint32_t index, form_plan *plans) {
	if (!has_trial(module, index))
		return plan_inner_form(module, index, plans);
	plans[0] = (form_plan){
	    .form = FORM_TRIAL,
	    .v_function = new_form(module, index, FORM_TRIAL, &trial_convention),
	    .convention = &trial_convention,
	    .frame = &trial_frame,
	};
	plans[1] = (form_plan){
	    .form = FORM_COMPLETE,
	    .v_function = new_form_like_inner(module, index, FORM_COMPLETE),
	    .convention = inner_convention(module, index),
	    .frame = &complete_frame,
	};
	return 2;
}

static function_form working_form(const module_lowering *module, uint32_t index) {
	return has_trial(module, index) ? FORM_TRIAL : FORM_INNER;
}

/* ---- The inner form: a trial, and what follows if it exits ---- */

static LLVMValueRef call_form(module_lowering *module, uint32_t index, function_form form,
                              LLVMValueRef *v_arguments) {
	char symbol[SYMBOL_SIZE];
	form_symbol(module, index, form, symbol);
	LLVMValueRef v_callee = LLVMGetNamedFunction(module->module, symbol);
	LLVMValueRef v_call = LLVMBuildCall2(module->builder, LLVMGlobalGetValueType(v_callee), v_callee,
	                                     v_arguments, LLVMCountParams(v_callee), "");
	pin_context_of_call(module, v_call);
	return v_call;
}

/* A trial has the parameters and results of the inner form without the base, which is its second. */
static LLVMValueRef call_trial(module_lowering *module, uint32_t index, LLVMValueRef *v_arguments) {
	uint32_t count = module->shapes[index].parameters + 1;
	LLVMValueRef *v_passed = memory_new(count, sizeof *v_passed);
	v_passed[0] = v_arguments[0];
	for (uint32_t i = 1; i < count; i++)
		v_passed[i] = v_arguments[i + 1];
	LLVMValueRef v_returned = call_form(module, index, FORM_TRIAL, v_passed);
	memory_free(v_passed);
	return v_returned;
}

static void join_forms(module_lowering *module, uint32_t index) {
	if (!has_trial(module, index))
		return;
	LLVMBuilderRef builder = module->builder;
	LLVMValueRef v_function = inner_function(module, index);
	LLVMValueRef *v_arguments = memory_new(LLVMCountParams(v_function), sizeof *v_arguments);
	LLVMGetParams(v_function, v_arguments);
	LLVMPositionBuilderAtEnd(builder, new_block_in(module, v_function, BLOCK_ENTRY));
	LLVMValueRef v_returned = call_trial(module, index, v_arguments);
	LLVMValueRef v_status =
	    LLVMBuildExtractValue(builder, v_returned, module->shapes[index].results, "v_status");
	LLVMBasicBlockRef b_complete = new_block_in(module, v_function, BLOCK_COMPLETE);
	LLVMBasicBlockRef b_done = new_block_in(module, v_function, BLOCK_DONE);
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_status, "v_ok"), b_done, b_complete);
	LLVMPositionBuilderAtEnd(builder, b_done);
	LLVMBuildRet(builder, v_returned);
	LLVMPositionBuilderAtEnd(builder, b_complete);
	LLVMBuildRet(builder, call_form(module, index, FORM_COMPLETE, v_arguments));
	memory_free(v_arguments);
}

/* ---- The strategy ---- */

static const char *contradiction(const compile_preset *preset) {
	if (preset->abi == ABI_EXTERNAL)
		return "exit=trivial needs abi=fast: it is there to keep everything in registers";
	if (preset->status == STATUS_MEMORY || preset->types == TYPES_NATURAL)
		return "exit=trivial returns a status and uniform results, and nothing else";
	if (preset->prologue == PROLOGUE_SPLIT)
		return "prologue=split cannot be combined with exit=trivial, which has functions of its own";
	return NULL;
}

const exit_strategy trivial_strategy = {
    .frame = &complete_frame,
    .held_frame = &complete_frame,
    .one_convention = true,
    .contradiction = contradiction,
    .prepare = prepare,
    .inner_convention = convention_of_module,
    .plan_forms = plan_forms,
    .join_forms = join_forms,
    .working_form = working_form,
};
