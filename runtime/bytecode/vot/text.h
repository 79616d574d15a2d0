/* Strings of a module: bytes with a length. */
#ifndef BYTECODE_VOT_TEXT_H
#define BYTECODE_VOT_TEXT_H

#include <string.h>

#include "volt/bytecode.h"

/* Well-formed UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool text_is_utf8(const void *bytes, size_t length);

static inline bool text_equal(volt_text left, volt_text right) {
	return left.length == right.length && (!left.length || memcmp(left.bytes, right.bytes, left.length) == 0);
}

static inline bool text_is(volt_text text, const char *word) {
	return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

/*
 * Bytes of the character that begins here, if it can be shown as it is. 0: it is no UTF-8, or it is one that
 * a terminal obeys or that changes how its neighbours look.
 */
size_t text_printable_length(const char *bytes, size_t left);

/* A name that the text form writes without quotes: letters, digits, `_`, `$`, `.`; no digit first. */
bool text_is_identifier(volt_text text);
bool text_starts_identifier(char c);
bool text_continues_identifier(char c);

#endif
