/*
 * Elements and lengths of slices, arrays and strings. Elements whose size is only known at run time are the
 * host's work.
 */
#include "calls/checks.h"
#include "ir/heap_layout.h"
#include "lower/loop_versions.h"
#include "lower/opcodes.h"

enum { SIGN_EXTENDED = 0x80, BYTES_MASK = 0x3f };

static LLVMValueRef load_field(function_lowering *lowering, LLVMTypeRef type, LLVMValueRef v_object,
                               int32_t offset) {
	LLVMValueRef v_field =
	    LLVMBuildLoad2(lowering->builder, type, heap_field(lowering, v_object, offset), "");
	name_memory(lowering, v_field, MEMORY_HEADER);
	return v_field;
}

/* What an instruction looks into. */
typedef enum { SEQUENCE_ARRAY, SEQUENCE_SLICE, SEQUENCE_STRING } sequence_kind;

static sequence_kind sequence_of(uint8_t op) {
	switch (op) {
	case VOLT_OP_ArrayGet:
	case VOLT_OP_ArraySet:
	case VOLT_OP_ArrayAddr: return SEQUENCE_ARRAY;
	case VOLT_OP_StrIndex:
	case VOLT_OP_StrLen: return SEQUENCE_STRING;
	default: return SEQUENCE_SLICE;
	}
}

static int32_t length_offset(const function_lowering *lowering) {
	const volt_heap_layout *layout = heap_layout_of(lowering);
	switch (sequence_of(lowering->instruction.op)) {
	case SEQUENCE_ARRAY: return layout->array_length;
	case SEQUENCE_STRING: return layout->string_length;
	default: return layout->slice_length;
	}
}

/* Where element 0 is. */
static LLVMValueRef first_element(function_lowering *lowering, LLVMValueRef v_object) {
	const volt_heap_layout *layout = heap_layout_of(lowering);
	const sequence_kind kind = sequence_of(lowering->instruction.op);
	if (kind == SEQUENCE_ARRAY)
		return heap_field(lowering, v_object, layout->array_elements);
	return load_field(lowering, lowering->module->types.pointer, v_object,
	                  kind == SEQUENCE_STRING ? layout->string_bytes : layout->slice_elements);
}

static void check_index(function_lowering *lowering, LLVMValueRef v_index, LLVMValueRef v_length) {
	LLVMValueRef v_outside = LLVMBuildICmp(lowering->builder, LLVMIntUGE, v_index, v_length, "v_outside");
	trap_if(lowering, v_outside, VOLT_TRAP_IndexOutOfRange, v_index, v_length);
}

/* Traps unless the index is below the length; a nil object has length 0. Gives the object's address. */
static LLVMValueRef checked_object(function_lowering *lowering, uint32_t slot, LLVMValueRef v_index) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_slot = read_slot(lowering, slot);
	trap_if_nil(lowering, slot, v_slot, VOLT_TRAP_IndexOutOfRange, v_index);
	LLVMValueRef v_object = LLVMBuildIntToPtr(builder, v_slot, lowering->module->types.pointer, "v_object");
	LLVMValueRef v_length =
	    load_field(lowering, lowering->module->types.i64, v_object, length_offset(lowering));
	check_index(lowering, v_index, v_length);
	if (fact_here(lowering) && fact_here(lowering)->kind == ROUND_ELEMENT)
		keep_value(lowering, KEPT_LENGTH, v_length);
	return v_object;
}

/* Behind its check. Presets keep the addresses that their figures are for. */
static LLVMValueRef address_within(function_lowering *lowering, LLVMValueRef v_data, LLVMValueRef v_index,
                                   uint32_t bytes) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i8 = lowering->module->types.i8;
	if (!lowering->module->options.inlines) {
		LLVMValueRef v_offset = LLVMBuildMul(builder, v_index, constant_i64(lowering, bytes), "");
		return LLVMBuildGEP2(builder, i8, v_data, &v_offset, 1, "");
	}
	return LLVMBuildInBoundsGEP2(builder, LLVMArrayType2(i8, bytes), v_data, &v_index, 1, "");
}

/* In the second version of a loop: the object is that of the first one, and so is its header. */
static LLVMValueRef element_of_round(function_lowering *lowering, LLVMValueRef v_index, uint32_t bytes) {
	if (fact_here(lowering)->change.kind == CHANGE_UNKNOWN)
		check_index(lowering, v_index, kept_here(lowering, KEPT_LENGTH, lowering->module->types.i64));
	LLVMValueRef v_data = kept_here(lowering, KEPT_DATA, lowering->module->types.pointer);
	return address_within(lowering, v_data, v_index, bytes);
}

static LLVMValueRef element_address(function_lowering *lowering, uint32_t object, uint32_t index,
                                    uint32_t bytes) {
	LLVMValueRef v_index = read_slot(lowering, index);
	const round_fact *fact = fact_here(lowering);
	bool same_object = fact && fact->kind == ROUND_ELEMENT;
	if (same_object && in_second_version(lowering))
		return element_of_round(lowering, v_index, bytes);
	LLVMValueRef v_data = first_element(lowering, checked_object(lowering, object, v_index));
	if (same_object)
		keep_value(lowering, KEPT_DATA, v_data);
	return address_within(lowering, v_data, v_index, bytes);
}

static LLVMTypeRef packed_type(function_lowering *lowering, uint32_t bytes) {
	const basic_types *types = &lowering->module->types;
	switch (bytes) {
	case 1: return types->i8;
	case 2: return types->i16;
	case 4: return types->i32;
	default: return NULL;
	}
}

static void load_packed(function_lowering *lowering, uint32_t to, LLVMValueRef v_from, uint8_t flags) {
	LLVMTypeRef i64 = lowering->module->types.i64;
	LLVMTypeRef type = packed_type(lowering, flags & BYTES_MASK);
	LLVMValueRef v_narrow = LLVMBuildLoad2(lowering->builder, type, v_from, "");
	name_memory(lowering, v_narrow, MEMORY_VALUES);
	LLVMValueRef v_wide = flags & SIGN_EXTENDED ? LLVMBuildSExt(lowering->builder, v_narrow, i64, "")
	                                            : LLVMBuildZExt(lowering->builder, v_narrow, i64, "");
	write_slot(lowering, to, v_wide);
}

/*
 * The size of an element that the flags do not give, in whole slots; the element stands at slot `first`.
 * False: it is not known, leaves the frame, ends with a part of a slot, or is so long that a call costs less.
 */
static bool constant_size(function_lowering *lowering, uint32_t first, uint32_t *slots) {
	enum { MOST_SLOTS = 32 };
	uint64_t bytes;
	if (!volt_slot_constant(&live_slots_of(lowering)->constants, lowering->pc, &bytes))
		return false;
	if (bytes % sizeof(volt_slot) || bytes / sizeof(volt_slot) > MOST_SLOTS)
		return false;
	*slots = (uint32_t)(bytes / sizeof(volt_slot));
	return first + *slots <= lowering->function->local_slots;
}

/* Elements of constant size that are wider than the flags can say. */
static void lower_wide_get(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t slots;
	if (!constant_size(lowering, instruction.a, &slots)) {
		lower_out_of_line(lowering);
		return;
	}
	uint32_t bytes = slots * (uint32_t)sizeof(volt_slot);
	load_slots(lowering, instruction.a, element_address(lowering, instruction.b, instruction.c, bytes), slots,
	           MEMORY_OBJECTS);
}

static void lower_wide_set(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t slots;
	if (!constant_size(lowering, instruction.c, &slots)) {
		lower_out_of_line(lowering);
		return;
	}
	uint32_t bytes = slots * (uint32_t)sizeof(volt_slot);
	store_slots(lowering, element_address(lowering, instruction.a, instruction.b, bytes), instruction.c,
	            slots, MEMORY_OBJECTS);
}

static void lower_element_get(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t bytes = instruction.flags & BYTES_MASK;
	if (instruction.flags == 0) {
		lower_wide_get(lowering);
		return;
	}
	LLVMValueRef v_from = element_address(lowering, instruction.b, instruction.c, bytes);
	if (packed_type(lowering, bytes))
		load_packed(lowering, instruction.a, v_from, instruction.flags);
	else
		load_slots(lowering, instruction.a, v_from, volt_element_slots(instruction.flags), MEMORY_OBJECTS);
}

static void store_packed(function_lowering *lowering, LLVMValueRef v_to, uint32_t from, uint32_t bytes) {
	LLVMTypeRef type = packed_type(lowering, bytes);
	LLVMValueRef v_narrow = LLVMBuildTrunc(lowering->builder, read_slot(lowering, from), type, "");
	name_memory(lowering, LLVMBuildStore(lowering->builder, v_narrow, v_to), MEMORY_VALUES);
}

static void lower_element_set(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t bytes = instruction.flags & BYTES_MASK;
	if (instruction.flags == 0) {
		lower_wide_set(lowering);
		return;
	}
	LLVMValueRef v_to = element_address(lowering, instruction.a, instruction.b, bytes);
	if (packed_type(lowering, bytes)) {
		store_packed(lowering, v_to, instruction.c, bytes);
		return;
	}
	store_slots(lowering, v_to, instruction.c, volt_element_slots(instruction.flags), MEMORY_OBJECTS);
}

/* An address inside nil stays nil, so that using it traps. */
static void lower_element_address(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i64 = lowering->module->types.i64;
	LLVMValueRef v_slot = read_slot(lowering, instruction.b), v_index = read_slot(lowering, instruction.c);
	LLVMBasicBlockRef b_some = new_block(lowering, BLOCK_SOME), b_done = new_block(lowering, BLOCK_ADDRESS);
	write_slot(lowering, instruction.a, constant_i64(lowering, 0));
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_slot, "v_nil"), b_done, b_some);
	LLVMPositionBuilderAtEnd(builder, b_some);
	LLVMValueRef v_object = LLVMBuildIntToPtr(builder, v_slot, lowering->module->types.pointer, "");
	LLVMValueRef v_data = first_element(lowering, v_object);
	LLVMValueRef v_offset = LLVMBuildMul(builder, v_index, constant_i64(lowering, instruction.flags), "");
	LLVMValueRef v_start = LLVMBuildPtrToInt(builder, v_data, i64, "");
	write_slot(lowering, instruction.a, LLVMBuildAdd(builder, v_start, v_offset, ""));
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
}

/* ---- Lengths ---- */

/* Nil has length 0: the field is loaded only where there is one. */
static void lower_length(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	const int32_t offset = instruction.op == VOLT_OP_SliceCap ? heap_layout_of(lowering)->slice_capacity
	                                                          : length_offset(lowering);
	LLVMValueRef v_slot = read_slot(lowering, instruction.b);
	LLVMBasicBlockRef b_some = new_block(lowering, BLOCK_SOME), b_done = new_block(lowering, BLOCK_LENGTH);
	write_slot(lowering, instruction.a, constant_i64(lowering, 0));
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_slot, "v_nil"), b_done, b_some);
	LLVMPositionBuilderAtEnd(builder, b_some);
	LLVMValueRef v_object = LLVMBuildIntToPtr(builder, v_slot, lowering->module->types.pointer, "");
	write_slot(lowering, instruction.a, load_field(lowering, lowering->module->types.i64, v_object, offset));
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
}

static void lower_string_index(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	load_packed(lowering, instruction.a, element_address(lowering, instruction.b, instruction.c, 1), 1);
}

const opcode_row elements_opcodes[] = {
    {VOLT_OP_StrLen, lower_length},
    {VOLT_OP_StrIndex, lower_string_index},
    {VOLT_OP_ArrayGet, lower_element_get},
    {VOLT_OP_ArraySet, lower_element_set},
    {VOLT_OP_ArrayAddr, lower_element_address},
    {VOLT_OP_SliceGet, lower_element_get},
    {VOLT_OP_SliceSet, lower_element_set},
    {VOLT_OP_SliceLen, lower_length},
    {VOLT_OP_SliceCap, lower_length},
    {VOLT_OP_SliceAddr, lower_element_address},
    {.lower = NULL},
};
