/*
 * Calls of closures and methods. Each site has a small cache of what it has called, by the closure's function
 * or by the value's dispatch table; a hit goes to the callee's inner form. The host fills the cache, and
 * makes all calls that miss it (volt/tier.h, call_closure).
 */
#include <stddef.h>

#include "calls/checks.h"
#include "calls/module_calls.h"
#include "calls/targets.h"
#include "lower/opcodes.h"

/* A word of the cache: the callee above, the key below. Keys are never 0. */
enum { CACHE_CALLEE_SHIFT = 32 };

static uint32_t argument_slots(volt_instruction instruction) {
	return instruction.c >> 8;
}

static uint32_t result_slots(volt_instruction instruction) {
	return instruction.c & 0xff;
}

static bool is_method(const function_lowering *lowering) {
	return lowering->instruction.op == VOLT_OP_CallIface;
}

/* ---- Through the host ---- */

/* Slots of the scratch array that a call uses: arguments on the way in, results on the way out. */
static uint32_t call_area_slots(volt_instruction instruction) {
	uint32_t arguments = argument_slots(instruction), results = result_slots(instruction);
	return arguments > results ? arguments : results;
}

static LLVMValueRef call_through_host(function_lowering *lowering, LLVMValueRef v_cache) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[8] = {
	    lowering->v_context,
	    constant_i32(lowering, lowering->index),
	    constant_i32(lowering, lowering->pc),
	    read_slot(lowering, instruction.a),
	};
	unsigned count = 4;
	if (is_method(lowering))
		v_arguments[count++] = read_slot(lowering, instruction.a + 1);
	v_arguments[count++] = lowering->v_scratch;
	v_arguments[count++] = frame_end(lowering);
	v_arguments[count++] = v_cache ? v_cache : LLVMConstNull(lowering->module->types.pointer);
	volt_helper helper = is_method(lowering) ? VOLT_HELPER_call_method : VOLT_HELPER_call_closure;
	return call_helper(lowering, helper, v_arguments, count);
}

/*
 * The host finds out what is called and enters its compiled code. However that ends, it has set `exit_pc` and
 * noted the callee's frame if there is one, so that this function exits as if by itself.
 */
static void lower_through_host(function_lowering *lowering, LLVMValueRef v_cache) {
	volt_instruction instruction = lowering->instruction;
	store_slots(lowering, lowering->v_scratch, instruction.b, call_area_slots(instruction));
	LLVMValueRef v_status = call_through_host(lowering, v_cache);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, BLOCK_CALLEE_EXIT);
	exit_as_host_says(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	load_slots(lowering, instruction.b, lowering->v_scratch, result_slots(instruction));
}

/* ---- Through the cache ---- */

static LLVMValueRef new_cache(module_lowering *module) {
	LLVMTypeRef type = LLVMArrayType2(module->types.i64, VOLT_CALL_CACHE_WORDS);
	LLVMValueRef v_cache = LLVMAddGlobal(module->module, type, "volt_call_cache");
	LLVMSetInitializer(v_cache, LLVMConstNull(type));
	LLVMSetLinkage(v_cache, LLVMInternalLinkage);
	return v_cache;
}

static void miss_if(function_lowering *lowering, LLVMValueRef v_condition, LLVMBasicBlockRef b_miss) {
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_condition, BLOCK_CACHE_MISS);
	LLVMBuildBr(lowering->builder, b_miss);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
}

/* The closure's function, or the dispatch table of the interface's dynamic type, as i64. Nil has none. */
static LLVMValueRef dispatch_number(function_lowering *lowering, LLVMBasicBlockRef b_miss) {
	LLVMBuilderRef builder = lowering->builder;
	const basic_types *types = &lowering->module->types;
	LLVMValueRef v_slot = read_slot(lowering, lowering->instruction.a);
	if (is_method(lowering)) {
		LLVMValueRef v_kind = LLVMBuildTrunc(builder, v_slot, types->i8, "v_kind");
		miss_if(lowering, LLVMBuildIsNull(builder, v_kind, "v_nil"), b_miss);
		return LLVMBuildLShr(builder, v_slot, constant_i64(lowering, 32), "v_itab");
	}
	miss_if(lowering, LLVMBuildIsNull(builder, v_slot, "v_nil"), b_miss);
	LLVMValueRef v_closure = LLVMBuildIntToPtr(builder, v_slot, types->pointer, "");
	LLVMValueRef v_offset = constant_i64(lowering, offsetof(volt_closure, function));
	LLVMValueRef v_address = LLVMBuildGEP2(builder, types->i8, v_closure, &v_offset, 1, "");
	return LLVMBuildZExt(builder, LLVMBuildLoad2(builder, types->i32, v_address, ""), types->i64, "");
}

/* The callee's index (i64). Several threads may use the cache: a word is read as a whole. */
static LLVMValueRef look_up(function_lowering *lowering, LLVMValueRef v_cache, LLVMBasicBlockRef b_miss) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i32 = lowering->module->types.i32;
	LLVMValueRef v_number = dispatch_number(lowering, b_miss);
	LLVMValueRef v_key = LLVMBuildAdd(builder, v_number, constant_i64(lowering, 1), "v_key");
	LLVMValueRef v_way =
	    LLVMBuildAnd(builder, v_key, constant_i64(lowering, VOLT_CALL_CACHE_WORDS - 1), "v_way");
	LLVMValueRef v_word = LLVMBuildLoad2(builder, lowering->module->types.i64,
	                                     slot_address(lowering, v_cache, v_way), "v_word");
	LLVMSetAlignment(v_word, sizeof(uint64_t));
	LLVMSetOrdering(v_word, LLVMAtomicOrderingMonotonic);
	LLVMValueRef v_found = LLVMBuildTrunc(builder, v_word, i32, "");
	LLVMValueRef v_wanted = LLVMBuildTrunc(builder, v_key, i32, "");
	miss_if(lowering, LLVMBuildICmp(builder, LLVMIntNE, v_found, v_wanted, "v_other"), b_miss);
	return LLVMBuildLShr(builder, v_word, constant_i64(lowering, CACHE_CALLEE_SHIFT), "v_index");
}

static void call_cached(function_lowering *lowering, LLVMValueRef v_cache, LLVMBasicBlockRef b_miss) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_index = look_up(lowering, v_cache, b_miss);
	LLVMValueRef v_callee = inner_form_of(lowering->module, v_index);
	miss_if(lowering, LLVMBuildIsNull(builder, v_callee, "v_missing"), b_miss);
	indirect_callee callee = {
	    .v_index = LLVMBuildTrunc(builder, v_index, lowering->module->types.i32, ""),
	    .v_slot_0 = read_slot(lowering, instruction.a + is_method(lowering)),
	    .parameters = 1 + argument_slots(instruction),
	    .results = result_slots(instruction),
	};
	call_site site = {
	    .indirect = &callee,
	    .first_slot = instruction.b,
	    .result_count = result_slots(instruction),
	    .taken_count = result_slots(instruction),
	};
	called result;
	const call_convention *convention = &lowering->module->calls->convention;
	LLVMBasicBlockRef b_hot =
	    convention->operations->call_indirect(lowering, convention, &site, v_callee, &result);
	lowering->frame->exit_after_call(lowering, &site, result.v_status);
	LLVMPositionBuilderAtEnd(builder, b_hot);
	convention->operations->take_results(lowering, &site, &result);
}

static void lower_indirect_call(function_lowering *lowering) {
	step_check(lowering, lowering->pc);
	if (convention_is_uniform(lowering->module)) {
		LLVMValueRef v_cache = new_cache(lowering->module);
		LLVMBasicBlockRef b_miss = new_block(lowering, BLOCK_DISPATCH);
		LLVMBasicBlockRef b_done = new_block(lowering, BLOCK_CALLED);
		call_cached(lowering, v_cache, b_miss);
		LLVMBuildBr(lowering->builder, b_done);
		LLVMPositionBuilderAtEnd(lowering->builder, b_miss);
		lower_through_host(lowering, v_cache);
		LLVMBuildBr(lowering->builder, b_done);
		LLVMPositionBuilderAtEnd(lowering->builder, b_done);
	} else {
		lower_through_host(lowering, NULL);
	}
	forced_exit_check(lowering, lowering->pc + 1);
}

const opcode_row indirect_calls_opcodes[] = {
    {VOLT_OP_CallClosure, lower_indirect_call},
    {VOLT_OP_CallIface, lower_indirect_call},
    {.lower = NULL},
};
