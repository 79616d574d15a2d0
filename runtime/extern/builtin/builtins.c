/*
 * Builtins of the language that are calls: printing, assertions, conversions (NATIVES.md, "Built-in
 * functions").
 */
#include "extern/direct_native.h"
#include "object/format.h"
#include "object/interfaces.h"
#include "volt/value.h"

/* The interfaces from slot `first` on, as print shows them. */
static void append_arguments(volt_native_call *call, buffer *out, uint32_t first) {
	if (call->argument_count > first) {
		format_interfaces(native_space(call), out, call->arguments + first,
		                  (call->argument_count - first) / 2);
	}
}

static volt_native_result print(volt_native_call *call) {
	buffer *text = native_text(call, 0);
	append_arguments(call, text, 0);
	if (text->length > 0)
		volt_native_write(call, text->bytes, text->length);
	return VOLT_NATIVE_OK;
}

static volt_native_result println(volt_native_call *call) {
	buffer *text = native_text(call, 0);
	append_arguments(call, text, 0);
	buffer_append_byte(text, '\n');
	volt_native_write(call, text->bytes, text->length);
	return VOLT_NATIVE_OK;
}

static volt_native_result assert_true(volt_native_call *call) {
	if (native_bool(call, 1))
		return VOLT_NATIVE_OK;
	if (call->argument_count < 4)
		return volt_native_panic(call, "assertion failed");
	buffer *text = native_text(call, 0);
	append_arguments(call, text, 2);
	return volt_native_panic(call, "assertion failed: %s", text->length > 0 ? text->bytes : "");
}

static volt_native_result panic_with_error(volt_native_call *call) {
	native_interface value = native_any(call, 0);
	buffer *text = native_text(call, 0);
	format_interface(native_space(call), text, value.slots, true);
	return volt_native_panic(call, "panic: %s", text->length > 0 ? text->bytes : "");
}

DIRECT_NATIVE_2(copy, vm, to, from) {
	return slice_copy(to, from);
}

static volt_native_result append_slice(volt_native_call *call) {
	volt_slot result = 0;
	volt_trap trap = slice_append_slice(native_space(call), native_slot(call, 0), native_slot(call, 1),
	                                    (uint32_t)native_slot(call, 2), &result);
	return trap.kind == VOLT_TRAP_None ? native_return(call, result) : volt_native_trap(call, trap);
}

/*
 * Shallow: the kind decides; type ids count for structs and arrays only, which are equal when they are the
 * same object.
 */
static bool shallow_equal(const object_space *space, const volt_slot left[2], const volt_slot right[2]) {
	volt_kind kind = volt_interface_kind(left[0]);
	if (kind != volt_interface_kind(right[0]))
		return false;
	switch (kind) {
	case VOLT_KIND_VOID: return true;
	case VOLT_KIND_STRING:
		return string_equal(interface_payload(space, left), interface_payload(space, right));
	case VOLT_KIND_STRUCT:
	case VOLT_KIND_ARRAY:
		return volt_interface_rttid(left[0]) == volt_interface_rttid(right[0]) && left[1] == right[1];
	default: return left[1] == right[1];
	}
}

DIRECT_NATIVE_4(interface_shallow_equal, vm, left_type, left_payload, right_type, right_payload) {
	const volt_slot left[] = {left_type, left_payload}, right[] = {right_type, right_payload};
	return shallow_equal(vm_object_space(vm), left, right);
}

/* ---- Conversions ---- */

DIRECT_NATIVE_1(int_to_string, vm, rune) {
	char bytes[4];
	return string_new(vm_object_space(vm), bytes, utf8_encode((int32_t)(uint32_t)rune, bytes));
}

DIRECT_NATIVE_1(bytes_to_string, vm, slice) {
	const string_view bytes = string_get(slice);
	return string_new(vm_object_space(vm), bytes.bytes, bytes.length);
}

DIRECT_NATIVE_1(string_to_bytes, vm, string) {
	const string_view text = string_get(string);
	return slice_from_bytes(vm_object_space(vm), text.bytes, text.length);
}

DIRECT_NATIVE_1(runes_to_string, vm, slice) {
	const int32_t *runes = (const int32_t *)(const void *)slice_data(slice);
	const uint64_t count = slice_length(slice);
	buffer *text = vm_text(vm, count);
	for (uint64_t i = 0; i < count; i++) {
		char bytes[4];
		buffer_append(text, bytes, utf8_encode(runes[i], bytes));
	}
	return direct_string(vm, text);
}

static size_t count_runes(string_view text) {
	size_t count = 0;
	unsigned width = 0;
	for (size_t at = 0; at < text.length; at += width) {
		utf8_decode(text.bytes, text.length, at, &width);
		count++;
	}
	return count;
}

static volt_native_result string_to_runes(volt_native_call *call) {
	string_view text = native_string(call, 0);
	if (text.length == 0)
		return native_return(call, 0);
	int64_t count = (int64_t)count_runes(text);
	volt_slot slice = 0;
	volt_trap trap = slice_new(native_space(call), volt_meta_make(0, VOLT_KIND_INT32), count, count,
	                           sizeof(int32_t), &slice);
	if (trap.kind != VOLT_TRAP_None)
		return volt_native_trap(call, trap);
	int32_t *runes = (int32_t *)(void *)slice_data(slice);
	unsigned width = 0;
	for (size_t at = 0; at < text.length; at += width)
		// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the slice holds a rune or more
		*runes++ = utf8_decode(text.bytes, text.length, at, &width);
	return native_return(call, slice);
}

static const native_row rows[] = {
    {"panic_with_error", panic_with_error, VOLT_PERMIT_NOTHING, "(error)"},
    {"vo_assert", assert_true, VOLT_PERMIT_NOTHING, "(condition any, values any...)"},
    {"vo_conv_bytes_str", bytes_to_string, VOLT_PERMIT_NOTHING, "([]byte) -> string"},
    {"vo_conv_int_str", int_to_string, VOLT_PERMIT_NOTHING, "(int) -> string"},
    {"vo_conv_runes_str", runes_to_string, VOLT_PERMIT_NOTHING, "([]rune) -> string"},
    {"vo_conv_str_bytes", string_to_bytes, VOLT_PERMIT_NOTHING, "(string) -> []byte"},
    {"vo_conv_str_runes", string_to_runes, VOLT_PERMIT_NOTHING, "(string) -> []rune"},
    {"vo_copy", copy, VOLT_PERMIT_NOTHING, "(target slice, source slice or string) -> (copied int)"},
    {"vo_iface_eq", interface_shallow_equal, VOLT_PERMIT_NOTHING, "(any, any) -> bool"},
    {"vo_print", print, VOLT_PERMIT_NOTHING, "(values any...)"},
    {"vo_println", println, VOLT_PERMIT_NOTHING, "(values any...)"},
    {"vo_slice_append_slice", append_slice, VOLT_PERMIT_NOTHING,
     "(target slice, source slice or string, metadata word) -> slice"},
};

static const direct_native_row direct_rows[] = {
    DIRECT_ROW("vo_conv_bytes_str", bytes_to_string, 1),
    DIRECT_ROW("vo_conv_int_str", int_to_string, 1),
    DIRECT_ROW("vo_conv_runes_str", runes_to_string, 1),
    DIRECT_ROW("vo_conv_str_bytes", string_to_bytes, 1),
    DIRECT_ROW("vo_copy", copy, 2),
    DIRECT_ROW("vo_iface_eq", interface_shallow_equal, 4),
};

const native_package builtins_package = NATIVE_PACKAGE_WITH_DIRECT(rows, direct_rows);
