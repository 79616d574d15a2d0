/*
 * Opcodes that the host executes: the slots that the instruction reads go into an image of the frame, the
 * host executes it there, and the slots that it writes come back. The opcode table says which those are.
 */
#include "calls/checks.h"
#include "lower/opcodes.h"

LLVMValueRef image_slot(function_lowering *lowering, uint32_t slot) {
	return slot_address(lowering, lowering->v_image, constant_i64(lowering, slot));
}

void fill_image(function_lowering *lowering, uint32_t first, uint32_t count) {
	for (uint32_t slot = first; slot < first + count; slot++)
		LLVMBuildStore(lowering->builder, read_slot(lowering, slot), image_slot(lowering, slot));
}

void take_image(function_lowering *lowering, uint32_t first, uint32_t count) {
	for (uint32_t slot = first; slot < first + count; slot++) {
		LLVMValueRef v_from = image_slot(lowering, slot);
		write_slot(lowering, slot,
		           LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, v_from, ""));
	}
}

static bool reads(volt_operand_role role) {
	return role == VOLT_OPERAND_READ || role == VOLT_OPERAND_UPDATE || role == VOLT_OPERAND_IMPLICIT_READ;
}

static bool writes(volt_operand_role role) {
	return role == VOLT_OPERAND_WRITE || role == VOLT_OPERAND_UPDATE;
}

typedef void (*range_visitor)(function_lowering *lowering, uint32_t first, uint32_t count);

static void visit_ranges(function_lowering *lowering, bool (*wanted)(volt_operand_role role),
                         range_visitor visit) {
	const slot_constants *constants = &live_slots_of(lowering)->constants;
	const volt_operand *operand = volt_opcode_get_info(lowering->instruction.op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (!wanted(operand->role))
			continue;
		operand_extent extent = volt_operand_extent(constants, lowering->pc, operand);
		visit(lowering, extent.first, extent.count);
	}
}

static LLVMValueRef execute(function_lowering *lowering) {
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    constant_i32(lowering, lowering->index),
	    constant_i32(lowering, lowering->pc),
	    lowering->v_image,
	};
	return call_helper(lowering, VOLT_HELPER_execute, v_arguments, 4);
}

/* A callee is a slot with a closure if bit 0 of the flags is set; else it is part of the instruction. */
static void fill_closure(function_lowering *lowering) {
	const volt_operand *operand = volt_opcode_get_info(lowering->instruction.op)->operands;
	if (operand->role == VOLT_OPERAND_CALLEE && lowering->instruction.flags & 1)
		fill_image(lowering, lowering->instruction.a, 1);
}

/*
 * What is written is filled in as well: an instruction may write less than its operands allow, when it panics
 * or when only a part of the range is meant.
 */
void lower_out_of_line(function_lowering *lowering) {
	fill_closure(lowering);
	visit_ranges(lowering, reads, fill_image);
	visit_ranges(lowering, writes, fill_image);
	LLVMValueRef v_status = execute(lowering);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, BLOCK_HOST_EXIT);
	visit_ranges(lowering, writes, take_image);
	exit_as_host_says(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	visit_ranges(lowering, writes, take_image);
	forced_exit_check(lowering, lowering->pc + 1);
}

/* The host makes the panic pending; nothing follows. */
static void lower_panic(function_lowering *lowering) {
	visit_ranges(lowering, reads, fill_image);
	exit_as_host_says(lowering, execute(lowering));
}

const opcode_row out_of_line_opcodes[] = {
    {VOLT_OP_Panic, lower_panic},
    {.lower = NULL},
};
