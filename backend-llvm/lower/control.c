/* Jumps and loops. */
#include "calls/checks.h"
#include "ir/profile_weights.h"
#include "lower/loop_versions.h"
#include "lower/opcodes.h"

/* The check that every round of a loop makes. */
static LLVMBasicBlockRef new_round(function_lowering *lowering, uint32_t target) {
	LLVMBasicBlockRef b_here = LLVMGetInsertBlock(lowering->builder),
	                  b_again = new_block(lowering, BLOCK_AGAIN);
	LLVMPositionBuilderAtEnd(lowering->builder, b_again);
	loop_check(lowering, target);
	LLVMBuildBr(lowering->builder, lowering->b_at[target]);
	LLVMPositionBuilderAtEnd(lowering->builder, b_here);
	return b_again;
}

/*
 * Where a taken jump goes; a backward one by way of a check. In a large function those to one pc share it: a
 * loop with thousands of ways back has one edge to its header, and short code.
 */
static LLVMBasicBlockRef jump_block(function_lowering *lowering) {
	uint32_t target = (uint32_t)volt_jump_target(lowering->instruction, lowering->pc);
	if (target > lowering->pc)
		return lowering->b_at[target];
	LLVMBasicBlockRef b_back = way_back(lowering, target);
	if (b_back)
		return b_back;
	if (!lowering->b_again)
		return new_round(lowering, target);
	if (!lowering->b_again[target])
		lowering->b_again[target] = new_round(lowering, target);
	return lowering->b_again[target];
}

/*
 * Where control goes if the tested slot is zero. Saying so frees the register that would keep the slot's
 * value for an exit further on: the exit stores the constant.
 */
static LLVMBasicBlockRef zero_edge(function_lowering *lowering, LLVMBasicBlockRef b_target) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMBasicBlockRef b_here = LLVMGetInsertBlock(builder), b_edge = new_block(lowering, BLOCK_ZERO);
	LLVMPositionBuilderAtEnd(builder, b_edge);
	write_slot(lowering, lowering->instruction.a, constant_i64(lowering, 0));
	LLVMBuildBr(builder, b_target);
	LLVMPositionBuilderAtEnd(builder, b_here);
	return b_edge;
}

/* In this version of its loop, for the rounds that were counted. */
static bool certainly_stays(const function_lowering *lowering) {
	const round_fact *fact = in_second_version(lowering) ? fact_here(lowering) : NULL;
	return fact && fact->kind == ROUND_STAYS;
}

static void lower_jump(function_lowering *lowering) {
	LLVMBuilderRef builder = lowering->builder;
	volt_instruction instruction = lowering->instruction;
	if (instruction.op == VOLT_OP_Jump) {
		LLVMBasicBlockRef b_target = jump_block(lowering);
		LLVMBuildBr(builder, b_target);
		return;
	}
	LLVMBasicBlockRef b_taken = jump_block(lowering), b_next = lowering->b_at[lowering->pc + 1];
	if (certainly_stays(lowering)) {
		LLVMBuildBr(builder, jump_stays_if_taken(lowering) ? b_taken : b_next);
		return;
	}
	bool on_zero = instruction.op == VOLT_OP_JumpIfNot;
	LLVMBasicBlockRef b_zero = zero_edge(lowering, on_zero ? b_taken : b_next);
	LLVMValueRef v_value = read_slot(lowering, instruction.a);
	LLVMValueRef v_not_zero = LLVMBuildIsNotNull(builder, v_value, "v_not_zero");
	LLVMValueRef v_branch = LLVMBuildCondBr(builder, v_not_zero, on_zero ? b_next : b_taken, b_zero);
	weigh_jump(lowering, v_branch, !on_zero);
}

enum { LOOP_UNSIGNED = 1, LOOP_DOWN = 2, LOOP_INCLUSIVE = 4 };

static LLVMIntPredicate loop_predicate(uint8_t flags) {
	static const LLVMIntPredicate predicates[8] = {
	    [0] = LLVMIntSLT,
	    [LOOP_INCLUSIVE] = LLVMIntSLE,
	    [LOOP_DOWN] = LLVMIntSGT,
	    [LOOP_DOWN | LOOP_INCLUSIVE] = LLVMIntSGE,
	    [LOOP_UNSIGNED] = LLVMIntULT,
	    [LOOP_UNSIGNED | LOOP_INCLUSIVE] = LLVMIntULE,
	    [LOOP_UNSIGNED | LOOP_DOWN] = LLVMIntUGT,
	    [LOOP_UNSIGNED | LOOP_DOWN | LOOP_INCLUSIVE] = LLVMIntUGE,
	};
	return predicates[flags & 7];
}

/* A second version counts its rounds by what the test of the first one has compared. */
static void keep_compared(function_lowering *lowering, LLVMValueRef v_index, LLVMValueRef v_limit) {
	const round_fact *fact = fact_here(lowering);
	if (!fact || fact->kind != ROUND_STAYS || in_second_version(lowering))
		return;
	keep_value(lowering, KEPT_FIRST, v_index);
	keep_value(lowering, KEPT_SECOND, v_limit);
}

static void lower_for_loop(function_lowering *lowering) {
	LLVMBuilderRef builder = lowering->builder;
	volt_instruction instruction = lowering->instruction;
	uint64_t step = instruction.flags & LOOP_DOWN ? UINT64_MAX : 1;
	LLVMValueRef v_index =
	    LLVMBuildAdd(builder, read_slot(lowering, instruction.a), constant_i64(lowering, step), "");
	write_slot(lowering, instruction.a, v_index);
	LLVMValueRef v_limit = read_slot(lowering, instruction.b);
	LLVMValueRef v_again =
	    LLVMBuildICmp(builder, loop_predicate(instruction.flags), v_index, v_limit, "v_again");
	LLVMBasicBlockRef b_target = jump_block(lowering);
	if (certainly_stays(lowering)) {
		LLVMBuildBr(builder, b_target);
		return;
	}
	keep_compared(lowering, v_index, v_limit);
	LLVMValueRef v_branch = LLVMBuildCondBr(builder, v_again, b_target, lowering->b_at[lowering->pc + 1]);
	weigh_jump(lowering, v_branch, true);
}

const opcode_row control_opcodes[] = {
    {VOLT_OP_Jump, lower_jump},
    {VOLT_OP_JumpIf, lower_jump},
    {VOLT_OP_JumpIfNot, lower_jump},
    {VOLT_OP_ForLoop, lower_for_loop},
    {.lower = NULL},
};
