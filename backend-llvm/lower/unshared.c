/* Which slots hold such slices, followed along the instructions as they are lowered. */
#include "lower/unshared.h"

#include "analysis/bit_set.h"
#include "guard/memory.h"
#include "ir/emit.h"

static bool makes_header(uint8_t opcode) {
	return opcode == VOLT_OP_SliceAppend || opcode == VOLT_OP_SliceNew || opcode == VOLT_OP_SliceSlice;
}

static LLVMValueRef flag_of(function_lowering *lowering, uint32_t slot) {
	return lowering->v_unshared[slot];
}

static void set_flag(function_lowering *lowering, uint32_t slot, LLVMValueRef v_value) {
	LLVMBuildStore(lowering->builder, v_value, flag_of(lowering, slot));
}

static void clear_flag(function_lowering *lowering, uint32_t slot) {
	set_flag(lowering, slot, LLVMConstInt(lowering->module->types.i1, false, false));
}

static void clear_flags(function_lowering *lowering, operand_extent extent) {
	for (uint32_t slot = extent.first; slot < extent.first + extent.count; slot++)
		if (flag_of(lowering, slot))
			clear_flag(lowering, slot);
}

/* ---- Which slots have a flag ---- */

static void make_flag(function_lowering *lowering, uint32_t slot) {
	if (flag_of(lowering, slot))
		return;
	lowering->v_unshared[slot] = LLVMBuildAlloca(lowering->builder, lowering->module->types.i1, "v_unshared");
	clear_flag(lowering, slot);
}

static bool appends(const function_lowering *lowering) {
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++)
		if (lowering->lowered[pc] && lowering->function->code.items[pc].op == VOLT_OP_SliceAppend)
			return true;
	return false;
}

void unshared_start(function_lowering *lowering) {
	if (!lowering->module->options.typed_helpers || lowering->module->options.plain ||
	    lowering->shape->large || !appends(lowering))
		return;
	lowering->v_unshared = memory_new(all_slots(lowering) + 1, sizeof(LLVMValueRef));
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++) {
		volt_instruction instruction = lowering->function->code.items[pc];
		if (lowering->lowered[pc] && makes_header(instruction.op))
			make_flag(lowering, instruction.a);
		if (lowering->lowered[pc] && instruction.op == VOLT_OP_SliceAppend)
			make_flag(lowering, instruction.b);
	}
}

void unshared_end(function_lowering *lowering) {
	memory_free(lowering->v_unshared);
	lowering->v_unshared = NULL;
}

/* ---- What instructions do ---- */

/* The instruction looks at the slice in the slot and keeps nothing of its header. */
static bool only_looks(volt_instruction instruction, const volt_operand *operand) {
	switch (instruction.op) {
	case VOLT_OP_SliceGet:
	case VOLT_OP_SliceLen:
	case VOLT_OP_SliceCap:
	case VOLT_OP_SliceAddr:
	case VOLT_OP_SliceSlice:
	case VOLT_OP_SliceAppend: return operand->field == VOLT_FIELD_B;
	case VOLT_OP_SliceSet: return operand->field == VOLT_FIELD_A;
	default: return false;
	}
}

/* Can nothing read the slot any more once the instruction is done? */
static bool is_dead_behind(function_lowering *lowering, uint32_t slot) {
	const liveness *live = live_slots_of(lowering);
	uint64_t *set = memory_new(live->words + 1, sizeof *set);
	volt_liveness_at(live, lowering->pc + 1, set);
	bool dead = !bit_set_has(set, slot);
	memory_free(set);
	return dead;
}

/* What is only moved has as many references as before. */
static bool moves(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	return instruction.op == VOLT_OP_Copy && instruction.a != instruction.b &&
	       flag_of(lowering, instruction.a) && flag_of(lowering, instruction.b) &&
	       is_dead_behind(lowering, instruction.b);
}

static void move_flag(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_flag =
	    LLVMBuildLoad2(lowering->builder, lowering->module->types.i1, flag_of(lowering, instruction.b), "");
	set_flag(lowering, instruction.a, v_flag);
	clear_flag(lowering, instruction.b);
}

void unshared_before(function_lowering *lowering) {
	if (!lowering->v_unshared || moves(lowering))
		return;
	const slot_constants *constants = &live_slots_of(lowering)->constants;
	volt_instruction instruction = lowering->instruction;
	const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++) {
		bool reads = operand->role == VOLT_OPERAND_READ || operand->role == VOLT_OPERAND_UPDATE ||
		             operand->role == VOLT_OPERAND_IMPLICIT_READ;
		if (reads && !only_looks(instruction, operand))
			clear_flags(lowering, volt_operand_extent(constants, lowering->pc, operand));
		if (operand->role == VOLT_OPERAND_CALLEE)
			clear_flags(lowering, (operand_extent){instruction.a, 1, true});
	}
}

static void clear_written(function_lowering *lowering) {
	const slot_constants *constants = &live_slots_of(lowering)->constants;
	const volt_operand *operand = volt_opcode_get_info(lowering->instruction.op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++)
		if (operand->role == VOLT_OPERAND_WRITE || operand->role == VOLT_OPERAND_UPDATE)
			clear_flags(lowering, volt_operand_extent(constants, lowering->pc, operand));
}

/* A part of nil is nil. What an append was given may be what it has changed. */
static void set_made(function_lowering *lowering) {
	uint32_t slot = lowering->instruction.a;
	if (lowering->instruction.op == VOLT_OP_SliceAppend)
		clear_flag(lowering, lowering->instruction.b);
	set_flag(lowering, slot, LLVMBuildIsNotNull(lowering->builder, read_slot(lowering, slot), "v_unshared"));
}

void unshared_after(function_lowering *lowering) {
	if (!lowering->v_unshared || LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(lowering->builder)))
		return;
	if (makes_header(lowering->instruction.op))
		set_made(lowering);
	else if (moves(lowering))
		move_flag(lowering);
	else
		clear_written(lowering);
}

LLVMValueRef unshared_header(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	if (!lowering->v_unshared || (instruction.a != instruction.b && !is_dead_behind(lowering, instruction.b)))
		return NULL;
	return LLVMBuildLoad2(lowering->builder, lowering->module->types.i1, flag_of(lowering, instruction.b),
	                      "v_unshared");
}
