/* Reading a pattern: the state that the parts of the translation share. */
#ifndef EXTERN_REGEXP_REGEXP_SCAN_H
#define EXTERN_REGEXP_REGEXP_SCAN_H

#include "object/buffer.h"
#include "object/strings.h"

typedef struct {
	string_view text;
	size_t at;
	buffer *out;
} regexp_scan;

/* The byte `ahead` places on, or -1. */
static inline int regexp_peek(const regexp_scan *scan, size_t ahead) {
	return scan->at + ahead < scan->text.length ? (unsigned char)scan->text.bytes[scan->at + ahead] : -1;
}

static inline void regexp_copy(regexp_scan *scan, size_t length) {
	buffer_append(scan->out, scan->text.bytes + scan->at, length);
	scan->at += length;
}

/* A character class, from its opening bracket to behind its closing one. */
bool regexp_translate_class(regexp_scan *scan);

/* A backslash and what belongs to it. */
bool regexp_translate_escape(regexp_scan *scan, bool in_class);

#endif
