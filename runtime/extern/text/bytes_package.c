/*
 * Package bytes (NATIVES.md, "Strings and bytes"): as strings, but byte by byte and in ASCII
 * only.
 */
#include "extern/direct_native.h"
#include "extern/text/letter_case.h"
#include "extern/text/search.h"

static volt_slot new_bytes(direct_vm vm, string_view bytes) {
	return slice_from_bytes(vm_object_space(vm), bytes.bytes, bytes.length);
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

/* A copy of the text in which the letters from `first` to `last` have the other case. */
static volt_slot change_case(direct_vm vm, string_view text, uint8_t first, uint8_t last) {
	volt_slot slice = new_bytes(vm, text);
	uint8_t *bytes = slice_data(slice);
	for (size_t i = 0; i < text.length; i++)
		bytes[i] = bytes[i] >= first && bytes[i] <= last ? bytes[i] ^ 0x20 : bytes[i];
	return slice;
}

DIRECT_NATIVE_1(bytes_to_lower, vm, text) {
	return change_case(vm, string_get(text), 'A', 'Z');
}
DIRECT_NATIVE_1(bytes_to_upper, vm, text) {
	return change_case(vm, string_get(text), 'a', 'z');
}

DIRECT_NATIVE_4(bytes_replace, vm, bytes, old, new, limit) {
	const string_view text = string_get(bytes), pattern = string_get(old), replacement = string_get(new);
	const uint64_t count = pattern.length == 0 ? 0 : search_count(text, pattern, (int64_t)limit);
	if (count == 0)
		return new_bytes(vm, text);
	buffer *out = vm_text(vm, search_replaced_length(text, pattern, replacement, count));
	search_replace(out, text, pattern, replacement, count);
	return new_bytes(vm, (string_view){out->bytes, out->length});
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
    DIRECT_ROW("bytes_Count", bytes_count, 2),          DIRECT_ROW("bytes_Index", bytes_index, 2),
    DIRECT_ROW("bytes_LastIndex", bytes_last_index, 2), DIRECT_ROW("bytes_Replace", bytes_replace, 4),
    DIRECT_ROW("bytes_ToLower", bytes_to_lower, 1),     DIRECT_ROW("bytes_ToUpper", bytes_to_upper, 1),
};

const native_package bytes_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
