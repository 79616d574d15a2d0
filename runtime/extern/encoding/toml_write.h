/* Values as TOML text. */
#ifndef EXTERN_ENCODING_TOML_WRITE_H
#define EXTERN_ENCODING_TOML_WRITE_H

#include "extern/encoding/encoding.h"
#include "extern/support.h"

/*
 * Appends the document of a struct or map. Keys of maps are sorted; plain values stand before tables; nil
 * values are left out; a table without members is an empty line. False: `error` (256 bytes) says what has no
 * form in TOML.
 */
bool toml_append_document(volt_native_call *call, buffer *out, const volt_slot value[2], char *error);

#endif
