/*
 * Deferred calls that a function makes itself (analysis/deferred_calls.h), recover, and results on the heap.
 * Those in a list are in deferred_list.c.
 *
 * A push writes the slots of its call, which exits capture with the frame. A Return makes the pending calls,
 * the last one first. While it has made none it can be left to the host as a whole; that is also possible
 * between two calls unless some are made for errors only: whether this is an error the host would find out
 * again, and the calls may have changed that.
 *
 * In a frame that the fiber holds deferred calls are pending in the fiber: there the host pushes and makes
 * them.
 */
#include "lower/defer.h"

#include "calls/checks.h"
#include "calls/forms.h"
#include "calls/strategy.h"
#include "calls/targets.h"
#include "guard/memory.h"
#include "ir/heap_layout.h"
#include "lower/opcodes.h"

enum { RETURN_ERROR = 1, RETURN_HEAP_RESULTS = 2 };

/* ---- Pushing ---- */

static const deferred_call *call_pushed_here(const function_lowering *lowering) {
	for (uint32_t i = 0; lowering->deferred && i < lowering->deferred->count; i++)
		if (lowering->deferred->calls[i].pc == lowering->pc)
			return &lowering->deferred->calls[i];
	return NULL;
}

static void push_in_slots(function_lowering *lowering, const deferred_call *call) {
	uint32_t slot = call->first_slot;
	write_slot(lowering, slot++, constant_i64(lowering, 1));
	if (call->by_closure)
		write_slot(lowering, slot++, read_slot(lowering, lowering->instruction.a));
	for (uint32_t i = 0; i < call->argument_count; i++)
		write_slot(lowering, slot++, read_slot(lowering, lowering->instruction.b + i));
}

/* What the fiber holds is its top frame: the host need not execute the frame itself to push a call of it. */
static void lower_push(function_lowering *lowering) {
	const deferred_call *call = call_pushed_here(lowering);
	if (call && lowering->deferred->in_list)
		push_in_list(lowering, call);
	else if (call)
		push_in_slots(lowering, call);
	else if (lowering->form == FORM_RESUME && lowering->module->options.through_table)
		lower_out_of_line(lowering);
	else
		lower_in_host(lowering);
}

/* ---- Which calls a Return makes ---- */

/* Is the first word of the object a type? Nil has none. Goes on in a new block. */
static LLVMValueRef object_is_error(function_lowering *lowering, uint32_t slot) {
	LLVMBuilderRef builder = lowering->builder;
	const basic_types *types = &lowering->module->types;
	LLVMValueRef v_object = read_slot(lowering, slot);
	LLVMBasicBlockRef b_here = LLVMGetInsertBlock(builder), b_some = new_block(lowering, BLOCK_SOME),
	                  b_done = new_block(lowering, BLOCK_DONE);
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_object, "v_nil"), b_done, b_some);
	LLVMPositionBuilderAtEnd(builder, b_some);
	LLVMValueRef v_address = LLVMBuildIntToPtr(builder, v_object, types->pointer, "");
	LLVMValueRef v_kind = kind_byte_of_type(lowering, LLVMBuildLoad2(builder, types->i64, v_address, ""));
	LLVMValueRef v_error = LLVMBuildIsNotNull(builder, v_kind, "");
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
	LLVMValueRef v_result = LLVMBuildPhi(builder, types->i1, "v_error");
	LLVMAddIncoming(v_result, (LLVMValueRef[]){LLVMConstInt(types->i1, 0, false), v_error},
	                (LLVMBasicBlockRef[]){b_here, b_some}, 2);
	return v_result;
}

/* As the host finds it out: interpreter/unwind.c, returns_error(). */
static LLVMValueRef returns_error(function_lowering *lowering) {
	const volt_instruction instruction = lowering->instruction;
	const int offset = lowering->function->error_result_slot;
	LLVMTypeRef i1 = lowering->module->types.i1;
	if (instruction.flags & RETURN_ERROR)
		return LLVMConstInt(i1, 1, false);
	if (offset < 0 || instruction.b == 0)
		return LLVMConstInt(i1, 0, false);
	if (instruction.flags & RETURN_HEAP_RESULTS)
		return object_is_error(lowering, instruction.a + instruction.b - 1u);
	if (offset >= instruction.b)
		return LLVMConstInt(i1, 0, false);
	LLVMValueRef v_kind =
	    LLVMBuildAnd(lowering->builder, read_slot(lowering, instruction.a + (uint32_t)offset),
	                 constant_i64(lowering, kind_mask_of_type(lowering)), "");
	return LLVMBuildIsNotNull(lowering->builder, v_kind, "v_error");
}

bool deferred_call_is_made_here(const function_lowering *lowering, uint32_t i) {
	return lowering->deferred->calls[i].pending[lowering->pc];
}

static void drop_calls_for_errors(function_lowering *lowering) {
	if (!lowering->deferred->error_only)
		return;
	LLVMValueRef v_error = returns_error(lowering);
	for (uint32_t i = 0; i < lowering->deferred->count; i++) {
		const deferred_call *call = &lowering->deferred->calls[i];
		if (!call->error_only || !deferred_call_is_made_here(lowering, i))
			continue;
		LLVMValueRef v_pending = LLVMBuildSelect(
		    lowering->builder, v_error, read_slot(lowering, call->first_slot), constant_i64(lowering, 0), "");
		write_slot(lowering, call->first_slot, v_pending);
	}
}

/* ---- Making them ---- */

static LLVMValueRef is_pending(function_lowering *lowering, const deferred_call *call) {
	return LLVMBuildIsNotNull(lowering->builder, read_slot(lowering, call->first_slot), "v_pending");
}

static void find_known_callee(function_lowering *lowering, uint32_t callee, deferred_target *target) {
	bool in_table = false;
	target->v_code = call_target(lowering, callee, &in_table);
	target->v_host = in_table ? LLVMBuildIsNull(lowering->builder, target->v_code, "v_missing")
	                          : LLVMConstInt(lowering->module->types.i1, 0, false);
}

/* The function that the closure names, as i64; of nil the number behind all functions. */
static LLVMValueRef closure_function(function_lowering *lowering, LLVMValueRef v_closure) {
	LLVMBuilderRef builder = lowering->builder;
	const basic_types *types = &lowering->module->types;
	LLVMBasicBlockRef b_here = LLVMGetInsertBlock(builder), b_some = new_block(lowering, BLOCK_SOME),
	                  b_done = new_block(lowering, BLOCK_DONE);
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_closure, "v_nil"), b_done, b_some);
	LLVMPositionBuilderAtEnd(builder, b_some);
	LLVMValueRef v_address = heap_field(lowering, LLVMBuildIntToPtr(builder, v_closure, types->pointer, ""),
	                                    heap_layout_of(lowering)->closure_function);
	LLVMValueRef v_index =
	    LLVMBuildZExt(builder, LLVMBuildLoad2(builder, types->i32, v_address, ""), types->i64, "");
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
	LLVMValueRef v_none = constant_i64(lowering, lowering->module->bytecode->functions.count);
	LLVMValueRef v_function = LLVMBuildPhi(builder, types->i64, "v_function");
	LLVMAddIncoming(v_function, (LLVMValueRef[]){v_none, v_index}, (LLVMBasicBlockRef[]){b_here, b_some}, 2);
	return v_function;
}

/* What takes other calls than closures without results do, is the host's. */
static void find_unknown_callee(function_lowering *lowering, const deferred_call *call,
                                LLVMValueRef v_closure, deferred_target *target) {
	module_lowering *module = lowering->module;
	const uint32_t signature = call_signature(false, 1u + call->argument_count, 0);
	target->like = module->options.through_table ? model_of_callees(module, signature) : CALLEE_UNKNOWN;
	if (target->like == CALLEE_UNKNOWN)
		return;
	LLVMValueRef v_fits;
	target->v_index = closure_function(lowering, v_closure);
	target->v_code = indirect_target(lowering, target->v_index, signature, &v_fits);
	target->v_host = LLVMBuildNot(lowering->builder, v_fits, "v_missing");
}

/* Where steps are counted, a deferred call is one of the time slice's. */
deferred_target deferred_call_find(function_lowering *lowering, const deferred_call *call,
                                   LLVMValueRef v_closure) {
	const module_lowering *module = lowering->module;
	deferred_target target = {.v_host = LLVMConstInt(module->types.i1, 1, false)};
	if (module->options.count_steps)
		return target;
	if (call->callee == DEFERRED_CALLEE_UNKNOWN)
		find_unknown_callee(lowering, call, v_closure, &target);
	else if (!module->shapes[call->callee].refusal)
		find_known_callee(lowering, call->callee, &target);
	return target;
}

static LLVMValueRef closure_of(function_lowering *lowering, const deferred_call *call) {
	return call->by_closure ? read_slot(lowering, call->first_slot + 1) : NULL;
}

static void leave_calls_to_host(function_lowering *lowering, deferred_target *targets) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_any = LLVMConstInt(lowering->module->types.i1, 0, false);
	for (uint32_t i = 0; i < lowering->deferred->count; i++) {
		const deferred_call *call = &lowering->deferred->calls[i];
		if (!deferred_call_is_made_here(lowering, i))
			continue;
		targets[i] = deferred_call_find(lowering, call, closure_of(lowering, call));
		LLVMValueRef v_host = LLVMBuildAnd(builder, targets[i].v_host, is_pending(lowering, call), "");
		v_any = LLVMBuildOr(builder, v_any, v_host, "v_host");
	}
	exit_to_host_if(lowering, v_any, BLOCK_NOT_COMPILED, VOLT_STATUS_CALL, lowering->pc);
	forced_exit_check(lowering, lowering->pc);
}

static LLVMBasicBlockRef call_known(function_lowering *lowering, const deferred_call *deferred,
                                    const deferred_target *target, called *result) {
	const call_site site = {
	    .callee = deferred->callee,
	    .first_slot = deferred->first_slot + 1 + (deferred->by_closure && !deferred->passes_closure),
	};
	const call_convention *convention = convention_to(lowering, deferred->callee);
	return convention->operations->call(lowering, convention, &site, target->v_code, result);
}

static LLVMBasicBlockRef call_unknown(function_lowering *lowering, const deferred_call *deferred,
                                      const deferred_target *target, called *result) {
	const indirect_callee found = {
	    .v_index = LLVMBuildTrunc(lowering->builder, target->v_index, lowering->module->types.i32, ""),
	    .v_slot_0 = read_slot(lowering, deferred->first_slot + 1),
	    .like = target->like,
	};
	const call_site site = {
	    .callee = CALLEE_UNKNOWN,
	    .indirect = &found,
	    .first_slot = deferred->first_slot + 2,
	};
	const call_convention *convention = inner_convention(lowering->module, target->like);
	return convention->operations->call(lowering, convention, &site, target->v_code, result);
}

void deferred_call_make(function_lowering *lowering, const deferred_call *deferred,
                        const deferred_target *target) {
	called result;
	LLVMBasicBlockRef b_hot = deferred->callee == DEFERRED_CALLEE_UNKNOWN
	                              ? call_unknown(lowering, deferred, target, &result)
	                              : call_known(lowering, deferred, target, &result);
	lowering->frame->exit_in_deferred_call(lowering, result.v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	if (!lowering->deferred->error_only)
		forced_exit_check(lowering, lowering->pc);
}

static void call_if_pending(function_lowering *lowering, const deferred_call *deferred,
                            const deferred_target *target) {
	LLVMBasicBlockRef b_call = new_block(lowering, BLOCK_DEFERRED), b_next = new_block(lowering, BLOCK_DONE);
	LLVMBuildCondBr(lowering->builder, is_pending(lowering, deferred), b_call, b_next);
	LLVMPositionBuilderAtEnd(lowering->builder, b_call);
	write_slot(lowering, deferred->first_slot, constant_i64(lowering, 0));
	deferred_call_make(lowering, deferred, target);
	LLVMBuildBr(lowering->builder, b_next);
	LLVMPositionBuilderAtEnd(lowering->builder, b_next);
}

static void make_calls_in_slots(function_lowering *lowering) {
	deferred_target *targets = memory_new(lowering->deferred->count + (size_t)1, sizeof *targets);
	drop_calls_for_errors(lowering);
	leave_calls_to_host(lowering, targets);
	for (uint32_t i = lowering->deferred->count; i-- > 0;)
		if (targets[i].v_code)
			call_if_pending(lowering, &lowering->deferred->calls[i], &targets[i]);
	memory_free(targets);
}

void make_deferred_calls(function_lowering *lowering) {
	if (lowering->deferred && lowering->deferred->in_list)
		make_calls_in_list(lowering);
	else if (lowering->deferred)
		make_calls_in_slots(lowering);
}

/* ---- Results on the heap ---- */

/* Of nil, zeros. */
static void take_object(function_lowering *lowering, uint32_t reference, uint32_t to, uint32_t words) {
	LLVMBuilderRef builder = lowering->builder;
	for (uint32_t i = 0; i < words; i++)
		write_slot(lowering, to + i, constant_i64(lowering, 0));
	LLVMValueRef v_object = read_slot(lowering, reference);
	LLVMBasicBlockRef b_some = new_block(lowering, BLOCK_SOME), b_done = new_block(lowering, BLOCK_DONE);
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_object, "v_nil"), b_done, b_some);
	LLVMPositionBuilderAtEnd(builder, b_some);
	load_slots(lowering, to, LLVMBuildIntToPtr(builder, v_object, lowering->module->types.pointer, ""), words,
	           MEMORY_UNNAMED);
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
}

uint32_t take_heap_results(function_lowering *lowering) {
	const volt_instruction instruction = lowering->instruction;
	const uint32_t first = lowering->function->local_slots + lowering->shape->deferred_slots;
	uint32_t to = first;
	if (!(instruction.flags & RETURN_HEAP_RESULTS))
		return instruction.a;
	for (uint32_t i = 0; i < instruction.b; i++) {
		const uint32_t words = volt_heap_result_slots(lowering->function, i);
		take_object(lowering, instruction.a + i, to, words);
		to += words;
	}
	return first;
}

/* ---- Recover ---- */

/* A frame that compiled code has called is no deferred call of a panic. */
static void lower_recover(function_lowering *lowering) {
	const uint32_t to = lowering->instruction.a;
	if (lowering->form != FORM_RESUME) {
		write_slot(lowering, to, constant_i64(lowering, 0));
		write_slot(lowering, to + 1, constant_i64(lowering, 0));
		return;
	}
	LLVMValueRef v_arguments[] = {lowering->v_context, lowering->v_scratch};
	call_helper(lowering, VOLT_HELPER_recover, v_arguments, 2);
	load_slots(lowering, to, lowering->v_scratch, 2, MEMORY_UNNAMED);
}

const opcode_row deferred_calls_opcodes[] = {
    {VOLT_OP_DeferPush, lower_push},
    {VOLT_OP_ErrDeferPush, lower_push},
    {VOLT_OP_Recover, lower_recover},
    {.lower = NULL},
};
