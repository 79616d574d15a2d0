/* What searches look at in a text: the character at a position, and what a pattern asserts of a position. */
#ifndef EXTERN_REGEXP_REGEXP_TEXT_H
#define EXTERN_REGEXP_REGEXP_TEXT_H

#include "extern/regexp/regexp_program.h"
#include "object/strings.h"

enum { REGEXP_NO_RUNE = -1 };

/* The character at `position`; REGEXP_NO_RUNE, of one byte, at the end and where there is no UTF-8. */
static inline int32_t regexp_rune_at(string_view text, size_t position, unsigned *width) {
	*width = 1;
	if (position >= text.length)
		return REGEXP_NO_RUNE;
	unsigned char byte = (unsigned char)text.bytes[position];
	if (byte < 0x80)
		return byte;
	int32_t rune = utf8_decode(text.bytes, text.length, position, width);
	return rune == 0xfffd && *width == 1 ? REGEXP_NO_RUNE : rune;
}

/* Does an instruction, REGEXP_RUNE or REGEXP_CLASS, take this character? */
static inline bool regexp_takes(const regexp_program *program, regexp_instruction instruction, int32_t rune) {
	if (instruction.operation == REGEXP_RUNE)
		return instruction.operand == rune;
	return rune >= 0 && regexp_class_has(&program->classes[instruction.operand], rune);
}

bool regexp_assertion_holds(string_view text, size_t position, regexp_assertion assertion);

/*
 * The first position from `from` on where a match could begin, by what it would begin with; false if there
 * is none.
 */
bool regexp_find_candidate(const regexp_program *program, string_view text, size_t from, size_t *position);

#endif
