/*
 * A slice or string made together with its array, in one block: slice, then array, each behind its header.
 * Only for the files of this folder.
 */
#ifndef OBJECT_BACKING_H
#define OBJECT_BACKING_H

#include "object/space_private.h"

typedef struct {
	uint64_t slice_header;
	volt_slice slice;
	uint64_t array_header;
	volt_array array;
} backed_slice;

/* The header of a volt_array whose block is scanned this way. */
static inline uint64_t array_header(heap_kind kind) {
	return header_pack(VOLT_KIND_ARRAY, 0,
	                   HEADER_ARRAY | (kind == HEAP_POINTER_FREE ? HEADER_POINTER_FREE : 0));
}

/* A slice header over an array that exists. */
static inline volt_slot slice_header_new(object_space *space, volt_slot array, uint8_t *data, uint64_t length,
                                         uint64_t capacity) {
	volt_slot slice = heap_take_object(space, HEAP_TYPED, space->slice_header, 4);
	*(volt_slice *)volt_slot_pointer(slice) = (volt_slice){array, data, length, capacity};
	return slice;
}

#endif
