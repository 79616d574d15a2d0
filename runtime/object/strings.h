/* Strings: references to immutable bytes, laid out as slices of bytes; 0 is the empty string. */
#ifndef OBJECT_STRINGS_H
#define OBJECT_STRINGS_H

#include "object/space.h"

typedef struct {
	const char *bytes; /* "" for the empty string; not terminated */
	size_t length;
} string_view;

static inline string_view string_get(volt_slot string) {
	const volt_slice *slice = volt_slot_pointer(string);
	return slice ? (string_view){(const char *)slice->data, slice->length} : (string_view){"", 0};
}

/* Copies the bytes; 0 for length 0. */
volt_slot string_new(object_space *space, const void *bytes, size_t length);
volt_slot string_from_c(object_space *space, const char *text);

volt_slot string_concatenate(object_space *space, volt_slot left, volt_slot right);

/*
 * Bytes lo..hi, shared with the original. Trap SliceBoundsOutOfRange if hi > length or lo > hi.
 */
volt_trap string_slice(object_space *space, volt_slot string, uint64_t lo, uint64_t hi, volt_slot *result);

/* The same where lo <= hi <= length. */
volt_slot string_part(object_space *space, volt_slot string, uint64_t lo, uint64_t hi);

static inline uint64_t eight_bytes(const char *from) {
	uint64_t word;
	memcpy(&word, from, sizeof word);
	return word;
}

static inline uint32_t four_bytes(const char *from) {
	uint32_t word;
	memcpy(&word, from, sizeof word);
	return word;
}

/* Most strings that are compared are shorter than a call costs: the first and the last bytes, which may
 * overlap. */
static inline bool bytes_equal(const char *left, const char *right, size_t length) {
	if (length > 16)
		return memcmp(left, right, length) == 0;
	if (length >= 8)
		return eight_bytes(left) == eight_bytes(right) &&
		       eight_bytes(left + length - 8) == eight_bytes(right + length - 8);
	if (length >= 4)
		return four_bytes(left) == four_bytes(right) &&
		       four_bytes(left + length - 4) == four_bytes(right + length - 4);
	return length == 0 || (left[0] == right[0] && left[length / 2] == right[length / 2] &&
	                       left[length - 1] == right[length - 1]);
}

static inline bool string_is(volt_slot string, string_view wanted) {
	string_view view = string_get(string);
	return view.length == wanted.length && bytes_equal(view.bytes, wanted.bytes, wanted.length);
}

static inline bool string_equal(volt_slot left, volt_slot right) {
	return left == right || string_is(left, string_get(right));
}

int string_compare(volt_slot left, volt_slot right); /* <0, 0, >0 by unsigned bytes */

/*
 * The rune at a byte position and its width: (0xFFFD, 1) for invalid bytes, (0xFFFD, 0) at or past the
 * end.
 */
int32_t utf8_decode(const char *bytes, size_t length, size_t position, unsigned *width);

/* Appends the encoding (1..4 bytes) of `rune`, U+FFFD if it is no scalar value; returns the width. */
unsigned utf8_encode(int32_t rune, char out[4]);

#endif
