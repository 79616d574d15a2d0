/* Numbers, and slices that are laid out as volt/value.h says in the emulated machine's memory. */
#include "arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"

#define SLICE "slice:"

enum { ELEMENT_BYTES_MAXIMUM = 4096 };

volt_error *argument_number(const char *text, uint64_t *value) {
	char *end;
	errno = 0;
	*value = (uint64_t)strtoll(text, &end, 0);
	if (errno || end == text || *end)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "'%s' is not an integer of 64 bits", text);
	return NULL;
}

/* ---- Memory ---- */

/* Zeros, a multiple of 8 bytes; `address` is theirs in the emulated machine. */
static volt_error *allocate(counted_call *call, uint64_t size, uint64_t *address) {
	size = (size + 7) / 8 * 8;
	if (size > DATA_SIZE - call->data_size)
		return volt_error_new(VOLT_ERROR_LIMIT, "arguments are larger than %d bytes together", DATA_SIZE);
	if (!call->data)
		call->data = calloc(1, DATA_SIZE);
	if (!call->data)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory left");
	*address = DATA_BASE + call->data_size;
	call->data_size += size;
	return NULL;
}

static void store(const counted_call *call, uint64_t address, const void *from, size_t size) {
	memcpy(call->data + (address - DATA_BASE), from, size);
}

/* ---- Slices ---- */

typedef struct {
	uint64_t count;
	uint64_t element_bytes;
	const char *elements; /* the word that describes each element; NULL: they are zeros */
} slice_description;

static volt_error *parse_slice(const char *text, slice_description *slice) {
	char *end;
	*slice = (slice_description){.count = strtoull(text + strlen(SLICE), &end, 10), .element_bytes = 8};
	if (*end != ':' || end == text + strlen(SLICE) || slice->count > DATA_SIZE)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "'%s' is not %sCOUNT:BYTES", text, SLICE);
	if (strncmp(end + 1, SLICE, strlen(SLICE)) == 0) {
		slice->elements = end + 1;
		return NULL;
	}
	volt_error *error = argument_number(end + 1, &slice->element_bytes);
	if (!error && (slice->element_bytes == 0 || slice->element_bytes > ELEMENT_BYTES_MAXIMUM))
		error = volt_error_new(VOLT_ERROR_ARGUMENT, "'%s': elements have 1 to %d bytes", text,
		                       ELEMENT_BYTES_MAXIMUM);
	return error;
}

/* The slice and its array, with elements of zeros. */
static volt_error *place_slice(counted_call *call, const slice_description *slice, uint64_t *address,
                               uint64_t *elements) {
	uint64_t array = 0;
	volt_error *error = allocate(call, sizeof(volt_slice), address);
	if (!error)
		error = allocate(call, sizeof(volt_array) + slice->count * slice->element_bytes, &array);
	if (error)
		return error;
	*elements = array + offsetof(volt_array, data);
	store(call, array, &(volt_array){.length = slice->count, .element_bytes = (uint32_t)slice->element_bytes},
	      offsetof(volt_array, data));
	store(call, *address, &(volt_slice){array, volt_slot_pointer(*elements), slice->count, slice->count},
	      sizeof(volt_slice));
	return NULL;
}

static volt_error *add_slice(counted_call *call, const char *text, uint64_t *address) {
	slice_description slice;
	uint64_t elements = 0, element = 0;
	volt_error *error = parse_slice(text, &slice);
	if (!error)
		error = place_slice(call, &slice, address, &elements);
	for (uint64_t i = 0; slice.elements && i < slice.count && !error; i++) {
		error = add_slice(call, slice.elements, &element);
		if (!error)
			store(call, elements + i * sizeof element, &element, sizeof element);
	}
	return error;
}

volt_error *argument_add(counted_call *call, const char *text) {
	if (call->argument_count == ARGUMENT_MAXIMUM)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "more than %d arguments", ARGUMENT_MAXIMUM);
	volt_slot *argument = &call->arguments[call->argument_count++];
	return strncmp(text, SLICE, strlen(SLICE)) == 0 ? add_slice(call, text, argument)
	                                                : argument_number(text, argument);
}
