/*
 * JSON text into a tree. jansson parses; before that, a pass over the text replaces what Go accepts and
 * jansson does not: bytes that are no UTF-8, single surrogates, integers beyond 64 bits (see
 * encoding_text()).
 */
#include "extern/encoding/encoding_json.h"

#include <stdio.h>

#include "bytecode/model/c_locale.h"

typedef struct {
	string_view text;
	size_t at;
	buffer out;
	unsigned depth;
	bool too_deep;
} json_preparation;

static bool is_digit(char c) {
	return c >= '0' && c <= '9';
}

static char byte_at(const json_preparation *from, size_t at) {
	return at < from->text.length ? from->text.bytes[at] : 0;
}

/* The value of the escape with \u and four digits at `at`, or -1. */
static int escaped_unit(const json_preparation *from, size_t at) {
	int unit = 0;
	if (byte_at(from, at) != '\\' || byte_at(from, at + 1) != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		char c = byte_at(from, at + i);
		if (!is_digit(c) && ((c | 32) < 'a' || (c | 32) > 'f'))
			return -1;
		unit = unit * 16 + (is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
	}
	return unit;
}

static void copy(json_preparation *from, size_t length) {
	size_t rest = from->text.length - from->at;
	size_t used = length < rest ? length : rest;
	buffer_append(&from->out, from->text.bytes + from->at, used);
	from->at += used;
}

static void prepare_escape(json_preparation *from) {
	int unit = escaped_unit(from, from->at);
	if (unit < 0xd800 || unit > 0xdfff) {
		copy(from, unit < 0 ? 2 : 6);
		return;
	}
	int low = unit < 0xdc00 ? escaped_unit(from, from->at + 6) : -1;
	if (low >= 0xdc00 && low <= 0xdfff) {
		copy(from, 12);
	} else {
		buffer_append_text(&from->out, "\\ufffd");
		from->at += 6;
	}
}

static void prepare_string(json_preparation *from) {
	copy(from, 1);
	if (escaped_unit(from, from->at) == 0)
		buffer_append_text(&from->out, "\\u0000");
	while (from->at < from->text.length && byte_at(from, from->at) != '"') {
		unsigned width = 1;
		if (byte_at(from, from->at) == '\\') {
			prepare_escape(from);
		} else if (utf8_decode(from->text.bytes, from->text.length, from->at, &width) == 0xfffd &&
		           width == 1) {
			buffer_append_text(&from->out, "\xef\xbf\xbd");
			from->at++;
		} else {
			copy(from, width);
		}
	}
	copy(from, 1);
}

/* Digits in place of a key stay as they are, for the parser to refuse. */
static bool is_key(const json_preparation *from, size_t end) {
	while (byte_at(from, end) != 0 && strchr(" \t\r\n", byte_at(from, end)) != NULL)
		end++;
	return byte_at(from, end) == ':';
}

static void prepare_number(json_preparation *from) {
	enum { SAFE_DIGITS = 18 };
	size_t start = from->at + (byte_at(from, from->at) == '-');
	size_t end = start;
	while (is_digit(byte_at(from, end)))
		end++;
	size_t digits = end - start;
	bool negative_zero = start > from->at && digits == 1 && byte_at(from, start) == '0';
	bool integer = byte_at(from, end) != '.' && (byte_at(from, end) | 32) != 'e';
	bool legal = digits > 0 && (digits == 1 || byte_at(from, start) != '0');
	bool special = integer && legal && (digits > SAFE_DIGITS || negative_zero) && !is_key(from, end);
	if (special)
		buffer_append_text(&from->out, "\"\\u0000");
	while (is_digit(byte_at(from, from->at)) ||
	       (byte_at(from, from->at) != 0 && strchr("-+.eE", byte_at(from, from->at)) != NULL))
		copy(from, 1);
	if (special)
		buffer_append_byte(&from->out, '"');
}

static void prepare(json_preparation *from) {
	while (from->at < from->text.length) {
		char c = byte_at(from, from->at);
		if (c == '"') {
			prepare_string(from);
		} else if (c == '-' || is_digit(c)) {
			prepare_number(from);
		} else {
			from->depth += c == '[' || c == '{' ? 1U : 0U;
			from->depth -= (c == ']' || c == '}') && from->depth > 0 ? 1U : 0U;
			from->too_deep |= from->depth > ENCODING_DEPTH;
			copy(from, 1);
		}
	}
}

/* jansson reads floats as the locale says. */
static json_t *load(const buffer *text, json_error_t *reason) {
	const c_locale_scope scope = volt_c_locale_enter();
	json_t *tree = json_loadb(text->bytes, text->length, JSON_DECODE_ANY | JSON_ALLOW_NUL, reason);
	volt_c_locale_leave(scope);
	return tree;
}

json_t *encoding_json_parse(string_view text, char *error) {
	json_preparation from = {.text = text};
	json_t *tree = NULL;
	json_error_t reason;
	buffer_append_text(&from.out, "");
	prepare(&from);
	if (from.too_deep)
		snprintf(error, 256, "json: exceeded max depth");
	else
		tree = load(&from.out, &reason);
	if (tree == NULL && !from.too_deep) {
		bool ended = json_error_code(&reason) == json_error_premature_end_of_input || text.length == 0;
		if (ended)
			snprintf(error, 256, "unexpected end of JSON input");
		else
			snprintf(error, 256, "invalid JSON: %s at line %d", reason.text, reason.line);
	}
	buffer_free(&from.out);
	return tree;
}
