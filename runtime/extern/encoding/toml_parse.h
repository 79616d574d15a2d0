/*
 * TOML 1.0 into a tree (see encoding.h). The distribution that Volt builds on has no C library for TOML, so
 * this is our own. Dates and times become strings, in the words of the document.
 */
#ifndef EXTERN_ENCODING_TOML_PARSE_H
#define EXTERN_ENCODING_TOML_PARSE_H

#include "extern/encoding/encoding.h"

/* NULL: `error` (256 bytes) says what is wrong, with the line. The text must be UTF-8. */
json_t *toml_parse(string_view text, char *error);

/* ---- Between the files of the parser ---- */

typedef struct {
	string_view text;
	size_t at;
	unsigned depth; /* levels of the document around what is read next */
	char *error;
	json_t *root;
	json_t *table; /* that plain keys go to; borrowed */
} toml_parser;

/* The byte `ahead` places on; 0 at the end (a zero byte is legal nowhere in TOML). */
static inline char toml_peek(const toml_parser *parser, size_t ahead) {
	return parser->at + ahead < parser->text.length ? parser->text.bytes[parser->at + ahead] : 0;
}

/* Sets the error if there is none yet. */
void toml_fail(toml_parser *parser, const char *what);

/* A string of any of the four kinds, as a new node. */
json_t *toml_parse_string(toml_parser *parser, bool may_span_lines);

/* A number, date or bool. */
json_t *toml_parse_scalar(toml_parser *parser);

/* ---- toml_tables.c: which tables may still grow ---- */

typedef enum {
	TOML_IMPLICIT = 1, /* by the header of a table inside: a header of its own may follow */
	TOML_HEADER = 2,
	TOML_DOTTED = 4,   /* by a dotted key: no header may open it */
	TOML_INLINE = 8,   /* closed for ever */
	TOML_ELEMENT = 16, /* of an array of tables */
} toml_table_state;

json_t *toml_new_table(toml_table_state state);

/* Opens the table of a header, `[key]` or `[[key]]`, and sets the parser's depth. */
bool toml_open_table(toml_parser *parser, const json_t *key, bool is_array);

/* Takes over `value`. */
bool toml_set(toml_parser *parser, json_t *table, const json_t *key, json_t *value);

/* Takes the marks of states out of the finished tree. */
void toml_remove_states(json_t *node);

#endif
