/* Reading a pattern. */
#include "extern/regexp/regexp_scan.h"

#include <string.h>
#include <unictype.h>

void regexp_scan_go(regexp_scan *scan, size_t at) {
	scan->at = at;
	int32_t rune = utf8_decode(scan->text.bytes, scan->text.length, at, &scan->width);
	scan->rune = scan->width > 0 ? rune : REGEXP_END;
}

static bool is_valid(string_view text) {
	unsigned width = 0;
	for (size_t at = 0; at < text.length; at += width)
		if (utf8_decode(text.bytes, text.length, at, &width) == 0xfffd && width == 1)
			return false;
	return true;
}

bool regexp_scan_start(regexp_scan *scan, string_view text) {
	*scan = (regexp_scan){.text = text};
	regexp_scan_go(scan, 0);
	return is_valid(text);
}

int32_t regexp_scan_next(regexp_scan *scan) {
	regexp_scan_go(scan, scan->at + scan->width);
	return scan->rune;
}

void regexp_scan_skip(regexp_scan *scan) {
	bool comment = false;
	while (scan->verbose && scan->rune != REGEXP_END) {
		if (comment)
			comment = scan->rune != '\n';
		else if (scan->rune == '#')
			comment = true;
		else if (!uc_is_property((ucs4_t)scan->rune, UC_PROPERTY_WHITE_SPACE))
			return;
		regexp_scan_next(scan);
	}
}

int32_t regexp_scan_next_token(regexp_scan *scan) {
	regexp_scan_next(scan);
	regexp_scan_skip(scan);
	return scan->rune;
}

int32_t regexp_scan_peek(const regexp_scan *scan) {
	regexp_scan ahead = *scan;
	return regexp_scan_next(&ahead);
}

int32_t regexp_scan_peek_token(const regexp_scan *scan) {
	regexp_scan ahead = *scan;
	return regexp_scan_next_token(&ahead);
}

bool regexp_scan_take(regexp_scan *scan, const char *text) {
	size_t length = strlen(text);
	if (scan->text.length - scan->at < length || memcmp(scan->text.bytes + scan->at, text, length) != 0)
		return false;
	regexp_scan_go(scan, scan->at + length);
	return true;
}
