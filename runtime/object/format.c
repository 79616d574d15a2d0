/* Values as text, by the kind of the interface that holds them (specification, "Native externs", section 4).
 */
#include "object/format.h"

#include <inttypes.h>

#include "object/arrays.h"
#include "object/space_private.h"
#include "object/strings.h"

enum {
	ERROR_CHAIN_MAXIMUM = 100, /* chains of causes can be circular */
	BYTES_SHOWN = 8,
};

static void format_value(object_space *space, buffer *out, const volt_slot value[2], bool error_chains,
                         int depth);

static void format_integer(buffer *out, volt_kind kind, volt_slot value) {
	switch (kind) {
	case VOLT_KIND_INT8: buffer_append_format(out, "%d", (int8_t)value); break;
	case VOLT_KIND_INT16: buffer_append_format(out, "%d", (int16_t)value); break;
	case VOLT_KIND_INT32: buffer_append_format(out, "%d", (int32_t)value); break;
	case VOLT_KIND_UINT8: buffer_append_format(out, "%u", (uint8_t)value); break;
	case VOLT_KIND_UINT16: buffer_append_format(out, "%u", (uint16_t)value); break;
	case VOLT_KIND_UINT32: buffer_append_format(out, "%" PRIu32, (uint32_t)value); break;
	case VOLT_KIND_UINT:
	case VOLT_KIND_UINT64: buffer_append_format(out, "%" PRIu64, value); break;
	default: buffer_append_format(out, "%" PRId64, (int64_t)value);
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

static bool is_error(const object_space *space, const volt_slot value[2]) {
	const volt_well_known_types *known = &space->module->well_known;
	return value[1] && known->has_error_offsets && known->error_pointer.present &&
	       volt_interface_rttid(value[0]) == known->error_pointer.value;
}

/* The message, and ": cause" if the cause shows any text but "<nil>". */
static void format_error(object_space *space, buffer *out, volt_slot error, int depth) {
	const volt_well_known_types *known = &space->module->well_known;
	const volt_slot *words = volt_slot_pointer(error);
	format_string(out, words[known->error_message_offset]);
	const volt_slot *cause = words + known->error_cause_offset;
	if (volt_interface_kind(cause[0]) == VOLT_KIND_VOID)
		return;
	size_t message_end = out->length;
	buffer_append_text(out, ": ");
	size_t cause_start = out->length;
	format_value(space, out, cause, true, depth + 1);
	const char *text = out->bytes ? out->bytes + cause_start : "";
	if (*text && strcmp(text, "<nil>") != 0)
		return;
	if (out->bytes && out->length <= cause_start + strlen("<nil>"))
		out->bytes[out->length = message_end] = 0;
}

static void format_pointer(object_space *space, buffer *out, const volt_slot value[2], bool error_chains,
                           int depth) {
	if (error_chains && depth < ERROR_CHAIN_MAXIMUM && is_error(space, value))
		format_error(space, out, value[1], depth);
	else
		buffer_append_format(out, "0x%" PRIx64, value[1]);
}

static void format_value(object_space *space, buffer *out, const volt_slot value[2], bool error_chains,
                         int depth) {
	volt_kind kind = volt_interface_kind(value[0]);
	switch (kind) {
	case VOLT_KIND_VOID: buffer_append_text(out, "<nil>"); break;
	case VOLT_KIND_BOOL: buffer_append_text(out, value[1] ? "true" : "false"); break;
	case VOLT_KIND_FLOAT32: format_float32_bits(out, value[1]); break;
	case VOLT_KIND_FLOAT64: format_float64(out, volt_slot_float(value[1])); break;
	case VOLT_KIND_STRING: format_string(out, value[1]); break;
	case VOLT_KIND_SLICE: format_slice(out, value[1]); break;
	case VOLT_KIND_ARRAY: buffer_append_text(out, "[...]"); break;
	case VOLT_KIND_MAP: buffer_append_text(out, "map[...]"); break;
	case VOLT_KIND_STRUCT: buffer_append_text(out, "{...}"); break;
	case VOLT_KIND_POINTER: format_pointer(space, out, value, error_chains, depth); break;
	case VOLT_KIND_CHANNEL:
	case VOLT_KIND_CLOSURE: buffer_append_format(out, "0x%" PRIx64, value[1]); break;
	case VOLT_KIND_PORT: buffer_append_text(out, "<port>"); break;
	case VOLT_KIND_ISLAND: buffer_append_text(out, "<island>"); break;
	default: format_integer(out, kind, value[1]);
	}
}

void format_interface(object_space *space, buffer *out, const volt_slot value[2], bool error_chains) {
	format_value(space, out, value, error_chains, 0);
}

void format_interfaces(object_space *space, buffer *out, const volt_slot *values, size_t count) {
	size_t start = out->length;
	for (size_t index = 0; index < count; index++) {
		if (out->length > start)
			buffer_append_byte(out, ' ');
		format_interface(space, out, values + 2 * index, true);
	}
}
