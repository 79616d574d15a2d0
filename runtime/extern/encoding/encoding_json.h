/* JSON text: writing it as Go's encoding/json does, and reading it into a tree. */
#ifndef EXTERN_ENCODING_ENCODING_JSON_H
#define EXTERN_ENCODING_ENCODING_JSON_H

#include "extern/encoding/encoding.h"
#include "extern/support.h"

/* Appends a string with its quotes. `escape_html`: also <, > and &. */
void encoding_json_string(buffer *out, string_view text, bool escape_html);

/*
 * Appends a float as Go does: positional between 1e-6 and 1e21, else with an exponent. Finite numbers
 * only.
 */
void encoding_json_float(buffer *out, double value, bool is_float32);

/* Appends the value inside an interface. False: `error` (256 bytes) says what has no form in JSON. */
bool encoding_json_value(volt_native_call *call, buffer *out, const volt_slot value[2], char *error);

/* Text to tree. NULL: `error` (256 bytes) says why. */
json_t *encoding_json_parse(string_view text, char *error);

#endif
