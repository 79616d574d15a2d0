/* A growing byte buffer. When there is no memory left it keeps what it has and drops the rest. */
#include "object/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `length` more bytes and the terminating zero? */
static bool make_room(buffer *out, size_t length) {
	if (out->bytes && length < out->capacity - out->length)
		return true;
	if (length > PTRDIFF_MAX - out->length - 1)
		return false;
	size_t needed = out->length + length + 1;
	size_t capacity = out->capacity ? out->capacity : 64;
	while (capacity < needed)
		capacity *= 2;
	char *bytes = realloc(out->bytes, capacity);
	if (!bytes)
		return false;
	bytes[out->length] = 0;
	out->bytes = bytes;
	out->capacity = capacity;
	return true;
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
	*out = (buffer){NULL, 0, 0};
}
