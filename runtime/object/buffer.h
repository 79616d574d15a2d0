/*
 * A growing byte buffer in ordinary memory. Zero-initialise it; buffer_free() when done. When there is no
 * memory left, one with a space ends as the space's exhausted heap does; others keep what they have and drop
 * the rest.
 */
#ifndef OBJECT_BUFFER_H
#define OBJECT_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a buffer with a space may hold; more counts as no memory. */
enum { BUFFER_TEXT_MAXIMUM = INT32_MAX };

typedef struct {
	char *bytes; /* always terminated by a zero that `length` does not count, once non-NULL */
	size_t length;
	size_t capacity;
	struct object_space *space; /* or NULL; its limit counts what is in the buffer */
} buffer;

/* Makes room for `length` more bytes, so that they can be appended without another allocation. */
void buffer_reserve(buffer *out, size_t length);

void buffer_append(buffer *out, const void *bytes, size_t length);
void buffer_append_text(buffer *out, const char *text);
void buffer_append_byte(buffer *out, char byte);
/* In decimal: printf() takes ten times as long. */
void buffer_append_unsigned(buffer *out, uint64_t number);
void buffer_append_signed(buffer *out, int64_t number);
__attribute__((format(printf, 2, 3))) void buffer_append_format(buffer *out, const char *format, ...);
__attribute__((format(printf, 2, 0))) void buffer_append_format_v(buffer *out, const char *format,
                                                                  va_list arguments);
void buffer_append_repeated(buffer *out, char byte, size_t count);
void buffer_free(buffer *out);

#endif
