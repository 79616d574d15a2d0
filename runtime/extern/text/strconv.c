/*
 * Package strconv: floats from and to text, as Rust's standard library does it (NATIVES.md, "Numbers as
 * text").
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>

#include "bytecode/model/c_locale.h"
#include "extern/registry.h"
#include "extern/support.h"
#include "extern/text/search.h"
#include "object/format.h"

/* A double has at most 767 digits that are not zero in exponent form and 1074 behind the point. */
enum { EXACT_DIGITS = 1100 };

/* ---- Parsing ---- */

static bool is_space_at(string_view text, size_t at, unsigned *width) {
	int32_t rune = utf8_decode(text.bytes, text.length, at, width);
	return uc_is_property_white_space((ucs4_t)rune);
}

static string_view trim(string_view text) {
	unsigned width = 0;
	size_t start = 0;
	while (start < text.length && is_space_at(text, start, &width))
		start += width;
	size_t end = text.length;
	while (end > start) {
		size_t last = search_character_before(text, end);
		if (!is_space_at(text, last, &width) || last + width != end)
			break;
		end = last;
	}
	return (string_view){text.bytes + start, end - start};
}

/* Not tolower(), whose answer is the locale's: in a Turkish one, I and i are different letters. */
static char ascii_lower(char c) {
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* `word` is in lower case. */
static bool is_word(string_view text, const char *word) {
	if (text.length != strlen(word))
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (ascii_lower(text.bytes[i]) != word[i])
			return false;
	return true;
}

/* *value is left alone if the word is none. */
static bool parse_word(string_view text, double *value) {
	if (is_word(text, "inf") || is_word(text, "infinity"))
		*value = (double)INFINITY;
	else if (is_word(text, "nan"))
		*value = (double)NAN;
	else
		return false;
	return true;
}

static size_t skip_digits(string_view text, size_t at) {
	while (at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9')
		at++;
	return at;
}

/* digits [. digits] [e [sign] digits], with digits on one side of the point at least. */
static bool is_decimal(string_view text) {
	size_t at = skip_digits(text, 0);
	size_t digits = at;
	if (at < text.length && text.bytes[at] == '.') {
		size_t end = skip_digits(text, at + 1);
		digits += end - (at + 1);
		at = end;
	}
	if (digits == 0)
		return false;
	if (at < text.length && (text.bytes[at] == 'e' || text.bytes[at] == 'E')) {
		at++;
		at += at < text.length && (text.bytes[at] == '+' || text.bytes[at] == '-');
		size_t end = skip_digits(text, at);
		return end > at && end == text.length;
	}
	return at == text.length;
}

static double convert_decimal(volt_native_call *call, string_view text) {
	buffer *terminated = native_text(call, text.length);
	buffer_append(terminated, text.bytes, text.length);
	const c_locale_scope scope = volt_c_locale_enter();
	const double value = strtod(terminated->bytes, NULL);
	volt_c_locale_leave(scope);
	return value;
}

static bool parse_unsigned(volt_native_call *call, string_view text, bool single, double *value) {
	if (!is_decimal(text))
		return parse_word(text, value);
	*value = convert_decimal(call, text);
	if (!single)
		return true;
	if (isinf((float)*value))
		return false;
	*value = (double)(float)*value;
	return true;
}

static volt_native_result parse_float(volt_native_call *call) {
	string_view text = trim(native_string(call, 0));
	bool single = native_int(call, 1) == 32;
	bool negative = text.length > 0 && text.bytes[0] == '-';
	if (negative || (text.length > 0 && text.bytes[0] == '+'))
		text = (string_view){text.bytes + 1, text.length - 1};
	double value = 0;
	bool valid = parse_unsigned(call, text, single, &value);
	/* What is no number gives 0, which has no sign. */
	native_set_float(call, 0, negative && (valid || value != 0) ? -value : value);
	native_set_bool(call, 1, valid);
	return VOLT_NATIVE_OK;
}

/* ---- Formatting ---- */

/* The shortest digits that round-trip, without zeros around them, and the power of ten of the first one. */
typedef struct {
	char digits[32];
	size_t count;
	long exponent;
} shortest;

/* Reads them off the positional form, which may have hundreds of zeros on either side. */
static shortest shortest_digits(double value) {
	buffer text = {0};
	format_float64(&text, fabs(value));
	const char *point = memchr(text.bytes, '.', text.length);
	size_t whole = point == NULL ? text.length : (size_t)(point - text.bytes);
	shortest result = {.exponent = 0};
	size_t zeros = 0;
	for (size_t i = 0; i < text.length; i++) {
		char digit = text.bytes[i];
		if (digit == '.' || (digit == '0' && result.count == 0))
			continue;
		if (result.count == 0)
			result.exponent = i < whole ? (long)(whole - i) - 1 : (long)whole - (long)i;
		if (digit == '0') {
			zeros++;
			continue;
		}
		for (; zeros > 0 && result.count < sizeof result.digits; zeros--)
			result.digits[result.count++] = '0';
		if (result.count < sizeof result.digits)
			result.digits[result.count++] = digit;
	}
	buffer_free(&text);
	if (result.count == 0)
		result.digits[result.count++] = '0';
	return result;
}

static void append_shortest_exponent(buffer *out, double value, char mark) {
	shortest parts = shortest_digits(value);
	if (signbit(value))
		buffer_append_byte(out, '-');
	buffer_append_byte(out, parts.digits[0]);
	if (parts.count > 1) {
		buffer_append_byte(out, '.');
		buffer_append(out, parts.digits + 1, parts.count - 1);
	}
	buffer_append_format(out, "%c%ld", mark, parts.exponent);
}

/* Exactly `precision` digits behind the point. C's form is read back: its exponent has a sign and two digits.
 */
static void append_fixed_exponent(buffer *out, double value, uint64_t precision, char mark) {
	int exact = precision < EXACT_DIGITS ? (int)precision : EXACT_DIGITS;
	char text[EXACT_DIGITS + 32];
	const c_locale_scope scope = volt_c_locale_enter();
	int length = snprintf(text, sizeof text, "%.*e", exact, fabs(value));
	volt_c_locale_leave(scope);
	const char *exponent = memchr(text, 'e', (size_t)length);
	if (signbit(value))
		buffer_append_byte(out, '-');
	buffer_append_byte(out, text[0]);
	if (precision > 0) {
		buffer_append_byte(out, '.');
		buffer_append(out, exponent - exact, (size_t)exact);
		buffer_append_repeated(out, '0', precision - (uint64_t)exact);
	}
	buffer_append_format(out, "%c%ld", mark, strtol(exponent + 1, NULL, 10));
}

static void append_exponent(buffer *out, double value, int64_t precision, char mark) {
	if (!isfinite(value))
		format_float64(out, value);
	else if (precision < 0)
		append_shortest_exponent(out, value, mark);
	else
		append_fixed_exponent(out, value, (uint64_t)precision, mark);
}

static void append_positional(buffer *out, double value, int64_t precision) {
	if (precision < 0 || !isfinite(value)) {
		format_float64(out, value);
		return;
	}
	unsigned exact = precision < EXACT_DIGITS ? (unsigned)precision : EXACT_DIGITS;
	format_float_fixed(out, value, exact);
	buffer_append_repeated(out, '0', (uint64_t)precision - exact);
}

static void append_binary(buffer *out, uint64_t bits) {
	int highest = bits == 0 ? 0 : 63 - __builtin_clzll(bits);
	for (int bit = highest; bit >= 0; bit--)
		buffer_append_byte(out, (bits >> bit & 1) != 0 ? '1' : '0');
}

static void capitalise(buffer *out) {
	for (size_t i = 0; i < out->length; i++)
		if (out->bytes[i] >= 'a' && out->bytes[i] <= 'z')
			out->bytes[i] = (char)(out->bytes[i] - 'a' + 'A');
}

static void append_float(buffer *out, double value, uint64_t form, int64_t precision) {
	switch (form) {
	case 'e':
	case 'x': append_exponent(out, value, precision, 'e'); break;
	case 'E':
	case 'X': append_exponent(out, value, precision, 'E'); break;
	case 'f':
	case 'F':
	case 'g': append_positional(out, value, precision); break;
	case 'G':
		append_positional(out, value, precision);
		capitalise(out);
		break;
	case 'b': append_binary(out, volt_slot_identity(VOLT_KIND_FLOAT64, volt_slot_from_float(value))); break;
	default: format_float64(out, value); break;
	}
}

/* Does the result have as many digits behind the point as the precision says? */
static bool shows_precision(double value, uint64_t form) {
	return isfinite(value) && form != 0 && strchr("eExXfFgG", (int)form) != NULL;
}

static volt_native_result format_float(volt_native_call *call) {
	double value = native_float(call, 0);
	uint64_t form = native_uint(call, 1) & 0xff;
	int64_t precision = native_int(call, 2);
	if (native_int(call, 3) == 32)
		value = (double)(float)value;
	if (precision > BUFFER_TEXT_MAXIMUM && shows_precision(value, form))
		return volt_native_panic(call, "strconv: FormatFloat: precision %lld is too large",
		                         (long long)precision);
	buffer *out = native_text(call, 0);
	append_float(out, value, form, precision);
	return native_return_string(call, out->bytes, out->length);
}

static const native_row rows[] = {
    {"strconv_FormatFloat", format_float, VOLT_PERMIT_NOTHING,
     "(float64, form byte, precision int, bits int) -> string"},
    {"strconv_ParseFloat", parse_float, VOLT_PERMIT_NOTHING, "(text string, bits int) -> (float64, ok bool)"},
};

const native_package strconv_package = NATIVE_PACKAGE(rows);
