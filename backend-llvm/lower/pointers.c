/* Words of objects behind pointers, and closures' captures. */
#include "analysis/round_values.h"
#include "calls/checks.h"
#include "ir/heap_layout.h"
#include "lower/opcodes.h"

static LLVMValueRef as_pointer(function_lowering *lowering, LLVMValueRef v_slot) {
	return LLVMBuildIntToPtr(lowering->builder, v_slot, lowering->module->types.pointer, "");
}

/* Address of word `index` of the object in a slot; traps on nil. */
static LLVMValueRef word_of_object(function_lowering *lowering, uint32_t slot, uint32_t index) {
	LLVMValueRef v_object = read_slot(lowering, slot);
	trap_if_nil(lowering, slot, v_object, VOLT_TRAP_NilPointerDereference, NULL);
	return slot_address(lowering, as_pointer(lowering, v_object), constant_i64(lowering, index));
}

static void lower_pointer_get(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t count = instruction.op == VOLT_OP_PtrGetN ? instruction.flags : 1;
	load_slots(lowering, instruction.a, word_of_object(lowering, instruction.b, instruction.c), count,
	           MEMORY_OBJECTS);
}

static void lower_pointer_set(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t count = instruction.op == VOLT_OP_PtrSetN ? instruction.flags : 1;
	const bool is_first =
	    instruction.b == 0 && count == 1 && volt_slot_is_value(lowering->function, instruction.c);
	store_slots(lowering, word_of_object(lowering, instruction.a, instruction.b), instruction.c, count,
	            is_first ? MEMORY_FIRST_WORDS : MEMORY_OBJECTS);
}

/* An address inside nil stays nil, so that using it traps and does not fault. */
static void lower_pointer_add(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_object = read_slot(lowering, instruction.b);
	LLVMValueRef v_offset =
	    LLVMBuildShl(builder, read_slot(lowering, instruction.c), constant_i64(lowering, 3), "");
	LLVMValueRef v_nil = LLVMBuildIsNull(builder, v_object, "v_nil");
	LLVMValueRef v_sum = LLVMBuildAdd(builder, v_object, v_offset, "");
	write_slot(lowering, instruction.a,
	           LLVMBuildSelect(builder, v_nil, constant_i64(lowering, 0), v_sum, ""));
}

/* The closure stands in slot 0, and its captures in the object's words from 1 on. */
static void lower_closure_get(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_header = word_of_object(lowering, 0, 0);
	LLVMValueRef v_count =
	    load_half_word(lowering, v_header, heap_layout_of(lowering)->closure_captures, MEMORY_REFERENCES);
	LLVMValueRef v_index = constant_i64(lowering, instruction.b);
	LLVMValueRef v_outside = LLVMBuildICmp(lowering->builder, LLVMIntUGE, v_index, v_count, "v_outside");
	trap_if(lowering, v_outside, VOLT_TRAP_IndexOutOfRange, v_index, v_count);
	load_slots(
	    lowering, instruction.a, slot_address(lowering, v_header, constant_i64(lowering, 1 + instruction.b)),
	    1, volt_slot_is_reference(lowering->function, instruction.a) ? MEMORY_REFERENCES : MEMORY_CAPTURES);
}

const opcode_row pointers_opcodes[] = {
    {VOLT_OP_PtrGet, lower_pointer_get},
    {VOLT_OP_PtrSet, lower_pointer_set},
    {VOLT_OP_PtrGetN, lower_pointer_get},
    {VOLT_OP_PtrSetN, lower_pointer_set},
    {VOLT_OP_PtrAdd, lower_pointer_add},
    {VOLT_OP_ClosureGet, lower_closure_get},
    {.lower = NULL},
};
