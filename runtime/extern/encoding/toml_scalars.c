/* Numbers, dates and bools in TOML. */
#include "extern/encoding/toml_parse.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "bytecode/model/c_locale.h"

enum { SCALAR_MAXIMUM = 512 };

static bool is_digit(char c) {
	return c >= '0' && c <= '9';
}

static bool is_digit_of(char c, int base) {
	if (base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f')
		return true;
	return is_digit(c) && c - '0' < base;
}

/* ---- Dates and times ---- */

/* Does the text fit a pattern where 0 stands for a digit? */
static bool fits(const char *text, const char *pattern) {
	for (; *pattern != 0; pattern++, text++)
		if (*pattern == '0' ? !is_digit(*text) : *text != *pattern)
			return false;
	return true;
}

static int number_at(const char *text) {
	return (text[0] - '0') * 10 + text[1] - '0';
}

static bool is_date(const char *text) {
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (!fits(text, "0000-00-00"))
		return false;
	int year = number_at(text) * 100 + number_at(text + 2);
	int month = number_at(text + 5);
	int day = number_at(text + 8);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
	       (month != 2 || day < 29 || leap);
}

/* The length of a time with its fraction; 0 if there is none. */
static size_t measure_time(const char *text) {
	if (!fits(text, "00:00:00") || number_at(text) > 23 || number_at(text + 3) > 59 ||
	    number_at(text + 6) > 60)
		return 0;
	size_t length = 8;
	if (text[length] == '.') {
		do {
			length++;
		} while (is_digit(text[length]));
		return text[length - 1] == '.' ? 0 : length;
	}
	return length;
}

static bool is_offset(const char *text) {
	if ((text[0] == 'Z' || text[0] == 'z') && text[1] == 0)
		return true;
	return (text[0] == '+' || text[0] == '-') && fits(text + 1, "00:00") && text[6] == 0 &&
	       number_at(text + 1) < 24 && number_at(text + 4) < 60;
}

static bool is_date_or_time(const char *text) {
	size_t length = measure_time(text);
	if (length > 0)
		return text[length] == 0;
	if (!is_date(text))
		return false;
	if (text[10] == 0)
		return true;
	length = text[10] == 'T' || text[10] == 't' || text[10] == ' ' ? measure_time(text + 11) : 0;
	return length > 0 && (text[11 + length] == 0 || is_offset(text + 11 + length));
}

/* ---- Numbers ---- */

/*
 * Copies digits without the underscores between them; the count of digits, 0 if an underscore stands
 * alone.
 */
static size_t copy_digits(const char **from, char **to, int base) {
	size_t count = 0;
	const char *text = *from;
	while (is_digit_of(*text, base) || (*text == '_' && count > 0 && is_digit_of(text[1], base))) {
		if (*text != '_') {
			*(*to)++ = *text;
			count++;
		}
		text++;
	}
	*from = text;
	return count;
}

static json_t *integer_node(const char *digits, int base) {
	errno = 0;
	long long number = strtoll(digits, NULL, base);
	return errno == 0 ? json_integer(number) : NULL;
}

static json_t *float_node(const char *digits) {
	const c_locale_scope scope = volt_c_locale_enter();
	double number = strtod(digits, NULL);
	volt_c_locale_leave(scope);
	return isfinite(number) ? json_real(number) : NULL;
}

static json_t *prefixed_integer(const char *text, char *digits) {
	int base = text[1] == 'x' ? 16 : text[1] == 'o' ? 8 : 2;
	char *end = digits;
	text += 2;
	bool legal = copy_digits(&text, &end, base) > 0 && *text == 0;
	*end = 0;
	return legal ? integer_node(digits, base) : NULL;
}

/* inf and nan are no numbers of jansson's: they stand as words (see encoding_text()). */
static json_t *special_float(const char *text) {
	bool negative = *text == '-';
	text += *text == '-' || *text == '+';
	if (strcmp(text, "nan") == 0)
		return json_stringn("\0nan", 4);
	if (strcmp(text, "inf") == 0)
		return negative ? json_stringn("\0-inf", 5) : json_stringn("\0inf", 4);
	return NULL;
}

static json_t *decimal_number(const char *text, char *digits) {
	char *end = digits;
	bool is_float = false;
	if (*text == '-' || *text == '+')
		*end++ = *text++;
	bool leading_zero = *text == '0';
	size_t count = copy_digits(&text, &end, 10);
	if (count == 0 || (leading_zero && count > 1))
		return NULL;
	if (*text == '.') {
		is_float = true;
		*end++ = *text++;
		if (copy_digits(&text, &end, 10) == 0)
			return NULL;
	}
	if (*text == 'e' || *text == 'E') {
		is_float = true;
		*end++ = *text++;
		if (*text == '-' || *text == '+')
			*end++ = *text++;
		if (copy_digits(&text, &end, 10) == 0)
			return NULL;
	}
	*end = 0;
	if (*text != 0)
		return NULL;
	return is_float ? float_node(digits) : integer_node(digits, 10);
}

/* ---- All ---- */

static bool is_scalar_byte(char c) {
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c != 0 && strchr("+-_.:", c) != NULL);
}

/* The bytes of the scalar; a date and its time may have a space between. */
static size_t measure_scalar(const toml_parser *parser) {
	size_t length = 0;
	while (is_scalar_byte(toml_peek(parser, length)))
		length++;
	if (length == 10 && toml_peek(parser, 4) == '-' && toml_peek(parser, 10) == ' ' &&
	    is_digit(toml_peek(parser, 11)) && is_digit(toml_peek(parser, 12)) && toml_peek(parser, 13) == ':')
		for (length++; is_scalar_byte(toml_peek(parser, length));)
			length++;
	return length;
}

json_t *toml_parse_scalar(toml_parser *parser) {
	char text[SCALAR_MAXIMUM + 1] = {0};
	char digits[SCALAR_MAXIMUM + 1];
	size_t length = measure_scalar(parser);
	json_t *node = NULL;
	if (length > 0 && length <= SCALAR_MAXIMUM) {
		memcpy(text, parser->text.bytes + parser->at, length);
		if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
			node = json_boolean(text[0] == 't');
		} else if (is_date_or_time(text)) {
			node = json_stringn_nocheck(text, length);
		} else if (text[0] == '0' && text[1] != 0 && strchr("xob", text[1]) != NULL) {
			node = prefixed_integer(text, digits);
		} else {
			node = special_float(text);
			node = node != NULL ? node : decimal_number(text, digits);
		}
	}
	if (node == NULL)
		toml_fail(parser, length > 0 ? "invalid value" : "value expected");
	parser->at += length;
	return node;
}
