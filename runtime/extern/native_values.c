/* Arguments and results of declared natives by their kinds (volt/native.h, "Declared natives"). */
#include <stdarg.h>
#include <string.h>

#include "extern/support.h"
#include "interpreter/expressions.h"
#include "interpreter/native_aftermath.h"
#include "object/format.h"
#include "object/held.h"
#include "object/host_kinds.h"
#include "state/vm_state.h"

enum {
	INTS = 1 << VOLT_VALUE_INT,
	UINTS = 1 << VOLT_VALUE_UINT,
	FLOATS = 1 << VOLT_VALUE_FLOAT64 | 1 << VOLT_VALUE_FLOAT32,
};

/* The slot in which value `number` of one side begins, which must be of one of these kinds. */
static bool find(volt_native_call *call, bool is_result, size_t number, unsigned kinds, const char *wanted,
                 uint32_t *slot) {
	const volt_native_signature *signature = call->signature;
	const char *what = is_result ? "result" : "parameter";
	if (!signature) {
		native_note_misuse(call->vm, "it was registered without a signature");
		return false;
	}
	const volt_value_kind *declared = is_result ? signature->results : signature->parameters;
	const size_t count = is_result ? signature->result_count : signature->parameter_count;
	if (number >= count) {
		native_note_misuse(call->vm, "it uses %s %zu, and has %zu", what, number, count);
		return false;
	}
	if (!(kinds >> declared[number] & 1)) {
		native_note_misuse(call->vm, "%s %zu is declared as %s, and it is used as %s", what, number,
		                   host_kind_name(declared[number]), wanted);
		return false;
	}
	*slot = 0;
	for (size_t i = 0; i < number; i++)
		*slot += host_kind_slots(declared[i]);
	return true;
}

/* ---- Arguments ---- */

static volt_slot argument(volt_native_call *call, size_t number, unsigned kinds, const char *wanted) {
	uint32_t slot;
	return find(call, false, number, kinds, wanted, &slot) ? native_slot(call, slot) : 0;
}

bool volt_native_get_bool(volt_native_call *call, size_t parameter) {
	return argument(call, parameter, 1 << VOLT_VALUE_BOOL, "bool") != 0;
}

int64_t volt_native_get_int(volt_native_call *call, size_t parameter) {
	return (int64_t)argument(call, parameter, INTS, "int");
}

uint64_t volt_native_get_uint(volt_native_call *call, size_t parameter) {
	return argument(call, parameter, UINTS, "uint");
}

double volt_native_get_float(volt_native_call *call, size_t parameter) {
	const volt_slot slot = argument(call, parameter, FLOATS, "float64");
	const bool is_single = call->signature && parameter < call->signature->parameter_count &&
	                       call->signature->parameters[parameter] == VOLT_VALUE_FLOAT32;
	return is_single ? (double)slot_float32(slot) : volt_slot_float(slot);
}

static volt_value_text view_of(volt_slot slot) {
	volt_value_text text;
	text.bytes = volt_slot_bytes(slot, &text.length);
	return text;
}

static volt_value_text text_argument(volt_native_call *call, size_t parameter, volt_value_kind kind) {
	const char *name = host_kind_name(kind);
	const volt_slot slot = argument(call, parameter, 1u << kind, name);
	if (kind == VOLT_VALUE_STRING ? word_is_string(slot) : word_is_bytes(slot))
		return view_of(slot);
	native_note_misuse(call->vm, "what the program passes as parameter %zu is no %s", parameter, name);
	return view_of(0);
}

volt_value_text volt_native_get_string(volt_native_call *call, size_t parameter) {
	return text_argument(call, parameter, VOLT_VALUE_STRING);
}

volt_value_text volt_native_get_bytes(volt_native_call *call, size_t parameter) {
	return text_argument(call, parameter, VOLT_VALUE_BYTES);
}

volt_slot volt_native_get_reference(volt_native_call *call, size_t parameter) {
	return argument(call, parameter, 1 << VOLT_VALUE_REFERENCE, "reference");
}

volt_native_elements volt_native_get_elements(volt_native_call *call, size_t parameter, volt_kind kind) {
	const volt_slot slot = volt_native_get_reference(call, parameter);
	if (word_is_slice_of(slot, kind))
		return (volt_native_elements){slot ? slice_data(slot) : NULL, slot ? slice_length(slot) : 0};
	native_note_misuse(call->vm, "what the program passes as parameter %zu is no slice of %s", parameter,
	                   volt_kind_name(kind));
	return (volt_native_elements){NULL, 0};
}

volt_native_interface volt_native_get_interface(volt_native_call *call, size_t parameter) {
	volt_native_interface value = {{0, 0}};
	uint32_t slot;
	if (!find(call, false, parameter, 1 << VOLT_VALUE_INTERFACE, "interface", &slot))
		return value;
	value.slots[0] = native_slot(call, slot);
	value.slots[1] = native_slot(call, slot + 1);
	return value;
}

/* ---- Interfaces ---- */

static bool unwrap_number(volt_kind kind, volt_slot slot, volt_value *value) {
	switch (value->kind) {
	case VOLT_VALUE_BOOL: value->boolean = slot != 0; return kind == VOLT_KIND_BOOL;
	case VOLT_VALUE_INT:
		value->integer = (int64_t)slot;
		return kind >= VOLT_KIND_INT && kind <= VOLT_KIND_INT64;
	case VOLT_VALUE_UINT: value->natural = slot; return kind >= VOLT_KIND_UINT && kind <= VOLT_KIND_UINT64;
	case VOLT_VALUE_FLOAT64: value->floating = volt_slot_float(slot); return kind == VOLT_KIND_FLOAT64;
	case VOLT_VALUE_FLOAT32: value->floating = (double)slot_float32(slot); return kind == VOLT_KIND_FLOAT32;
	default: return false;
	}
}

static bool unwrap(volt_kind kind, volt_slot slot, volt_value *value) {
	const bool is_string = value->kind == VOLT_VALUE_STRING && kind == VOLT_KIND_STRING;
	const bool is_bytes = value->kind == VOLT_VALUE_BYTES && kind == VOLT_KIND_SLICE;
	if (!is_string && !is_bytes)
		return unwrap_number(kind, slot, value);
	value->text = view_of(0);
	if (is_string ? !word_is_string(slot) : !word_is_bytes(slot))
		return false;
	value->text = view_of(slot);
	return true;
}

bool volt_native_unwrap(volt_native_call *call, volt_native_interface interface, volt_value *value) {
	(void)call;
	*value = volt_value_of(value->kind);
	if (unwrap(volt_interface_kind(interface.slots[0]), interface.slots[1], value))
		return true;
	*value = volt_value_of(value->kind);
	return false;
}

volt_value_text volt_native_describe(volt_native_call *call, volt_native_interface interface) {
	buffer *text = native_text(call, 0);
	format_interface(native_space(call), text, interface.slots, true);
	return view_of(string_new(native_space(call), text->bytes, text->length));
}

/* ---- Results ---- */

static void set(volt_native_call *call, size_t number, unsigned kinds, const char *wanted, volt_slot value) {
	uint32_t slot;
	if (find(call, true, number, kinds, wanted, &slot))
		native_set(call, slot, value);
}

void volt_native_set_bool(volt_native_call *call, size_t result, bool value) {
	set(call, result, 1 << VOLT_VALUE_BOOL, "bool", value);
}

void volt_native_set_int(volt_native_call *call, size_t result, int64_t value) {
	set(call, result, INTS, "int", (volt_slot)value);
}

void volt_native_set_uint(volt_native_call *call, size_t result, uint64_t value) {
	set(call, result, UINTS, "uint", value);
}

void volt_native_set_float(volt_native_call *call, size_t result, double value) {
	const bool is_single = call->signature && result < call->signature->result_count &&
	                       call->signature->results[result] == VOLT_VALUE_FLOAT32;
	set(call, result, FLOATS, "float64",
	    is_single ? slot_from_float32((float)value) : volt_slot_from_float(value));
}

void volt_native_set_string(volt_native_call *call, size_t result, const void *bytes, size_t length) {
	set(call, result, 1 << VOLT_VALUE_STRING, "string", string_new(native_space(call), bytes, length));
}

void volt_native_set_bytes(volt_native_call *call, size_t result, const void *bytes, size_t length) {
	set(call, result, 1 << VOLT_VALUE_BYTES, "bytes", slice_from_bytes(native_space(call), bytes, length));
}

void volt_native_set_reference(volt_native_call *call, size_t result, volt_slot reference) {
	set(call, result, 1 << VOLT_VALUE_REFERENCE, "reference", reference);
}

void volt_native_set_interface(volt_native_call *call, size_t result, volt_native_interface value) {
	uint32_t slot;
	if (find(call, true, result, 1 << VOLT_VALUE_INTERFACE, "interface", &slot))
		native_set_any(call, slot, value.slots);
}

/* A program that has no type for errors would take the error for none. */
void volt_native_set_error(volt_native_call *call, size_t result, const char *format, ...) {
	uint32_t slot;
	if (!find(call, true, result, 1 << VOLT_VALUE_INTERFACE, "interface", &slot))
		return;
	va_list arguments;
	va_start(arguments, format);
	native_set_error_v(call, slot, format, arguments);
	va_end(arguments);
	if (slot < call->result_count && volt_interface_kind(call->results[slot]) == VOLT_KIND_VOID)
		native_note_misuse(call->vm, "it gives an error, and the module has no type for errors");
}
