/*
 * One function for each verb. Text is appended first and padded in place, so that no verb needs memory of
 * its own.
 */
#include "extern/builtin/fmt_verbs.h"

#include <math.h>
#include <string.h>
#include <unictype.h>

#include "object/format.h"
#include "object/interfaces.h"

/* A double has at most 1074 digits behind the point that are not zero. */
enum { EXACT_FRACTION_DIGITS = 1100 };

/* ---- Padding ---- */

static void insert_fill(buffer *out, size_t position, char fill, uint64_t count) {
	if (count == 0)
		return;
	size_t end = out->length;
	buffer_append_repeated(out, fill, count);
	char *from = out->bytes + position;
	memmove(from + count, from, end - position);
	memset(from, fill, count);
}

static uint64_t missing(uint64_t wanted, uint64_t present) {
	return wanted > present ? wanted - present : 0;
}

static size_t count_characters(const buffer *out, size_t start) {
	size_t count = 0;
	unsigned width = 0;
	for (size_t at = start; at < out->length; at += width) {
		utf8_decode(out->bytes, out->length, at, &width);
		count++;
	}
	return count;
}

static void pad_text(buffer *out, size_t start, const fmt_directive *directive) {
	uint64_t count = missing(directive->width, count_characters(out, start));
	char fill = directive->zero && !directive->minus ? '0' : ' ';
	insert_fill(out, directive->minus ? out->length : start, fill, count);
}

/* `digits` is where the number begins behind its sign. */
static void pad_number(buffer *out, size_t start, size_t digits, const fmt_directive *directive) {
	uint64_t count = missing(directive->width, out->length - start);
	if (directive->minus)
		insert_fill(out, out->length, ' ', count);
	else if (directive->zero)
		insert_fill(out, digits, '0', count);
	else
		insert_fill(out, start, ' ', count);
}

/*
 * The directive without numbers that no text can have, which are said instead, in Go's words. Only what would
 * be filled up to them is refused: a precision that cuts can be as large as it likes.
 */
static fmt_directive refuse_too_large(buffer *out, const fmt_directive *given, bool precision_fills) {
	fmt_directive usable = *given;
	if (given->width == FMT_TOO_LARGE) {
		buffer_append_text(out, "%!(BADWIDTH)");
		usable.width = 0;
	}
	if (precision_fills && given->precision == FMT_TOO_LARGE) {
		buffer_append_text(out, "%!(BADPREC)");
		usable.has_precision = false;
		usable.precision = 0;
	}
	return usable;
}

/* ---- Numbers ---- */

static bool is_integer(volt_kind kind) {
	return kind >= VOLT_KIND_INT && kind <= VOLT_KIND_UINT64;
}

static unsigned integer_bits(volt_kind kind) {
	switch (kind) {
	case VOLT_KIND_INT8:
	case VOLT_KIND_UINT8: return 8;
	case VOLT_KIND_INT16:
	case VOLT_KIND_UINT16: return 16;
	case VOLT_KIND_INT32:
	case VOLT_KIND_UINT32: return 32;
	default: return 64;
	}
}

static bool append_decimal(buffer *out, const fmt_directive *given, const volt_slot operand[2]) {
	if (!is_integer(volt_interface_kind(operand[0])))
		return false;
	const fmt_directive directive = refuse_too_large(out, given, true);
	size_t start = out->length;
	bool negative = (int64_t)operand[1] < 0;
	if (negative || directive.plus)
		buffer_append_byte(out, negative ? '-' : '+');
	size_t digits = out->length;
	buffer_append_unsigned(out, negative ? -operand[1] : operand[1]);
	insert_fill(out, digits, '0', missing(directive.precision, out->length - digits));
	pad_number(out, start, digits, &directive);
	return true;
}

static double float_of(const volt_slot operand[2]) {
	if (volt_interface_kind(operand[0]) == VOLT_KIND_FLOAT64)
		return volt_slot_float(operand[1]);
	float narrow;
	uint32_t bits = (uint32_t)operand[1];
	memcpy(&narrow, &bits, sizeof narrow);
	return narrow;
}

static void append_finite(buffer *out, double value, const fmt_directive *directive) {
	uint32_t precision = directive->has_precision ? directive->precision : 6;
	uint32_t exact = precision < EXACT_FRACTION_DIGITS ? precision : EXACT_FRACTION_DIGITS;
	format_float_fixed(out, value, exact);
	insert_fill(out, out->length, '0', precision - exact);
}

/* Infinities and NaN are words: zeros do not pad them (as in Go), and NaN has no sign. */
static bool append_fixed(buffer *out, const fmt_directive *given, const volt_slot operand[2]) {
	volt_kind kind = volt_interface_kind(operand[0]);
	if (kind != VOLT_KIND_FLOAT64 && kind != VOLT_KIND_FLOAT32)
		return false;
	double value = float_of(operand);
	fmt_directive directive = refuse_too_large(out, given, isfinite(value));
	directive.zero = directive.zero && isfinite(value);
	size_t start = out->length;
	if (directive.plus && !signbit(value) && !isnan(value))
		buffer_append_byte(out, '+');
	if (isfinite(value))
		append_finite(out, value, &directive);
	else
		format_float64(out, value);
	size_t digits = start + (out->bytes[start] == '-' || out->bytes[start] == '+');
	pad_number(out, start, digits, &directive);
	return true;
}

/* ---- Text ---- */

/* The first `count` characters. */
static string_view cut(string_view text, uint32_t count) {
	size_t at = 0;
	for (unsigned width = 0; at < text.length && count > 0; at += width, count--)
		utf8_decode(text.bytes, text.length, at, &width);
	return (string_view){text.bytes, at};
}

static void append_string(object_space *space, buffer *out, const fmt_directive *given,
                          const volt_slot operand[2]) {
	const fmt_directive directive = refuse_too_large(out, given, false);
	size_t start = out->length;
	if (volt_interface_kind(operand[0]) == VOLT_KIND_STRING) {
		string_view text = string_get(interface_payload(space, operand));
		text = directive.has_precision ? cut(text, directive.precision) : text;
		buffer_append(out, text.bytes, text.length);
	} else {
		format_interface(space, out, operand, true);
	}
	pad_text(out, start, &directive);
}

static void append_hexadecimal_bytes(buffer *out, string_view text, const char *digits) {
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.bytes[i];
		buffer_append_byte(out, digits[byte >> 4]);
		buffer_append_byte(out, digits[byte & 15]);
	}
}

static bool append_hexadecimal(object_space *space, buffer *out, const volt_slot operand[2], bool upper) {
	volt_kind kind = volt_interface_kind(operand[0]);
	if (kind == VOLT_KIND_STRING) {
		append_hexadecimal_bytes(out, string_get(interface_payload(space, operand)),
		                         upper ? "0123456789ABCDEF" : "0123456789abcdef");
		return true;
	}
	if (!is_integer(kind))
		return false;
	unsigned long long value = operand[1] & UINT64_MAX >> (64 - integer_bits(kind));
	buffer_append_format(out, upper ? "%llX" : "%llx", value);
	return true;
}

/* As Rust's debug form: what has no picture of its own, combining marks included, is shown by number. */
static bool is_printable(ucs4_t rune) {
	const uint32_t invisible = UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z;
	return rune == ' ' || (!uc_is_general_category_withtable(rune, invisible) &&
	                       !uc_is_property(rune, UC_PROPERTY_GRAPHEME_EXTEND));
}

static void append_quoted_rune(buffer *out, int32_t rune) {
	switch (rune) {
	case '\n': buffer_append_text(out, "\\n"); return;
	case '\r': buffer_append_text(out, "\\r"); return;
	case '\t': buffer_append_text(out, "\\t"); return;
	case '\\': buffer_append_text(out, "\\\\"); return;
	case '"': buffer_append_text(out, "\\\""); return;
	case '\0': buffer_append_text(out, "\\0"); return;
	default: break;
	}
	if (is_printable((ucs4_t)rune)) {
		char bytes[4];
		buffer_append(out, bytes, utf8_encode(rune, bytes));
	} else {
		buffer_append_format(out, "\\u{%x}", (unsigned)rune);
	}
}

static bool append_quoted(object_space *space, buffer *out, const volt_slot operand[2]) {
	if (volt_interface_kind(operand[0]) != VOLT_KIND_STRING)
		return false;
	string_view text = string_get(interface_payload(space, operand));
	unsigned width = 0;
	buffer_append_byte(out, '"');
	for (size_t at = 0; at < text.length; at += width)
		append_quoted_rune(out, utf8_decode(text.bytes, text.length, at, &width));
	buffer_append_byte(out, '"');
	return true;
}

/* ---- The rest ---- */

static bool append_truth(buffer *out, const volt_slot operand[2]) {
	if (volt_interface_kind(operand[0]) != VOLT_KIND_BOOL)
		return false;
	buffer_append_text(out, operand[1] != 0 ? "true" : "false");
	return true;
}

/* Named types show their underlying kind, since that is what an interface carries. */
static const char *type_text(volt_kind kind) {
	switch (kind) {
	case VOLT_KIND_VOID: return "<nil>";
	case VOLT_KIND_ARRAY: return "[...]...";
	case VOLT_KIND_STRUCT: return "struct{...}";
	case VOLT_KIND_SLICE: return "[]...";
	case VOLT_KIND_MAP: return "map[...]...";
	case VOLT_KIND_CHANNEL: return "chan ...";
	case VOLT_KIND_CLOSURE: return "func(...)";
	case VOLT_KIND_POINTER: return "*...";
	case VOLT_KIND_PORT: return "port ...";
	default: return volt_kind_name(kind);
	}
}

/* False: the verb does not know this operand. Nothing was appended then. */
static bool append_by_verb(object_space *space, buffer *out, const fmt_directive *directive,
                           const volt_slot operand[2]) {
	if (directive->verb.length != 1)
		return false;
	switch (directive->verb.bytes[0]) {
	case 'v': format_interface(space, out, operand, true); return true;
	case 's': append_string(space, out, directive, operand); return true;
	case 'p': buffer_append_format(out, "0x%llx", (unsigned long long)operand[1]); return true;
	case 'T': buffer_append_text(out, type_text(volt_interface_kind(operand[0]))); return true;
	case 'd': return append_decimal(out, directive, operand);
	case 'f': return append_fixed(out, directive, operand);
	case 't': return append_truth(out, operand);
	case 'x': return append_hexadecimal(space, out, operand, false);
	case 'X': return append_hexadecimal(space, out, operand, true);
	case 'q': return append_quoted(space, out, operand);
	default: return false;
	}
}

void fmt_append_operand(object_space *space, buffer *out, const fmt_directive *directive,
                        const volt_slot operand[2]) {
	if (append_by_verb(space, out, directive, operand))
		return;
	buffer_append_text(out, "%!");
	buffer_append(out, directive->verb.bytes, directive->verb.length);
	buffer_append_byte(out, '(');
	format_interface(space, out, operand, false);
	buffer_append_byte(out, ')');
}
