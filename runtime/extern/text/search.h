/*
 * Searching and replacing in strings and in []byte. No pattern makes it take more than linear time on
 * average.
 */
#ifndef EXTERN_TEXT_SEARCH_H
#define EXTERN_TEXT_SEARCH_H

#include "object/buffer.h"
#include "object/strings.h"

/* Where `pattern` first stands at or behind `from`, or -1. An empty pattern stands everywhere. */
int64_t search_first(string_view text, string_view pattern, size_t from);

/* Where `pattern` last stands, or -1; the length of the text for an empty one. */
int64_t search_last(string_view text, string_view pattern);

/*
 * How often a pattern that is not empty stands in the text without overlap, at most `limit` (negative: no
 * limit).
 */
uint64_t search_count(string_view text, string_view pattern, int64_t limit);

/* Bytes of the text after `count` replacements; UINT64_MAX if that is no size. */
uint64_t search_replaced_length(string_view text, string_view pattern, string_view replacement,
                                uint64_t count);

/* Appends the text with the first `count` matches of a pattern that is not empty replaced. */
void search_replace(buffer *out, string_view text, string_view pattern, string_view replacement,
                    uint64_t count);

/* Where the last character of the first `end` bytes begins; end > 0. */
size_t search_character_before(string_view text, size_t end);

#endif
