/*
 * Values as text, by the kind of the interface that holds them (NATIVES.md, "Values as text").
 */
#include "object/format.h"

#include <inttypes.h>

#include "object/arrays.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "object/space_private.h"
#include "object/strings.h"

enum {
	CIRCLE_SHOWN = 100, /* so many errors of a chain that never ends */
	BYTES_SHOWN = 8,
};

static void format_integer(buffer *out, volt_kind kind, volt_slot value) {
	switch (kind) {
	case VOLT_KIND_INT8: buffer_append_signed(out, (int8_t)value); break;
	case VOLT_KIND_INT16: buffer_append_signed(out, (int16_t)value); break;
	case VOLT_KIND_INT32: buffer_append_signed(out, (int32_t)value); break;
	case VOLT_KIND_UINT8: buffer_append_unsigned(out, (uint8_t)value); break;
	case VOLT_KIND_UINT16: buffer_append_unsigned(out, (uint16_t)value); break;
	case VOLT_KIND_UINT32: buffer_append_unsigned(out, (uint32_t)value); break;
	case VOLT_KIND_UINT:
	case VOLT_KIND_UINT64: buffer_append_unsigned(out, value); break;
	default: buffer_append_signed(out, (int64_t)value);
	}
}

static void format_float32_bits(buffer *out, volt_slot slot) {
	uint32_t bits = (uint32_t)slot;
	float value;
	memcpy(&value, &bits, sizeof value);
	format_float32(out, value);
}

static void format_string(buffer *out, volt_slot string) {
	string_view view = string_get(string);
	buffer_append(out, view.bytes, view.length);
}

static void format_bytes(buffer *out, const volt_slice *slice) {
	uint64_t shown = slice->length < BYTES_SHOWN ? slice->length : BYTES_SHOWN;
	buffer_append_byte(out, '[');
	for (uint64_t index = 0; index < shown; index++)
		buffer_append_format(out, index ? ", %u" : "%u", slice->data[index]);
	buffer_append_text(out, slice->length > shown ? "]..." : "]");
}

static void format_slice(buffer *out, volt_slot reference) {
	const volt_slice *slice = volt_slot_pointer(reference);
	if (!slice || slice->length == 0) {
		buffer_append_text(out, "[]");
		return;
	}
	const volt_array *array = volt_slot_pointer(slice->array);
	if (volt_meta_kind(array->element_meta) == VOLT_KIND_UINT8)
		format_bytes(out, slice);
	else
		buffer_append_format(out, "[len=%" PRIu64 "]", slice->length);
}

/* Without error chains. */
static void format_value(const object_space *space, buffer *out, const volt_slot value[2]) {
	volt_kind kind = volt_interface_kind(value[0]);
	switch (kind) {
	case VOLT_KIND_VOID: buffer_append_text(out, "<nil>"); break;
	case VOLT_KIND_BOOL: buffer_append_text(out, value[1] ? "true" : "false"); break;
	case VOLT_KIND_FLOAT32: format_float32_bits(out, value[1]); break;
	case VOLT_KIND_FLOAT64: format_float64(out, volt_slot_float(value[1])); break;
	case VOLT_KIND_STRING: format_string(out, interface_payload(space, value)); break;
	case VOLT_KIND_SLICE: format_slice(out, interface_payload(space, value)); break;
	case VOLT_KIND_ARRAY: buffer_append_text(out, "[...]"); break;
	case VOLT_KIND_MAP: buffer_append_text(out, "map[...]"); break;
	case VOLT_KIND_STRUCT: buffer_append_text(out, "{...}"); break;
	case VOLT_KIND_POINTER:
	case VOLT_KIND_CHANNEL:
	case VOLT_KIND_CLOSURE: buffer_append_format(out, "0x%" PRIx64, value[1]); break;
	case VOLT_KIND_PORT: buffer_append_text(out, "<port>"); break;
	case VOLT_KIND_ISLAND: buffer_append_text(out, "<island>"); break;
	default: format_integer(out, kind, value[1]);
	}
}

/* Not nil, and not a word that the module only says to be a pointer. */
static bool holds_error(const volt_well_known_types *known, volt_slot pointer) {
	const uint64_t words = heap_words_from(pointer);
	return pointer % sizeof(volt_slot) == 0 && known->error_message_offset < words &&
	       known->error_cause_offset + 1u < words;
}

static bool is_error(const object_space *space, const volt_slot value[2]) {
	const volt_well_known_types *known = &space->module->well_known;
	return volt_interface_kind(value[0]) == VOLT_KIND_POINTER && known->has_error_offsets &&
	       known->error_pointer.present && volt_interface_rttid(value[0]) == known->error_pointer.value &&
	       holds_error(known, value[1]);
}

/* The interface in an error; NULL if `value` is no error or has no cause. */
static const volt_slot *cause_of(const object_space *space, const volt_slot value[2]) {
	if (!is_error(space, value))
		return NULL;
	const volt_slot *words = volt_slot_pointer(value[1]);
	const volt_slot *cause = words + space->module->well_known.error_cause_offset;
	return volt_interface_kind(cause[0]) == VOLT_KIND_VOID ? NULL : cause;
}

/* Two walks along the chain, one twice as fast, meet in a circle only. */
static bool is_circular(const object_space *space, const volt_slot value[2]) {
	const volt_slot *slow = value;
	const volt_slot *fast = cause_of(space, value);
	while (fast && slow != fast) {
		slow = cause_of(space, slow);
		fast = cause_of(space, fast);
		fast = fast ? cause_of(space, fast) : NULL;
	}
	return fast != NULL;
}

static bool is_shown(const buffer *out, size_t start) {
	static const char nothing[] = "<nil>";
	size_t length = out->length - start;
	return length > 0 &&
	       (length != strlen(nothing) || memcmp(out->bytes + start, nothing, strlen(nothing)) != 0);
}

/*
 * Messages of an error and its causes, with ": " between. A cause whose whole text is empty or "<nil>" is not
 * shown: those are the ones at the end of the chain that show nothing by themselves.
 */
static void format_error_chain(object_space *space, buffer *out, const volt_slot *value) {
	const volt_well_known_types *known = &space->module->well_known;
	size_t shown_end = 0;
	for (unsigned depth = 0; value; depth++) {
		if (depth > 0)
			buffer_append_text(out, ": ");
		size_t start = out->length;
		bool ends = depth == CIRCLE_SHOWN && is_circular(space, value);
		if (!ends && is_error(space, value))
			format_string(out, ((const volt_slot *)volt_slot_pointer(value[1]))[known->error_message_offset]);
		else
			format_value(space, out, value);
		if (depth == 0 || is_shown(out, start))
			shown_end = out->length;
		value = ends ? NULL : cause_of(space, value);
	}
	if (shown_end < out->length)
		out->bytes[out->length = shown_end] = 0;
}

void format_interface(object_space *space, buffer *out, const volt_slot value[2], bool error_chains) {
	if (error_chains && is_error(space, value))
		format_error_chain(space, out, value);
	else
		format_value(space, out, value);
}

void format_interfaces(object_space *space, buffer *out, const volt_slot *values, size_t count) {
	size_t start = out->length;
	for (size_t index = 0; index < count; index++) {
		if (out->length > start)
			buffer_append_byte(out, ' ');
		format_interface(space, out, values + 2 * index, true);
	}
}
