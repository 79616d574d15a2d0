/* Package regexp. Iteration over matches, splitting and templates are those of Rust's `regex`. */
#include "extern/regexp/regexp_cache.h"
#include "extern/registry.h"
#include "extern/support.h"
#include "state/services.h"

/* A search for all matches in turn. */
typedef struct {
	const regexp_pattern *pattern; /* NULL: refused; it matches nothing */
	string_view subject;
	size_t position;
	size_t previous_end;
	bool any;
	const char *trouble; /* why the walk says nothing about the text, or NULL */
	bool stopped;        /* the trouble is that the program ends */
	size_t start;
	size_t end;
} match_walk;

/* A step of a search is short, compared with one of the program. */
static bool count_steps(void *vm, uint64_t steps) {
	enum { STEPS_OF_A_SEARCH = 64 };
	return vm_count_steps(vm, steps / STEPS_OF_A_SEARCH);
}

static match_walk begin_walk(const volt_native_call *call) {
	match_walk walk = {.subject = native_string(call, 1)};
	regexp_leave leave = {count_steps, call->vm};
	regexp_verdict verdict = regexp_get(native_string(call, 0), leave, &walk.pattern);
	if (verdict != REGEXP_GOOD)
		walk.pattern = NULL;
	if (verdict == REGEXP_UNSUPPORTED)
		walk.trouble = "the pattern names a property of characters that there are no tables for";
	return walk;
}

static volt_native_result report(volt_native_call *call, const match_walk *walk, const char *function) {
	if (walk->stopped)
		return VOLT_NATIVE_EXIT;
	return volt_native_panic(call, "regexp: %s: %s", function, walk->trouble);
}

static size_t rune_width(string_view subject, size_t position) {
	unsigned width = 1;
	utf8_decode(subject.bytes, subject.length, position, &width);
	return width > 0 ? width : 1;
}

static void note_outcome(match_walk *walk, regexp_outcome outcome) {
	if (outcome == REGEXP_TOO_MUCH || outcome == REGEXP_STOPPED)
		walk->trouble = "the search takes too many steps";
	walk->stopped = outcome == REGEXP_STOPPED;
}

/* The next match; an empty one right behind the last match does not count. */
static bool next_match(match_walk *walk) {
	while (walk->pattern != NULL && walk->position <= walk->subject.length) {
		regexp_outcome outcome =
		    regexp_search(walk->pattern, walk->subject, walk->position, &walk->start, &walk->end);
		note_outcome(walk, outcome);
		if (outcome != REGEXP_FOUND) {
			walk->position = walk->subject.length + 1;
			return false;
		}
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

/* Where the groups of the match are. */
static bool find_groups(match_walk *walk) {
	regexp_outcome outcome = regexp_find_groups(walk->pattern, walk->subject, walk->start, walk->end);
	note_outcome(walk, outcome);
	return outcome == REGEXP_FOUND;
}

/* ---- Matching and finding ---- */

static volt_native_result match_string(volt_native_call *call) {
	match_walk walk = begin_walk(call);
	bool found = next_match(&walk);
	if (walk.trouble != NULL)
		return report(call, &walk, "matchString");
	native_set_bool(call, 0, found);
	native_set_bool(call, 1, walk.pattern != NULL);
	return VOLT_NATIVE_OK;
}

static volt_native_result find_string(volt_native_call *call) {
	match_walk walk = begin_walk(call);
	bool found = next_match(&walk);
	if (walk.trouble != NULL)
		return report(call, &walk, "findString");
	if (!found)
		return native_return(call, 0);
	return native_return_string(call, walk.subject.bytes + walk.start, walk.end - walk.start);
}

static volt_native_result find_string_index(volt_native_call *call) {
	match_walk walk = begin_walk(call);
	bool found = next_match(&walk);
	if (walk.trouble != NULL)
		return report(call, &walk, "findStringIndex");
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
	int64_t limit = native_int(call, 2);
	match_walk walk = begin_walk(call);
	string_list list = {native_space(call), 0};
	for (int64_t i = 0; (limit < 0 || i < limit) && next_match(&walk); i++)
		add_string(&list, walk.subject, walk.start, walk.end);
	return walk.trouble != NULL ? report(call, &walk, "findAllString") : native_return(call, list.slice);
}

static volt_native_result find_string_submatch(volt_native_call *call) {
	match_walk walk = begin_walk(call);
	string_list list = {native_space(call), 0};
	bool found = next_match(&walk) && find_groups(&walk);
	if (walk.trouble != NULL)
		return report(call, &walk, "findStringSubmatch");
	for (unsigned i = 0; found && i < regexp_group_count(walk.pattern); i++) {
		size_t start = 0;
		size_t end = 0;
		regexp_group(walk.pattern, i, &start, &end);
		add_string(&list, walk.subject, start, end);
	}
	return native_return(call, list.slice);
}

/* The texts between matches, all of them or at most `limit`, the last of which is then the rest. */
static volt_native_result split_string(volt_native_call *call) {
	int64_t limit = native_int(call, 2);
	match_walk walk = begin_walk(call);
	string_list list = {native_space(call), 0};
	size_t begin = 0;
	for (int64_t parts = 1; (limit < 0 || parts < limit) && next_match(&walk); parts++) {
		add_string(&list, walk.subject, begin, walk.start);
		begin = walk.end;
	}
	if (walk.trouble != NULL)
		return report(call, &walk, "splitString");
	if (limit == 0 || walk.pattern == NULL)
		return native_return(call, 0);
	add_string(&list, walk.subject, begin, walk.subject.length);
	return native_return(call, list.slice);
}

/* ---- Replacing ---- */

static void append_group(const match_walk *walk, int64_t group, buffer *out) {
	size_t start;
	size_t end;
	if (group >= 0 && regexp_group(walk->pattern, (size_t)group, &start, &end))
		buffer_append(out, walk->subject.bytes + start, end - start);
}

static bool is_name_byte(char c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A group's number, by digits or name; -1 for one that does not exist. */
static int64_t group_number(const match_walk *walk, const char *name, size_t length) {
	int64_t number = 0;
	size_t first = length > 1 && name[0] == '+'; /* numbers may have a sign, as in the original */
	if (length == 0)
		return -1;
	for (size_t i = first; i < length; i++) {
		if (name[i] < '0' || name[i] > '9')
			return regexp_group_by_name(walk->pattern, name, length);
		number = number > INT32_MAX ? number : number * 10 + (name[i] - '0');
	}
	return number;
}

/* The end of the name behind the dollar, whose start goes to *start; NULL if there is no name. */
static const char *find_name(string_view template, size_t dollar, const char **start) {
	const char *limit = template.bytes + template.length;
	const char *at = template.bytes + dollar + 1;
	*start = at;
	if (at < limit && *at == '{') {
		*start = at + 1;
		return memchr(at + 1, '}', (size_t)(limit - at - 1));
	}
	while (at < limit && is_name_byte(*at))
		at++;
	return at > *start ? at : NULL;
}

/*
 * $name, ${name} or $$ at `at`, which is the dollar: appends it and returns its length; 0 if it is a plain
 * dollar.
 */
static size_t expand_one(const match_walk *walk, string_view template, size_t at, buffer *out) {
	if (at + 1 < template.length && template.bytes[at + 1] == '$') {
		buffer_append_byte(out, '$');
		return 2;
	}
	const char *start;
	const char *end = find_name(template, at, &start);
	if (end == NULL)
		return 0;
	append_group(walk, group_number(walk, start, (size_t)(end - start)), out);
	bool braces = template.bytes[at + 1] == '{';
	return (size_t)(end - template.bytes) + braces - at;
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
	volt_slot whole = native_slot(call, 1);
	string_view replacement = native_string(call, 2);
	match_walk walk = begin_walk(call);
	buffer *out = native_text(call, 0);
	size_t copied = 0;
	literal = literal || memchr(replacement.bytes, '$', replacement.length) == NULL;
	while (next_match(&walk) && (literal || find_groups(&walk))) {
		buffer_append(out, walk.subject.bytes + copied, walk.start - copied);
		if (literal)
			buffer_append(out, replacement.bytes, replacement.length);
		else
			expand(&walk, replacement, out);
		copied = walk.end;
	}
	if (walk.trouble != NULL)
		return report(call, &walk, "replaceAllString");
	if (!walk.any)
		return native_return(call, whole);
	buffer_append(out, walk.subject.bytes + copied, walk.subject.length - copied);
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
	buffer *out = native_text(call, text.length);
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] != 0 && strchr("\\.+*?()|[]{}^$", text.bytes[i]) != NULL)
			buffer_append_byte(out, '\\');
		buffer_append_byte(out, text.bytes[i]);
	}
	return native_return_string(call, out->bytes, out->length);
}

static const native_row rows[] = {
    {"regexp_matchString", match_string, VOLT_PERMIT_NOTHING,
     "(pattern string, text string) -> (matched bool, ok bool)"},
    {"regexp_matchBytes", match_string, VOLT_PERMIT_NOTHING,
     "(pattern string, text []byte) -> (matched bool, ok bool)"},
    {"regexp_findString", find_string, VOLT_PERMIT_NOTHING, "(pattern string, text string) -> string"},
    {"regexp_findStringIndex", find_string_index, VOLT_PERMIT_NOTHING,
     "(pattern string, text string) -> (start int, end int)"},
    {"regexp_findAllString", find_all_string, VOLT_PERMIT_NOTHING,
     "(pattern string, text string, limit int) -> []string"},
    {"regexp_findStringSubmatch", find_string_submatch, VOLT_PERMIT_NOTHING,
     "(pattern string, text string) -> []string"},
    {"regexp_splitString", split_string, VOLT_PERMIT_NOTHING,
     "(pattern string, text string, limit int) -> []string"},
    {"regexp_replaceAllString", replace_all_string, VOLT_PERMIT_NOTHING,
     "(pattern string, text string, replacement string) -> string"},
    {"regexp_replaceAllLiteralString", replace_all_literal_string, VOLT_PERMIT_NOTHING,
     "(pattern string, text string, replacement string) -> string"},
    {"regexp_quoteMeta", quote_meta, VOLT_PERMIT_NOTHING, "(text string) -> string"},
};

const native_package regexp_package = NATIVE_PACKAGE(rows);
