/*
 * Maps. What a MapGet of a key of one slot has found, a MapSet of the same key stores to directly (`m[k] +=
 * v`), as long as no instruction between them can change a map.
 */
#include "lower/map_work.h"
#include "calls/checks.h"
#include "ir/helper_declarations.h"
#include "lower/opcodes.h"

/* Are descriptor and widths of a map instruction known, and does everything that they name lie in the frame?
 */
static bool widths_are_known(function_lowering *lowering) {
	const slot_constants *constants = &live_slots_of(lowering)->constants;
	const volt_operand *operand = volt_opcode_get_info(lowering->instruction.op)->operands;
	for (; operand->role != VOLT_OPERAND_NONE; operand++) {
		bool slots = operand->role == VOLT_OPERAND_READ || operand->role == VOLT_OPERAND_WRITE;
		if (slots && !volt_operand_extent(constants, lowering->pc, operand).exact)
			return false;
	}
	return true;
}

static uint64_t descriptor(function_lowering *lowering) {
	uint64_t value = 0;
	volt_slot_constant(&live_slots_of(lowering)->constants, lowering->pc, &value);
	return value;
}

/* The value's slots from where the helper has found them; 0 where it has found none. */
static void take_value(function_lowering *lowering, LLVMValueRef v_found, uint32_t count, bool has_ok) {
	LLVMBuilderRef builder = lowering->builder;
	uint32_t to = lowering->instruction.a;
	LLVMBasicBlockRef b_found = new_block(lowering, BLOCK_SOME), b_none = new_block(lowering, BLOCK_ZERO);
	LLVMBasicBlockRef b_done = new_block(lowering, BLOCK_DONE);
	LLVMValueRef v_is = LLVMBuildIsNotNull(builder, v_found, "v_is");
	LLVMBuildCondBr(builder, v_is, b_found, b_none);
	LLVMPositionBuilderAtEnd(builder, b_found);
	load_slots(lowering, to, LLVMBuildIntToPtr(builder, v_found, lowering->module->types.pointer, ""), count,
	           MEMORY_UNNAMED);
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_none);
	for (uint32_t i = 0; i < count; i++)
		write_slot(lowering, to + i, constant_i64(lowering, 0));
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
	if (has_ok)
		write_bool(lowering, to + count, v_is);
}

/* What helpers take first, of a map and a key in the image, which stands behind its descriptor. */
enum { KEY_ARGUMENTS = 6 };

static void pass_key(function_lowering *lowering, uint32_t map_slot, uint32_t descriptor_slot,
                     uint64_t widths, LLVMValueRef *v_arguments) {
	v_arguments[0] = lowering->v_context;
	v_arguments[1] = constant_i32(lowering, lowering->index);
	v_arguments[2] = constant_i32(lowering, lowering->pc);
	v_arguments[3] = read_slot(lowering, map_slot);
	v_arguments[4] = image_slot(lowering, descriptor_slot + 1u);
	v_arguments[5] = constant_i64(lowering, widths);
}

/* ---- Looking up, and setting ---- */

/* Key and value of one entry, as the instruction's descriptor has them. */
typedef struct {
	uint64_t descriptor;
	uint32_t key_slots, value_slots;
} entry_widths;

static entry_widths widths_of_get(function_lowering *lowering) {
	uint64_t value = descriptor(lowering);
	return (entry_widths){value, (uint32_t)(value >> 16), (uint32_t)(value >> 1 & 0x7fff)};
}

static entry_widths widths_of_set(function_lowering *lowering) {
	uint64_t value = descriptor(lowering);
	return (entry_widths){value, (uint32_t)(value >> 8), (uint32_t)(value & 0xff)};
}

static LLVMValueRef get_through_host(function_lowering *lowering, const entry_widths *widths) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[KEY_ARGUMENTS];
	fill_image(lowering, instruction.c + 1u, widths->key_slots);
	pass_key(lowering, instruction.b, instruction.c, widths->descriptor, v_arguments);
	return call_helper(lowering, VOLT_HELPER_map_get, v_arguments, KEY_ARGUMENTS);
}

/* Leaves if the helper says that the map has other widths: the host says what is wrong. */
static void check_widths(function_lowering *lowering, LLVMValueRef v_settable, const entry_widths *widths) {
	LLVMValueRef v_wrong = LLVMBuildICmp(lowering->builder, LLVMIntEQ, v_settable,
	                                     constant_i64(lowering, VOLT_MAP_WIDTHS_DIFFER), "v_wrong");
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_wrong, BLOCK_HOST_EXIT);
	exit_as_host_says(lowering, status_of_pair(lowering, get_through_host(lowering, widths)));
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
}

/* Where the value stands, and where a MapSet of the same key may store the next one. */
static LLVMValueRef get_in_registers(function_lowering *lowering, const entry_widths *widths) {
	LLVMValueRef v_map = read_slot(lowering, lowering->instruction.b);
	LLVMValueRef v_key = read_slot(lowering, lowering->instruction.c + 1u);
	LLVMValueRef v_arguments[] = {lowering->v_context, v_map, v_key,
	                              constant_i32(lowering, widths->value_slots)};
	LLVMValueRef v_place = call_helper(lowering, VOLT_HELPER_map_place, v_arguments, 4);
	LLVMValueRef v_settable = part_of(lowering, v_place, 1);
	check_widths(lowering, v_settable, widths);
	lowering->place = (map_place){v_map, v_key, v_settable, widths->value_slots};
	return part_of(lowering, v_place, 0);
}

static void lower_map_get(function_lowering *lowering) {
	if (!widths_are_known(lowering)) {
		lower_out_of_line(lowering);
		return;
	}
	entry_widths widths = widths_of_get(lowering);
	bool in_registers = lowering->module->options.inlines && widths.key_slots == 1 &&
	                    host_has(lowering->module, VOLT_HELPER_map_place);
	LLVMValueRef v_found = in_registers ? get_in_registers(lowering, &widths)
	                                    : checked(lowering, get_through_host(lowering, &widths));
	take_value(lowering, v_found, widths.value_slots, widths.descriptor & 1);
	forced_exit_check(lowering, lowering->pc + 1);
}

/*
 * Stores to where the last MapGet has found the value, if this is its map and its key and the map need not
 * grow; the builder then stands where the host must do it.
 */
static void set_in_place(function_lowering *lowering, const entry_widths *widths, LLVMBasicBlockRef b_done) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	const map_place *place = &lowering->place;
	LLVMBasicBlockRef b_place = new_block(lowering, BLOCK_SOME), b_host = new_block(lowering, BLOCK_HOST);
	LLVMValueRef v_map = read_slot(lowering, instruction.a), v_key = read_slot(lowering, instruction.b + 1u);
	LLVMValueRef v_same = LLVMBuildAnd(builder, LLVMBuildICmp(builder, LLVMIntEQ, v_map, place->v_map, ""),
	                                   LLVMBuildICmp(builder, LLVMIntEQ, v_key, place->v_key, ""), "v_same");
	LLVMValueRef v_settable = LLVMBuildIsNotNull(builder, place->v_settable, "");
	LLVMBuildCondBr(builder, LLVMBuildAnd(builder, v_same, v_settable, ""), b_place, b_host);
	LLVMPositionBuilderAtEnd(builder, b_place);
	LLVMValueRef v_to =
	    LLVMBuildIntToPtr(builder, place->v_settable, lowering->module->types.pointer, "v_place");
	store_slots(lowering, v_to, instruction.c, widths->value_slots, MEMORY_UNNAMED);
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_host);
}

static void set_through_host(function_lowering *lowering, const entry_widths *widths) {
	volt_instruction instruction = lowering->instruction;
	fill_image(lowering, instruction.b + 1u, widths->key_slots);
	fill_image(lowering, instruction.c, widths->value_slots);
	LLVMValueRef v_arguments[KEY_ARGUMENTS + 1];
	pass_key(lowering, instruction.a, instruction.b, widths->descriptor, v_arguments);
	v_arguments[KEY_ARGUMENTS] = image_slot(lowering, instruction.c);
	leave_unless_ok(lowering, call_helper(lowering, VOLT_HELPER_map_set, v_arguments, KEY_ARGUMENTS + 1));
}

static void lower_map_set(function_lowering *lowering) {
	if (!widths_are_known(lowering)) {
		lower_out_of_line(lowering);
		return;
	}
	entry_widths widths = widths_of_set(lowering);
	LLVMBasicBlockRef b_done = new_block(lowering, BLOCK_DONE);
	if (lowering->place.v_settable && widths.key_slots == 1 &&
	    widths.value_slots == lowering->place.value_slots)
		set_in_place(lowering, &widths, b_done);
	set_through_host(lowering, &widths);
	LLVMBuildBr(lowering->builder, b_done);
	LLVMPositionBuilderAtEnd(lowering->builder, b_done);
	forced_exit_check(lowering, lowering->pc + 1);
}

void forget_map_place(function_lowering *lowering) {
	lowering->place.v_settable = NULL;
}

bool may_change_maps(volt_instruction instruction) {
	const unsigned elsewhere = VOLT_EFFECT_CALLS | VOLT_EFFECT_BLOCKS | VOLT_EFFECT_REPEATS |
	                           VOLT_EFFECT_FRAME | VOLT_EFFECT_JUMPS | VOLT_EFFECT_ENDS;
	return volt_opcode_get_info(instruction.op)->effects & elsewhere || instruction.op == VOLT_OP_MapSet ||
	       instruction.op == VOLT_OP_MapDelete;
}

/* ---- Deleting ---- */

static void lower_map_delete(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	if (!widths_are_known(lowering)) {
		lower_out_of_line(lowering);
		return;
	}
	uint64_t key_slots = descriptor(lowering);
	LLVMValueRef v_arguments[KEY_ARGUMENTS];
	fill_image(lowering, instruction.b + 1u, (uint32_t)key_slots);
	pass_key(lowering, instruction.a, instruction.b, key_slots, v_arguments);
	leave_unless_ok(lowering, call_helper(lowering, VOLT_HELPER_map_delete, v_arguments, KEY_ARGUMENTS));
	forced_exit_check(lowering, lowering->pc + 1);
}

/* ---- Iteration ---- */

enum { ITERATOR_SLOTS = 7 };

static void lower_map_iterator_start(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[] = {lowering->v_context, lowering->v_scratch,
	                              read_slot(lowering, instruction.b)};
	call_helper(lowering, VOLT_HELPER_map_iterator_start, v_arguments, 3);
	load_slots(lowering, instruction.a, lowering->v_scratch, ITERATOR_SLOTS, MEMORY_UNNAMED);
	forced_exit_check(lowering, lowering->pc + 1);
}

/* The entry's slots stay as they are when there is none. */
static void lower_map_iterator_next(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_entry = scratch_slot(lowering, ITERATOR_SLOTS);
	store_slots(lowering, lowering->v_scratch, instruction.b, ITERATOR_SLOTS, MEMORY_UNNAMED);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    constant_i32(lowering, lowering->index),
	    constant_i32(lowering, lowering->pc),
	    lowering->v_scratch,
	    v_entry,
	    constant_i32(lowering, instruction.flags),
	};
	LLVMValueRef v_pair = call_helper(lowering, VOLT_HELPER_map_iterator_next, v_arguments, 6);
	LLVMValueRef v_found = checked(lowering, v_pair);
	load_slots(lowering, instruction.b, lowering->v_scratch, ITERATOR_SLOTS, MEMORY_UNNAMED);
	LLVMBasicBlockRef b_found = new_block(lowering, BLOCK_SOME), b_done = new_block(lowering, BLOCK_DONE);
	LLVMBuildCondBr(builder, LLVMBuildIsNotNull(builder, v_found, ""), b_found, b_done);
	LLVMPositionBuilderAtEnd(builder, b_found);
	load_slots(lowering, instruction.a, v_entry, (instruction.flags & 15u) + (instruction.flags >> 4),
	           MEMORY_UNNAMED);
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
	write_slot(lowering, instruction.c, v_found);
	forced_exit_check(lowering, lowering->pc + 1);
}

const opcode_row map_opcodes[] = {
    {VOLT_OP_MapGet, lower_map_get},
    {VOLT_OP_MapSet, lower_map_set},
    {VOLT_OP_MapDelete, lower_map_delete},
    {VOLT_OP_MapIterInit, lower_map_iterator_start},
    {VOLT_OP_MapIterNext, lower_map_iterator_next},
    {.lower = NULL},
};
