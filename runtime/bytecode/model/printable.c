/* What of a text a terminal would not show is escaped, byte by byte. */
#include "bytecode/model/printable.h"

#include <stdlib.h>

#include "bytecode/vot/text.h"

enum { ESCAPE_BYTES = 4 }; /* and no character has more */

/* Writes the character at the start of these bytes, and returns its length; *taken: how many bytes it was. */
static size_t show_character(char *to, const char *bytes, size_t left, size_t *taken) {
	static const char digits[] = "0123456789abcdef";
	const unsigned char byte = (unsigned char)*bytes;
	*taken = text_printable_length(bytes, left);
	if (*taken) {
		memcpy(to, bytes, *taken);
		return *taken;
	}
	*taken = 1;
	memcpy(to, (char[]){'\\', 'x', digits[byte >> 4], digits[byte & 15]}, ESCAPE_BYTES);
	return ESCAPE_BYTES;
}

printable volt_printable_within(volt_text text, size_t most) {
	static const char mark[] = "...";
	printable shown;
	size_t used = 0, cut = 0;
	for (size_t at = 0, taken; at < text.length; at += taken) {
		char character[ESCAPE_BYTES];
		const size_t length = show_character(character, text.bytes + at, text.length - at, &taken);
		if (used + sizeof mark - 1 <= most)
			cut = used;
		if (used + length > most) {
			memcpy(shown.text + cut, mark, sizeof mark);
			return shown;
		}
		memcpy(shown.text + used, character, length);
		used += length;
	}
	shown.text[used] = '\0';
	return shown;
}

printable volt_printable(volt_text text) {
	return volt_printable_within(text, PRINTABLE_BYTES - 1);
}

char *volt_printable_whole(volt_text text) {
	char *shown = malloc(ESCAPE_BYTES * (size_t)text.length + 1);
	size_t used = 0;
	for (size_t at = 0, taken; shown && at < text.length; at += taken)
		used += show_character(shown + used, text.bytes + at, text.length - at, &taken);
	if (shown)
		shown[used] = '\0';
	return shown;
}

static bool stays(const char *message, size_t left) {
	return *message == '\n' || *message == '\t' || text_printable_length(message, left);
}

static bool is_printable(const char *message, size_t length) {
	for (size_t at = 0; at < length; at++)
		if (((unsigned char)message[at] & 0xc0) != 0x80 && !stays(message + at, length - at))
			return false;
	return text_is_utf8(message, length);
}

char *volt_printable_lines(const char *message) {
	const size_t length = strlen(message);
	char *shown = is_printable(message, length) ? NULL : malloc(ESCAPE_BYTES * length + 1);
	size_t used = 0;
	for (size_t at = 0, taken; shown && at < length; at += taken) {
		if (message[at] == '\n' || message[at] == '\t') {
			shown[used++] = message[at];
			taken = 1;
			continue;
		}
		used += show_character(shown + used, message + at, length - at, &taken);
	}
	if (shown)
		shown[used] = '\0';
	return shown;
}
