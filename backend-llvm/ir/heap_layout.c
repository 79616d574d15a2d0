/* Fields of objects and of type words as IR. */
#include "ir/heap_layout.h"

#include "ir/emit.h"

enum { KIND_BITS = 8, ID_BITS = 24, TABLE_BITS = 32, WORD_BITS = 64 };
enum { KIND_MASK = 0xff, ID_MASK = 0xffffff };

/* ---- What can be ---- */

static bool is_aligned(int32_t offset, int32_t bytes) {
	return offset % bytes == 0;
}

static bool words_are_aligned(const volt_heap_layout *layout) {
	const int32_t words[] = {layout->array_length, layout->array_elements, layout->slice_elements,
	                         layout->slice_length, layout->slice_capacity, layout->string_bytes,
	                         layout->string_length};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!is_aligned(words[i], sizeof(uint64_t)))
			return false;
	return is_aligned(layout->closure_function, sizeof(uint32_t)) &&
	       is_aligned(layout->closure_captures, sizeof(uint32_t));
}

static bool add_bits(uint64_t *word, int32_t first, int32_t count) {
	if (first < 0 || first > WORD_BITS - count)
		return false;
	const uint64_t bits = ((UINT64_C(1) << count) - 1) << first;
	const bool is_free = (*word & bits) == 0;
	*word |= bits;
	return is_free;
}

static bool has_type_word(const volt_heap_layout *layout) {
	uint64_t word = 0;
	return add_bits(&word, layout->interface_kind, KIND_BITS) &&
	       add_bits(&word, layout->interface_type, ID_BITS) &&
	       add_bits(&word, layout->interface_table, TABLE_BITS);
}

const char *heap_layout_fault(const volt_heap_layout *layout) {
	if (!words_are_aligned(layout))
		return "a field of an object is not aligned";
	if (!has_type_word(layout))
		return "parts of an interface's type word overlap or lie outside of it";
	return NULL;
}

/* ---- Objects ---- */

LLVMValueRef heap_field(function_lowering *lowering, LLVMValueRef v_object, int32_t offset) {
	LLVMValueRef v_offset = constant_i64(lowering, (uint64_t)(int64_t)offset);
	return LLVMBuildGEP2(lowering->builder, lowering->module->types.i8, v_object, &v_offset, 1, "");
}

LLVMValueRef load_half_word(function_lowering *lowering, LLVMValueRef v_object, int32_t offset,
                            memory_name name) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i64 = lowering->module->types.i64;
	const bool is_upper = !is_aligned(offset, sizeof(uint64_t));
	const int32_t below = is_upper ? (int32_t)sizeof(uint32_t) : 0;
	LLVMValueRef v_word = LLVMBuildLoad2(builder, i64, heap_field(lowering, v_object, offset - below), "");
	name_memory(lowering, v_word, name);
	return is_upper ? LLVMBuildLShr(builder, v_word, constant_i64(lowering, 32), "")
	                : LLVMBuildAnd(builder, v_word, constant_i64(lowering, UINT32_MAX), "");
}

bool has_plain_closures(const volt_heap_layout *layout) {
	const int32_t half = sizeof(uint32_t);
	return (layout->closure_function == 0 && layout->closure_captures == half) ||
	       (layout->closure_function == half && layout->closure_captures == 0);
}

uint64_t plain_closure_word(const volt_heap_layout *layout, uint32_t function, uint64_t captures) {
	return layout->closure_function == 0 ? captures << 32 | function : (uint64_t)function << 32 | captures;
}

/* ---- Type words ---- */

static LLVMValueRef shifted_down(function_lowering *lowering, LLVMValueRef v_word, int32_t bits) {
	return LLVMBuildLShr(lowering->builder, v_word, constant_i64(lowering, (uint64_t)bits), "");
}

static LLVMValueRef masked(function_lowering *lowering, LLVMValueRef v_word, uint64_t mask) {
	return LLVMBuildAnd(lowering->builder, v_word, constant_i64(lowering, mask), "");
}

LLVMValueRef kind_of_type(function_lowering *lowering, LLVMValueRef v_type) {
	return masked(lowering, shifted_down(lowering, v_type, heap_layout_of(lowering)->interface_kind),
	              KIND_MASK);
}

LLVMValueRef kind_byte_of_type(function_lowering *lowering, LLVMValueRef v_type) {
	const int32_t first = heap_layout_of(lowering)->interface_kind;
	LLVMValueRef v_low = first ? shifted_down(lowering, v_type, first) : v_type;
	return LLVMBuildTrunc(lowering->builder, v_low, lowering->module->types.i8, "v_kind");
}

LLVMValueRef id_of_type(function_lowering *lowering, LLVMValueRef v_type) {
	return masked(lowering, shifted_down(lowering, v_type, heap_layout_of(lowering)->interface_type),
	              ID_MASK);
}

LLVMValueRef table_of_type(function_lowering *lowering, LLVMValueRef v_type) {
	const int32_t first = heap_layout_of(lowering)->interface_table;
	LLVMValueRef v_table = shifted_down(lowering, v_type, first);
	return first + TABLE_BITS == WORD_BITS ? v_table : masked(lowering, v_table, UINT32_MAX);
}

uint64_t kind_mask_of_type(const function_lowering *lowering) {
	return (uint64_t)KIND_MASK << heap_layout_of(lowering)->interface_kind;
}

LLVMValueRef type_without_table(function_lowering *lowering, LLVMValueRef v_type) {
	return masked(lowering, v_type, ~((uint64_t)UINT32_MAX << heap_layout_of(lowering)->interface_table));
}

LLVMValueRef meta_of_type(function_lowering *lowering, LLVMValueRef v_type) {
	const volt_heap_layout *layout = heap_layout_of(lowering);
	if (layout->interface_kind == 0 && layout->interface_type == KIND_BITS)
		return masked(lowering, v_type, UINT32_MAX);
	LLVMValueRef v_id =
	    LLVMBuildShl(lowering->builder, id_of_type(lowering, v_type), constant_i64(lowering, KIND_BITS), "");
	return LLVMBuildOr(lowering->builder, v_id, kind_of_type(lowering, v_type), "");
}

uint64_t make_type(const function_lowering *lowering, uint32_t table, uint32_t id, volt_kind kind) {
	const volt_heap_layout *layout = heap_layout_of(lowering);
	return (uint64_t)table << layout->interface_table | (uint64_t)(id & ID_MASK) << layout->interface_type |
	       (uint64_t)kind << layout->interface_kind;
}
