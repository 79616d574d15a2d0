/*
 * Arrays and slices with packed elements. Element flags are the `ef` byte of the opcodes: low 6 bits bytes,
 * 0x80 sign-extend, 0x40 float32; 0 means that the byte size is given beside it.
 */
#ifndef OBJECT_ARRAYS_H
#define OBJECT_ARRAYS_H

#include "object/space.h"

/* Bytes of one element as the heap stores it: 1, 2, 4, 8 or a multiple of 8. */
static inline uint64_t element_bytes(uint8_t flags, uint64_t dynamic_bytes) {
	return flags == 0 ? dynamic_bytes : (uint64_t)(flags & 0x3f);
}

/* Bytes of one element of a kind when it stands in an array, given its width in slots. */
uint32_t element_bytes_of_kind(volt_kind kind, uint32_t slots);
/* The element flags with which an element of this kind is read. 0 if it is larger than 63 bytes. */
uint8_t element_flags_of_kind(volt_kind kind, uint32_t slots);

/* Copies `bytes` bytes into as many slots as they need; the rest of the last slot is zero. */
void element_load_bytes(volt_slot *to, const void *from, uint64_t bytes);

/* Copies an element between memory and slots, with the extension or truncation of the flags. */
static inline void element_load(volt_slot *to, const void *from, uint8_t flags, uint64_t bytes) {
	union {
		uint8_t byte;
		int8_t signed_byte;
		uint16_t half;
		int16_t signed_half;
		uint32_t word;
		int32_t signed_word;
	} small;
	switch (flags) {
	case 8: memcpy(to, from, 8); return;
	case 1: memcpy(&small, from, 1), *to = small.byte; return;
	case 0x81: memcpy(&small, from, 1), *to = (volt_slot)(int64_t)small.signed_byte; return;
	case 2: memcpy(&small, from, 2), *to = small.half; return;
	case 0x82: memcpy(&small, from, 2), *to = (volt_slot)(int64_t)small.signed_half; return;
	case 4:
	case 0x44: memcpy(&small, from, 4), *to = small.word; return;
	case 0x84: memcpy(&small, from, 4), *to = (volt_slot)(int64_t)small.signed_word; return;
	default: element_load_bytes(to, from, bytes);
	}
}

static inline void element_store(void *to, const volt_slot *from, uint8_t flags, uint64_t bytes) {
	switch (flags & 0x3f) {
	case 8: memcpy(to, from, 8); break;
	case 1: memcpy(to, from, 1); break;
	case 2: memcpy(to, from, 2); break;
	case 4: memcpy(to, from, 4); break;
	default: memcpy(to, from, bytes);
	}
}

/* Trap MakeSliceCapacity on size overflow. Element meta: ValueMeta of one element. */
volt_trap array_new(object_space *space, uint32_t element_meta, uint64_t length, uint64_t bytes,
                    volt_slot *array);

/* Checks in the order of SliceNew (SPECIFICATION.md, "Arrays and slices"). Never nil on success. */
volt_trap slice_new(object_space *space, uint32_t element_meta, int64_t length, int64_t capacity,
                    uint64_t bytes, volt_slot *slice);

/* SliceSlice; `maximum` NULL: none. A nil slice gives nil. */
volt_trap slice_of_slice(object_space *space, volt_slot slice, uint64_t lo, uint64_t hi,
                         const uint64_t *maximum, volt_slot *result);
volt_trap slice_of_array(object_space *space, volt_slot array, uint64_t lo, uint64_t hi,
                         const uint64_t *maximum, volt_slot *result);

/* SliceAppend of one element. `bytes` is the element's size. */
volt_trap slice_append(object_space *space, volt_slot slice, uint32_t element_meta, uint8_t flags,
                       uint64_t bytes, const volt_slot *element, volt_slot *result);

/* vo_slice_append_slice and vo_copy; `source` may be a string. */
volt_trap slice_append_slice(object_space *space, volt_slot slice, volt_slot source, uint32_t element_meta,
                             volt_slot *result);
uint64_t slice_copy(volt_slot destination, volt_slot source);

static inline uint64_t slice_length(volt_slot slice) {
	return slice ? ((const volt_slice *)volt_slot_pointer(slice))->length : 0;
}
static inline uint64_t slice_capacity(volt_slot slice) {
	return slice ? ((const volt_slice *)volt_slot_pointer(slice))->capacity : 0;
}
static inline uint8_t *slice_data(volt_slot slice) {
	return slice ? ((const volt_slice *)volt_slot_pointer(slice))->data : NULL;
}
static inline uint64_t array_length(volt_slot array) {
	return array ? ((const volt_array *)volt_slot_pointer(array))->length : 0;
}

/* Conveniences for natives: []byte and []string; an empty result is nil for bytes, non-nil for strings. */
volt_slot slice_from_bytes(object_space *space, const void *bytes, size_t length);
volt_slot slice_from_strings(object_space *space, const volt_slot *strings, size_t count);

#endif
