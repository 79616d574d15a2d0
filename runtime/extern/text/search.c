/* Searching from the front is memmem(), which is linear; searching from the end is a rolling hash. */
#include "extern/text/search.h"

#include <string.h>

int64_t search_first(string_view text, string_view pattern, size_t from) {
	const char *start = text.bytes + from;
	const char *found = memmem(start, text.length - from, pattern.bytes, pattern.length);
	return found == NULL ? -1 : found - text.bytes;
}

/* A byte that is read from the end is one more digit of a number in this base, modulo 2^64. */
static const uint64_t hash_base = 0x100000001b3;

static uint64_t hash_backward(const char *bytes, size_t length) {
	uint64_t hash = 0;
	for (size_t i = length; i > 0; i--)
		hash = hash * hash_base + (unsigned char)bytes[i - 1];
	return hash;
}

static uint64_t power_of_base(size_t exponent) {
	uint64_t result = 1;
	uint64_t square = hash_base;
	for (; exponent > 0; exponent >>= 1) {
		result = exponent & 1 ? result * square : result;
		square *= square;
	}
	return result;
}

int64_t search_last(string_view text, string_view pattern) {
	if (pattern.length > text.length)
		return -1;
	size_t at = text.length - pattern.length;
	uint64_t wanted = hash_backward(pattern.bytes, pattern.length);
	uint64_t hash = hash_backward(text.bytes + at, pattern.length);
	uint64_t leaving = power_of_base(pattern.length);
	while (hash != wanted || memcmp(text.bytes + at, pattern.bytes, pattern.length) != 0) {
		if (at == 0)
			return -1;
		at--;
		hash = hash * hash_base + (unsigned char)text.bytes[at];
		hash -= leaving * (unsigned char)text.bytes[at + pattern.length];
	}
	return (int64_t)at;
}

uint64_t search_count(string_view text, string_view pattern, int64_t limit) {
	uint64_t count = 0;
	size_t from = 0;
	while (limit < 0 || count < (uint64_t)limit) {
		int64_t found = search_first(text, pattern, from);
		if (found < 0)
			break;
		count++;
		from = (size_t)found + pattern.length;
	}
	return count;
}

uint64_t search_replaced_length(string_view text, string_view pattern, string_view replacement,
                                uint64_t count) {
	uint64_t kept = text.length - count * pattern.length;
	uint64_t added = 0;
	uint64_t length = 0;
	if (__builtin_mul_overflow(count, replacement.length, &added) ||
	    __builtin_add_overflow(kept, added, &length))
		return UINT64_MAX;
	return length;
}

void search_replace(buffer *out, string_view text, string_view pattern, string_view replacement,
                    uint64_t count) {
	size_t from = 0;
	for (; count > 0; count--) {
		size_t found = (size_t)search_first(text, pattern, from);
		buffer_append(out, text.bytes + from, found - from);
		buffer_append(out, replacement.bytes, replacement.length);
		from = found + pattern.length;
	}
	buffer_append(out, text.bytes + from, text.length - from);
}

size_t search_character_before(string_view text, size_t end) {
	size_t at = end - 1;
	while (at > 0 && end - at < 4 && ((unsigned char)text.bytes[at] & 0xc0) == 0x80)
		at--;
	return at;
}
