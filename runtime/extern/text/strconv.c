/*
 * Package strconv: floats from and to text, as Rust's standard library does it (specification, "Native
 * externs", section 6).
 */
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unictype.h>

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

static bool is_word(string_view text, const char *word) {
	return text.length == strlen(word) && strncasecmp(text.bytes, word, text.length) == 0;
}

static bool parse_word(string_view text, double *value) {
	if (is_word(text, "inf") || is_word(text, "infinity")) {
		*value = (double)INFINITY;
		return true;
	}
	*value = (double)NAN;
	return is_word(text, "nan");
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

/* The locale of the host's process may have another decimal point. */
static pthread_once_t plain_locale_once = PTHREAD_ONCE_INIT;
static locale_t plain_locale;

static void make_plain_locale(void) {
	plain_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static double convert_decimal(string_view text) {
	pthread_once(&plain_locale_once, make_plain_locale);
	buffer *terminated = native_scratch();
	buffer_append(terminated, text.bytes, text.length);
	return plain_locale != (locale_t)0 ? strtod_l(terminated->bytes, NULL, plain_locale)
	                                   : strtod(terminated->bytes, NULL);
}

static bool parse_unsigned(string_view text, bool single, double *value) {
	if (!is_decimal(text))
		return parse_word(text, value);
	*value = convert_decimal(text);
	if (single) {
		*value = (double)(float)*value;
		return !isinf(*value);
	}
	return true;
}

static volt_native_result parse_float(volt_native_call *call) {
	string_view text = trim(native_string(call, 0));
	bool single = native_int(call, 1) == 32;
	bool negative = text.length > 0 && text.bytes[0] == '-';
	if (negative || (text.length > 0 && text.bytes[0] == '+'))
		text = (string_view){text.bytes + 1, text.length - 1};
	native_reserve(call, text.length);
	double value = 0;
	bool valid = parse_unsigned(text, single, &value);
	native_set_float(call, 0, !valid ? 0 : negative ? -value : value);
	native_set_bool(call, 1, valid);
	return VOLT_NATIVE_OK;
}

/* ---- Formatting ---- */

static void append_zeros(volt_native_call *call, buffer *out, uint64_t count) {
	native_reserve(call, out->length + count);
	for (; count > 0; count--)
		buffer_append_byte(out, '0');
}

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

/*
 * Exactly `precision` digits behind the point. C's form is read back: its exponent has a sign and two digits,
 * and its point is the locale's, which is one byte or more behind the first digit.
 */
static void append_fixed_exponent(volt_native_call *call, buffer *out, double value, uint64_t precision,
                                  char mark) {
	int exact = precision < EXACT_DIGITS ? (int)precision : EXACT_DIGITS;
	char text[EXACT_DIGITS + 32];
	int length = snprintf(text, sizeof text, "%.*e", exact, fabs(value));
	const char *exponent = memchr(text, 'e', (size_t)length);
	if (signbit(value))
		buffer_append_byte(out, '-');
	buffer_append_byte(out, text[0]);
	if (precision > 0) {
		buffer_append_byte(out, '.');
		buffer_append(out, exponent - exact, (size_t)exact);
		append_zeros(call, out, precision - (uint64_t)exact);
	}
	buffer_append_format(out, "%c%ld", mark, strtol(exponent + 1, NULL, 10));
}

static void append_exponent(volt_native_call *call, buffer *out, double value, int64_t precision, char mark) {
	if (!isfinite(value))
		format_float64(out, value);
	else if (precision < 0)
		append_shortest_exponent(out, value, mark);
	else
		append_fixed_exponent(call, out, value, (uint64_t)precision, mark);
}

static void append_positional(volt_native_call *call, buffer *out, double value, int64_t precision) {
	if (precision < 0 || !isfinite(value)) {
		format_float64(out, value);
		return;
	}
	unsigned exact = precision < EXACT_DIGITS ? (unsigned)precision : EXACT_DIGITS;
	format_float_fixed(out, value, exact);
	append_zeros(call, out, (uint64_t)precision - exact);
}

static void append_binary(buffer *out, uint64_t bits) {
	int highest = bits == 0 ? 0 : 63 - __builtin_clzll(bits);
	for (int bit = highest; bit >= 0; bit--)
		buffer_append_byte(out, (bits >> bit & 1) != 0 ? '1' : '0');
}

static void capitalise(buffer *out) {
	for (size_t i = 0; i < out->length; i++)
		out->bytes[i] = (char)toupper((unsigned char)out->bytes[i]);
}

static void append_float(volt_native_call *call, buffer *out, double value, uint64_t form,
                         int64_t precision) {
	switch (form) {
	case 'e':
	case 'x': append_exponent(call, out, value, precision, 'e'); break;
	case 'E':
	case 'X': append_exponent(call, out, value, precision, 'E'); break;
	case 'f':
	case 'F':
	case 'g': append_positional(call, out, value, precision); break;
	case 'G':
		append_positional(call, out, value, precision);
		capitalise(out);
		break;
	case 'b': append_binary(out, volt_slot_from_float(value)); break;
	default: format_float64(out, value); break;
	}
}

/* The largest precision that is honoured: what the result takes still has to fit the heap. */
static int64_t bounded_precision(int64_t precision) {
	return precision < INT32_MAX ? precision : INT32_MAX;
}

static volt_native_result format_float(volt_native_call *call) {
	double value = native_float(call, 0);
	uint64_t form = native_uint(call, 1) & 0xff;
	int64_t precision = bounded_precision(native_int(call, 2));
	if (native_int(call, 3) == 32)
		value = (double)(float)value;
	buffer *out = native_scratch();
	append_float(call, out, value, form, precision);
	return native_return_string(call, out->bytes, out->length);
}

static const native_row rows[] = {
    {"strconv_FormatFloat", format_float, VOLT_PERMIT_NOTHING},
    {"strconv_ParseFloat", parse_float, VOLT_PERMIT_NOTHING},
};

const native_package strconv_package = NATIVE_PACKAGE(rows);
