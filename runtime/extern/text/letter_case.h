/* Full Unicode case mapping of strings and of single runes, as Rust's standard library does it. */
#ifndef EXTERN_TEXT_LETTER_CASE_H
#define EXTERN_TEXT_LETTER_CASE_H

#include "object/buffer.h"
#include "object/strings.h"

/* Appends the text in lower (final sigma included) or upper case. Invalid bytes become U+FFFD. */
void letter_case_append_lower(buffer *out, string_view text);
void letter_case_append_upper(buffer *out, string_view text);

/* The first character of the full mapping of one scalar value; anything else is returned as it is. */
int32_t letter_case_lower_rune(int32_t rune);
int32_t letter_case_upper_rune(int32_t rune);

/*
 * The next rune that differs from this one in case only: the next larger one, or from the largest back to the
 * smallest (as unicode.SimpleFold of Go). Runes without a partner are returned as they are.
 */
int32_t letter_case_fold_rune(int32_t rune);

/*
 * Among runes that differ in case only, one is the key. The pairs of all others with it, from them to the key
 * and from the key to them, in ascending order of `from`; they live as long as the process.
 */
typedef struct {
	int32_t from;
	int32_t to;
} letter_case_pair;

const letter_case_pair *letter_case_pairs_to_key(size_t *count);
const letter_case_pair *letter_case_pairs_from_key(size_t *count);

static inline bool letter_case_is_scalar(int32_t rune) {
	return rune >= 0 && rune <= 0x10ffff && (rune < 0xd800 || rune > 0xdfff);
}

#endif
