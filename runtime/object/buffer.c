/* A growing byte buffer. */
#include "object/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object/heap.h"
#include "object/space_private.h"

/* Below this, memory is not worth asking the heap limit about. */
enum { FREE_BYTES = 1 << 16 };

static bool refuse(const buffer *out, size_t needed) {
	if (out->space)
		heap_exhausted(out->space, needed);
	return false;
}

static bool may_have(const buffer *out, size_t needed) {
	if (!out->space || needed <= FREE_BYTES)
		return true;
	if (needed > BUFFER_TEXT_MAXIMUM)
		return refuse(out, needed);
	heap_reserve(out->space, needed);
	return true;
}

/* Room for `length` more bytes and the terminating zero? */
static bool make_room(buffer *out, size_t length) {
	if (out->bytes && length < out->capacity - out->length)
		return true;
	if (length > PTRDIFF_MAX - out->length - 1)
		return refuse(out, length);
	size_t needed = out->length + length + 1;
	if (!may_have(out, needed))
		return false;
	size_t capacity = out->capacity ? out->capacity : 64;
	while (capacity < needed)
		capacity *= 2;
	char *bytes = realloc(out->bytes, capacity);
	if (!bytes)
		return refuse(out, needed);
	bytes[out->length] = 0;
	out->bytes = bytes;
	out->capacity = capacity;
	return true;
}

void buffer_reserve(buffer *out, size_t length) {
	(void)make_room(out, length);
}

void buffer_append(buffer *out, const void *bytes, size_t length) {
	if (!make_room(out, length))
		return;
	if (length)
		memcpy(out->bytes + out->length, bytes, length);
	out->length += length;
	out->bytes[out->length] = 0;
}

void buffer_append_text(buffer *out, const char *text) {
	buffer_append(out, text, strlen(text));
}

void buffer_append_byte(buffer *out, char byte) {
	buffer_append(out, &byte, 1);
}

void buffer_append_unsigned(buffer *out, uint64_t number) {
	enum { MOST_DIGITS = 20 };
	char digits[MOST_DIGITS];
	size_t first = MOST_DIGITS;
	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	buffer_append(out, digits + first, MOST_DIGITS - first);
}

void buffer_append_signed(buffer *out, int64_t number) {
	if (number < 0)
		buffer_append_byte(out, '-');
	buffer_append_unsigned(out, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void buffer_append_repeated(buffer *out, char byte, size_t count) {
	if (!make_room(out, count))
		return;
	memset(out->bytes + out->length, byte, count);
	out->length += count;
	out->bytes[out->length] = 0;
}

void buffer_append_format(buffer *out, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	buffer_append_format_v(out, format, arguments);
	va_end(arguments);
}

void buffer_append_format_v(buffer *out, const char *format, va_list arguments) {
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	if (length > 0 && make_room(out, (size_t)length)) {
		vsnprintf(out->bytes + out->length, (size_t)length + 1, format, again);
		out->length += (size_t)length;
	}
	va_end(again);
}

void buffer_free(buffer *out) {
	free(out->bytes);
	*out = (buffer){.space = out->space};
}
