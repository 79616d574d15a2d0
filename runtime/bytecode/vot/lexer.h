/* Tokens of the text form. README.md has the grammar. */
#ifndef BYTECODE_VOT_LEXER_H
#define BYTECODE_VOT_LEXER_H

#include "bytecode/model/arena.h"

typedef enum {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_IDENTIFIER, /* `text` */
	TOKEN_INTEGER,    /* `magnitude`, `negative`, `is_signed` */
	TOKEN_FLOAT,      /* `number` */
	TOKEN_STRING,     /* `text`, escapes resolved */
	TOKEN_SYMBOL,     /* `symbol` */
} token_kind;

typedef struct {
	token_kind kind;
	uint32_t line;
	uint32_t column; /* in bytes, from 1 */
	const char *start;
	size_t length;
	volt_text text;
	uint64_t magnitude;
	bool negative;
	bool is_signed; /* a sign was written */
	bool is_hexadecimal;
	double number;
	char symbol;
} token;

typedef struct {
	const char *at;
	const char *end;
	const char *line_start;
	uint32_t line;
	unsigned nesting; /* of brackets, in which newlines mean nothing */
	const char *source;
	volt_arena *arena;
	failure *failure;
} lexer_state;

void lexer_begin(lexer_state *lexer, const char *text, size_t size);
token lexer_next(lexer_state *lexer);

/* "source:line:column: message" */
_Noreturn void lexer_fail(lexer_state *lexer, const token *where, const char *format, ...) VOLT_PRINTF(3, 4);

#endif
