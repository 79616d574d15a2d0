/* Package encoding/json. */
#include <stdio.h>

#include "extern/encoding/encoding_json.h"
#include "extern/registry.h"

static volt_native_result marshal_any(volt_native_call *call) {
	native_interface value = native_any(call, 0);
	char error[256] = "";
	buffer *out = native_text(call, 0);
	if (!encoding_json_value(call, out, value.slots, error)) {
		native_set(call, 0, 0);
		native_set_error(call, 1, "%s", error);
		return VOLT_NATIVE_OK;
	}
	native_set(call, 0, slice_from_bytes(native_space(call), out->bytes, out->length));
	native_set_nil(call, 1);
	return VOLT_NATIVE_OK;
}

static volt_native_result unmarshal(volt_native_call *call) {
	native_interface target = native_any(call, 1);
	encoding_decoder decoder = {.space = native_space(call), .integers_are_floats = true, .package = "json"};
	json_t *tree = encoding_json_parse(native_string(call, 0), decoder.error);
	encoding_hold(tree);
	if (tree != NULL && encoding_decode(&decoder, tree, target.slots))
		native_set_nil(call, 0);
	else
		native_set_error(call, 0, "%s", decoder.error);
	encoding_hold(NULL);
	return VOLT_NATIVE_OK;
}

/* Appends the quoted text to a []byte. */
static volt_native_result write_json_string(volt_native_call *call) {
	volt_slot bytes = native_slot(call, 0);
	volt_slot longer = bytes;
	buffer *out = native_text(call, 0);
	encoding_json_string(out, native_string(call, 1), native_bool(call, 2));
	object_space *space = native_space(call);
	slice_append_slice(space, bytes, string_new(space, out->bytes, out->length),
	                   volt_meta_make(0, VOLT_KIND_UINT8), &longer);
	return native_return(call, longer);
}

/* The end of the string token that starts at the quote; 0 if it has none. */
static size_t string_end(string_view data, size_t quote) {
	for (size_t at = quote + 1; at < data.length; at++) {
		if (data.bytes[at] == '"')
			return at + 1;
		at += data.bytes[at] == '\\';
	}
	return 0;
}

static volt_native_result parse_json_string(volt_native_call *call) {
	string_view data = native_string(call, 0);
	uint64_t position = native_uint(call, 1);
	char error[256] = "invalid JSON: string expected";
	json_t *tree = NULL;
	size_t end = 0;
	if (position < data.length && data.bytes[position] == '"') {
		end = string_end(data, position);
		snprintf(error, sizeof error, "unexpected end of JSON input");
	}
	if (end > 0)
		tree = encoding_json_parse((string_view){data.bytes + position, end - position}, error);
	encoding_hold(tree);
	if (tree != NULL) {
		string_view text;
		encoding_text(tree, &text);
		native_set_string(call, 0, text.bytes, text.length);
		native_set_int(call, 1, (int64_t)end);
		native_set_nil(call, 2);
	} else {
		native_set(call, 0, 0);
		native_set(call, 1, position);
		native_set_error(call, 2, "%s", error);
	}
	encoding_hold(NULL);
	return VOLT_NATIVE_OK;
}

static const native_row rows[] = {
    {"encoding_json_marshalAny", marshal_any, VOLT_PERMIT_NOTHING, "(any) -> ([]byte, error)"},
    {"encoding_json_Unmarshal", unmarshal, VOLT_PERMIT_NOTHING, "([]byte, target any) -> error"},
    {"encoding_json_writeJsonString", write_json_string, VOLT_PERMIT_NOTHING,
     "(target []byte, string, bool) -> []byte"},
    {"encoding_json_parseJsonString", parse_json_string, VOLT_PERMIT_NOTHING,
     "(text []byte, position int) -> (string, next int, error)"},
};

const native_package encoding_json_package = NATIVE_PACKAGE(rows);
