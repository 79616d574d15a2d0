/* The building blocks that are too long for the header: context, helpers, checks and exits. */
#include "ir/emit.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/certain_results.h"
#include "calls/strategy.h"

LLVMValueRef slot_address(function_lowering *lowering, LLVMValueRef v_slots, LLVMValueRef v_index) {
	return LLVMBuildGEP2(lowering->builder, lowering->module->types.i64, v_slots, &v_index, 1, "");
}

void load_slots(function_lowering *lowering, uint32_t to, LLVMValueRef v_from, uint32_t count) {
	LLVMValueRef *v_words = malloc(count * sizeof *v_words);
	for (uint32_t i = 0; i < count; i++) {
		LLVMValueRef v_address = slot_address(lowering, v_from, constant_i64(lowering, i));
		v_words[i] = LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, v_address, "");
	}
	for (uint32_t i = 0; i < count; i++)
		write_slot(lowering, to + i, v_words[i]);
	free(v_words);
}

void store_slots(function_lowering *lowering, LLVMValueRef v_to, uint32_t from, uint32_t count) {
	LLVMValueRef *v_words = malloc(count * sizeof *v_words);
	for (uint32_t i = 0; i < count; i++)
		v_words[i] = read_slot(lowering, from + i);
	for (uint32_t i = 0; i < count; i++)
		LLVMBuildStore(lowering->builder, v_words[i],
		               slot_address(lowering, v_to, constant_i64(lowering, i)));
	free(v_words);
}

LLVMValueRef base_plus(function_lowering *lowering, uint64_t slots) {
	return LLVMBuildAdd(lowering->builder, lowering->v_base, constant_i64(lowering, slots), "");
}

LLVMValueRef frame_end(function_lowering *lowering) {
	return lowering->v_base ? base_plus(lowering, lowering->function->local_slots)
	                        : constant_i64(lowering, 0);
}

LLVMValueRef scratch_slot(function_lowering *lowering, uint32_t index) {
	return slot_address(lowering, lowering->v_scratch, constant_i64(lowering, index));
}

static LLVMValueRef context_address(function_lowering *lowering, volt_context_field field) {
	LLVMValueRef v_offset = constant_i64(lowering, lowering->module->options.context_offsets[field]);
	return LLVMBuildGEP2(lowering->builder, lowering->module->types.i8, lowering->v_context, &v_offset, 1,
	                     "");
}

LLVMValueRef read_context(function_lowering *lowering, volt_context_field field) {
	bool is_pointer = field == VOLT_CONTEXT_stack || field == VOLT_CONTEXT_globals;
	LLVMTypeRef type = is_pointer ? lowering->module->types.pointer : lowering->module->types.i64;
	return LLVMBuildLoad2(lowering->builder, type, context_address(lowering, field), "");
}

void write_context(function_lowering *lowering, volt_context_field field, LLVMValueRef v_value) {
	LLVMBuildStore(lowering->builder, v_value, context_address(lowering, field));
}

const liveness *live_slots_of(function_lowering *lowering) {
	module_lowering *module = lowering->module;
	if (lowering->live)
		return lowering->live;
	if (!module->certain_results)
		module->certain_results = certain_results_compute(module->bytecode);
	lowering->live = malloc(sizeof *lowering->live);
	liveness_compute(module->bytecode, lowering->index, module->certain_results, lowering->live);
	return lowering->live;
}

void set_branch_weights(function_lowering *lowering, LLVMValueRef v_branch, branch_weights weights) {
	LLVMContextRef context = lowering->module->context;
	LLVMMetadataRef operands[] = {
	    LLVMMDStringInContext2(context, "branch_weights", strlen("branch_weights")),
	    LLVMValueAsMetadata(constant_i32(lowering, weights.if_true)),
	    LLVMValueAsMetadata(constant_i32(lowering, weights.if_false)),
	};
	LLVMMetadataRef node = LLVMMDNodeInContext2(context, operands, 3);
	LLVMSetMetadata(v_branch, LLVMGetMDKindIDInContext(context, "prof", strlen("prof")),
	                LLVMMetadataAsValue(context, node));
}

/* What only a cold block leads to is cold too: metrics know cold blocks by their names. */
static bool in_cold_path(function_lowering *lowering) {
	const char *name = LLVMGetBasicBlockName(LLVMGetInsertBlock(lowering->builder));
	return strncmp(name, "cold.", strlen("cold.")) == 0;
}

LLVMBasicBlockRef branch_unlikely(function_lowering *lowering, LLVMValueRef v_condition,
                                  const char *cold_name) {
	bool is_cold = in_cold_path(lowering);
	LLVMBasicBlockRef b_cold = new_block(lowering, cold_name);
	LLVMBasicBlockRef b_hot = new_block(lowering, is_cold ? "cold.rest" : "hot");
	LLVMValueRef v_branch = LLVMBuildCondBr(lowering->builder, v_condition, b_cold, b_hot);
	if (lowering->module->options.preset.hints->weights)
		set_branch_weights(lowering, v_branch, (branch_weights){WEIGHT_COLD, WEIGHT_HOT});
	LLVMPositionBuilderAtEnd(lowering->builder, b_cold);
	return b_hot;
}

LLVMValueRef call_helper(function_lowering *lowering, volt_helper helper, LLVMValueRef *v_arguments,
                         unsigned count) {
	const helper_declaration *declaration = &lowering->module->helpers[helper];
	return LLVMBuildCall2(lowering->builder, declaration->type, declaration->v_function, v_arguments, count,
	                      "");
}

static void mark_cold(module_lowering *module, LLVMValueRef v_call) {
	unsigned kind = LLVMGetEnumAttributeKindForName("cold", strlen("cold"));
	LLVMAddCallSiteAttribute(v_call, LLVMAttributeFunctionIndex,
	                         LLVMCreateEnumAttribute(module->context, kind, 0));
}

void call_cold_helper(function_lowering *lowering, volt_helper helper, LLVMValueRef *v_arguments,
                      unsigned count) {
	module_lowering *module = lowering->module;
	const hint_set *hints = module->options.preset.hints;
	const helper_declaration *declaration = &module->helpers[helper];
	LLVMValueRef v_callee = hints->preserve_most ? declaration->v_thunk : declaration->v_function;
	LLVMValueRef v_call =
	    LLVMBuildCall2(lowering->builder, declaration->type, v_callee, v_arguments, count, "");
	LLVMSetInstructionCallConv(v_call, LLVMGetFunctionCallConv(v_callee));
	if (hints->cold)
		mark_cold(module, v_call);
}

void ensure_stack_room(function_lowering *lowering, uint64_t slots) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_needed = base_plus(lowering, slots);
	LLVMValueRef v_capacity = read_context(lowering, VOLT_CONTEXT_stack_capacity);
	LLVMValueRef v_full = LLVMBuildICmp(builder, LLVMIntUGT, v_needed, v_capacity, "v_full");
	LLVMBasicBlockRef b_enough = branch_unlikely(lowering, v_full, "cold.grow");
	LLVMValueRef v_arguments[] = {lowering->v_context, v_needed};
	call_cold_helper(lowering, VOLT_HELPER_grow_stack, v_arguments, 2);
	LLVMBuildBr(builder, b_enough);
	LLVMPositionBuilderAtEnd(builder, b_enough);
}

LLVMBasicBlockRef branch_unless_ok(function_lowering *lowering, LLVMValueRef v_status,
                                   const char *cold_name) {
	LLVMValueRef v_ok = LLVMConstNull(LLVMTypeOf(v_status));
	LLVMValueRef v_not_ok = LLVMBuildICmp(lowering->builder, LLVMIntNE, v_status, v_ok, "v_not_ok");
	return branch_unlikely(lowering, v_not_ok, cold_name);
}

void trap_if(function_lowering *lowering, LLVMValueRef v_condition, volt_trap_kind kind, LLVMValueRef v_x,
             LLVMValueRef v_y) {
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_condition, "cold.trap");
	LLVMValueRef v_zero = constant_i64(lowering, 0);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context, constant_i32(lowering, kind),         v_x ? v_x : v_zero,
	    v_y ? v_y : v_zero,  constant_i32(lowering, lowering->pc),
	};
	if (!lowering->exits->starts_anew)
		call_cold_helper(lowering, VOLT_HELPER_trap, v_arguments, 5);
	exit_as_host_says(lowering, constant_i32(lowering, VOLT_STATUS_PANIC));
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
}

void exit_as_host_says(function_lowering *lowering, LLVMValueRef v_status) {
	lowering->exits->exit_here(lowering, v_status, (exit_point){.in_context = true});
}

void exit_to_host(function_lowering *lowering, volt_status status, uint32_t pc) {
	lowering->exits->exit_here(lowering, constant_i32(lowering, status), (exit_point){.pc = pc});
}

void forced_exit_check(function_lowering *lowering, uint32_t pc) {
	if (!lowering->module->options.force_exits)
		return;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_left = read_context(lowering, VOLT_CONTEXT_forced_exits_left);
	v_left = LLVMBuildSub(builder, v_left, constant_i64(lowering, 1), "");
	LLVMValueRef v_now = LLVMBuildICmp(builder, LLVMIntEQ, v_left, constant_i64(lowering, 0), "");
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_now, "cold.forced");
	if (!lowering->exits->starts_anew)
		write_context(lowering, VOLT_CONTEXT_forced_exits_left, v_left);
	exit_to_host(lowering, VOLT_STATUS_CALL, pc);
	LLVMPositionBuilderAtEnd(builder, b_hot);
	write_context(lowering, VOLT_CONTEXT_forced_exits_left, v_left);
}

/* The address of the frame stands for the stack pointer: it needs no register of its own. */
static LLVMValueRef machine_stack_address(function_lowering *lowering) {
	LLVMTypeRef pointer = lowering->module->types.pointer;
	unsigned id = LLVMLookupIntrinsicID("llvm.stacksave", strlen("llvm.stacksave"));
	LLVMValueRef v_intrinsic = LLVMGetIntrinsicDeclaration(lowering->module->module, id, &pointer, 1);
	LLVMTypeRef type = LLVMIntrinsicGetType(lowering->module->context, id, &pointer, 1);
	LLVMValueRef v_address = LLVMBuildCall2(lowering->builder, type, v_intrinsic, NULL, 0, "");
	return LLVMBuildPtrToInt(lowering->builder, v_address, lowering->module->types.i64, "v_machine_stack");
}

static void leave_if(function_lowering *lowering, LLVMValueRef v_condition, const char *cold_name,
                     volt_status status, uint32_t pc) {
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_condition, cold_name);
	exit_to_host(lowering, status, pc);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
}

static void count_step(function_lowering *lowering, volt_status status, uint32_t pc) {
	LLVMValueRef v_left = read_context(lowering, VOLT_CONTEXT_budget);
	v_left = LLVMBuildSub(lowering->builder, v_left, constant_i64(lowering, 1), "");
	write_context(lowering, VOLT_CONTEXT_budget, v_left);
	LLVMValueRef v_over =
	    LLVMBuildICmp(lowering->builder, LLVMIntSLT, v_left, constant_i64(lowering, 0), "v_over");
	leave_if(lowering, v_over, "cold.budget", status, pc);
}

/* The host finds out by itself, at the call, that the slice is over. */
void step_check(function_lowering *lowering, uint32_t pc) {
	if (lowering->module->options.count_steps)
		count_step(lowering, VOLT_STATUS_CALL, pc);
}

/*
 * The host asks for pre-emption by raising the limit of the native stack to the highest address, so that
 * functions that start need no check of their own. The load is atomic: no pass may take it out of the loop.
 */
void loop_check(function_lowering *lowering, uint32_t pc) {
	if (lowering->module->options.count_steps) {
		count_step(lowering, VOLT_STATUS_YIELD, pc);
		return;
	}
	LLVMValueRef v_limit = read_context(lowering, VOLT_CONTEXT_native_stack_limit);
	LLVMSetAlignment(v_limit, sizeof(uint64_t));
	LLVMSetOrdering(v_limit, LLVMAtomicOrderingMonotonic);
	LLVMValueRef v_asked =
	    LLVMBuildICmp(lowering->builder, LLVMIntEQ, v_limit, constant_i64(lowering, UINT64_MAX), "v_asked");
	leave_if(lowering, v_asked, "cold.interrupt", VOLT_STATUS_YIELD, pc);
}

/*
 * An exit for want of native stack is a good moment to give way, unless steps are counted: then the slice
 * goes on, and ends where the interpreter's would.
 */
void native_stack_check(function_lowering *lowering, uint32_t pc) {
	LLVMValueRef v_limit = read_context(lowering, lowering->exits->stack_limit);
	LLVMValueRef v_low =
	    LLVMBuildICmp(lowering->builder, LLVMIntULT, machine_stack_address(lowering), v_limit, "v_low");
	bool counts_steps = lowering->module->options.count_steps;
	leave_if(lowering, v_low, "cold.stack", counts_steps ? VOLT_STATUS_CALL : VOLT_STATUS_YIELD, pc);
}
