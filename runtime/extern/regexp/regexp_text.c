/* Positions in a text. */
#include "extern/regexp/regexp_text.h"

#include "extern/regexp/regexp_unicode.h"
#include "extern/text/search.h"

/* ---- Assertions ---- */

static int32_t rune_before(string_view text, size_t position) {
	if (position == 0)
		return REGEXP_NO_RUNE;
	unsigned width;
	size_t start = search_character_before(text, position);
	int32_t rune = regexp_rune_at(text, start, &width);
	return start + width == position ? rune : REGEXP_NO_RUNE;
}

static bool is_word(int32_t rune, bool ascii) {
	return rune >= 0 && (rune < 0x80 || !ascii) && regexp_is_word(rune);
}

static bool word_assertion_holds(string_view text, size_t position, regexp_assertion assertion) {
	unsigned width;
	bool ascii = (assertion & REGEXP_ASCII) != 0;
	bool before = is_word(rune_before(text, position), ascii);
	bool after = is_word(regexp_rune_at(text, position, &width), ascii);
	switch (assertion & ~(regexp_assertion)REGEXP_ASCII) {
	case REGEXP_WORD_BOUNDARY: return before != after;
	case REGEXP_NO_WORD_BOUNDARY: return before == after;
	case REGEXP_WORD_START: return !before && after;
	case REGEXP_WORD_END: return before && !after;
	case REGEXP_WORD_START_HALF: return !before;
	default: return !after;
	}
}

bool regexp_assertion_holds(string_view text, size_t position, regexp_assertion assertion) {
	bool first = position == 0;
	bool last = position == text.length;
	char before = first ? 0 : text.bytes[position - 1];
	char after = last ? 0 : text.bytes[position];
	switch (assertion) {
	case REGEXP_TEXT_START: return first;
	case REGEXP_TEXT_END: return last;
	case REGEXP_LINE_START: return first || before == '\n';
	case REGEXP_LINE_END: return last || after == '\n';
	case REGEXP_CRLF_START: return first || before == '\n' || (before == '\r' && (last || after != '\n'));
	case REGEXP_CRLF_END: return last || after == '\r' || (after == '\n' && (first || before != '\r'));
	default: return word_assertion_holds(text, position, assertion);
	}
}

/* ---- Candidates ---- */

bool regexp_find_candidate(const regexp_program *program, string_view text, size_t from, size_t *position) {
	*position = from;
	if (from > text.length || (program->starts_text && from > 0))
		return false;
	if (program->prefix_length > 0) {
		int64_t found = search_first(text, (string_view){program->prefix, program->prefix_length}, from);
		*position = (size_t)found;
		return found >= 0;
	}
	if (!program->first_is_known)
		return true;
	while (*position < text.length && !program->first[(unsigned char)text.bytes[*position]])
		++*position;
	return *position < text.length;
}
