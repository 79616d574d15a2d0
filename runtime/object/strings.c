/* Strings. A string and its bytes are one pointer-free block; substrings share the bytes. */
#include "object/strings.h"

#include "object/backing.h"

/* From this length on, a string that grows at its end gets room to grow in place (see extend_in_place). */
enum { GROWING_STRING_MINIMUM = 64 };

static volt_slot allocate_with_room(object_space *space, size_t length, size_t room, char **bytes) {
	if (length > PTRDIFF_MAX / 4 || room > PTRDIFF_MAX / 4)
		heap_exhausted(space, length);
	backed_slice *block = heap_take(space, HEAP_POINTER_FREE, sizeof *block + length + room);
	block->slice_header = space->string_header;
	block->slice = (volt_slice){volt_slot_reference(&block->array), block->array.data, length, length + room};
	block->array_header = array_header(HEAP_POINTER_FREE);
	block->array.length = length;
	block->array.element_meta = VOLT_KIND_UINT8;
	block->array.element_bytes = 1;
	*bytes = (char *)block->array.data;
	return volt_slot_reference(&block->slice);
}

/*
 * A string whose `length` bytes the caller fills in through *bytes before anybody else sees it; length >
 * 0.
 */
static volt_slot string_allocate(object_space *space, size_t length, char **bytes) {
	return allocate_with_room(space, length, 0, bytes);
}

volt_slot string_new(object_space *space, const void *bytes, size_t length) {
	if (length == 0)
		return 0;
	char *copy;
	volt_slot string = string_allocate(space, length, &copy);
	memcpy(copy, bytes, length);
	return string;
}

volt_slot string_from_c(object_space *space, const char *text) {
	return string_new(space, text, strlen(text));
}

static inline volt_slot share(object_space *space, volt_slice part) {
	volt_slot string = heap_take_object(space, HEAP_TYPED, space->string_header, 4);
	*(volt_slice *)volt_slot_pointer(string) = part;
	return string;
}

/*
 * Appends behind the bytes of `left` if nobody did so before: the array's length counts the bytes that some
 * string shows, so bytes behind it are free. It makes building a string piece by piece linear. 0 if there is
 * no room.
 */
static volt_slot extend_in_place(object_space *space, const volt_slice *left, const volt_slice *right) {
	volt_array *array = volt_slot_pointer(left->array);
	if (left->capacity - left->length < right->length ||
	    left->data + left->length != array->data + array->length)
		return 0;
	volt_slice longer = {left->array, left->data, left->length + right->length, left->capacity};
	volt_slot string = share(space, longer);
	memmove(left->data + left->length, right->data, right->length);
	array->length += right->length;
	return string;
}

volt_slot string_concatenate(object_space *space, volt_slot left, volt_slot right) {
	const volt_slice *first = volt_slot_pointer(left);
	const volt_slice *second = volt_slot_pointer(right);
	if (!first || !second)
		return first ? left : right;
	if (first->capacity > first->length) {
		volt_slot extended = extend_in_place(space, first, second);
		if (extended)
			return extended;
	}
	size_t length = first->length + second->length;
	bool growing = length >= GROWING_STRING_MINIMUM && second->length <= first->length / 2;
	char *bytes;
	volt_slot string = allocate_with_room(space, length, growing ? length : 0, &bytes);
	memcpy(bytes, first->data, first->length);
	memcpy(bytes + first->length, second->data, second->length);
	return string;
}

volt_slot string_part(object_space *space, volt_slot string, uint64_t lo, uint64_t hi) {
	if (lo == hi)
		return 0;
	const volt_slice *slice = volt_slot_pointer(string);
	if (hi - lo == slice->length)
		return string;
	return share(space, (volt_slice){slice->array, slice->data + lo, hi - lo, slice->capacity - lo});
}

volt_trap string_slice(object_space *space, volt_slot string, uint64_t lo, uint64_t hi, volt_slot *result) {
	*result = 0;
	if (hi > string_get(string).length || lo > hi)
		return (volt_trap){VOLT_TRAP_SliceBoundsOutOfRange, lo, hi};
	*result = string_part(space, string, lo, hi);
	return VOLT_NO_TRAP;
}

int string_compare(volt_slot left, volt_slot right) {
	string_view first = string_get(left);
	string_view second = string_get(right);
	size_t shared = first.length < second.length ? first.length : second.length;
	int order = memcmp(first.bytes, second.bytes, shared);
	return order ? order : (first.length > second.length) - (first.length < second.length);
}
