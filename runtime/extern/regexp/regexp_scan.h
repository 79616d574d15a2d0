/* Reading a pattern, one character after another. */
#ifndef EXTERN_REGEXP_REGEXP_SCAN_H
#define EXTERN_REGEXP_REGEXP_SCAN_H

#include "object/strings.h"

enum { REGEXP_END = -1 };

typedef struct {
	string_view text; /* valid UTF-8 */
	size_t at;
	int32_t rune; /* at `at`; REGEXP_END behind the last one */
	unsigned width;
	bool verbose; /* flag x: white space and comments mean nothing */
} regexp_scan;

/* False if the text is no UTF-8. */
bool regexp_scan_start(regexp_scan *scan, string_view text);

/* Goes to a position that was one of a character. */
void regexp_scan_go(regexp_scan *scan, size_t at);

/* Goes on by one character, and beyond what means nothing behind it. The result is the new one. */
int32_t regexp_scan_next(regexp_scan *scan);
int32_t regexp_scan_next_token(regexp_scan *scan);
void regexp_scan_skip(regexp_scan *scan);

/* The character behind the present one, without going there. */
int32_t regexp_scan_peek(const regexp_scan *scan);
int32_t regexp_scan_peek_token(const regexp_scan *scan);

/* Goes beyond this text, if it stands here. */
bool regexp_scan_take(regexp_scan *scan, const char *text);

#endif
