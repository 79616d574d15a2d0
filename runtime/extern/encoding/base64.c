/* Base 64 with the standard alphabet (RFC 4648, section 4). */
#include "extern/encoding/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_append(buffer *out, const uint8_t *bytes, size_t length) {
	for (size_t i = 0; i < length; i += 3) {
		size_t here = length - i < 3 ? length - i : 3;
		uint32_t group = (uint32_t)bytes[i] << 16 | (here > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
		                 (here > 2 ? (uint32_t)bytes[i + 2] : 0);
		char text[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63],
		                alphabet[group & 63]};
		for (size_t pad = here + 1; pad < 4; pad++)
			text[pad] = '=';
		buffer_append(out, text, sizeof text);
	}
}

bool base64_decode(string_view text, uint8_t *bytes, size_t *length) {
	uint32_t group = 0;
	unsigned digits = 0;
	unsigned padding = 0;
	*length = 0;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.bytes[i];
		const char *digit = c != 0 ? strchr(alphabet, c) : NULL;
		if (c == '\r' || c == '\n')
			continue;
		if (c == '=' && digits % 4 >= 2 && digits % 4 + padding < 4) {
			padding++;
			continue;
		}
		if (digit == NULL || padding > 0)
			return false;
		group = group << 6 | (uint32_t)(digit - alphabet);
		digits++;
		if (digits % 4 == 0) {
			bytes[(*length)++] = (uint8_t)(group >> 16);
			bytes[(*length)++] = (uint8_t)(group >> 8);
			bytes[(*length)++] = (uint8_t)group;
		}
	}
	if (digits % 4 == 1 || (digits + padding) % 4 != 0)
		return false;
	if (digits % 4 >= 2) {
		group <<= 6 * (4 - digits % 4);
		bytes[(*length)++] = (uint8_t)(group >> 16);
	}
	if (digits % 4 == 3)
		bytes[(*length)++] = (uint8_t)(group >> 8);
	return true;
}
