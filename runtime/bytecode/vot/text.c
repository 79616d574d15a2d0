/* Checks on strings: UTF-8, what can be shown, and names that need no quotes. */
#include "bytecode/vot/text.h"

typedef struct {
	uint8_t first_low, first_high;   /* lead bytes of this form */
	uint8_t second_low, second_high; /* its second byte; all later ones are 80..BF */
	uint8_t length;
} utf8_form;

/* RFC 3629, section 4. */
static const utf8_form forms[] = {
    {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool continues(const uint8_t *bytes, const utf8_form *form) {
	if (form->length > 1 && (bytes[1] < form->second_low || bytes[1] > form->second_high))
		return false;
	for (unsigned i = 2; i < form->length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return false;
	return true;
}

static size_t character_length(const uint8_t *bytes, size_t left) {
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const utf8_form *form = &forms[i];
		if (bytes[0] >= form->first_low && bytes[0] <= form->first_high)
			return left >= form->length && continues(bytes, form) ? form->length : 0;
	}
	return 0;
}

bool text_is_utf8(const void *bytes, size_t length) {
	const uint8_t *at = bytes;
	for (size_t position = 0, step; position < length; position += step) {
		step = character_length(at + position, length - position);
		if (!step)
			return false;
	}
	return true;
}

static uint32_t decode(const uint8_t *bytes, size_t length) {
	uint32_t character = length == 1 ? bytes[0] : bytes[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++)
		character = character << 6 | (bytes[i] & 0x3f);
	return character;
}

/* Control characters (Unicode's Cc), ends of lines, and marks that turn the direction of writing. */
static bool is_obeyed(uint32_t character) {
	return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x61c ||
	       character == 0x200e || character == 0x200f || (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069);
}

size_t text_printable_length(const char *bytes, size_t left) {
	const uint8_t *at = (const uint8_t *)bytes;
	const size_t length = left ? character_length(at, left) : 0;
	return length && !is_obeyed(decode(at, length)) ? length : 0;
}

bool text_starts_identifier(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

bool text_continues_identifier(char c) {
	return text_starts_identifier(c) || (c >= '0' && c <= '9') || c == '.';
}

bool text_is_identifier(volt_text text) {
	if (!text.length || !text_starts_identifier(text.bytes[0]))
		return false;
	for (uint32_t i = 1; i < text.length; i++)
		if (!text_continues_identifier(text.bytes[i]))
			return false;
	return true;
}
