/*
 * Patterns: what a program writes is the syntax of RE2 and Rust's `regex`; what runs is PCRE2. The
 * translation refuses what those have not (look-around, back references, verbs, possessive repetition).
 */
#ifndef EXTERN_REGEXP_REGEXP_TRANSLATE_H
#define EXTERN_REGEXP_REGEXP_TRANSLATE_H

#include "object/buffer.h"
#include "object/strings.h"

/* Appends the pattern for PCRE2. False if the pattern is refused. */
bool regexp_translate(string_view pattern, buffer *out);

#endif
