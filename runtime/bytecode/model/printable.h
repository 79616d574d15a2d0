/* Texts of a module as they may be shown to people: on a terminal, in a page, in a line of a log. */
#ifndef BYTECODE_MODEL_PRINTABLE_H
#define BYTECODE_MODEL_PRINTABLE_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

enum { PRINTABLE_BYTES = 256 };

/* Ends with a zero. By value, so that it can be an argument: printf("%s", volt_printable(name).text). */
typedef struct {
	char text[PRINTABLE_BYTES];
} printable;

/*
 * Names are any text. What a terminal obeys, what would begin another line or turn the direction of writing,
 * and bytes that are no UTF-8 become \xHH, as in the text form. A long text is cut, and ends with "..." then.
 */
printable volt_printable(volt_text text);

/* The same in at most `most` bytes: 3 to PRINTABLE_BYTES - 1. */
printable volt_printable_within(volt_text text, size_t most);

/* All of it, however long. NULL: no memory. free() is the caller's. */
char *volt_printable_whole(volt_text text);

/*
 * A message, with its lines as they are, and everything else as above. NULL: it can be shown as it is, or
 * there is no memory. free() is the caller's.
 */
char *volt_printable_lines(const char *message);

VOLT_DECLARATIONS_END

#endif
