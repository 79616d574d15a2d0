/* Package strings: searching, splitting, replacing and case (NATIVES.md, "Strings and bytes"). */
#include <stdlib.h>
#include <string.h>
#include <unictype.h>

#include "extern/direct_native.h"
#include "extern/text/letter_case.h"
#include "extern/text/search.h"
#include "object/heap.h"

/* ---- Searching ---- */

static size_t rune_width(string_view text, size_t at) {
	unsigned width = 0;
	utf8_decode(text.bytes, text.length, at, &width);
	return width;
}

static int64_t count_runes(string_view text) {
	int64_t count = 0;
	for (size_t at = 0; at < text.length; at += rune_width(text, at))
		count++;
	return count;
}

DIRECT_NATIVE_2(strings_index, vm, text, pattern) {
	return (volt_slot)search_first(string_get(text), string_get(pattern), 0);
}

DIRECT_NATIVE_2(strings_last_index, vm, text, pattern) {
	return (volt_slot)search_last(string_get(text), string_get(pattern));
}

DIRECT_NATIVE_2(strings_count, vm, text, pattern) {
	if (string_get(pattern).length == 0)
		return (volt_slot)count_runes(string_get(text)) + 1;
	return search_count(string_get(text), string_get(pattern), -1);
}

/* ---- Case ---- */

static volt_native_result strings_to_lower(volt_native_call *call) {
	string_view text = native_string(call, 0);
	buffer *lower = native_text(call, text.length);
	letter_case_append_lower(lower, text);
	return native_return_string(call, lower->bytes, lower->length);
}

static volt_native_result strings_to_upper(volt_native_call *call) {
	string_view text = native_string(call, 0);
	buffer *upper = native_text(call, text.length);
	letter_case_append_upper(upper, text);
	return native_return_string(call, upper->bytes, upper->length);
}

static volt_native_result strings_equal_fold(volt_native_call *call) {
	string_view left = native_string(call, 0);
	string_view right = native_string(call, 1);
	if (left.length == 0 || right.length == 0)
		return native_return_bool(call, left.length == right.length);
	buffer *lower = native_text(call, left.length + right.length);
	letter_case_append_lower(lower, left);
	size_t middle = lower->length;
	letter_case_append_lower(lower, right);
	bool equal = lower->length == 2 * middle && memcmp(lower->bytes, lower->bytes + middle, middle) == 0;
	return native_return_bool(call, equal);
}

/* ---- Splitting ---- */

/*
 * Pieces of a string; they share its bytes. The list is in the collected heap: a jump out of a native
 * loses nothing.
 */
typedef struct {
	object_space *space;
	volt_slot text;
	volt_slot *pieces;
	size_t count;
	size_t capacity;
} piece_list;

static void append_piece(piece_list *list, size_t from, size_t to) {
	if (list->count == list->capacity) {
		size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
		volt_slot *pieces = heap_new_words(list->space, capacity);
		if (list->count > 0)
			memcpy(pieces, list->pieces, list->count * sizeof *pieces);
		list->pieces = pieces;
		list->capacity = capacity;
	}
	volt_slot piece = 0;
	if (from < to)
		(void)string_slice(list->space, list->text, from, to, &piece);
	list->pieces[list->count++] = piece;
}

static piece_list new_pieces(volt_native_call *call) {
	return (piece_list){.space = native_space(call), .text = native_slot(call, 0)};
}

static volt_native_result return_pieces(volt_native_call *call, const piece_list *list) {
	return native_return(call, slice_from_strings(list->space, list->pieces, list->count));
}

/* One piece per character, at most `limit` of them (negative: all). Returns where the rest starts. */
static size_t append_characters(piece_list *list, string_view text, int64_t limit) {
	size_t at = 0;
	while (at < text.length && (limit < 0 || list->count < (size_t)limit)) {
		size_t width = rune_width(text, at);
		append_piece(list, at, at + width);
		at += width;
	}
	return at;
}

/*
 * The pieces between separators, at most `limit` (negative: all), of which the last is the rest. `keep`: each
 * piece ends with its separator, and an empty rest is no piece.
 */
static void append_fields(piece_list *list, string_view text, string_view separator, int64_t limit,
                          bool keep) {
	size_t from = 0;
	while (limit < 0 || list->count + 1 < (size_t)limit) {
		int64_t found = search_first(text, separator, from);
		if (found < 0)
			break;
		size_t behind = (size_t)found + separator.length;
		append_piece(list, from, keep ? behind : (size_t)found);
		from = behind;
	}
	if (!keep || from < text.length)
		append_piece(list, from, text.length);
}

/*
 * Of an empty separator only the first `limit` characters are wanted: the rest is dropped (NATIVES.md,
 * "Strings and bytes").
 */
static volt_native_result split(volt_native_call *call, int64_t limit) {
	string_view text = native_string(call, 0);
	string_view separator = native_string(call, 1);
	piece_list list = new_pieces(call);
	if (separator.length == 0)
		append_characters(&list, text, limit);
	else if (limit != 0)
		append_fields(&list, text, separator, limit, false);
	return return_pieces(call, &list);
}

/* Where the page is silent, at an empty separator with a limit, the last piece is the rest, as in Go. */
static volt_native_result split_after(volt_native_call *call, int64_t limit) {
	string_view text = native_string(call, 0);
	string_view separator = native_string(call, 1);
	piece_list list = new_pieces(call);
	if (separator.length == 0) {
		size_t rest = append_characters(&list, text, limit > 0 ? limit - 1 : limit);
		if (limit != 0 && rest < text.length)
			append_piece(&list, rest, text.length);
	} else if (limit != 0) {
		append_fields(&list, text, separator, limit, true);
	}
	return return_pieces(call, &list);
}

static volt_native_result strings_split(volt_native_call *call) {
	return split(call, -1);
}
static volt_native_result strings_split_n(volt_native_call *call) {
	return split(call, native_int(call, 2));
}
static volt_native_result strings_split_after(volt_native_call *call) {
	return split_after(call, -1);
}
static volt_native_result strings_split_after_n(volt_native_call *call) {
	return split_after(call, native_int(call, 2));
}

static volt_native_result strings_fields(volt_native_call *call) {
	string_view text = native_string(call, 0);
	piece_list list = new_pieces(call);
	size_t start = 0;
	unsigned width = 0;
	for (size_t at = 0; at < text.length; at += width) {
		ucs4_t rune = (ucs4_t)utf8_decode(text.bytes, text.length, at, &width);
		if (uc_is_property_white_space(rune)) {
			if (start < at)
				append_piece(&list, start, at);
			start = at + width;
		}
	}
	if (start < text.length)
		append_piece(&list, start, text.length);
	return return_pieces(call, &list);
}

/* ---- Replacing ---- */

/* An empty pattern stands before each character and at the end. */
static void insert_between(buffer *out, string_view text, string_view inserted, uint64_t count) {
	size_t at = 0;
	while (count > 0) {
		buffer_append(out, inserted.bytes, inserted.length);
		count--;
		if (at == text.length)
			break;
		size_t width = rune_width(text, at);
		buffer_append(out, text.bytes + at, width);
		at += width;
	}
	buffer_append(out, text.bytes + at, text.length - at);
}

static uint64_t count_matches(string_view text, string_view pattern, int64_t limit) {
	if (pattern.length > 0)
		return search_count(text, pattern, limit);
	uint64_t places = (uint64_t)count_runes(text) + 1;
	return limit >= 0 && (uint64_t)limit < places ? (uint64_t)limit : places;
}

static volt_native_result strings_replace(volt_native_call *call) {
	string_view text = native_string(call, 0);
	string_view pattern = native_string(call, 1);
	string_view replacement = native_string(call, 2);
	uint64_t count = count_matches(text, pattern, native_int(call, 3));
	if (count == 0)
		return native_return(call, native_slot(call, 0));
	buffer *out = native_text(call, search_replaced_length(text, pattern, replacement, count));
	if (pattern.length == 0)
		insert_between(out, text, replacement, count);
	else
		search_replace(out, text, pattern, replacement, count);
	return native_return_string(call, out->bytes, out->length);
}

static const native_row rows[] = {
    {"strings_Count", strings_count, VOLT_PERMIT_NOTHING, "(text string, part string) -> int"},
    {"strings_EqualFold", strings_equal_fold, VOLT_PERMIT_NOTHING, "(string, string) -> bool"},
    {"strings_Fields", strings_fields, VOLT_PERMIT_NOTHING, "(text string) -> []string"},
    {"strings_Index", strings_index, VOLT_PERMIT_NOTHING, "(text string, part string) -> int"},
    {"strings_LastIndex", strings_last_index, VOLT_PERMIT_NOTHING, "(text string, part string) -> int"},
    {"strings_Replace", strings_replace, VOLT_PERMIT_NOTHING,
     "(text string, old string, new string, n int) -> string"},
    {"strings_Split", strings_split, VOLT_PERMIT_NOTHING, "(text string, separator string) -> []string"},
    {"strings_SplitAfter", strings_split_after, VOLT_PERMIT_NOTHING,
     "(text string, separator string) -> []string"},
    {"strings_SplitAfterN", strings_split_after_n, VOLT_PERMIT_NOTHING,
     "(text string, separator string, n int) -> []string"},
    {"strings_SplitN", strings_split_n, VOLT_PERMIT_NOTHING,
     "(text string, separator string, n int) -> []string"},
    {"strings_ToLower", strings_to_lower, VOLT_PERMIT_NOTHING, "(string) -> string"},
    {"strings_ToTitle", strings_to_upper, VOLT_PERMIT_NOTHING, "(string) -> string"},
    {"strings_ToUpper", strings_to_upper, VOLT_PERMIT_NOTHING, "(string) -> string"},
};

static const direct_native_row direct_rows[] = {
    DIRECT_ROW("strings_Count", strings_count, 2),
    DIRECT_ROW("strings_Index", strings_index, 2),
    DIRECT_ROW("strings_LastIndex", strings_last_index, 2),
};

const native_package strings_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
