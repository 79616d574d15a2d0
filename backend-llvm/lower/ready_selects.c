/*
 * A select whose cases stand one behind the other, as compilers write it, is one call of a helper where its
 * SelectExec stands: nothing can happen in between, so that the cases need not be registered before. If none
 * is ready, the function exits, and the host executes the select from its SelectBegin on. So does it any
 * other select.
 */
#include "calls/checks.h"
#include "calls/split_prologue.h"
#include "lower/opcodes.h"

enum { NO_SELECT = UINT32_MAX };

static volt_instruction code_at(const function_lowering *lowering, uint32_t pc) {
	return lowering->function->code.items[pc];
}

static bool is_case(volt_instruction instruction) {
	return instruction.op == VOLT_OP_SelectSend || instruction.op == VOLT_OP_SelectRecv;
}

/* Does the function exit here, or go on from elsewhere? A long row of instructions has its checks anywhere.
 */
static bool is_interrupted_at(const function_lowering *lowering, uint32_t pc) {
	return lowering->b_at[pc] || lowering->stack_check_pc == pc || rest_starts_at(lowering, pc);
}

/* Where the cases of the SelectBegin at `pc` end with a SelectExec that only they lead to; or NO_SELECT. */
static uint32_t end_of_select(const function_lowering *lowering, uint32_t pc) {
	for (uint32_t end = pc + 1; end - pc <= VOLT_READY_SELECT_CASES + 1; end++) {
		if (end >= lowering->function->code.count || is_interrupted_at(lowering, end))
			return NO_SELECT;
		if (code_at(lowering, end).op == VOLT_OP_SelectExec)
			return end;
		if (!is_case(code_at(lowering, end)))
			return NO_SELECT;
	}
	return NO_SELECT;
}

/* The SelectBegin of the select that the instruction is a part of; NO_SELECT: the host executes it. */
static uint32_t find_select(const function_lowering *lowering) {
	uint32_t pc = lowering->pc;
	while (pc > 0 && lowering->pc - pc <= VOLT_READY_SELECT_CASES &&
	       code_at(lowering, pc).op != VOLT_OP_SelectBegin)
		pc--;
	if (code_at(lowering, pc).op != VOLT_OP_SelectBegin)
		return NO_SELECT;
	const uint32_t end = end_of_select(lowering, pc);
	return end == NO_SELECT || lowering->pc > end ? NO_SELECT : pc;
}

/* Slots of a case: all that it names, or those that it may write. */
static void visit_case(function_lowering *lowering, volt_instruction instruction, bool all,
                       void (*visit)(function_lowering *lowering, uint32_t first, uint32_t count)) {
	const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++) {
		const int slots =
		    volt_operand_slots(lowering->module->bytecode, lowering->function, instruction, operand);
		if (slots > 0 && (all || operand->role == VOLT_OPERAND_UPDATE))
			visit(lowering, volt_operand_first_slot(instruction, operand), (uint32_t)slots);
	}
}

/* What may not be written is filled in as well: the image is taken as a whole. */
static void fill_cases(function_lowering *lowering, uint32_t begin) {
	for (uint32_t pc = begin + 1; pc < lowering->pc; pc++)
		visit_case(lowering, code_at(lowering, pc), true, fill_image);
	fill_image(lowering, lowering->instruction.a, 1);
}

static void take_cases(function_lowering *lowering, uint32_t begin) {
	for (uint32_t pc = begin + 1; pc < lowering->pc; pc++)
		visit_case(lowering, code_at(lowering, pc), false, take_image);
	take_image(lowering, lowering->instruction.a, 1);
}

static void lower_ready_select(function_lowering *lowering, uint32_t begin) {
	fill_cases(lowering, begin);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    constant_i32(lowering, lowering->index),
	    constant_i32(lowering, begin),
	    lowering->v_image,
	};
	LLVMValueRef v_status = call_helper(lowering, VOLT_HELPER_select, v_arguments, 4);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, BLOCK_HOST_EXIT);
	take_cases(lowering, begin);
	exit_as_host_says(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	take_cases(lowering, begin);
	forced_exit_check(lowering, lowering->pc + 1);
}

static void lower_part_of_select(function_lowering *lowering) {
	const uint32_t begin = find_select(lowering);
	if (begin == NO_SELECT)
		lower_in_host(lowering);
	else if (lowering->instruction.op == VOLT_OP_SelectExec)
		lower_ready_select(lowering, begin);
}

const opcode_row ready_selects_opcodes[] = {
    {VOLT_OP_SelectBegin, lower_part_of_select},
    {VOLT_OP_SelectSend, lower_part_of_select},
    {VOLT_OP_SelectRecv, lower_part_of_select},
    {VOLT_OP_SelectExec, lower_part_of_select},
    {.lower = NULL},
};
