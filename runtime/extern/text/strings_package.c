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

DIRECT_NATIVE_1(strings_to_lower, vm, string) {
	const string_view text = string_get(string);
	buffer *lower = vm_text(vm, text.length);
	letter_case_append_lower(lower, text);
	return direct_string(vm, lower);
}

DIRECT_NATIVE_1(strings_to_upper, vm, string) {
	const string_view text = string_get(string);
	buffer *upper = vm_text(vm, text.length);
	letter_case_append_upper(upper, text);
	return direct_string(vm, upper);
}

DIRECT_NATIVE_2(strings_equal_fold, vm, one, other) {
	const string_view left = string_get(one), right = string_get(other);
	if (left.length == 0 || right.length == 0)
		return left.length == right.length;
	buffer *lower = vm_text(vm, left.length + right.length);
	letter_case_append_lower(lower, left);
	const size_t middle = lower->length;
	letter_case_append_lower(lower, right);
	return lower->length == 2 * middle && memcmp(lower->bytes, lower->bytes + middle, middle) == 0;
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

static piece_list new_pieces(direct_vm vm, volt_slot text) {
	return (piece_list){.space = vm_object_space(vm), .text = text};
}

static volt_slot slice_of_pieces(const piece_list *list) {
	return slice_from_strings(list->space, list->pieces, list->count);
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
static volt_slot split(direct_vm vm, volt_slot string, volt_slot separated_by, int64_t limit) {
	const string_view text = string_get(string), separator = string_get(separated_by);
	piece_list list = new_pieces(vm, string);
	if (separator.length == 0)
		append_characters(&list, text, limit);
	else if (limit != 0)
		append_fields(&list, text, separator, limit, false);
	return slice_of_pieces(&list);
}

/* Where the page is silent, at an empty separator with a limit, the last piece is the rest, as in Go. */
static volt_slot split_after(direct_vm vm, volt_slot string, volt_slot separated_by, int64_t limit) {
	const string_view text = string_get(string), separator = string_get(separated_by);
	piece_list list = new_pieces(vm, string);
	if (separator.length == 0) {
		size_t rest = append_characters(&list, text, limit > 0 ? limit - 1 : limit);
		if (limit != 0 && rest < text.length)
			append_piece(&list, rest, text.length);
	} else if (limit != 0) {
		append_fields(&list, text, separator, limit, true);
	}
	return slice_of_pieces(&list);
}

DIRECT_NATIVE_2(strings_split, vm, text, separator) {
	return split(vm, text, separator, -1);
}
DIRECT_NATIVE_3(strings_split_n, vm, text, separator, limit) {
	return split(vm, text, separator, (int64_t)limit);
}
DIRECT_NATIVE_2(strings_split_after, vm, text, separator) {
	return split_after(vm, text, separator, -1);
}
DIRECT_NATIVE_3(strings_split_after_n, vm, text, separator, limit) {
	return split_after(vm, text, separator, (int64_t)limit);
}

DIRECT_NATIVE_1(strings_fields, vm, string) {
	const string_view text = string_get(string);
	piece_list list = new_pieces(vm, string);
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
	return slice_of_pieces(&list);
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

DIRECT_NATIVE_4(strings_replace, vm, string, old, new, limit) {
	const string_view text = string_get(string), pattern = string_get(old), replacement = string_get(new);
	const uint64_t count = count_matches(text, pattern, (int64_t)limit);
	if (count == 0)
		return string;
	buffer *out = vm_text(vm, search_replaced_length(text, pattern, replacement, count));
	if (pattern.length == 0)
		insert_between(out, text, replacement, count);
	else
		search_replace(out, text, pattern, replacement, count);
	return direct_string(vm, out);
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
    DIRECT_ROW("strings_EqualFold", strings_equal_fold, 2),
    DIRECT_ROW("strings_Fields", strings_fields, 1),
    DIRECT_ROW("strings_Index", strings_index, 2),
    DIRECT_ROW("strings_LastIndex", strings_last_index, 2),
    DIRECT_ROW("strings_Replace", strings_replace, 4),
    DIRECT_ROW("strings_Split", strings_split, 2),
    DIRECT_ROW("strings_SplitAfter", strings_split_after, 2),
    DIRECT_ROW("strings_SplitAfterN", strings_split_after_n, 3),
    DIRECT_ROW("strings_SplitN", strings_split_n, 3),
    DIRECT_ROW("strings_ToLower", strings_to_lower, 1),
    DIRECT_ROW("strings_ToTitle", strings_to_upper, 1),
    DIRECT_ROW("strings_ToUpper", strings_to_upper, 1),
};

const native_package strings_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
