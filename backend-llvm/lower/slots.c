/* Loads, copies, slots reached by a computed index, globals. */
#include "analysis/float_reads.h"
#include "calls/checks.h"
#include "guard/memory.h"
#include "lower/opcodes.h"

static void lower_hint(function_lowering *lowering) {
	(void)lowering;
}

static void lower_load(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint64_t value = volt_loaded_value(lowering->module->bytecode, instruction);
	write_slot(lowering, instruction.a, constant_i64(lowering, value));
}

/* All values are read before the first is written: the ranges may overlap. */
static void copy_slots(function_lowering *lowering, uint32_t to, uint32_t from, uint32_t count) {
	LLVMValueRef *v_values = memory_new(count, sizeof *v_values);
	for (uint32_t i = 0; i < count; i++)
		v_values[i] = read_slot(lowering, from + i);
	for (uint32_t i = 0; i < count; i++)
		write_slot(lowering, to + i, v_values[i]);
	memory_free(v_values);
}

static void lower_copy(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t count = instruction.op == VOLT_OP_CopyN ? instruction.c : 1;
	copy_slots(lowering, instruction.a, instruction.b, count);
}

/* ---- Slots reached by a computed index ---- */

/*
 * Address of element R[index] of the elements of `width` slots that start at slot `first`. The frame's end
 * bounds the index, as in the interpreter. One that is known to be within needs no check.
 */
static LLVMValueRef element_address(function_lowering *lowering, uint32_t first, uint32_t index,
                                    uint32_t width) {
	LLVMBuilderRef builder = lowering->builder;
	uint32_t limit = (lowering->function->local_slots - first) / width;
	uint64_t known;
	if (volt_slot_constant(&live_slots_of(lowering)->constants, lowering->pc, &known) && known < limit)
		return slot_pointer(lowering, first + (uint32_t)known * width);
	LLVMValueRef v_index = read_slot(lowering, index);
	LLVMValueRef v_limit = constant_i64(lowering, limit);
	LLVMValueRef v_outside = LLVMBuildICmp(builder, LLVMIntUGE, v_index, v_limit, "v_outside");
	trap_if(lowering, v_outside, VOLT_TRAP_IndexOutOfRange, v_index, v_limit);
	LLVMValueRef v_offset = LLVMBuildMul(builder, v_index, constant_i64(lowering, width), "");
	return slot_address(lowering, slot_pointer(lowering, first), v_offset);
}

static void lower_indexed_slot(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	bool several = instruction.op == VOLT_OP_SlotGetN || instruction.op == VOLT_OP_SlotSetN;
	uint32_t width = several ? instruction.flags : 1;
	if (width == 0)
		return;
	if (instruction.op == VOLT_OP_SlotGet || instruction.op == VOLT_OP_SlotGetN)
		load_slots(lowering, instruction.a, element_address(lowering, instruction.b, instruction.c, width),
		           width, MEMORY_UNNAMED);
	else
		store_slots(lowering, element_address(lowering, instruction.a, instruction.b, width), instruction.c,
		            width, MEMORY_UNNAMED);
	if (instruction.op == VOLT_OP_SlotGet && volt_reads_float_field(lowering->function, lowering->pc))
		write_slot(lowering, instruction.a,
		           unified_float(lowering, VOLT_KIND_FLOAT64, read_slot(lowering, instruction.a)));
}

/* ---- Globals ---- */

static LLVMValueRef global_address(function_lowering *lowering, uint32_t index) {
	return slot_address(lowering, read_context(lowering, VOLT_CONTEXT_globals),
	                    constant_i64(lowering, index));
}

static void lower_global(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	bool several = instruction.op == VOLT_OP_GlobalGetN || instruction.op == VOLT_OP_GlobalSetN;
	uint32_t width = several ? instruction.flags : 1;
	if (instruction.op == VOLT_OP_GlobalGet || instruction.op == VOLT_OP_GlobalGetN)
		load_slots(lowering, instruction.a, global_address(lowering, instruction.b), width, MEMORY_GLOBALS);
	else
		store_slots(lowering, global_address(lowering, instruction.a), instruction.b, width, MEMORY_GLOBALS);
}

const opcode_row slots_opcodes[] = {
    {VOLT_OP_Hint, lower_hint},
    {VOLT_OP_LoadInt, lower_load},
    {VOLT_OP_LoadConst, lower_load},
    {VOLT_OP_Copy, lower_copy},
    {VOLT_OP_CopyN, lower_copy},
    {VOLT_OP_SlotGet, lower_indexed_slot},
    {VOLT_OP_SlotSet, lower_indexed_slot},
    {VOLT_OP_SlotGetN, lower_indexed_slot},
    {VOLT_OP_SlotSetN, lower_indexed_slot},
    {VOLT_OP_GlobalGet, lower_global},
    {VOLT_OP_GlobalGetN, lower_global},
    {VOLT_OP_GlobalSet, lower_global},
    {VOLT_OP_GlobalSetN, lower_global},
    {.lower = NULL},
};
