/* From text to tokens. */
#include "bytecode/vot/lexer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/c_locale.h"
#include "bytecode/vot/text.h"

void lexer_begin(lexer_state *lexer, const char *text, size_t size) {
	lexer->at = lexer->line_start = text;
	lexer->end = text + size;
	lexer->line = 1;
	lexer->nesting = 0;
}

void lexer_fail(lexer_state *lexer, const token *where, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	volt_error *error = volt_error_new_v(VOLT_ERROR_FORMAT, format, arguments);
	va_end(arguments);
	failure_raise(lexer->failure,
	              volt_error_prefix(error, "%s:%u:%u", lexer->source, where->line, where->column));
}

static char peek(const lexer_state *lexer, size_t ahead) {
	return ahead < (size_t)(lexer->end - lexer->at) ? lexer->at[ahead] : '\0';
}

static void skip_comment(lexer_state *lexer) {
	while (lexer->at < lexer->end && *lexer->at != '\n')
		lexer->at++;
}

static void skip_blanks(lexer_state *lexer) {
	for (; lexer->at < lexer->end; lexer->at++) {
		char c = *lexer->at;
		if (c == ';' || (c == '/' && peek(lexer, 1) == '/'))
			skip_comment(lexer);
		if (lexer->at == lexer->end)
			return;
		c = *lexer->at;
		if (c == '\n' && lexer->nesting) {
			lexer->line++;
			lexer->line_start = lexer->at + 1;
		} else if (c != ' ' && c != '\t' && c != '\r') {
			return;
		}
	}
}

static bool is_digit(char c) {
	return c >= '0' && c <= '9';
}

static int hexadecimal_digit(char c) {
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static void lex_hexadecimal(lexer_state *lexer, token *out) {
	lexer->at += 2;
	out->is_hexadecimal = true;
	if (hexadecimal_digit(peek(lexer, 0)) < 0)
		lexer_fail(lexer, out, "expected hexadecimal digits");
	for (int digit; (digit = hexadecimal_digit(peek(lexer, 0))) >= 0; lexer->at++) {
		if (out->magnitude >> 60)
			lexer_fail(lexer, out, "the number does not fit 64 bits");
		out->magnitude = out->magnitude << 4 | (unsigned)digit;
	}
}

static void lex_float(lexer_state *lexer, token *out, size_t length) {
	char buffer[512];
	if (length >= sizeof buffer)
		lexer_fail(lexer, out, "the number is too long");
	memcpy(buffer, out->start, length);
	buffer[length] = '\0';
	char *end;
	out->kind = TOKEN_FLOAT;
	const c_locale_scope scope = volt_c_locale_enter();
	out->number = strtod(buffer, &end);
	volt_c_locale_leave(scope);
	if (*end)
		lexer_fail(lexer, out, "expected a number");
}

/* Decimal: an integer, unless a point or an exponent follows the digits. */
static void lex_number(lexer_state *lexer, token *out) {
	out->kind = TOKEN_INTEGER;
	out->is_signed = *lexer->at == '-' || *lexer->at == '+';
	out->negative = *lexer->at == '-';
	lexer->at += out->is_signed;
	if (peek(lexer, 0) == '0' && (peek(lexer, 1) == 'x' || peek(lexer, 1) == 'X')) {
		lex_hexadecimal(lexer, out);
		return;
	}
	bool is_float = false, overflow = false;
	for (char c; is_digit(c = peek(lexer, 0)) || c == '.' || c == 'e' || c == 'E'; lexer->at++) {
		bool exponent = c == 'e' || c == 'E';
		is_float = is_float || !is_digit(c);
		if (exponent && (peek(lexer, 1) == '-' || peek(lexer, 1) == '+'))
			lexer->at++;
		overflow = overflow || __builtin_mul_overflow(out->magnitude, 10, &out->magnitude) ||
		           __builtin_add_overflow(out->magnitude, (uint64_t)(c - '0'), &out->magnitude);
	}
	if (is_float)
		lex_float(lexer, out, (size_t)(lexer->at - out->start));
	else if (overflow)
		lexer_fail(lexer, out, "the number does not fit 64 bits");
}

static void lex_identifier(lexer_state *lexer, token *out) {
	while (lexer->at < lexer->end && text_continues_identifier(*lexer->at))
		lexer->at++;
	out->kind = TOKEN_IDENTIFIER;
	out->text = (volt_text){out->start, (uint32_t)(lexer->at - out->start)};
}

static char lex_escape(lexer_state *lexer, const token *out) {
	static const char letters[] = "ntr0\\\"", meanings[] = "\n\t\r\0\\\"";
	char c = peek(lexer, 0);
	const char *found = c ? strchr(letters, c) : NULL;
	lexer->at++;
	if (found)
		return meanings[found - letters];
	int high = hexadecimal_digit(peek(lexer, 0)), low = high < 0 ? -1 : hexadecimal_digit(peek(lexer, 1));
	if (c != 'x' || low < 0)
		lexer_fail(lexer, out, "unknown escape in the string: known are \\n \\t \\r \\0 \\\\ \\\" \\xHH");
	lexer->at += 2;
	return (char)(high << 4 | low);
}

static void lex_string(lexer_state *lexer, token *out) {
	const char *close = lexer->at + 1;
	while (close < lexer->end && *close != '"' && *close != '\n')
		close += *close == '\\' && close + 1 < lexer->end ? 2 : 1;
	if (close >= lexer->end || *close != '"')
		lexer_fail(lexer, out, "the string has no closing quote on its line");
	char *bytes = arena_allocate(lexer->arena, (size_t)(close - lexer->at), 1);
	uint32_t length = 0;
	lexer->at++;
	while (lexer->at < close) {
		char c = *lexer->at++;
		bytes[length++] = c == '\\' ? lex_escape(lexer, out) : c;
	}
	lexer->at = close + 1;
	if (!text_is_utf8(bytes, length))
		lexer_fail(lexer, out, "the string is not UTF-8");
	out->kind = TOKEN_STRING;
	out->text = (volt_text){bytes, length};
}

static void lex_newline(lexer_state *lexer, token *out) {
	out->kind = TOKEN_NEWLINE;
	lexer->at++;
	lexer->line++;
	lexer->line_start = lexer->at;
}

static void lex_symbol(lexer_state *lexer, token *out) {
	char c = *lexer->at;
	if (!strchr("{}[]():,=@!", c) || !c)
		lexer_fail(lexer, out, "unexpected character 0x%02x", (unsigned char)c);
	lexer->nesting += c == '[' || c == '(';
	lexer->nesting -= (c == ']' || c == ')') && lexer->nesting;
	out->kind = TOKEN_SYMBOL;
	out->symbol = c;
	lexer->at++;
}

token lexer_next(lexer_state *lexer) {
	skip_blanks(lexer);
	token result = {
	    .line = lexer->line, .column = (uint32_t)(lexer->at - lexer->line_start) + 1, .start = lexer->at};
	char c = peek(lexer, 0);
	if (lexer->at == lexer->end)
		return result;
	if (c == '\n')
		lex_newline(lexer, &result);
	else if (text_starts_identifier(c))
		lex_identifier(lexer, &result);
	else if (is_digit(c) || ((c == '-' || c == '+') && is_digit(peek(lexer, 1))))
		lex_number(lexer, &result);
	else if (c == '"')
		lex_string(lexer, &result);
	else
		lex_symbol(lexer, &result);
	result.length = (size_t)(lexer->at - result.start);
	return result;
}
