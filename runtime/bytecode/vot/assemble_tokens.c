/* What all statements of the text form are made of: symbols, numbers, names, attributes. */
#include <string.h>

#include "bytecode/vot/assemble.h"
#include "bytecode/vot/text.h"

/* Of a long token only the beginning is shown, without a part of a character at its end. */
static int shown_length(const token *shown) {
	enum { MOST = 40, CONTINUATION_MASK = 0xc0, CONTINUATION = 0x80 };
	if (shown->length <= MOST)
		return (int)shown->length;
	int length = MOST;
	while (length > 0 && ((unsigned char)shown->start[length] & CONTINUATION_MASK) == CONTINUATION)
		length--;
	return length;
}

void assembler_expected(assembler *from, const char *what) {
	const token *found = &from->token;
	if (found->kind == TOKEN_END)
		lexer_fail(&from->lexer, found, "expected %s, but found the end of the text", what);
	if (found->kind == TOKEN_NEWLINE)
		lexer_fail(&from->lexer, found, "expected %s, but found the end of the line", what);
	lexer_fail(&from->lexer, found, "expected %s, but found '%.*s'", what, shown_length(found), found->start);
}

void assembler_fail_named(assembler *from, const token *where, const char *before, const char *behind) {
	lexer_fail(&from->lexer, where, "%s '%.*s'%s", before, shown_length(where), where->start, behind);
}

void assembler_advance(assembler *from) {
	from->token = lexer_next(&from->lexer);
}

bool assembler_at_symbol(const assembler *from, char symbol) {
	return from->token.kind == TOKEN_SYMBOL && from->token.symbol == symbol;
}

bool assembler_accept_symbol(assembler *from, char symbol) {
	if (!assembler_at_symbol(from, symbol))
		return false;
	assembler_advance(from);
	return true;
}

void assembler_expect_symbol(assembler *from, char symbol) {
	char what[] = {'\'', symbol, '\'', '\0'};
	if (!assembler_accept_symbol(from, symbol))
		assembler_expected(from, what);
}

bool assembler_at_word(const assembler *from, const char *word) {
	return from->token.kind == TOKEN_IDENTIFIER && text_is(from->token.text, word);
}

bool assembler_accept_word(assembler *from, const char *word) {
	if (!assembler_at_word(from, word))
		return false;
	assembler_advance(from);
	return true;
}

void assembler_end_line(assembler *from) {
	if (from->token.kind == TOKEN_END || assembler_at_symbol(from, '}'))
		return;
	if (from->token.kind != TOKEN_NEWLINE)
		assembler_expected(from, "the end of the line");
	assembler_advance(from);
}

bool assembler_begin_block(assembler *from) {
	return assembler_accept_symbol(from, '{');
}

bool assembler_next_statement(assembler *from) {
	while (from->token.kind == TOKEN_NEWLINE)
		assembler_advance(from);
	return !assembler_accept_symbol(from, '}');
}

uint64_t assembler_number(assembler *from, uint64_t most, const char *what) {
	const token *next = &from->token;
	if (next->kind != TOKEN_INTEGER)
		assembler_expected(from, what);
	if ((next->negative && next->magnitude) || next->magnitude > most)
		lexer_fail(&from->lexer, next, "%s must be between 0 and %llu", what, (unsigned long long)most);
	uint64_t value = next->magnitude;
	assembler_advance(from);
	return value;
}

int64_t assembler_signed(assembler *from, int64_t least, int64_t most, const char *what) {
	const token *next = &from->token;
	if (next->kind != TOKEN_INTEGER)
		assembler_expected(from, what);
	uint64_t limit = next->negative ? -(uint64_t)least : (uint64_t)most;
	if (next->magnitude > limit)
		lexer_fail(&from->lexer, next, "%s must be between %lld and %lld", what, (long long)least,
		           (long long)most);
	int64_t value = (int64_t)(next->negative ? -next->magnitude : next->magnitude);
	assembler_advance(from);
	return value;
}

/* Names outlive the text that they are read from. */
static volt_text copy_text(assembler *from, volt_text text) {
	char *copy = arena_allocate(from->arena, text.length, 1);
	if (text.length)
		memcpy(copy, text.bytes, text.length);
	return (volt_text){copy, text.length};
}

volt_text assembler_string(assembler *from) {
	if (from->token.kind != TOKEN_STRING)
		assembler_expected(from, "a string");
	volt_text text = from->token.text;
	assembler_advance(from);
	return text;
}

volt_text assembler_name(assembler *from) {
	if (from->token.kind != TOKEN_IDENTIFIER && from->token.kind != TOKEN_STRING)
		assembler_expected(from, "a name");
	volt_text text = from->token.text;
	if (from->token.kind == TOKEN_IDENTIFIER)
		text = copy_text(from, text);
	assembler_advance(from);
	return text;
}

static bool is_kind(const assembler *from, volt_kind *kind) {
	for (unsigned i = 0; i < VOLT_KIND_COUNT; i++)
		if (assembler_at_word(from, volt_kind_name(i))) {
			*kind = (volt_kind)i;
			return true;
		}
	return false;
}

volt_kind assembler_kind(assembler *from) {
	volt_kind kind;
	if (!is_kind(from, &kind))
		assembler_expected(from, "a kind, such as int or string");
	assembler_advance(from);
	return kind;
}

static bool indexed_value(const assembler *from, char prefix, uint64_t *value) {
	volt_text text = from->token.text;
	if (from->token.kind != TOKEN_IDENTIFIER || text.length < 2 || text.length > 11 ||
	    text.bytes[0] != prefix)
		return false;
	*value = 0;
	for (uint32_t i = 1; i < text.length; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
		*value = 10 * *value + (uint64_t)(text.bytes[i] - '0');
	}
	return true;
}

bool assembler_at_indexed(const assembler *from, char prefix) {
	uint64_t value;
	return indexed_value(from, prefix, &value);
}

uint32_t assembler_indexed(assembler *from, char prefix, uint32_t most) {
	char what[] = {prefix, '0', ' ', 't', 'o', ' ', prefix, '\0'};
	uint64_t value;
	if (!indexed_value(from, prefix, &value))
		assembler_expected(from, prefix == 'r' ? "a slot, such as r0" : "an index");
	if (value > most)
		lexer_fail(&from->lexer, &from->token, "expected %s%u", what, most);
	assembler_advance(from);
	return (uint32_t)value;
}

bool assembler_attribute(assembler *from, const char *name, uint64_t most, uint64_t *value) {
	if (!assembler_accept_word(from, name))
		return false;
	assembler_expect_symbol(from, '=');
	*value = assembler_number(from, most, name);
	return true;
}

bool assembler_flag(assembler *from, const char *name, bool *value) {
	if (!assembler_accept_word(from, name))
		return false;
	*value = !assembler_accept_symbol(from, '=') || assembler_number(from, 1, name) != 0;
	return true;
}

uint32_t assembler_word(assembler *from, bool basic_id) {
	if (from->token.kind == TOKEN_INTEGER)
		return (uint32_t)assembler_number(from, UINT32_MAX, "type");
	volt_kind kind = assembler_kind(from);
	if (assembler_accept_symbol(from, ':'))
		return volt_meta_make((uint32_t)assembler_number(from, 0xffffff, "type id"), kind);
	return volt_meta_make(basic_id ? (uint32_t)kind : 0, kind);
}

void assembler_words(assembler *from, volt_index_vector *words) {
	assembler_expect_symbol(from, '[');
	while (!assembler_accept_symbol(from, ']')) {
		uint32_t word = assembler_word(from, true);
		*ARENA_APPEND(from->arena, words) = word;
		assembler_accept_symbol(from, ',');
	}
}

assembler_bytes assembler_slot_types(assembler *from) {
	static const char letters[] = "vripf";
	assembler_bytes types = {0};
	if (from->token.kind != TOKEN_IDENTIFIER)
		assembler_expected(from, "slot types (letters of v r i p f)");
	volt_text text = from->token.text;
	types.items = arena_allocate(from->arena, text.length, 1);
	for (; types.count < text.length; types.count++) {
		const char *letter = strchr(letters, text.bytes[types.count]);
		if (!letter)
			assembler_expected(from, "slot types (letters of v r i p f)");
		types.items[types.count] = (uint8_t)(letter - letters);
	}
	assembler_advance(from);
	return types;
}
