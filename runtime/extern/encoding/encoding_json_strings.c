/* Strings and floats in JSON text, byte for byte as Go's encoding/json writes them. */
#include "extern/encoding/encoding_json.h"

#include <stdlib.h>

#include "object/format.h"

/* A double in positional form is shorter: 309 digits, or 17 behind 324 zeros. */
enum { POSITIONAL_MAXIMUM = 400 };

/* The escape of a byte below 128, or NULL. `space` has room for 7 bytes. */
static const char *byte_escape(unsigned char c, bool escape_html, char *space) {
	switch (c) {
	case '"': return "\\\"";
	case '\\': return "\\\\";
	case '\b': return "\\b";
	case '\f': return "\\f";
	case '\n': return "\\n";
	case '\r': return "\\r";
	case '\t': return "\\t";
	default: break;
	}
	if (c >= 32 && !(escape_html && (c == '<' || c == '>' || c == '&')))
		return NULL;
	static const char digits[] = "0123456789abcdef";
	memcpy(space, "\\u00", 4);
	space[4] = digits[c >> 4];
	space[5] = digits[c & 15];
	space[6] = 0;
	return space;
}

void encoding_json_string(buffer *out, string_view text, bool escape_html) {
	size_t copied = 0;
	buffer_append_byte(out, '"');
	for (size_t i = 0; i < text.length;) {
		char space[7];
		unsigned width = 1;
		const char *escape = NULL;
		unsigned char c = (unsigned char)text.bytes[i];
		if (c < 128) {
			escape = byte_escape(c, escape_html, space);
		} else {
			int32_t rune = utf8_decode(text.bytes, text.length, i, &width);
			/* The line separators are legal in JSON and not in JavaScript. */
			escape = rune == 0x2028                 ? "\\u2028"
			         : rune == 0x2029               ? "\\u2029"
			         : rune == 0xfffd && width == 1 ? "\\ufffd"
			                                        : NULL;
		}
		if (escape != NULL) {
			buffer_append(out, text.bytes + copied, i - copied);
			buffer_append_text(out, escape);
			copied = i + width;
		}
		i += width;
	}
	buffer_append(out, text.bytes + copied, text.length - copied);
	buffer_append_byte(out, '"');
}

/* The digits of a positional number without the zeros around them, and the exponent of the first. */
static size_t significant_digits(const char *positional, char *digits, int *exponent) {
	size_t count = 0;
	bool point = false;
	*exponent = -1;
	for (; *positional != 0 && count < POSITIONAL_MAXIMUM; positional++) {
		if (*positional == '.') {
			point = true;
			continue;
		}
		bool significant = count > 0 || *positional != '0';
		*exponent += (!point && significant) ? 1 : 0;
		*exponent -= (point && !significant) ? 1 : 0;
		if (significant)
			digits[count++] = *positional;
	}
	while (count > 1 && digits[count - 1] == '0')
		count--;
	return count;
}

/* The number that begins at `start` in another form: 1e21 for "1000000000000000000000", 1.5e-7 for
 * "0.00000015". */
static void use_exponent_form(buffer *out, size_t start) {
	char digits[POSITIONAL_MAXIMUM] = "";
	int exponent;
	start += out->bytes[start] == '-';
	size_t count = significant_digits(out->bytes + start, digits, &exponent);
	out->length = start;
	buffer_append(out, digits, 1);
	if (count > 1) {
		buffer_append_byte(out, '.');
		buffer_append(out, digits + 1, count - 1);
	}
	buffer_append_format(out, "e%c%d", exponent < 0 ? '-' : '+', abs(exponent));
}

void encoding_json_float(buffer *out, double value, bool is_float32) {
	size_t start = out->length;
	double magnitude = value < 0 ? -value : value;
	if (is_float32)
		format_float32(out, (float)value);
	else
		format_float64(out, value);
	bool tiny = is_float32 ? (float)magnitude < 1e-6F : magnitude < 1e-6;
	bool huge = is_float32 ? (float)magnitude >= 1e21F : magnitude >= 1e21;
	if (magnitude != 0 && (tiny || huge))
		use_exponent_form(out, start);
}
