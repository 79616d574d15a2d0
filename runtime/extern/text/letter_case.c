/* Case mapping on libunistring, with a short way for ASCII. */
#include "extern/text/letter_case.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>

#include "extern/text/search.h"

static bool letter_case_is_ascii(string_view text) {
	for (size_t i = 0; i < text.length; i++)
		if ((unsigned char)text.bytes[i] >= 0x80)
			return false;
	return true;
}

/* ASCII letters between `first` and `last` change case; bit 5 is what upper and lower case differ in. */
static void append_ascii(buffer *out, string_view text, char first, char last) {
	size_t start = out->length;
	buffer_append(out, text.bytes, text.length);
	for (size_t i = start; i < out->length; i++) {
		char byte = out->bytes[i];
		out->bytes[i] = byte >= first && byte <= last ? (char)(byte ^ 0x20) : byte;
	}
}

typedef uint8_t *(*case_mapping)(const uint8_t *text, size_t length, const char *language, uninorm_t form,
                                 uint8_t *result, size_t *result_length);

/* Replaces the valid UTF-8 from `start` to the end of the buffer by its mapping. */
static void map_tail(buffer *out, size_t start, case_mapping mapping) {
	size_t length = 0;
	uint8_t *mapped =
	    mapping((const uint8_t *)out->bytes + start, out->length - start, NULL, NULL, NULL, &length);
	if (mapped == NULL)
		return; /* no memory, or nothing to map: the text stays as it is */
	out->length = start;
	buffer_append(out, mapped, length);
	free(mapped);
}

static void append_valid(buffer *out, string_view text) {
	unsigned width = 0;
	for (size_t at = 0; at < text.length; at += width) {
		char bytes[4];
		int32_t rune = utf8_decode(text.bytes, text.length, at, &width);
		buffer_append(out, bytes, utf8_encode(rune, bytes));
	}
}

/* Appends the mapping of a text in which no character depends on its neighbours. */
static void append_mapped(buffer *out, string_view text, case_mapping mapping) {
	if (text.length > 0) {
		size_t start = out->length;
		append_valid(out, text);
		map_tail(out, start, mapping);
	}
}

/* ---- The final sigma: the one letter whose lower case depends on its neighbours ---- */

static const char capital_sigma[] = "\u03A3";
enum { SIGMA_BYTES = sizeof capital_sigma - 1 };

/* The library's property misses the apostrophe. */
static bool is_case_ignorable(ucs4_t rune) {
	return rune == '\'' || uc_is_property(rune, UC_PROPERTY_CASE_IGNORABLE);
}

static bool is_cased_behind(string_view text, size_t at) {
	unsigned width = 0;
	for (; at < text.length; at += width) {
		ucs4_t rune = (ucs4_t)utf8_decode(text.bytes, text.length, at, &width);
		if (!is_case_ignorable(rune))
			return uc_is_property(rune, UC_PROPERTY_CASED);
	}
	return false;
}

static bool is_cased_before(string_view text, size_t end) {
	unsigned width = 0;
	while (end > 0) {
		size_t at = search_character_before(text, end);
		ucs4_t rune = (ucs4_t)utf8_decode(text.bytes, text.length, at, &width);
		if (at + width != end)
			return false; /* an invalid byte: U+FFFD has no case */
		if (!is_case_ignorable(rune))
			return uc_is_property(rune, UC_PROPERTY_CASED);
		end = at;
	}
	return false;
}

/*
 * A sigma ends a word if a cased letter stands before it and none behind it, both across ignorable
 * characters.
 */
static void append_lower_sigma(buffer *out, string_view text, size_t at) {
	bool is_final = is_cased_before(text, at) && !is_cased_behind(text, at + SIGMA_BYTES);
	buffer_append_text(out, is_final ? "\u03C2" : "\u03C3");
}

static void append_lower_with_sigmas(buffer *out, string_view text) {
	size_t from = 0;
	while (from < text.length) {
		const char *sigma = memmem(text.bytes + from, text.length - from, capital_sigma, SIGMA_BYTES);
		size_t at = sigma == NULL ? text.length : (size_t)(sigma - text.bytes);
		append_mapped(out, (string_view){text.bytes + from, at - from}, u8_tolower);
		if (sigma != NULL)
			append_lower_sigma(out, text, at);
		from = at + SIGMA_BYTES;
	}
}

void letter_case_append_lower(buffer *out, string_view text) {
	if (letter_case_is_ascii(text))
		append_ascii(out, text, 'A', 'Z');
	else
		append_lower_with_sigmas(out, text);
}

void letter_case_append_upper(buffer *out, string_view text) {
	if (letter_case_is_ascii(text))
		append_ascii(out, text, 'a', 'z');
	else
		append_mapped(out, text, u8_toupper);
}

/* ---- Single runes ---- */

typedef uint32_t *(*rune_mapping)(const uint32_t *text, size_t length, const char *language, uninorm_t form,
                                  uint32_t *result, size_t *result_length);

static int32_t first_of_mapping(int32_t rune, rune_mapping mapping) {
	if (!letter_case_is_scalar(rune))
		return rune;
	uint32_t mapped[8];
	uint32_t text = (uint32_t)rune;
	size_t length = sizeof mapped / sizeof *mapped;
	uint32_t *result = mapping(&text, 1, NULL, NULL, mapped, &length);
	int32_t first = result != NULL && length > 0 ? (int32_t)result[0] : rune;
	if (result != mapped)
		free(result);
	return first;
}

int32_t letter_case_lower_rune(int32_t rune) {
	return first_of_mapping(rune, u32_tolower);
}
int32_t letter_case_upper_rune(int32_t rune) {
	return first_of_mapping(rune, u32_toupper);
}

/* ---- Folding ---- */

enum { LAST_CASED_RUNE = 0x1ffff };

static pthread_once_t fold_once = PTHREAD_ONCE_INIT;
static letter_case_pair *to_key;
static letter_case_pair *from_key;
static size_t fold_count;

/* The dotted capital and the dotless small i fold to themselves in every language but Turkish. */
static int32_t fold_key(int32_t rune) {
	if (!letter_case_is_scalar(rune) || rune == 0x130 || rune == 0x131)
		return rune;
	return (int32_t)uc_tolower(uc_toupper((ucs4_t)rune));
}

static int compare_pairs(const void *left, const void *right) {
	const letter_case_pair *a = left;
	const letter_case_pair *b = right;
	return a->from != b->from ? (a->from > b->from) - (a->from < b->from) : (a->to > b->to) - (a->to < b->to);
}

static void make_folds(void) {
	size_t count = 0;
	for (int32_t rune = 0; rune <= LAST_CASED_RUNE; rune++)
		count += fold_key(rune) != rune;
	to_key = calloc(count, sizeof *to_key);
	from_key = calloc(count, sizeof *from_key);
	for (int32_t rune = 0; to_key != NULL && from_key != NULL && rune <= LAST_CASED_RUNE; rune++) {
		int32_t key = fold_key(rune);
		if (key != rune) {
			to_key[fold_count] = (letter_case_pair){rune, key};
			from_key[fold_count++] = (letter_case_pair){key, rune};
		}
	}
	if (fold_count > 0)
		qsort(from_key, fold_count, sizeof *from_key, compare_pairs);
}

const letter_case_pair *letter_case_pairs_to_key(size_t *count) {
	pthread_once(&fold_once, make_folds);
	*count = fold_count;
	return to_key;
}

const letter_case_pair *letter_case_pairs_from_key(size_t *count) {
	pthread_once(&fold_once, make_folds);
	*count = fold_count;
	return from_key;
}

int32_t letter_case_fold_rune(int32_t rune) {
	pthread_once(&fold_once, make_folds);
	int32_t key = fold_key(rune);
	int32_t smallest = key;
	int32_t next = key > rune ? key : INT32_MAX;
	for (size_t i = 0; i < fold_count; i++) {
		if (to_key[i].to == key) {
			int32_t member = to_key[i].from;
			smallest = member < smallest ? member : smallest;
			next = member > rune && member < next ? member : next;
		}
	}
	return next != INT32_MAX ? next : smallest;
}
