/* Bytes as text in base 64, with padding: how documents show []byte. */
#ifndef EXTERN_ENCODING_BASE64_H
#define EXTERN_ENCODING_BASE64_H

#include "object/buffer.h"
#include "object/strings.h"

void base64_append(buffer *out, const uint8_t *bytes, size_t length);

/* `bytes` has room for the text's length. Line breaks are skipped, as Go does. */
bool base64_decode(string_view text, uint8_t *bytes, size_t *length);

#endif
