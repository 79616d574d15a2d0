/* The structure of TOML documents: lines, keys, headers, arrays, inline tables. */
#include "extern/encoding/toml_parse.h"

#include <stdio.h>

static json_t *parse_value(toml_parser *parser);

void toml_fail(toml_parser *parser, const char *what) {
	size_t line = 1;
	if (parser->error[0] != 0)
		return;
	for (size_t i = 0; i < parser->at && i < parser->text.length; i++)
		line += parser->text.bytes[i] == '\n';
	snprintf(parser->error, 256, "toml: line %zu: %s", line, what);
}

/* ---- Between tokens ---- */

static void skip_blanks(toml_parser *parser) {
	while (toml_peek(parser, 0) == ' ' || toml_peek(parser, 0) == '\t')
		parser->at++;
}

static bool at_line_end(const toml_parser *parser) {
	return toml_peek(parser, 0) == '\n' || (toml_peek(parser, 0) == '\r' && toml_peek(parser, 1) == '\n');
}

/* A comment, if there is one, up to its line end. */
static bool skip_comment(toml_parser *parser) {
	if (toml_peek(parser, 0) != '#')
		return true;
	while (parser->at < parser->text.length && !at_line_end(parser)) {
		unsigned char c = (unsigned char)toml_peek(parser, 0);
		if ((c < 32 && c != '\t') || c == 127) {
			toml_fail(parser, "control character in comment");
			return false;
		}
		parser->at++;
	}
	return true;
}

/* White space, line ends and comments. False: a bad comment. */
static bool skip_lines(toml_parser *parser) {
	for (;;) {
		skip_blanks(parser);
		if (!skip_comment(parser))
			return false;
		if (!at_line_end(parser))
			return true;
		parser->at += toml_peek(parser, 0) == '\r' ? 2 : 1;
	}
}

/* ---- Keys ---- */

static bool is_bare(char c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

static json_t *parse_simple_key(toml_parser *parser) {
	size_t length = 0;
	if (toml_peek(parser, 0) == '"' || toml_peek(parser, 0) == '\'')
		return toml_parse_string(parser, false);
	while (is_bare(toml_peek(parser, length)))
		length++;
	if (length == 0) {
		toml_fail(parser, "key expected");
		return NULL;
	}
	json_t *key = json_stringn_nocheck(parser->text.bytes + parser->at, length);
	parser->at += length;
	return key;
}

/* A dotted key, as an array of strings. */
static json_t *parse_key(toml_parser *parser) {
	json_t *key = json_array();
	for (;;) {
		skip_blanks(parser);
		json_t *part = parse_simple_key(parser);
		if (part == NULL || json_array_append_new(key, part) != 0) {
			json_decref(key);
			return NULL;
		}
		skip_blanks(parser);
		if (toml_peek(parser, 0) != '.')
			break;
		parser->at++;
	}
	if (json_array_size(key) > ENCODING_DEPTH) {
		toml_fail(parser, "key has too many parts");
		json_decref(key);
		return NULL;
	}
	return key;
}

/* `key = value` into a table. */
static bool parse_pair(toml_parser *parser, json_t *table) {
	json_t *key = parse_key(parser);
	if (key == NULL)
		return false;
	json_t *value = NULL;
	unsigned depth = parser->depth;
	parser->depth += (unsigned)json_array_size(key) - 1;
	if (parser->depth > ENCODING_DEPTH) {
		toml_fail(parser, "values nested too deeply");
	} else if (toml_peek(parser, 0) == '=') {
		parser->at++;
		skip_blanks(parser);
		value = parse_value(parser);
	} else {
		toml_fail(parser, "'=' expected after key");
	}
	parser->depth = depth;
	bool set = value != NULL && toml_set(parser, table, key, value);
	json_decref(key);
	return set;
}

/* ---- Arrays and inline tables ---- */

static bool parse_elements(toml_parser *parser, json_t *array) {
	for (;;) {
		if (!skip_lines(parser))
			return false;
		if (toml_peek(parser, 0) == ']') {
			parser->at++;
			return true;
		}
		json_t *element = parse_value(parser);
		if (element == NULL || json_array_append_new(array, element) != 0 || !skip_lines(parser))
			return false;
		if (toml_peek(parser, 0) == ',') {
			parser->at++;
		} else if (toml_peek(parser, 0) != ']') {
			toml_fail(parser, "',' or ']' expected in array");
			return false;
		}
	}
}

static bool parse_members(toml_parser *parser, json_t *table) {
	skip_blanks(parser);
	if (toml_peek(parser, 0) == '}') {
		parser->at++;
		return true;
	}
	for (;;) {
		if (!parse_pair(parser, table))
			return false;
		skip_blanks(parser);
		char c = toml_peek(parser, 0);
		parser->at++;
		if (c == '}')
			return true;
		if (c != ',') {
			toml_fail(parser, "',' or '}' expected in inline table");
			return false;
		}
	}
}

static json_t *parse_container(toml_parser *parser) {
	bool is_array = toml_peek(parser, 0) == '[';
	if (parser->depth == ENCODING_DEPTH) {
		toml_fail(parser, "values nested too deeply");
		return NULL;
	}
	json_t *container = is_array ? json_array() : toml_new_table(TOML_INLINE);
	parser->at++;
	parser->depth++;
	bool parsed = is_array ? parse_elements(parser, container) : parse_members(parser, container);
	parser->depth--;
	if (!parsed) {
		json_decref(container);
		return NULL;
	}
	return container;
}

/* Any value. */
static json_t *parse_value(toml_parser *parser) {
	switch (toml_peek(parser, 0)) {
	case '"':
	case '\'': return toml_parse_string(parser, true);
	case '[':
	case '{': return parse_container(parser);
	default: return toml_parse_scalar(parser);
	}
}

/* ---- Lines ---- */

static bool parse_header(toml_parser *parser) {
	bool is_array = toml_peek(parser, 1) == '[';
	parser->at += is_array ? 2 : 1;
	json_t *key = parse_key(parser);
	if (key == NULL)
		return false;
	bool closed = toml_peek(parser, 0) == ']' && (!is_array || toml_peek(parser, 1) == ']');
	if (!closed)
		toml_fail(parser, "']' expected after table name");
	parser->at += is_array ? 2 : 1;
	bool opened = closed && toml_open_table(parser, key, is_array);
	json_decref(key);
	return opened;
}

static bool parse_line(toml_parser *parser) {
	bool parsed = toml_peek(parser, 0) == '[' ? parse_header(parser) : parse_pair(parser, parser->table);
	if (!parsed)
		return false;
	skip_blanks(parser);
	if (!skip_comment(parser))
		return false;
	if (parser->at < parser->text.length && !at_line_end(parser)) {
		toml_fail(parser, "end of line expected");
		return false;
	}
	return true;
}

json_t *toml_parse(string_view text, char *error) {
	toml_parser parser = {.text = text, .error = error, .root = toml_new_table(TOML_HEADER), .depth = 1};
	parser.table = parser.root;
	bool parsed = true;
	while (parsed && (parsed = skip_lines(&parser)) && parser.at < text.length)
		parsed = parse_line(&parser);
	if (!parsed) {
		toml_fail(&parser, "out of memory");
		json_decref(parser.root);
		return NULL;
	}
	toml_remove_states(parser.root);
	return parser.root;
}
