/*
 * Calls of closures and methods. A closure names its function, an interface value a dispatch table that does;
 * the table of inner forms has its code, and says which calls it takes. A callee that the profile knows as
 * the only one of the site is built in behind a comparison, and where it does not know one, all that are
 * possible if these are few and tiny. What is not compiled or takes another call, and nil, is the host's.
 */
#include <stdio.h>

#include "calls/checks.h"
#include "calls/expected_callees.h"
#include "calls/forms.h"
#include "calls/inlining.h"
#include "calls/strategy.h"
#include "calls/targets.h"
#include "guard/memory.h"
#include "ir/heap_layout.h"
#include "ir/profile_weights.h"
#include "lower/dispatch_cache.h"
#include "lower/opcodes.h"

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
	store_slots(lowering, lowering->v_scratch, instruction.b, call_area_slots(instruction), MEMORY_UNNAMED);
	LLVMValueRef v_status = call_through_host(lowering, v_cache);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, BLOCK_CALLEE_EXIT);
	exit_as_host_says(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	load_slots(lowering, instruction.b, lowering->v_scratch, result_slots(instruction), MEMORY_UNNAMED);
}

/* ---- What is called ---- */

/*
 * The functions behind one method, by the number of the dispatch table. A table without it leads to the empty
 * entry behind all functions.
 */
static LLVMValueRef method_table(module_lowering *module, uint8_t method) {
	char symbol[SYMBOL_SIZE];
	snprintf(symbol, sizeof symbol, "volt_methods_%u", method);
	LLVMValueRef v_table = LLVMGetNamedGlobal(module->module, symbol);
	if (v_table)
		return v_table;
	const volt_module *bytecode = module->bytecode;
	uint32_t count = bytecode->itabs.count;
	LLVMValueRef *v_functions = memory_new(count + (size_t)1, sizeof *v_functions);
	for (uint32_t itab = 0; itab < count; itab++) {
		bool has = method < bytecode->itabs.items[itab].count;
		uint32_t function = has ? bytecode->itabs.items[itab].items[method] : bytecode->functions.count;
		v_functions[itab] = LLVMConstInt(module->types.i32, function, false);
	}
	v_table = LLVMAddGlobal(module->module, LLVMArrayType2(module->types.i32, count), symbol);
	LLVMSetInitializer(v_table, LLVMConstArray2(module->types.i32, v_functions, count));
	LLVMSetLinkage(v_table, LLVMPrivateLinkage);
	LLVMSetGlobalConstant(v_table, true);
	memory_free(v_functions);
	return v_table;
}

static LLVMValueRef load_index(function_lowering *lowering, LLVMValueRef v_address) {
	const basic_types *types = &lowering->module->types;
	LLVMValueRef v_index = LLVMBuildLoad2(lowering->builder, types->i32, v_address, "v_index");
	name_memory(lowering, v_index, MEMORY_REFERENCES);
	return LLVMBuildZExt(lowering->builder, v_index, types->i64, "");
}

/* Nil has no kind, and what the host has made at run time no table of the module's. */
static LLVMValueRef method_index(function_lowering *lowering, LLVMBasicBlockRef b_host) {
	LLVMBuilderRef builder = lowering->builder;
	module_lowering *module = lowering->module;
	LLVMValueRef v_type = read_slot(lowering, lowering->instruction.a);
	LLVMValueRef v_kind = kind_byte_of_type(lowering, v_type);
	leave_to_host_if(lowering, LLVMBuildIsNull(builder, v_kind, "v_nil"), b_host);
	LLVMValueRef v_itab = table_of_type(lowering, v_type);
	LLVMValueRef v_count = constant_i64(lowering, module->bytecode->itabs.count);
	leave_to_host_if(lowering, LLVMBuildICmp(builder, LLVMIntUGE, v_itab, v_count, "v_foreign"), b_host);
	LLVMValueRef v_table = method_table(module, lowering->instruction.flags);
	return load_index(lowering, LLVMBuildGEP2(builder, module->types.i32, v_table, &v_itab, 1, ""));
}

static LLVMValueRef called_closure(function_lowering *lowering) {
	return LLVMBuildIntToPtr(lowering->builder, read_slot(lowering, lowering->instruction.a),
	                         lowering->module->types.pointer, "");
}

static LLVMValueRef closure_field(function_lowering *lowering, int32_t offset) {
	return load_index(lowering, heap_field(lowering, called_closure(lowering), offset));
}

static LLVMValueRef closure_index(function_lowering *lowering, LLVMBasicBlockRef b_host) {
	LLVMValueRef v_slot = read_slot(lowering, lowering->instruction.a);
	leave_to_host_if(lowering, LLVMBuildIsNull(lowering->builder, v_slot, "v_nil"), b_host);
	return closure_field(lowering, heap_layout_of(lowering)->closure_function);
}

/* ---- The call ---- */

/* What the site calls: its callee is only known where a copy is built in. */
typedef struct {
	LLVMValueRef v_code;
	LLVMValueRef v_index;
	uint32_t callee; /* or CALLEE_UNKNOWN */
	uint32_t like;   /* a function that is called like it */
} found_callee;

static void call_inner_form(function_lowering *lowering, const found_callee *to) {
	volt_instruction instruction = lowering->instruction;
	indirect_callee found = {
	    .v_index = LLVMBuildTrunc(lowering->builder, to->v_index, lowering->module->types.i32, ""),
	    .v_slot_0 = read_slot(lowering, instruction.a + is_method(lowering)),
	    .like = to->like,
	};
	call_site site = {
	    .callee = to->callee,
	    .indirect = &found,
	    .first_slot = instruction.b,
	    .result_count = result_slots(instruction),
	    .taken_count = result_slots(instruction),
	};
	called result;
	const call_convention *convention = inner_convention(lowering->module, to->like);
	LLVMBasicBlockRef b_hot = convention->operations->call(lowering, convention, &site, to->v_code, &result);
	lowering->frame->exit_after_call(lowering, &site, result.v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	convention->operations->take_results(lowering, &site, &result);
}

/* ---- Callees that are built in ---- */

typedef struct {
	expected_callees callees;
	LLVMValueRef v_copies[MOST_EXPECTED_CALLEES];
	bool complete; /* others are not expected */
	bool is_guess; /* but possible, and then worth being told of */
} built_in_callees;

static built_in_callees build_in_expected(function_lowering *lowering) {
	const expected_callees expected = find_expected_callees(lowering);
	built_in_callees built = {.callees.count = 0};
	for (uint32_t i = 0; i < expected.count; i++) {
		LLVMValueRef v_copy = inlined_callee(lowering, expected.functions[i]);
		if (!v_copy)
			continue;
		built.v_copies[built.callees.count] = v_copy;
		built.callees.functions[built.callees.count++] = expected.functions[i];
	}
	built.complete = built.callees.count == expected.count;
	built.is_guess = expected.is_guess && built.callees.count > 0;
	return built;
}

/*
 * A closure with another number of captures counts as another callee: the copy then needs no check of those
 * that it reads. In one comparison of the word that has both, which passes then know.
 */
static LLVMValueRef is_other_closure(function_lowering *lowering, LLVMValueRef v_index, uint32_t callee) {
	LLVMBuilderRef builder = lowering->builder;
	const volt_heap_layout *layout = heap_layout_of(lowering);
	uint32_t captures = lowering->module->bytecode->functions.items[callee].capture_types.count;
	if (has_plain_closures(layout)) {
		LLVMValueRef v_word =
		    LLVMBuildLoad2(builder, lowering->module->types.i64, called_closure(lowering), "v_word");
		name_memory(lowering, v_word, MEMORY_REFERENCES);
		LLVMValueRef v_expected = constant_i64(lowering, plain_closure_word(layout, callee, captures));
		return LLVMBuildICmp(builder, LLVMIntNE, v_word, v_expected, "v_other");
	}
	LLVMValueRef v_other =
	    LLVMBuildICmp(builder, LLVMIntNE, v_index, constant_i64(lowering, callee), "v_other");
	LLVMValueRef v_captures = closure_field(lowering, layout->closure_captures);
	LLVMValueRef v_differ =
	    LLVMBuildICmp(builder, LLVMIntNE, v_captures, constant_i64(lowering, captures), "v_differ");
	return LLVMBuildOr(builder, v_other, v_differ, "v_unexpected");
}

/* Is this another callee than the one that was built in? */
static LLVMValueRef is_other_callee(function_lowering *lowering, LLVMValueRef v_index, uint32_t callee) {
	if (!is_method(lowering))
		return is_other_closure(lowering, v_index, callee);
	return LLVMBuildICmp(lowering->builder, LLVMIntNE, v_index, constant_i64(lowering, callee), "v_other");
}

/* Goes on where another callee was found; gives the block for this one. */
static LLVMBasicBlockRef branch_to_copy(function_lowering *lowering, LLVMValueRef v_other, bool is_last) {
	if (is_last)
		return branch_unlikely(lowering, v_other, BLOCK_OTHER_CALLEE);
	LLVMBasicBlockRef b_this = new_block(lowering, BLOCK_GO_ON), b_next = new_block(lowering, BLOCK_GO_ON);
	LLVMBuildCondBr(lowering->builder, v_other, b_next, b_this);
	LLVMPositionBuilderAtEnd(lowering->builder, b_next);
	return b_this;
}

/* Goes on where none of them was found. */
static void call_expected(function_lowering *lowering, LLVMValueRef v_index, LLVMBasicBlockRef b_done) {
	const built_in_callees built = build_in_expected(lowering);
	for (uint32_t i = 0; i < built.callees.count; i++) {
		const uint32_t callee = built.callees.functions[i];
		const bool is_last = built.complete && i == built.callees.count - 1;
		LLVMBasicBlockRef b_this =
		    branch_to_copy(lowering, is_other_callee(lowering, v_index, callee), is_last);
		LLVMBasicBlockRef b_other = LLVMGetInsertBlock(lowering->builder);
		LLVMPositionBuilderAtEnd(lowering->builder, b_this);
		call_inner_form(lowering,
		                &(found_callee){built.v_copies[i], constant_i64(lowering, callee), callee, callee});
		LLVMBuildBr(lowering->builder, b_done);
		LLVMPositionBuilderAtEnd(lowering->builder, b_other);
	}
	if (built.is_guess || call_never_runs(lowering))
		count_unexpected_call(lowering, built.is_guess ? built.callees.functions[0] + 1 : 0,
		                      LLVMBuildTrunc(lowering->builder, v_index, lowering->module->types.i32, ""));
}

static void call_by_table(function_lowering *lowering, uint32_t like, LLVMBasicBlockRef b_host,
                          LLVMBasicBlockRef b_done) {
	LLVMValueRef v_index =
	    is_method(lowering) ? method_index(lowering, b_host) : closure_index(lowering, b_host);
	call_expected(lowering, v_index, b_done);
	LLVMValueRef v_fits;
	LLVMValueRef v_code = indirect_target(lowering, v_index, indirect_call_signature(lowering), &v_fits);
	leave_to_host_if(lowering, LLVMBuildNot(lowering->builder, v_fits, ""), b_host);
	call_inner_form(lowering, &(found_callee){v_code, v_index, CALLEE_UNKNOWN, like});
}

static void call_by_cache(function_lowering *lowering, uint32_t like, LLVMValueRef v_cache,
                          LLVMBasicBlockRef b_host) {
	LLVMValueRef v_index = look_up_in_cache(lowering, v_cache, b_host);
	LLVMValueRef v_code = inner_form_at(lowering->module, v_index);
	leave_to_host_if(lowering, LLVMBuildIsNull(lowering->builder, v_code, "v_missing"), b_host);
	call_inner_form(lowering, &(found_callee){v_code, v_index, CALLEE_UNKNOWN, like});
}

static void call_found(function_lowering *lowering, uint32_t like) {
	bool by_table = lowering->module->options.through_table;
	LLVMValueRef v_cache = by_table ? NULL : new_dispatch_cache(lowering->module);
	LLVMBasicBlockRef b_host = new_block(lowering, BLOCK_DISPATCH);
	LLVMBasicBlockRef b_done = new_block(lowering, BLOCK_CALLED);
	if (by_table)
		call_by_table(lowering, like, b_host, b_done);
	else
		call_by_cache(lowering, like, v_cache, b_host);
	LLVMBuildBr(lowering->builder, b_done);
	LLVMPositionBuilderAtEnd(lowering->builder, b_host);
	lower_through_host(lowering, v_cache);
	LLVMBuildBr(lowering->builder, b_done);
	LLVMPositionBuilderAtEnd(lowering->builder, b_done);
}

/* Where callees differ in how they are called, the host makes the call, and where there is none in the
 * module. */
static void lower_indirect_call(function_lowering *lowering) {
	step_check(lowering, lowering->pc);
	const uint32_t like = model_of_callees(lowering->module, indirect_call_signature(lowering));
	if (like != CALLEE_UNKNOWN)
		call_found(lowering, like);
	else
		lower_through_host(lowering, NULL);
	forced_exit_check(lowering, lowering->pc + 1);
}

const opcode_row indirect_calls_opcodes[] = {
    {VOLT_OP_CallClosure, lower_indirect_call},
    {VOLT_OP_CallIface, lower_indirect_call},
    {.lower = NULL},
};
