/*
 * Package bytes (NATIVES.md, "Strings and bytes"): as strings, but byte by byte and in ASCII
 * only.
 */
#include "extern/direct_native.h"
#include "extern/text/letter_case.h"
#include "extern/text/search.h"

static volt_native_result return_bytes(volt_native_call *call, string_view bytes) {
	return native_return(call, slice_from_bytes(native_space(call), bytes.bytes, bytes.length));
}

DIRECT_NATIVE_2(bytes_index, vm, text, pattern) {
	return (volt_slot)search_first(string_get(text), string_get(pattern), 0);
}

DIRECT_NATIVE_2(bytes_last_index, vm, text, pattern) {
	return (volt_slot)search_last(string_get(text), string_get(pattern));
}

DIRECT_NATIVE_2(bytes_count, vm, text, pattern) {
	if (string_get(pattern).length == 0)
		return string_get(text).length + 1;
	return search_count(string_get(text), string_get(pattern), -1);
}

/* A copy of the argument in which the letters from `first` to `last` have the other case. */
static volt_native_result change_case(volt_native_call *call, uint8_t first, uint8_t last) {
	string_view text = native_string(call, 0);
	volt_slot slice = slice_from_bytes(native_space(call), text.bytes, text.length);
	uint8_t *bytes = slice_data(slice);
	for (size_t i = 0; i < text.length; i++)
		bytes[i] = bytes[i] >= first && bytes[i] <= last ? bytes[i] ^ 0x20 : bytes[i];
	return native_return(call, slice);
}

static volt_native_result bytes_to_lower(volt_native_call *call) {
	return change_case(call, 'A', 'Z');
}
static volt_native_result bytes_to_upper(volt_native_call *call) {
	return change_case(call, 'a', 'z');
}

static volt_native_result bytes_replace(volt_native_call *call) {
	string_view text = native_string(call, 0);
	string_view pattern = native_string(call, 1);
	string_view replacement = native_string(call, 2);
	uint64_t count = pattern.length == 0 ? 0 : search_count(text, pattern, native_int(call, 3));
	if (count == 0)
		return return_bytes(call, text);
	buffer *out = native_text(call, search_replaced_length(text, pattern, replacement, count));
	search_replace(out, text, pattern, replacement, count);
	return return_bytes(call, (string_view){out->bytes, out->length});
}

static const native_row rows[] = {
    {"bytes_Count", bytes_count, VOLT_PERMIT_NOTHING, "(text []byte, part []byte) -> int"},
    {"bytes_Index", bytes_index, VOLT_PERMIT_NOTHING, "(text []byte, part []byte) -> int"},
    {"bytes_LastIndex", bytes_last_index, VOLT_PERMIT_NOTHING, "(text []byte, part []byte) -> int"},
    {"bytes_Replace", bytes_replace, VOLT_PERMIT_NOTHING,
     "(text []byte, old []byte, new []byte, n int) -> []byte"},
    {"bytes_ToLower", bytes_to_lower, VOLT_PERMIT_NOTHING, "([]byte) -> []byte"},
    {"bytes_ToUpper", bytes_to_upper, VOLT_PERMIT_NOTHING, "([]byte) -> []byte"},
};

static const direct_native_row direct_rows[] = {
    DIRECT_ROW("bytes_Count", bytes_count, 2),
    DIRECT_ROW("bytes_Index", bytes_index, 2),
    DIRECT_ROW("bytes_LastIndex", bytes_last_index, 2),
};

const native_package bytes_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
