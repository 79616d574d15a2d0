/* Slices: making, slicing, appending, copying. A slice's own header object never changes once it is made. */
#include "object/arrays.h"
#include "object/backing.h"
#include "object/elements.h"
#include "object/strings.h"

static volt_trap trap(volt_trap_kind kind) {
	return (volt_trap){kind, 0, 0};
}

volt_trap slice_new(object_space *space, uint32_t element_meta, int64_t length, int64_t capacity,
                    uint64_t bytes, volt_slot *slice) {
	uint64_t total;
	*slice = 0;
	if (length < 0)
		return trap(VOLT_TRAP_MakeSliceLength);
	if (capacity < 0)
		return trap(VOLT_TRAP_MakeSliceCapacity);
	if (length > capacity)
		return trap(VOLT_TRAP_MakeSliceLengthOverCapacity);
	if (!array_data_bytes((uint64_t)capacity, bytes, &total))
		return trap(VOLT_TRAP_MakeSliceCapacity);
	*slice = backed_slice_new(space, element_meta, (uint32_t)bytes, (uint64_t)length, (uint64_t)capacity);
	return VOLT_NO_TRAP;
}

/* lo <= hi <= end <= limit, where end is the maximum, or the limit if there is none. */
static bool bounds_hold(uint64_t lo, uint64_t hi, const uint64_t *maximum, uint64_t limit) {
	uint64_t end = maximum ? *maximum : limit;
	return lo <= hi && hi <= end && end <= limit;
}

volt_trap slice_of_slice(object_space *space, volt_slot slice, uint64_t lo, uint64_t hi,
                         const uint64_t *maximum, volt_slot *result) {
	*result = 0;
	const volt_slice *source = volt_slot_pointer(slice);
	if (!source)
		return VOLT_NO_TRAP;
	if (!bounds_hold(lo, hi, maximum, source->capacity))
		return (volt_trap){VOLT_TRAP_SliceBoundsOutOfRange, lo, hi};
	const volt_array *array = volt_slot_pointer(source->array);
	uint64_t capacity = (maximum ? *maximum : source->capacity) - lo;
	*result =
	    slice_header_new(space, source->array, source->data + lo * array->element_bytes, hi - lo, capacity);
	return VOLT_NO_TRAP;
}

volt_trap slice_of_array(object_space *space, volt_slot array, uint64_t lo, uint64_t hi,
                         const uint64_t *maximum, volt_slot *result) {
	*result = 0;
	if (!bounds_hold(lo, hi, maximum, array_length(array)))
		return (volt_trap){VOLT_TRAP_SliceBoundsOutOfRange, lo, hi};
	volt_array *source = volt_slot_pointer(array);
	if (!source)
		return VOLT_NO_TRAP;
	uint64_t capacity = (maximum ? *maximum : source->length) - lo;
	*result = slice_header_new(space, array, source->data + lo * source->element_bytes, hi - lo, capacity);
	return VOLT_NO_TRAP;
}

/* A copy with more room; its length is `length`, of which the source fills its own part. */
static volt_trap grow(object_space *space, const volt_slice *source, uint64_t length, uint64_t capacity,
                      volt_slot *result) {
	const volt_array *array = volt_slot_pointer(source->array);
	uint64_t total;
	if (!array_data_bytes(capacity, array->element_bytes, &total))
		return trap(VOLT_TRAP_MakeSliceCapacity);
	*result = backed_slice_new(space, array->element_meta, array->element_bytes, length, capacity);
	memcpy(slice_data(*result), source->data, source->length * array->element_bytes);
	return VOLT_NO_TRAP;
}

static volt_trap append_with_new_array(object_space *space, const volt_slice *source, uint32_t element_meta,
                                       uint64_t bytes, volt_slot *result) {
	if (!source)
		return slice_new(space, element_meta, 1, 4, bytes, result);
	if (source->length > PTRDIFF_MAX / 2)
		return trap(VOLT_TRAP_MakeSliceCapacity);
	uint64_t capacity = source->capacity ? 2 * source->capacity : 4;
	return grow(space, source, source->length + 1, capacity, result);
}

volt_trap slice_append(object_space *space, volt_slot slice, uint32_t element_meta, uint8_t flags,
                       uint64_t bytes, const volt_slot *element, volt_slot *result) {
	const volt_slice *source = volt_slot_pointer(slice);
	uint64_t length = source ? source->length : 0;
	if (source && length < source->capacity) {
		element_store(source->data + length * bytes, element, flags, bytes);
		*result = slice_header_new(space, source->array, source->data, length + 1, source->capacity);
		return VOLT_NO_TRAP;
	}
	volt_slot grown = 0;
	volt_trap failure = append_with_new_array(space, source, element_meta, bytes, &grown);
	if (failure.kind)
		return failure;
	element_store(slice_data(grown) + length * bytes, element, flags, bytes);
	*result = grown;
	return VOLT_NO_TRAP;
}

static uint64_t slice_element_bytes(const volt_slice *slice) {
	return ((const volt_array *)volt_slot_pointer(slice->array))->element_bytes;
}

static uint64_t at_least_four(uint64_t capacity) {
	return capacity < 4 ? 4 : capacity;
}

volt_trap slice_append_slice(object_space *space, volt_slot slice, volt_slot source, uint32_t element_meta,
                             volt_slot *result) {
	const volt_slice *old = volt_slot_pointer(slice);
	const volt_slice *added = volt_slot_pointer(source);
	*result = slice;
	if (!added || !added->length || (old && slice_element_bytes(old) != slice_element_bytes(added)))
		return VOLT_NO_TRAP;
	uint64_t bytes = slice_element_bytes(added);
	uint64_t old_length = old ? old->length : 0;
	uint64_t length = old_length + added->length;
	volt_trap failure = VOLT_NO_TRAP;
	if (length > PTRDIFF_MAX / 2)
		return trap(VOLT_TRAP_MakeSliceCapacity);
	if (!old)
		failure =
		    slice_new(space, element_meta, (int64_t)length, (int64_t)at_least_four(length), bytes, result);
	else if (length <= old->capacity)
		*result = slice_header_new(space, old->array, old->data, length, old->capacity);
	else
		failure = grow(space, old, length, at_least_four(2 * length), result);
	if (!failure.kind)
		memmove(slice_data(*result) + old_length * bytes, added->data, added->length * bytes);
	return failure;
}

uint64_t slice_copy(volt_slot destination, volt_slot source) {
	const volt_slice *to = volt_slot_pointer(destination);
	const volt_slice *from = volt_slot_pointer(source);
	if (!to || !from || slice_element_bytes(to) != slice_element_bytes(from))
		return 0;
	uint64_t count = to->length < from->length ? to->length : from->length;
	memmove(to->data, from->data, count * slice_element_bytes(to));
	return count;
}

volt_slot slice_from_bytes(object_space *space, const void *bytes, size_t length) {
	if (length == 0)
		return 0;
	if (length > PTRDIFF_MAX / 2)
		heap_exhausted(space, length);
	volt_slot slice = backed_slice_new(space, VOLT_KIND_UINT8, 1, length, length);
	memcpy(slice_data(slice), bytes, length);
	return slice;
}

volt_slot slice_from_strings(object_space *space, const volt_slot *strings, size_t count) {
	if (count > PTRDIFF_MAX / 16)
		heap_exhausted(space, SIZE_MAX);
	volt_slot slice = backed_slice_new(space, VOLT_KIND_STRING, 8, count, count);
	if (count)
		memcpy(slice_data(slice), strings, count * sizeof *strings);
	return slice;
}
