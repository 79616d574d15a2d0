/* Package regexp. Iteration over matches, splitting and templates are those of Rust's `regex`. */
#include "extern/regexp/regexp_cache.h"
#include "extern/registry.h"
#include "extern/support.h"

/* A search for all matches in turn. */
typedef struct {
	regexp_pattern *pattern;
	string_view subject;
	size_t position;
	size_t previous_end;
	bool any;
	bool exhausted; /* a limit ended it */
	size_t start;
	size_t end;
} match_walk;

static size_t rune_width(string_view subject, size_t position) {
	unsigned width = 1;
	utf8_decode(subject.bytes, subject.length, position, &width);
	return width > 0 ? width : 1;
}

/* The next match; an empty one right behind the last match does not count. */
static bool next_match(match_walk *walk) {
	while (walk->position <= walk->subject.length) {
		regexp_outcome outcome = regexp_search(walk->pattern, walk->subject, walk->position);
		if (outcome != REGEXP_FOUND) {
			walk->exhausted = outcome != REGEXP_NONE;
			walk->position = walk->subject.length + 1;
			return false;
		}
		regexp_group(walk->pattern, 0, &walk->start, &walk->end);
		bool accepted = walk->end > walk->position || !walk->any || walk->start != walk->previous_end;
		walk->position = walk->end > walk->position
		                     ? walk->end
		                     : walk->position + rune_width(walk->subject, walk->position);
		walk->previous_end = walk->end;
		walk->any = true;
		if (accepted)
			return true;
	}
	return false;
}

static volt_native_result too_much_work(volt_native_call *call, const char *function) {
	return volt_native_panic(call, "regexp: %s: the search takes too many steps", function);
}

/* ---- Matching and finding ---- */

static volt_native_result match_string(volt_native_call *call) {
	string_view subject = native_string(call, 1);
	regexp_pattern *pattern = regexp_get(native_string(call, 0));
	regexp_outcome outcome = pattern != NULL ? regexp_search(pattern, subject, 0) : REGEXP_TOO_MUCH_WORK;
	native_set_bool(call, 0, outcome == REGEXP_FOUND || outcome == REGEXP_FOUND_SOMEWHERE);
	native_set_bool(call, 1, outcome != REGEXP_TOO_MUCH_WORK);
	return VOLT_NATIVE_OK;
}

static volt_native_result find_string(volt_native_call *call) {
	string_view subject = native_string(call, 1);
	match_walk walk = {.pattern = regexp_get(native_string(call, 0)), .subject = subject};
	if (walk.pattern == NULL || !next_match(&walk))
		return walk.exhausted ? too_much_work(call, "findString") : native_return(call, 0);
	return native_return_string(call, subject.bytes + walk.start, walk.end - walk.start);
}

static volt_native_result find_string_index(volt_native_call *call) {
	match_walk walk = {.pattern = regexp_get(native_string(call, 0)), .subject = native_string(call, 1)};
	bool found = walk.pattern != NULL && next_match(&walk);
	if (walk.exhausted)
		return too_much_work(call, "findStringIndex");
	native_set_int(call, 0, found ? (int64_t)walk.start : -1);
	native_set_int(call, 1, found ? (int64_t)walk.end : -1);
	return VOLT_NATIVE_OK;
}

/* A []string that grows; nil while it is empty, as Go gives it for no match. */
typedef struct {
	object_space *space;
	volt_slot slice;
} string_list;

static void add_string(string_list *list, string_view subject, size_t start, size_t end) {
	volt_slot text = string_new(list->space, subject.bytes + start, end - start);
	volt_slot longer = list->slice;
	slice_append(list->space, list->slice, volt_meta_make(0, VOLT_KIND_STRING), sizeof(volt_slot),
	             sizeof(volt_slot), &text, &longer);
	list->slice = longer;
}

static volt_native_result find_all_string(volt_native_call *call) {
	match_walk walk = {.pattern = regexp_get(native_string(call, 0)), .subject = native_string(call, 1)};
	int64_t limit = native_int(call, 2);
	string_list list = {native_space(call), 0};
	for (int64_t i = 0; walk.pattern != NULL && (limit < 0 || i < limit) && next_match(&walk); i++)
		add_string(&list, walk.subject, walk.start, walk.end);
	return walk.exhausted ? too_much_work(call, "findAllString") : native_return(call, list.slice);
}

static volt_native_result find_string_submatch(volt_native_call *call) {
	match_walk walk = {.pattern = regexp_get(native_string(call, 0)), .subject = native_string(call, 1)};
	string_list list = {native_space(call), 0};
	if (walk.pattern == NULL || !next_match(&walk))
		return walk.exhausted ? too_much_work(call, "findStringSubmatch") : native_return(call, list.slice);
	for (unsigned i = 0; i < regexp_group_count(walk.pattern); i++) {
		size_t start = 0;
		size_t end = 0;
		regexp_group(walk.pattern, i, &start, &end);
		add_string(&list, walk.subject, start, end);
	}
	return native_return(call, list.slice);
}

/* The texts between matches, all of them or at most `limit`, the last of which is then the rest. */
static volt_native_result split_string(volt_native_call *call) {
	match_walk walk = {.pattern = regexp_get(native_string(call, 0)), .subject = native_string(call, 1)};
	int64_t limit = native_int(call, 2);
	string_list list = {native_space(call), 0};
	if (limit == 0 || walk.pattern == NULL)
		return native_return(call, 0);
	size_t begin = 0;
	for (int64_t parts = 1; (limit < 0 || parts < limit) && next_match(&walk); parts++) {
		add_string(&list, walk.subject, begin, walk.start);
		begin = walk.end;
	}
	if (walk.exhausted)
		return too_much_work(call, "splitString");
	add_string(&list, walk.subject, begin, walk.subject.length);
	return native_return(call, list.slice);
}

/* ---- Replacing ---- */

static void append_group(const match_walk *walk, int group, buffer *out) {
	size_t start;
	size_t end;
	if (group >= 0 && regexp_group(walk->pattern, (unsigned)group, &start, &end))
		buffer_append(out, walk->subject.bytes + start, end - start);
}

static bool is_name_byte(char c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A group's number, by digits or name; -1 for one that does not exist. */
static int group_number(const match_walk *walk, const char *name, size_t length) {
	int number = 0;
	for (size_t i = 0; i < length; i++) {
		if (name[i] < '0' || name[i] > '9')
			return regexp_group_by_name(walk->pattern, name, length);
		number = number > 100000 ? number : number * 10 + (name[i] - '0');
	}
	return number;
}

/*
 * $name, ${name} or $$ at `at`, which is the dollar: appends it and returns its length; 0 if it is a plain
 * dollar.
 */
static size_t expand_one(const match_walk *walk, string_view template, size_t at, buffer *out) {
	size_t start = at + 1;
	if (start < template.length && template.bytes[start] == '$') {
		buffer_append_byte(out, '$');
		return 2;
	}
	bool braces = start < template.length && template.bytes[start] == '{';
	size_t end = start += braces;
	while (end < template.length && is_name_byte(template.bytes[end]))
		end++;
	if (end == start || (braces && (end == template.length || template.bytes[end] != '}')))
		return 0;
	append_group(walk, group_number(walk, template.bytes + start, end - start), out);
	return end + braces - at;
}

static void expand(const match_walk *walk, string_view template, buffer *out) {
	size_t at = 0;
	while (at < template.length) {
		const char *dollar = memchr(template.bytes + at, '$', template.length - at);
		size_t stop = dollar != NULL ? (size_t)(dollar - template.bytes) : template.length;
		buffer_append(out, template.bytes + at, stop - at);
		at = stop;
		if (dollar != NULL) {
			size_t length = expand_one(walk, template, at, out);
			if (length == 0)
				buffer_append_byte(out, '$');
			at += length > 0 ? length : 1;
		}
	}
}

static volt_native_result replace_all(volt_native_call *call, bool literal) {
	string_view subject = native_string(call, 1);
	string_view replacement = native_string(call, 2);
	match_walk walk = {.pattern = regexp_get(native_string(call, 0)), .subject = subject};
	if (walk.pattern == NULL)
		return native_return(call, native_slot(call, 1));
	buffer *out = native_scratch();
	size_t copied = 0;
	size_t reserved = 0;
	while (next_match(&walk)) {
		buffer_append(out, subject.bytes + copied, walk.start - copied);
		if (literal)
			buffer_append(out, replacement.bytes, replacement.length);
		else
			expand(&walk, replacement, out);
		copied = walk.end;
		if (out->length / 2 > reserved) {
			reserved = out->length;
			native_reserve(call, reserved);
		}
	}
	if (walk.exhausted)
		return too_much_work(call, literal ? "replaceAllLiteralString" : "replaceAllString");
	buffer_append(out, subject.bytes + copied, subject.length - copied);
	return native_return_string(call, out->bytes, out->length);
}

static volt_native_result replace_all_string(volt_native_call *call) {
	return replace_all(call, false);
}
static volt_native_result replace_all_literal_string(volt_native_call *call) {
	return replace_all(call, true);
}

static volt_native_result quote_meta(volt_native_call *call) {
	string_view text = native_string(call, 0);
	buffer *out = native_scratch();
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] != 0 && strchr("\\.+*?()|[]{}^$", text.bytes[i]) != NULL)
			buffer_append_byte(out, '\\');
		buffer_append_byte(out, text.bytes[i]);
	}
	return native_return_string(call, out->bytes, out->length);
}

static const native_row rows[] = {
    {"regexp_matchString", match_string, VOLT_PERMIT_NOTHING},
    {"regexp_matchBytes", match_string, VOLT_PERMIT_NOTHING},
    {"regexp_findString", find_string, VOLT_PERMIT_NOTHING},
    {"regexp_findStringIndex", find_string_index, VOLT_PERMIT_NOTHING},
    {"regexp_findAllString", find_all_string, VOLT_PERMIT_NOTHING},
    {"regexp_findStringSubmatch", find_string_submatch, VOLT_PERMIT_NOTHING},
    {"regexp_splitString", split_string, VOLT_PERMIT_NOTHING},
    {"regexp_replaceAllString", replace_all_string, VOLT_PERMIT_NOTHING},
    {"regexp_replaceAllLiteralString", replace_all_literal_string, VOLT_PERMIT_NOTHING},
    {"regexp_quoteMeta", quote_meta, VOLT_PERMIT_NOTHING},
};

const native_package regexp_package = NATIVE_PACKAGE(rows);
