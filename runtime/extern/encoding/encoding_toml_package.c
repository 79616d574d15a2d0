/* Package encoding/toml. */
#include "extern/encoding/toml_parse.h"
#include "extern/encoding/toml_write.h"
#include "extern/registry.h"

static volt_native_result marshal_any(volt_native_call *call) {
	native_interface value = native_any(call, 0);
	char error[256] = "";
	buffer *out = native_text(call, 0);
	if (!toml_append_document(call, out, value.slots, error)) {
		native_set(call, 0, 0);
		native_set_error(call, 1, "%s", error);
		return VOLT_NATIVE_OK;
	}
	native_set(call, 0, slice_from_bytes(native_space(call), out->bytes, out->length));
	native_set_nil(call, 1);
	return VOLT_NATIVE_OK;
}

static bool is_utf8(string_view text) {
	for (size_t i = 0; i < text.length;) {
		unsigned width = 1;
		if ((unsigned char)text.bytes[i] >= 128 &&
		    utf8_decode(text.bytes, text.length, i, &width) == 0xfffd && width == 1)
			return false;
		i += width;
	}
	return true;
}

static volt_native_result unmarshal(volt_native_call *call) {
	string_view text = native_string(call, 0);
	native_interface target = native_any(call, 1);
	encoding_decoder decoder = {.space = native_space(call), .package = "toml"};
	if (text.length == 0 || !is_utf8(text)) {
		native_set_error(call, 0, "%s", text.length == 0 ? "empty TOML" : "invalid UTF-8");
		return VOLT_NATIVE_OK;
	}
	json_t *tree = toml_parse(text, decoder.error);
	encoding_hold(tree);
	if (tree != NULL && encoding_decode(&decoder, tree, target.slots))
		native_set_nil(call, 0);
	else
		native_set_error(call, 0, "%s", decoder.error);
	encoding_hold(NULL);
	return VOLT_NATIVE_OK;
}

static const native_row rows[] = {
    {"encoding_toml_marshalAny", marshal_any, VOLT_PERMIT_NOTHING, "(any) -> ([]byte, error)"},
    {"encoding_toml_Unmarshal", unmarshal, VOLT_PERMIT_NOTHING, "([]byte, target any) -> error"},
};

const native_package encoding_toml_package = NATIVE_PACKAGE(rows);
