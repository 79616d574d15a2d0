/* Elements of arrays and slices: what the files of this folder share. */
#ifndef OBJECT_ELEMENTS_H
#define OBJECT_ELEMENTS_H

#include "object/arrays.h"

/* The flags with which the elements of an array are read; 0 if they are larger than 63 bytes. */
uint8_t array_element_flags(const volt_array *array);

/* Bytes of all elements; false if that is more than an object can have. */
bool array_data_bytes(uint64_t length, uint64_t bytes, uint64_t *total);

/* A slice with an array of its own, zeroed; array_data_bytes() said that it fits. */
volt_slot backed_slice_new(object_space *space, uint32_t element_meta, uint32_t bytes, uint64_t length,
                           uint64_t capacity);

#endif
