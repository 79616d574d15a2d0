/* Packed elements, and arrays of them. */
#include "object/arrays.h"

#include "object/backing.h"
#include "object/elements.h"
#include "object/types.h"

uint32_t element_bytes_of_kind(volt_kind kind, uint32_t slots) {
	switch (kind) {
	case VOLT_KIND_BOOL:
	case VOLT_KIND_INT8:
	case VOLT_KIND_UINT8: return 1;
	case VOLT_KIND_INT16:
	case VOLT_KIND_UINT16: return 2;
	case VOLT_KIND_INT32:
	case VOLT_KIND_UINT32:
	case VOLT_KIND_FLOAT32: return 4;
	default: return slots > UINT32_MAX / 8 ? UINT32_MAX & ~7u : 8 * (slots ? slots : 1);
	}
}

uint8_t element_flags_of_kind(volt_kind kind, uint32_t slots) {
	uint32_t bytes = element_bytes_of_kind(kind, slots);
	if (kind == VOLT_KIND_FLOAT32)
		return 0x44;
	if (kind == VOLT_KIND_INT8 || kind == VOLT_KIND_INT16 || kind == VOLT_KIND_INT32)
		return (uint8_t)(0x80 | bytes);
	return bytes <= 63 ? (uint8_t)bytes : 0;
}

uint8_t array_element_flags(const volt_array *array) {
	uint8_t flags = element_flags_of_kind(volt_meta_kind(array->element_meta), 1);
	if ((flags & 0x3f) == array->element_bytes)
		return flags;
	return array->element_bytes <= 63 ? (uint8_t)array->element_bytes : 0;
}

void element_load_bytes(volt_slot *to, const void *from, uint64_t bytes) {
	if (bytes % 8)
		to[bytes / 8] = 0;
	memcpy(to, from, bytes);
}

/* Do all words of a struct with this id hold no reference? */
static bool struct_is_pointer_free(const object_space *space, uint32_t struct_meta, uint64_t bytes,
                                   bool *valid) {
	if (struct_meta >= space->module->struct_metas.count || space->shapes[struct_meta].slots * 8ull != bytes)
		return true;
	*valid = true;
	return space->shapes[struct_meta].kind == HEAP_POINTER_FREE;
}

/*
 * How to scan an array. The id of a struct element's meta may be a struct meta or a runtime type
 * (SPECIFICATION.md, "Kinds and words"), so the elements are pointer-free only if every reading of the id
 * that fits says so.
 */
static heap_kind element_heap_kind(object_space *space, uint32_t meta, uint64_t bytes) {
	volt_kind kind = volt_meta_kind(meta);
	if (kind != VOLT_KIND_VOID && kind < VOLT_KIND_ARRAY && bytes <= 8)
		return HEAP_POINTER_FREE;
	if (kind != VOLT_KIND_STRUCT)
		return HEAP_CONSERVATIVE;
	bool valid = false;
	uint32_t struct_meta;
	bool pointer_free = struct_is_pointer_free(space, volt_meta_id(meta), bytes, &valid);
	if (type_struct_meta(space, volt_meta_id(meta), &struct_meta))
		pointer_free = struct_is_pointer_free(space, struct_meta, bytes, &valid) && pointer_free;
	return valid && pointer_free ? HEAP_POINTER_FREE : HEAP_CONSERVATIVE;
}

bool array_data_bytes(uint64_t length, uint64_t bytes, uint64_t *total) {
	return bytes <= UINT32_MAX && !__builtin_mul_overflow(length, bytes, total) && *total <= PTRDIFF_MAX - 8;
}

volt_trap array_new(object_space *space, uint32_t element_meta, uint64_t length, uint64_t bytes,
                    volt_slot *result) {
	uint64_t total;
	*result = 0;
	if (!array_data_bytes(length, bytes, &total))
		return (volt_trap){VOLT_TRAP_MakeSliceCapacity, 0, 0};
	heap_kind kind = element_heap_kind(space, element_meta, bytes);
	uint64_t words = (total + 7) / 8;
	volt_slot reference = heap_take_object(space, kind, array_header(kind), 2 + words);
	volt_array *array = volt_slot_pointer(reference);
	array->length = length;
	array->element_meta = element_meta;
	array->element_bytes = (uint32_t)bytes;
	if (kind == HEAP_POINTER_FREE)
		memset(array->data, 0, words * 8);
	*result = reference;
	return VOLT_NO_TRAP;
}

volt_slot backed_slice_new(object_space *space, uint32_t element_meta, uint32_t bytes, uint64_t length,
                           uint64_t capacity) {
	heap_kind kind = element_heap_kind(space, element_meta, bytes);
	uint64_t data_bytes = (capacity * bytes + 7) / 8 * 8;
	backed_slice *block = heap_take(space, kind, sizeof *block + data_bytes);
	block->slice_header = space->slice_header;
	block->slice = (volt_slice){volt_slot_reference(&block->array), block->array.data, length, capacity};
	block->array_header = array_header(kind);
	block->array.length = capacity;
	block->array.element_meta = element_meta;
	block->array.element_bytes = bytes;
	if (kind == HEAP_POINTER_FREE)
		memset(block->array.data, 0, data_bytes);
	return volt_slot_reference(&block->slice);
}
