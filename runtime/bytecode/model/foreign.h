/* What people give to Volt that is no module of version 1, and what they are told. */
#ifndef BYTECODE_FOREIGN_H
#define BYTECODE_FOREIGN_H

#include "volt/bytecode.h"

enum { FOREIGN_MAGIC_BYTES = 3 };

/* NULL if the bytes begin as a .vob file does; else what they, in a file of this name, seem to be. */
const char *foreign_reason(const uint8_t *bytes, size_t size, const char *name);

/* Do bytes without a name look like the text form rather than like any binary file? */
bool foreign_is_text_form(const char *bytes, size_t size);

/* Why these bytes are no text of a module, if that can be said at a glance; else NULL. */
const char *foreign_text_reason(const char *bytes, size_t size);

/* Where files of this version come from, to stand behind a message; "" if nobody knows. */
const char *foreign_version(uint32_t version);

/*
 * Adds to the error, which it takes, that files of version 1 may have another layout. For errors that such a
 * file can cause: all that show behind the version number.
 */
volt_error *foreign_layout(volt_error *error);

#endif
