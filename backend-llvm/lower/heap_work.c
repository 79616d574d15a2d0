/*
 * Instructions that work on the heap through a helper of the host: strings, slices, new objects, goroutines.
 * Most are rows of heap_calls.def. Those whose operands are several slots pass them in memory.
 */
#include <string.h>

#include "calls/checks.h"
#include "ir/free_blocks.h"
#include "ir/heap_layout.h"
#include "ir/helper_declarations.h"
#include "lower/opcodes.h"
#include "lower/unshared.h"

enum { ELEMENT_BYTES = 0x3f }; /* of element flags */

/* ---- One call, with all operands in registers ---- */

typedef enum {
	ARGUMENT_END,
	ARGUMENT_PC,
	ARGUMENT_A,
	ARGUMENT_B,
	ARGUMENT_B_1,
	ARGUMENT_C,
	ARGUMENT_C_1,
	ARGUMENT_C_2,
	ARGUMENT_SIZE_AT_1,
	ARGUMENT_SIZE_AT_2,
	ARGUMENT_MAXIMUM,
	ARGUMENT_NUMBER_B,
	ARGUMENT_NUMBER_C,
	ARGUMENT_FLAGS,
	ARGUMENT_FUNCTION,
} argument_kind;

typedef enum { RESULT_VALUE, RESULT_TWO, RESULT_CHECKED, RESULT_STATUS } result_kind;

enum { MOST_ARGUMENTS = 8 };

typedef struct {
	volt_helper helper;
	result_kind result;
	argument_kind arguments[MOST_ARGUMENTS]; /* ends with ARGUMENT_END */
} heap_call;

#define ARGUMENTS_1(a) ARGUMENT_##a
#define ARGUMENTS_2(a, ...) ARGUMENT_##a, ARGUMENTS_1(__VA_ARGS__)
#define ARGUMENTS_3(a, ...) ARGUMENT_##a, ARGUMENTS_2(__VA_ARGS__)
#define ARGUMENTS_4(a, ...) ARGUMENT_##a, ARGUMENTS_3(__VA_ARGS__)
#define ARGUMENTS_5(a, ...) ARGUMENT_##a, ARGUMENTS_4(__VA_ARGS__)
#define ARGUMENTS_6(a, ...) ARGUMENT_##a, ARGUMENTS_5(__VA_ARGS__)
#define ARGUMENTS_SELECT(_1, _2, _3, _4, _5, _6, chosen, ...) chosen
#define ARGUMENTS(...) \
	ARGUMENTS_SELECT(__VA_ARGS__, ARGUMENTS_6, ARGUMENTS_5, ARGUMENTS_4, ARGUMENTS_3, ARGUMENTS_2, \
	                 ARGUMENTS_1, none) \
	(__VA_ARGS__)

static const heap_call heap_calls[] = {
#define HEAP_CALL(opcode, helper, result, ...) \
	[VOLT_OP_##opcode] = {VOLT_HELPER_##helper, RESULT_##result, {ARGUMENTS(__VA_ARGS__)}},
#include "lower/heap_calls.def"
#undef HEAP_CALL
};

static LLVMValueRef element_size(function_lowering *lowering, uint32_t slot) {
	uint8_t flags = lowering->instruction.flags;
	return flags ? constant_i64(lowering, flags & ELEMENT_BYTES) : read_slot(lowering, slot);
}

static LLVMValueRef maximum(function_lowering *lowering, uint32_t slot) {
	enum { HAS_MAXIMUM = 2 };
	return lowering->instruction.flags & HAS_MAXIMUM ? read_slot(lowering, slot) : constant_i64(lowering, 0);
}

static LLVMValueRef argument(function_lowering *lowering, argument_kind kind) {
	volt_instruction instruction = lowering->instruction;
	switch (kind) {
	case ARGUMENT_PC: return constant_i32(lowering, lowering->pc);
	case ARGUMENT_A: return read_slot(lowering, instruction.a);
	case ARGUMENT_B: return read_slot(lowering, instruction.b);
	case ARGUMENT_B_1: return read_slot(lowering, instruction.b + 1u);
	case ARGUMENT_C: return read_slot(lowering, instruction.c);
	case ARGUMENT_C_1: return read_slot(lowering, instruction.c + 1u);
	case ARGUMENT_C_2: return read_slot(lowering, instruction.c + 2u);
	case ARGUMENT_SIZE_AT_1: return element_size(lowering, instruction.c + 1u);
	case ARGUMENT_SIZE_AT_2: return element_size(lowering, instruction.c + 2u);
	case ARGUMENT_MAXIMUM: return maximum(lowering, instruction.c + 2u);
	case ARGUMENT_NUMBER_B: return constant_i32(lowering, instruction.b);
	case ARGUMENT_NUMBER_C: return constant_i32(lowering, instruction.c);
	case ARGUMENT_FLAGS: return constant_i32(lowering, instruction.flags);
	case ARGUMENT_FUNCTION:
		return constant_i32(lowering, (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_B_WITH_FLAGS));
	case ARGUMENT_END: break;
	}
	return NULL;
}

LLVMValueRef part_of(function_lowering *lowering, LLVMValueRef v_pair, unsigned index) {
	return LLVMBuildExtractValue(lowering->builder, v_pair, index, "");
}

void leave_unless_ok(function_lowering *lowering, LLVMValueRef v_status) {
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, BLOCK_HOST_EXIT);
	exit_as_host_says(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
}

LLVMValueRef status_of_pair(function_lowering *lowering, LLVMValueRef v_pair) {
	return LLVMBuildTrunc(lowering->builder, part_of(lowering, v_pair, 1), lowering->module->types.i32,
	                      "v_status");
}

LLVMValueRef checked(function_lowering *lowering, LLVMValueRef v_pair) {
	LLVMValueRef v_value = part_of(lowering, v_pair, 0);
	leave_unless_ok(lowering, status_of_pair(lowering, v_pair));
	return v_value;
}

/* Objects that are new are not nil. */
static void say_not_nil(function_lowering *lowering, LLVMValueRef v_object) {
	LLVMContextRef context = lowering->module->context;
	LLVMMetadataRef bounds[] = {
	    LLVMValueAsMetadata(constant_i64(lowering, 1)),
	    LLVMValueAsMetadata(constant_i64(lowering, 0)),
	};
	LLVMSetMetadata(v_object, LLVMGetMDKindIDInContext(context, "range", strlen("range")),
	                LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, bounds, 2)));
}

static void lower_heap_call(function_lowering *lowering) {
	const heap_call *call = &heap_calls[lowering->instruction.op];
	uint32_t to = lowering->instruction.a;
	LLVMValueRef v_arguments[1 + MOST_ARGUMENTS] = {lowering->v_context};
	unsigned count = 1;
	for (const argument_kind *kind = call->arguments; *kind != ARGUMENT_END; kind++)
		v_arguments[count++] = argument(lowering, *kind);
	LLVMValueRef v_result = call_helper(lowering, call->helper, v_arguments, count);
	if (call->helper == VOLT_HELPER_object_new || call->helper == VOLT_HELPER_closure_new)
		say_not_nil(lowering, v_result);
	switch (call->result) {
	case RESULT_VALUE: write_slot(lowering, to, v_result); break;
	case RESULT_CHECKED: write_slot(lowering, to, checked(lowering, v_result)); break;
	case RESULT_STATUS: leave_unless_ok(lowering, v_result); break;
	case RESULT_TWO:
		write_slot(lowering, to, part_of(lowering, v_result, 0));
		write_slot(lowering, to + 1, part_of(lowering, v_result, 1));
		break;
	}
	forced_exit_check(lowering, lowering->pc + 1);
}

/* ---- Fields of objects ---- */

static LLVMValueRef load_of(function_lowering *lowering, LLVMTypeRef type, LLVMValueRef v_object,
                            int32_t offset) {
	return LLVMBuildLoad2(lowering->builder, type, heap_field(lowering, v_object, offset), "");
}

/* ---- Strings ---- */

/* Bytes of a string; nil is the empty one. */
static LLVMValueRef length_of_string(function_lowering *lowering, LLVMValueRef v_string) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i64 = lowering->module->types.i64;
	LLVMBasicBlockRef b_some = new_block(lowering, BLOCK_SOME), b_done = new_block(lowering, BLOCK_LENGTH);
	LLVMBasicBlockRef b_from = LLVMGetInsertBlock(builder);
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_string, "v_nil"), b_done, b_some);
	LLVMPositionBuilderAtEnd(builder, b_some);
	LLVMValueRef v_slice = LLVMBuildIntToPtr(builder, v_string, lowering->module->types.pointer, "");
	LLVMValueRef v_length = load_of(lowering, i64, v_slice, heap_layout_of(lowering)->string_length);
	name_memory(lowering, v_length, MEMORY_HEADER);
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
	LLVMValueRef v_either = LLVMBuildPhi(builder, i64, "v_length");
	LLVMValueRef v_lengths[] = {constant_i64(lowering, 0), v_length};
	LLVMBasicBlockRef b_both[] = {b_from, b_some};
	LLVMAddIncoming(v_either, v_lengths, b_both, 2);
	return v_either;
}

/* With the check of the bounds outside of the helper, a part that only others look at need not be made
 * (codegen/string_parts.h). */
static void lower_string_slice(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	if (!lowering->module->options.inlines || !host_has(lowering->module, VOLT_HELPER_string_part)) {
		lower_heap_call(lowering);
		return;
	}
	LLVMValueRef v_string = read_slot(lowering, instruction.b);
	LLVMValueRef v_lo = read_slot(lowering, instruction.c), v_hi = read_slot(lowering, instruction.c + 1u);
	LLVMValueRef v_length = length_of_string(lowering, v_string);
	LLVMValueRef v_outside = LLVMBuildOr(builder, LLVMBuildICmp(builder, LLVMIntUGT, v_hi, v_length, ""),
	                                     LLVMBuildICmp(builder, LLVMIntUGT, v_lo, v_hi, ""), "v_outside");
	trap_if(lowering, v_outside, VOLT_TRAP_SliceBoundsOutOfRange, v_lo, v_hi);
	LLVMValueRef v_arguments[] = {lowering->v_context, v_string, v_lo, v_hi};
	write_slot(lowering, instruction.a, call_helper(lowering, VOLT_HELPER_string_part, v_arguments, 4));
	forced_exit_check(lowering, lowering->pc + 1);
}

static void lower_string_not_equal(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[] = {lowering->v_context, read_slot(lowering, instruction.b),
	                              read_slot(lowering, instruction.c)};
	LLVMValueRef v_equal = call_helper(lowering, VOLT_HELPER_string_equal, v_arguments, 3);
	write_bool(lowering, instruction.a, LLVMBuildIsNull(lowering->builder, v_equal, "v_differ"));
	forced_exit_check(lowering, lowering->pc + 1);
}

static LLVMIntPredicate string_predicate(uint8_t opcode) {
	switch (opcode) {
	case VOLT_OP_StrLt: return LLVMIntSLT;
	case VOLT_OP_StrLe: return LLVMIntSLE;
	case VOLT_OP_StrGt: return LLVMIntSGT;
	default: return LLVMIntSGE;
	}
}

static void lower_string_compare(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[] = {lowering->v_context, read_slot(lowering, instruction.b),
	                              read_slot(lowering, instruction.c)};
	LLVMValueRef v_order = call_helper(lowering, VOLT_HELPER_string_compare, v_arguments, 3);
	write_bool(lowering, instruction.a,
	           LLVMBuildICmp(lowering->builder, string_predicate(instruction.op), v_order,
	                         constant_i64(lowering, 0), ""));
	forced_exit_check(lowering, lowering->pc + 1);
}

/* ---- Appending ---- */

typedef struct {
	uint64_t bytes;
	uint32_t first, count; /* its slots */
} appended;

/* False: the element's size is not known, or it leaves the frame. */
static bool find_appended(function_lowering *lowering, appended *element) {
	volt_instruction instruction = lowering->instruction;
	element->first = instruction.c + (instruction.flags ? 1u : 2u);
	element->bytes = instruction.flags & ELEMENT_BYTES;
	if (!instruction.flags &&
	    !volt_slot_constant(&live_slots_of(lowering)->constants, lowering->pc, &element->bytes))
		return false;
	uint64_t slots = element->bytes / sizeof(volt_slot) + (element->bytes % sizeof(volt_slot) != 0);
	element->count = (uint32_t)slots;
	return element->bytes <= UINT32_MAX && element->first + slots <= lowering->function->local_slots;
}

/* An element as it stands in an array: whole slots, or the lower bytes of one. */
static void store_element(function_lowering *lowering, LLVMValueRef v_to, const appended *element) {
	LLVMBuilderRef builder = lowering->builder;
	if (element->bytes % sizeof(volt_slot) == 0) {
		store_slots(lowering, v_to, element->first, element->count, MEMORY_UNNAMED);
		return;
	}
	LLVMTypeRef type = LLVMIntTypeInContext(lowering->module->context, 8 * (unsigned)element->bytes);
	LLVMBuildStore(builder, LLVMBuildTrunc(builder, read_slot(lowering, element->first), type, ""), v_to);
}

static bool can_be_stored(const appended *element) {
	enum { MOST_SLOTS = 8 };
	uint64_t bytes = element->bytes;
	return bytes == 1 || bytes == 2 || bytes == 4 ||
	       (bytes % sizeof(volt_slot) == 0 && element->count <= MOST_SLOTS);
}

/* Where the builder stands if the condition holds; `b_else` if not. */
static void go_on_if(function_lowering *lowering, LLVMValueRef v_condition, block_kind kind,
                     LLVMBasicBlockRef b_else) {
	LLVMBasicBlockRef b_then = new_block(lowering, kind);
	LLVMBuildCondBr(lowering->builder, v_condition, b_then, b_else);
	LLVMPositionBuilderAtEnd(lowering->builder, b_then);
}

/* The length, if there is room behind the last element; `b_host` if not. */
static LLVMValueRef length_with_room(function_lowering *lowering, LLVMValueRef v_slice,
                                     LLVMBasicBlockRef b_host) {
	LLVMTypeRef i64 = lowering->module->types.i64;
	const volt_heap_layout *layout = heap_layout_of(lowering);
	LLVMValueRef v_length = load_of(lowering, i64, v_slice, layout->slice_length);
	LLVMValueRef v_capacity = load_of(lowering, i64, v_slice, layout->slice_capacity);
	go_on_if(lowering, LLVMBuildICmp(lowering->builder, LLVMIntULT, v_length, v_capacity, "v_fits"),
	         BLOCK_ROOM, b_host);
	return v_length;
}

static void store_behind_last(function_lowering *lowering, LLVMValueRef v_slice, LLVMValueRef v_length,
                              const appended *element) {
	LLVMBuilderRef builder = lowering->builder;
	const volt_heap_layout *layout = heap_layout_of(lowering);
	LLVMValueRef v_data = load_of(lowering, lowering->module->types.pointer, v_slice, layout->slice_elements);
	LLVMValueRef v_offset = LLVMBuildMul(builder, v_length, constant_i64(lowering, element->bytes), "");
	store_element(lowering, LLVMBuildGEP2(builder, lowering->module->types.i8, v_data, &v_offset, 1, ""),
	              element);
}

/* The header that the instruction results in, which nothing else refers to, counts one more. */
static void finish_in_line(function_lowering *lowering, LLVMValueRef v_header, LLVMValueRef v_length,
                           LLVMBasicBlockRef b_done) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMBuildStore(builder, LLVMBuildAdd(builder, v_length, constant_i64(lowering, 1), ""),
	               heap_field(lowering, v_header, heap_layout_of(lowering)->slice_length));
	write_slot(lowering, lowering->instruction.a,
	           LLVMBuildPtrToInt(builder, v_header, lowering->module->types.i64, ""));
	LLVMBuildBr(builder, b_done);
}

static LLVMValueRef appended_slice(function_lowering *lowering) {
	return LLVMBuildIntToPtr(lowering->builder, read_slot(lowering, lowering->instruction.b),
	                         lowering->module->types.pointer, "");
}

static void append_in_place(function_lowering *lowering, const appended *element, LLVMBasicBlockRef b_host,
                            LLVMBasicBlockRef b_done) {
	LLVMValueRef v_slice = appended_slice(lowering);
	LLVMValueRef v_length = length_with_room(lowering, v_slice, b_host);
	store_behind_last(lowering, v_slice, v_length, element);
	finish_in_line(lowering, v_slice, v_length, b_done);
}

static void copy_header(function_lowering *lowering, LLVMValueRef v_to, LLVMValueRef v_from, uint32_t words) {
	for (uint32_t i = 0; i < words; i++) {
		LLVMValueRef v_index = constant_i64(lowering, i);
		LLVMValueRef v_word = LLVMBuildLoad2(lowering->builder, lowering->module->types.i64,
		                                     slot_address(lowering, v_from, v_index), "");
		LLVMBuildStore(lowering->builder, v_word, slot_address(lowering, v_to, v_index));
	}
}

static void append_with_new_header(function_lowering *lowering, const volt_free_block *kind,
                                   const appended *element, LLVMBasicBlockRef b_host,
                                   LLVMBasicBlockRef b_done) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_slice = appended_slice(lowering);
	go_on_if(lowering, LLVMBuildIsNotNull(builder, v_slice, "v_some"), BLOCK_SOME, b_host);
	LLVMValueRef v_length = length_with_room(lowering, v_slice, b_host);
	const free_block found = find_free_block(lowering->module, lowering->v_context, kind);
	go_on_if(lowering, LLVMBuildIsNotNull(builder, found.v_block, "v_free"), BLOCK_TAKE, b_host);
	store_behind_last(lowering, v_slice, v_length, element);
	LLVMValueRef v_header = take_free_block(lowering->module, &found);
	copy_header(lowering, v_header, v_slice, kind->words);
	finish_in_line(lowering, v_header, v_length, b_done);
}

/* Another one behind the last, if there is room for it; the builder then stands where the host must do it. */
static void append_in_line(function_lowering *lowering, const appended *element, LLVMBasicBlockRef b_done) {
	LLVMValueRef v_unshared = unshared_header(lowering);
	const volt_free_block *kind =
	    lowering->module->options.inlines ? free_block_of_slice(lowering->module) : NULL;
	LLVMBasicBlockRef b_host = new_block(lowering, BLOCK_HOST);
	LLVMBasicBlockRef b_shared = v_unshared && kind ? new_block(lowering, BLOCK_SHARED) : b_host;
	if (v_unshared) {
		go_on_if(lowering, v_unshared, BLOCK_SOME, b_shared);
		append_in_place(lowering, element, b_host, b_done);
		LLVMPositionBuilderAtEnd(lowering->builder, b_shared);
	}
	if (kind)
		append_with_new_header(lowering, kind, element, b_host, b_done);
	if (kind || v_unshared)
		LLVMPositionBuilderAtEnd(lowering->builder, b_host);
	else
		LLVMDeleteBasicBlock(b_host);
}

static void append_through_host(function_lowering *lowering, const appended *element) {
	volt_instruction instruction = lowering->instruction;
	fill_image(lowering, element->first, element->count);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    constant_i32(lowering, lowering->pc),
	    read_slot(lowering, instruction.b),
	    read_slot(lowering, instruction.c),
	    constant_i32(lowering, instruction.flags),
	    constant_i64(lowering, element->bytes),
	    image_slot(lowering, element->first),
	};
	LLVMValueRef v_pair = call_helper(lowering, VOLT_HELPER_slice_append, v_arguments, 7);
	write_slot(lowering, instruction.a, checked(lowering, v_pair));
}

static void lower_slice_append(function_lowering *lowering) {
	appended element;
	if (!find_appended(lowering, &element)) {
		lower_out_of_line(lowering);
		return;
	}
	LLVMBasicBlockRef b_done = new_block(lowering, BLOCK_DONE);
	if (can_be_stored(&element))
		append_in_line(lowering, &element, b_done);
	append_through_host(lowering, &element);
	LLVMBuildBr(lowering->builder, b_done);
	LLVMPositionBuilderAtEnd(lowering->builder, b_done);
	forced_exit_check(lowering, lowering->pc + 1);
}

/* ---- Goroutines ---- */

static void lower_go(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	const bool by_closure = instruction.flags & 1;
	if (by_closure && !host_has(lowering->module, VOLT_HELPER_go_closure)) {
		lower_out_of_line(lowering);
		return;
	}
	const uint32_t function =
	    (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS_ABOVE_BIT_0);
	store_slots(lowering, lowering->v_scratch, instruction.b, instruction.c, MEMORY_UNNAMED);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    constant_i32(lowering, lowering->pc),
	    by_closure ? read_slot(lowering, instruction.a) : constant_i32(lowering, function),
	    lowering->v_scratch,
	    constant_i32(lowering, instruction.c),
	};
	leave_unless_ok(lowering, call_helper(lowering, by_closure ? VOLT_HELPER_go_closure : VOLT_HELPER_go,
	                                      v_arguments, 5));
	forced_exit_check(lowering, lowering->pc + 1);
}

const opcode_row heap_opcodes[] = {
    {VOLT_OP_StrSlice, lower_string_slice},
#define HEAP_CALL(opcode, ...) {VOLT_OP_##opcode, lower_heap_call},
#include "lower/heap_calls.def"
#undef HEAP_CALL
    {VOLT_OP_StrNe, lower_string_not_equal},
    {VOLT_OP_StrLt, lower_string_compare},
    {VOLT_OP_StrLe, lower_string_compare},
    {VOLT_OP_StrGt, lower_string_compare},
    {VOLT_OP_StrGe, lower_string_compare},
    {VOLT_OP_SliceAppend, lower_slice_append},
    {VOLT_OP_GoStart, lower_go},
    {.lower = NULL},
};
