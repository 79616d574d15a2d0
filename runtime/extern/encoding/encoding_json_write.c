/* Values as JSON text. */
#include "extern/encoding/encoding_json.h"

#include <math.h>
#include <stdio.h>

#include "extern/encoding/base64.h"
#include "object/heap.h"

typedef struct {
	object_space *space;
	buffer *out;
	encoding_field_cache fields;
	unsigned depth; /* levels of the document that are open */
	char *error;
} json_writer;

static bool write_value(json_writer *writer, const reflect_value *value);
static bool write_container(json_writer *writer, const reflect_value *value);

static bool fail_type(json_writer *writer, const reflect_type *type) {
	buffer name = {0};
	reflect_type_name(writer->space, type->rttid, &name);
	snprintf(writer->error, 256, "json: unsupported type: %s", name.bytes != NULL ? name.bytes : "?");
	buffer_free(&name);
	return false;
}

static bool write_text(json_writer *writer, const char *text) {
	buffer_append_text(writer->out, text);
	return true;
}

static bool write_float(json_writer *writer, double value, bool is_float32) {
	if (!isfinite(value)) {
		snprintf(writer->error, 256, "json: unsupported value: %s",
		         isnan(value) ? "NaN"
		         : value > 0  ? "+Inf"
		                      : "-Inf");
		return false;
	}
	encoding_json_float(writer->out, value, is_float32);
	return true;
}

static double float32_value(volt_slot slot) {
	uint32_t bits = (uint32_t)slot;
	float value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

static bool write_scalar(json_writer *writer, const reflect_value *value) {
	volt_slot word = value->slots[0];
	volt_kind kind = value->type.kind;
	if (kind == VOLT_KIND_BOOL)
		return write_text(writer, word != 0 ? "true" : "false");
	if (kind == VOLT_KIND_FLOAT32)
		return write_float(writer, float32_value(word), true);
	if (kind == VOLT_KIND_FLOAT64)
		return write_float(writer, volt_slot_float(word), false);
	if (reflect_is_signed(kind))
		buffer_append_format(writer->out, "%lld", (long long)word);
	else
		buffer_append_format(writer->out, "%llu", (unsigned long long)word);
	return true;
}

/* ---- Containers ---- */

static bool write_elements(json_writer *writer, const reflect_value *value) {
	reflect_sequence sequence;
	if (!reflect_elements(writer->space, value, &sequence))
		return fail_type(writer, &value->type);
	buffer_append_byte(writer->out, '[');
	for (uint64_t i = 0; i < sequence.length; i++) {
		volt_slot word = 0;
		reflect_value element = reflect_element(&sequence, i, &word);
		if (i > 0)
			buffer_append_byte(writer->out, ',');
		if (!write_value(writer, &element))
			return false;
	}
	buffer_append_byte(writer->out, ']');
	return true;
}

static bool write_slice(json_writer *writer, const reflect_value *value) {
	reflect_sequence sequence;
	if (!reflect_elements(writer->space, value, &sequence))
		return fail_type(writer, &value->type);
	if (sequence.element.kind != VOLT_KIND_UINT8)
		return write_container(writer, value);
	buffer_append_byte(writer->out, '"');
	base64_append(writer->out, sequence.data, sequence.length);
	buffer_append_byte(writer->out, '"');
	return true;
}

static bool write_map(json_writer *writer, const reflect_value *value) {
	encoding_entry *entries;
	size_t count;
	reflect_value entry = {0};
	if (!encoding_sorted_entries(writer->space, value, &entries, &count) ||
	    !reflect_type_of(writer->space, value->type.element, &entry.type))
		return fail_type(writer, &value->type);
	buffer_append_byte(writer->out, '{');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_append_byte(writer->out, ',');
		encoding_json_string(writer->out, entries[i].key, true);
		buffer_append_byte(writer->out, ':');
		entry.slots = entries[i].value;
		if (!write_value(writer, &entry))
			return false;
	}
	buffer_append_byte(writer->out, '}');
	return true;
}

/* A string in a string. The inner one is made at the end of the text, and taken from there. */
static void write_quoted_string(json_writer *writer, string_view text) {
	size_t start = writer->out->length;
	encoding_json_string(writer->out, text, true);
	size_t length = writer->out->length - start;
	char *inner = heap_new_bytes(writer->space, length);
	memcpy(inner, writer->out->bytes + start, length);
	writer->out->length = start;
	encoding_json_string(writer->out, (string_view){inner, length}, true);
}

/* The option "string": numbers, bools and strings stand inside a string. */
static bool write_quoted(json_writer *writer, const reflect_value *value) {
	if (value->type.kind == VOLT_KIND_STRING) {
		write_quoted_string(writer, string_get(value->slots[0]));
		return true;
	}
	if (value->type.kind > VOLT_KIND_FLOAT64)
		return write_value(writer, value);
	buffer_append_byte(writer->out, '"');
	bool written = write_value(writer, value);
	buffer_append_byte(writer->out, '"');
	return written;
}

static bool write_struct(json_writer *writer, const reflect_value *value) {
	encoding_field_list fields = encoding_fields(&writer->fields, value->type.structure);
	bool first = true;
	buffer_append_byte(writer->out, '{');
	for (size_t i = 0; i < fields.count; i++) {
		const encoding_field *field = &fields.items[i];
		reflect_value place;
		if (!encoding_field_place(writer->space, value, field, false, &place) ||
		    (field->omit_empty && encoding_is_empty(&place)))
			continue;
		if (!first)
			buffer_append_byte(writer->out, ',');
		first = false;
		encoding_json_string(writer->out, field->name, true);
		buffer_append_byte(writer->out, ':');
		if (!(field->quoted ? write_quoted(writer, &place) : write_value(writer, &place)))
			return false;
	}
	buffer_append_byte(writer->out, '}');
	return true;
}

/* ---- Everything ---- */

static bool enter(json_writer *writer) {
	if (writer->depth < ENCODING_DEPTH) {
		writer->depth++;
		return true;
	}
	snprintf(writer->error, 256, "json: unsupported value: encountered a cycle, or more than %d levels",
	         ENCODING_DEPTH);
	return false;
}

static bool write_container(json_writer *writer, const reflect_value *value) {
	if (!enter(writer))
		return false;
	bool written = value->type.kind == VOLT_KIND_STRUCT ? write_struct(writer, value)
	               : value->type.kind == VOLT_KIND_MAP  ? write_map(writer, value)
	                                                    : write_elements(writer, value);
	writer->depth--;
	return written;
}

static bool write_settled(json_writer *writer, const reflect_value *value) {
	switch (value->type.kind) {
	case VOLT_KIND_STRING: encoding_json_string(writer->out, string_get(value->slots[0]), true); return true;
	case VOLT_KIND_STRUCT:
	case VOLT_KIND_ARRAY:
	case VOLT_KIND_MAP: return write_container(writer, value);
	case VOLT_KIND_SLICE: return write_slice(writer, value);
	default:
		return value->type.kind <= VOLT_KIND_FLOAT64 ? write_scalar(writer, value)
		                                             : fail_type(writer, &value->type);
	}
}

static bool fail_unknown(json_writer *writer, const reflect_value *value) {
	if (value->type.kind != VOLT_KIND_INTERFACE)
		return fail_type(writer, &value->type);
	snprintf(writer->error, 256, "json: unsupported value of kind %s",
	         volt_kind_name(volt_interface_kind(value->slots[0])));
	return false;
}

static bool write_value(json_writer *writer, const reflect_value *value) {
	reflect_value settled = *value;
	volt_slot words[2];
	switch (encoding_settle(writer->space, &settled, words)) {
	case ENCODING_SETTLED: return write_settled(writer, &settled);
	case ENCODING_NIL: return write_text(writer, "null");
	case ENCODING_UNKNOWN: return fail_unknown(writer, &settled);
	default:
		snprintf(writer->error, 256, "json: unsupported value: encountered a cycle of pointers");
		return false;
	}
}

bool encoding_json_value(volt_native_call *call, buffer *out, const volt_slot value[2], char *error) {
	object_space *space = native_space(call);
	json_writer writer = {
	    .space = space, .out = out, .fields = {.space = space, .key = "json"}, .error = error};
	volt_slot words[2] = {value[0], value[1]};
	reflect_value any = {{.kind = VOLT_KIND_INTERFACE, .slots = 2}, words, false};
	return write_value(&writer, &any);
}
