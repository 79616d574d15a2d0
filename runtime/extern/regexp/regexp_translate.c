/* Patterns outside of classes: groups, flags, repetition. */
#include "extern/regexp/regexp_translate.h"

#include "extern/regexp/regexp_scan.h"

/* RE2's limits. */
enum { REPEAT_MAXIMUM = 1000, GROUP_DEPTH_MAXIMUM = 200 };

typedef struct {
	regexp_scan scan;
	bool verbose[GROUP_DEPTH_MAXIMUM + 1]; /* flag x, by open group: Rust's; white space means nothing */
	unsigned depth;
	bool repeated;   /* the last thing was a repetition: another one is refused */
	bool repeatable; /* there is something to repeat */
} translation;

static bool is_word(int c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void set_atom(translation *state) {
	state->repeated = false;
	state->repeatable = true;
}

static bool open_group(translation *state) {
	if (state->depth == GROUP_DEPTH_MAXIMUM)
		return false;
	state->depth++;
	state->verbose[state->depth] = state->verbose[state->depth - 1];
	state->repeatable = false;
	state->repeated = false;
	return true;
}

/* (?P<name>...) or (?<name>...) */
static bool translate_named_group(translation *state, size_t name) {
	regexp_scan *scan = &state->scan;
	size_t end = name;
	while (is_word(regexp_peek(scan, end)))
		end++;
	if (end == name || regexp_peek(scan, end) != '>' ||
	    (regexp_peek(scan, name) >= '0' && regexp_peek(scan, name) <= '9'))
		return false;
	buffer_append_text(scan->out, "(?P<");
	buffer_append(scan->out, scan->text.bytes + scan->at + name, end + 1 - name);
	scan->at += end + 1;
	return open_group(state);
}

/* (?i), (?i-s:...): x is done here, u is always on, R is refused. */
static bool translate_flags(translation *state) {
	regexp_scan *scan = &state->scan;
	bool negative = false;
	bool verbose = state->verbose[state->depth];
	buffer_append_text(scan->out, "(?");
	scan->at += 2;
	for (;; scan->at++) {
		int c = regexp_peek(scan, 0);
		if (c == 'x') {
			verbose = !negative;
		} else if (c == '-' && !negative) {
			negative = true;
			buffer_append_byte(scan->out, '-');
		} else if (c == 'i' || c == 'm' || c == 's' || c == 'U') {
			buffer_append_byte(scan->out, (char)c);
		} else if (c != 'u' || negative) {
			break;
		}
	}
	int end = regexp_peek(scan, 0);
	if (end != ')' && end != ':')
		return false;
	regexp_copy(scan, 1);
	if (end == ':' && !open_group(state))
		return false;
	state->verbose[state->depth] = verbose;
	state->repeatable = false;
	return true;
}

static bool translate_group(translation *state) {
	regexp_scan *scan = &state->scan;
	if (regexp_peek(scan, 1) == '*')
		return false;
	if (regexp_peek(scan, 1) != '?') {
		regexp_copy(scan, 1);
		return open_group(state);
	}
	if (regexp_peek(scan, 2) == 'P' && regexp_peek(scan, 3) == '<')
		return translate_named_group(state, 4);
	if (regexp_peek(scan, 2) == '<')
		return translate_named_group(state, 3);
	return translate_flags(state);
}

/*
 * {n}, {n,}, {n,m}: its length in *length, 0 if the brace stands for itself; false if a number is too
 * large.
 */
static bool measure_braces(const regexp_scan *scan, size_t *length) {
	unsigned bounds[2] = {0, 0};
	unsigned digits[2] = {0, 0};
	unsigned which = 0;
	*length = 0;
	for (size_t i = 1;; i++) {
		int c = regexp_peek(scan, i);
		if (c >= '0' && c <= '9') {
			bounds[which] =
			    bounds[which] > REPEAT_MAXIMUM ? bounds[which] : bounds[which] * 10 + (unsigned)(c - '0');
			digits[which]++;
		} else if (c == ',' && which == 0 && digits[0] > 0) {
			which = 1;
		} else if (c == '}' && digits[0] > 0) {
			*length = i + 1;
			break;
		} else {
			return true;
		}
	}
	return bounds[0] <= REPEAT_MAXIMUM && bounds[1] <= REPEAT_MAXIMUM &&
	       (digits[1] == 0 || bounds[0] <= bounds[1]);
}

static bool translate_repeat(translation *state, size_t length) {
	regexp_scan *scan = &state->scan;
	if (!state->repeatable || state->repeated)
		return false;
	regexp_copy(scan, length);
	if (regexp_peek(scan, 0) == '?')
		regexp_copy(scan, 1);
	state->repeated = true;
	return true;
}

static void skip_comment(regexp_scan *scan) {
	while (regexp_peek(scan, 0) >= 0 && regexp_peek(scan, 0) != '\n')
		scan->at++;
}

static bool translate_brace(translation *state) {
	size_t length;
	if (!measure_braces(&state->scan, &length))
		return false;
	if (length > 0)
		return translate_repeat(state, length);
	buffer_append_text(state->scan.out, "\\{");
	state->scan.at++;
	set_atom(state);
	return true;
}

static bool translate_close(translation *state) {
	if (state->depth == 0)
		return false;
	state->depth--;
	set_atom(state);
	regexp_copy(&state->scan, 1);
	return true;
}

static bool translate_plain(translation *state, int c) {
	regexp_scan *scan = &state->scan;
	if (state->verbose[state->depth] && c == '#') {
		skip_comment(scan);
		return true;
	}
	if (state->verbose[state->depth] && strchr(" \t\n\v\f\r", c) != NULL && c != 0) {
		scan->at++;
		return true;
	}
	state->repeatable = c != '|';
	state->repeated = false;
	regexp_copy(scan, 1);
	while (regexp_peek(scan, 0) >= 0 && (regexp_peek(scan, 0) & 0xc0) == 0x80)
		regexp_copy(scan, 1);
	return true;
}

static bool translate_next(translation *state) {
	int c = regexp_peek(&state->scan, 0);
	switch (c) {
	case '\\': set_atom(state); return regexp_translate_escape(&state->scan, false);
	case '[': set_atom(state); return regexp_translate_class(&state->scan);
	case '(': return translate_group(state);
	case ')': return translate_close(state);
	case '*':
	case '+':
	case '?': return translate_repeat(state, 1);
	case '{': return translate_brace(state);
	default: return translate_plain(state, c);
	}
}

bool regexp_translate(string_view pattern, buffer *out) {
	translation state = {.scan = {.text = pattern, .out = out}};
	while (state.scan.at < pattern.length)
		if (!translate_next(&state))
			return false;
	return state.depth == 0;
}
