/* Values of the host as slots, and back. */
#include "vm/host_values.h"

#include <stdlib.h>
#include <string.h>

#include "interpreter/expressions.h"
#include "object/arrays.h"
#include "object/held.h"
#include "object/strings.h"
#include "vm/signature.h"

/* ---- Handles ---- */

static held_value *held(volt_handle *handle) {
	return (held_value *)(void *)handle;
}

static bool is_handle_kind(volt_value_kind kind) {
	return kind == VOLT_VALUE_REFERENCE || kind == VOLT_VALUE_INTERFACE;
}

static bool is_text_kind(volt_value_kind kind) {
	return kind == VOLT_VALUE_STRING || kind == VOLT_VALUE_BYTES;
}

void volt_handle_release(volt_handle *handle) {
	held_value_release(held(handle));
}

void volt_value_clear(volt_value *value) {
	if (!value)
		return;
	if (is_handle_kind(value->kind))
		volt_handle_release(value->handle);
	else if (is_text_kind(value->kind))
		free((void *)(uintptr_t)value->text.bytes);
	*value = volt_value_of(value->kind);
}

void host_values_clear(volt_value *values, size_t count) {
	for (size_t i = 0; i < count; i++)
		volt_value_clear(&values[i]);
}

volt_error *host_values_check(const volt_vm *vm, uint32_t function, const volt_value *values, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (!is_handle_kind(values[i].kind) || !values[i].handle)
			continue;
		const held_value *value = held(values[i].handle);
		if (value->owner != vm->serial)
			return signature_error(vm->module, function, "parameter", i, "the handle is another VM's");
		if (value->is_interface != (values[i].kind == VOLT_VALUE_INTERFACE))
			return signature_error(
			    vm->module, function, "parameter", i, "the handle is that of %s, and no %s",
			    value->is_interface ? "an interface" : "a reference", host_kind_name(values[i].kind));
	}
	return NULL;
}

/* ---- To slots ---- */

static void write_value(volt_vm *vm, const volt_value *value, volt_slot *slots) {
	switch (value->kind) {
	case VOLT_VALUE_BOOL: slots[0] = value->boolean; break;
	case VOLT_VALUE_INT: slots[0] = (volt_slot)value->integer; break;
	case VOLT_VALUE_UINT: slots[0] = value->natural; break;
	case VOLT_VALUE_FLOAT64: slots[0] = volt_slot_from_float(value->floating); break;
	case VOLT_VALUE_FLOAT32: slots[0] = slot_from_float32((float)value->floating); break;
	case VOLT_VALUE_STRING: slots[0] = string_new(vm->space, value->text.bytes, value->text.length); break;
	case VOLT_VALUE_BYTES:
		slots[0] = slice_from_bytes(vm->space, value->text.bytes, value->text.length);
		break;
	case VOLT_VALUE_REFERENCE:
	case VOLT_VALUE_INTERFACE:
		for (uint32_t i = 0; i < host_kind_slots(value->kind); i++)
			slots[i] = value->handle ? held(value->handle)->slots[i] : 0;
		break;
	case VOLT_VALUE_KIND_COUNT: break;
	}
}

void host_values_write(volt_vm *vm, const volt_value *values, size_t count, volt_slot *slots) {
	for (size_t i = 0; i < count; i++) {
		write_value(vm, &values[i], slots);
		slots += host_kind_slots(values[i].kind);
	}
}

/* ---- From slots ---- */

static volt_error *read_text(const volt_slot *slots, volt_value *value) {
	size_t length;
	const char *bytes = volt_slot_bytes(slots[0], &length);
	char *copy = malloc(length + 1);
	if (!copy)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for a result of %zu bytes", length);
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	value->text = (volt_value_text){copy, length};
	return NULL;
}

static volt_error *read_handle(const volt_vm *vm, const volt_slot *slots, volt_value *value) {
	const bool is_interface = value->kind == VOLT_VALUE_INTERFACE;
	const bool is_nil = is_interface ? volt_interface_kind(slots[0]) == VOLT_KIND_VOID : slots[0] == 0;
	const volt_slot held_slots[2] = {slots[0], is_interface ? slots[1] : 0};
	if (is_nil)
		return NULL;
	value->handle = (volt_handle *)(void *)held_value_new(held_slots, is_interface, vm->serial);
	return value->handle ? NULL : volt_error_new(VOLT_ERROR_MEMORY, "no memory for a handle");
}

static volt_error *read_value(const volt_vm *vm, uint32_t function, const volt_slot *slots, volt_value *value,
                              size_t number) {
	switch (value->kind) {
	case VOLT_VALUE_BOOL: value->boolean = slots[0] != 0; break;
	case VOLT_VALUE_INT: value->integer = (int64_t)slots[0]; break;
	case VOLT_VALUE_UINT: value->natural = slots[0]; break;
	case VOLT_VALUE_FLOAT64: value->floating = volt_slot_float(slots[0]); break;
	case VOLT_VALUE_FLOAT32: value->floating = (double)slot_float32(slots[0]); break;
	case VOLT_VALUE_STRING:
		if (!word_is_string(slots[0]))
			return signature_error(vm->module, function, "result", number, "what was returned is no string");
		return read_text(slots, value);
	case VOLT_VALUE_BYTES:
		if (!word_is_bytes(slots[0]))
			return signature_error(vm->module, function, "result", number, "what was returned is no []byte");
		return read_text(slots, value);
	case VOLT_VALUE_REFERENCE:
	case VOLT_VALUE_INTERFACE: return read_handle(vm, slots, value);
	case VOLT_VALUE_KIND_COUNT: break;
	}
	return NULL;
}

volt_error *host_values_read(const volt_vm *vm, uint32_t function, const volt_slot *slots, volt_value *values,
                             size_t count) {
	volt_error *error = NULL;
	for (size_t i = 0; i < count && !error; i++) {
		error = read_value(vm, function, slots, &values[i], i);
		slots += host_kind_slots(values[i].kind);
	}
	if (error)
		host_values_clear(values, count);
	return error;
}
