/* UTF-8, one rune at a time. Surrogates, overlong forms and numbers above U+10FFFF are invalid. */
#include "object/strings.h"

enum { REPLACEMENT = 0xFFFD };

/* Bytes of the sequence that this first byte starts; 0 if it starts none. */
static unsigned sequence_width(uint8_t first) {
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

static bool is_scalar(int32_t rune) {
	return (rune >= 0 && rune < 0xD800) || (rune > 0xDFFF && rune <= 0x10FFFF);
}

int32_t utf8_decode(const char *bytes, size_t length, size_t position, unsigned *width) {
	static const int32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	*width = 0;
	if (position >= length)
		return REPLACEMENT;
	const uint8_t *at = (const uint8_t *)bytes + position;
	unsigned expected = sequence_width(at[0]);
	*width = 1;
	if (expected == 1)
		return at[0];
	if (expected == 0 || length - position < expected)
		return REPLACEMENT;
	int32_t rune = at[0] & (0x7F >> expected);
	for (unsigned index = 1; index < expected; index++) {
		if ((at[index] & 0xC0) != 0x80)
			return REPLACEMENT;
		rune = rune << 6 | (at[index] & 0x3F);
	}
	if (rune < smallest[expected] || !is_scalar(rune))
		return REPLACEMENT;
	*width = expected;
	return rune;
}

unsigned utf8_encode(int32_t rune, char out[4]) {
	uint32_t code = is_scalar(rune) ? (uint32_t)rune : REPLACEMENT;
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	unsigned width = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (unsigned index = width - 1; index > 0; index--) {
		out[index] = (char)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	out[0] = (char)((0xF00 >> width & 0xF0) | code);
	return width;
}
