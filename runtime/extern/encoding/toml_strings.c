/* Strings in TOML: basic and literal, on one line or several. */
#include "extern/encoding/toml_parse.h"

#include "object/buffer.h"

static bool is_control(char c) {
	return ((unsigned char)c < 32 && c != '\t') || c == 127;
}

static bool read_hexadecimal(toml_parser *parser, unsigned digits, buffer *out) {
	uint32_t rune = 0;
	for (unsigned i = 0; i < digits; i++) {
		char c = toml_peek(parser, i);
		bool digit = c >= '0' && c <= '9';
		if (!digit && ((c | 32) < 'a' || (c | 32) > 'f'))
			return false;
		rune = rune << 4 | (uint32_t)(digit ? c - '0' : (c | 32) - 'a' + 10);
	}
	if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
		return false;
	char encoded[4];
	unsigned width = utf8_encode((int32_t)rune, encoded);
	buffer_append(out, encoded, width);
	parser->at += digits;
	return true;
}

/* A backslash at a line's end takes away the white space that follows. */
static bool skip_line_end(toml_parser *parser) {
	bool line = false;
	size_t start = parser->at;
	while (toml_peek(parser, 0) != 0 && strchr(" \t\r\n", toml_peek(parser, 0)) != NULL) {
		line |= toml_peek(parser, 0) == '\n';
		parser->at++;
	}
	if (!line)
		parser->at = start;
	return line;
}

static bool read_escape(toml_parser *parser, bool multi_line, buffer *out) {
	static const char from[] = "btnfr\"\\";
	static const char to[] = "\b\t\n\f\r\"\\";
	char c = toml_peek(parser, 1);
	parser->at++;
	const char *simple = c != 0 ? strchr(from, c) : NULL;
	if (simple != NULL) {
		buffer_append_byte(out, to[simple - from]);
		parser->at++;
		return true;
	}
	if (c == 'u' || c == 'U') {
		parser->at++;
		return read_hexadecimal(parser, c == 'u' ? 4 : 8, out);
	}
	return multi_line && skip_line_end(parser);
}

static unsigned count_quotes(const toml_parser *parser, char quote) {
	unsigned count = 0;
	while (toml_peek(parser, count) == quote)
		count++;
	return count;
}

/* Quotes inside a string of several lines: true if they end it. Up to two may stand right before the end. */
static bool read_quotes(toml_parser *parser, char quote, buffer *out) {
	unsigned count = count_quotes(parser, quote);
	unsigned used = count < 5 ? count : 5;
	unsigned text = used < 3 ? used : used - 3;
	for (unsigned i = 0; i < text; i++)
		buffer_append_byte(out, quote);
	parser->at += used;
	return used >= 3;
}

static bool read_body(toml_parser *parser, char quote, bool multi_line, buffer *out) {
	for (;;) {
		char c = toml_peek(parser, 0);
		if (c == quote && !multi_line) {
			parser->at++;
			return true;
		}
		if (c == quote) {
			if (read_quotes(parser, quote, out))
				return true;
		} else if (c == '\\' && quote == '"') {
			if (!read_escape(parser, multi_line, out)) {
				toml_fail(parser, "invalid escape in string");
				return false;
			}
		} else if (multi_line && (c == '\n' || (c == '\r' && toml_peek(parser, 1) == '\n'))) {
			buffer_append_byte(out, '\n');
			parser->at += c == '\r' ? 2 : 1;
		} else if (is_control(c)) {
			toml_fail(parser,
			          parser->at < parser->text.length ? "control character in string" : "string has no end");
			return false;
		} else {
			buffer_append_byte(out, c);
			parser->at++;
		}
	}
}

/* A string that begins with a zero byte has it twice (see encoding_text()). */
static json_t *string_node(const buffer *text) {
	if (text->length == 0 || text->bytes[0] != 0)
		return json_stringn_nocheck(text->bytes, text->length);
	buffer marked = {0};
	buffer_append_byte(&marked, 0);
	buffer_append(&marked, text->bytes, text->length);
	json_t *node = json_stringn_nocheck(marked.bytes, marked.length);
	buffer_free(&marked);
	return node;
}

json_t *toml_parse_string(toml_parser *parser, bool may_span_lines) {
	char quote = toml_peek(parser, 0);
	bool multi_line = may_span_lines && toml_peek(parser, 1) == quote && toml_peek(parser, 2) == quote;
	buffer text = {0};
	json_t *node = NULL;
	buffer_append_text(&text, "");
	parser->at += multi_line ? 3 : 1;
	if (multi_line && toml_peek(parser, 0) == '\r' && toml_peek(parser, 1) == '\n')
		parser->at += 2;
	else if (multi_line && toml_peek(parser, 0) == '\n')
		parser->at++;
	if (read_body(parser, quote, multi_line, &text))
		node = may_span_lines ? string_node(&text) : json_stringn_nocheck(text.bytes, text.length);
	buffer_free(&text);
	return node;
}
