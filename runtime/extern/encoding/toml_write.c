/* Values as TOML text: plain values of a table first, then its tables under headers of their own. */
#include "extern/encoding/toml_write.h"

#include <math.h>
#include <stdio.h>

#include "object/format.h"
#include "object/heap.h"

typedef struct {
	object_space *space;
	buffer *out;
	encoding_field_cache fields;
	unsigned depth; /* levels of the document that are open */
	char *error;    /* "": none */
} toml_writer;

/* A member of a table, from a struct or a map. */
typedef struct {
	string_view key;
	reflect_value value;
} toml_member;

typedef struct {
	toml_member *items;
	size_t count;
} toml_members;

/* Where a table stands: the keys of its header. */
typedef struct toml_path {
	const struct toml_path *parent;
	string_view key;
} toml_path;

static bool write_inline(toml_writer *writer, const reflect_value *value);
static bool write_table(toml_writer *writer, const reflect_value *table, const toml_path *path);

static bool fail_type(toml_writer *writer, const reflect_type *type) {
	buffer name = {0};
	reflect_type_name(writer->space, type->rttid, &name);
	snprintf(writer->error, 256, "toml: unsupported type: %s", name.bytes != NULL ? name.bytes : "?");
	buffer_free(&name);
	return false;
}

static bool enter(toml_writer *writer) {
	if (writer->depth < ENCODING_DEPTH) {
		writer->depth++;
		return true;
	}
	snprintf(writer->error, 256, "toml: unsupported value: encountered a cycle, or more than %d levels",
	         ENCODING_DEPTH);
	return false;
}

/* ---- Looking at values ---- */

/* Follows pointers and interfaces. False: to nil, which documents leave out, or to an error. */
static bool settle(toml_writer *writer, reflect_value *value, volt_slot words[2]) {
	switch (encoding_settle(writer->space, value, words)) {
	case ENCODING_SETTLED: return true;
	case ENCODING_NIL: return false;
	case ENCODING_UNKNOWN:
		if (value->type.kind == VOLT_KIND_INTERFACE)
			snprintf(writer->error, 256, "toml: unsupported value of kind %s",
			         volt_kind_name(volt_interface_kind(value->slots[0])));
		else
			fail_type(writer, &value->type);
		return false;
	default:
		snprintf(writer->error, 256, "toml: unsupported value: encountered a cycle of pointers");
		return false;
	}
}

static bool is_table(const reflect_value *value) {
	return value->type.kind == VOLT_KIND_STRUCT || value->type.kind == VOLT_KIND_MAP;
}

/* An array with elements that are all tables gets headers, `[[key]]`. */
static bool is_table_array(toml_writer *writer, const reflect_value *value) {
	reflect_sequence sequence;
	if ((value->type.kind != VOLT_KIND_SLICE && value->type.kind != VOLT_KIND_ARRAY) ||
	    !reflect_elements(writer->space, value, &sequence) || sequence.length == 0)
		return false;
	if (sequence.element.kind < VOLT_KIND_ARRAY)
		return false;
	for (uint64_t i = 0; i < sequence.length; i++) {
		volt_slot word = 0;
		volt_slot inside[2];
		reflect_value element = reflect_element(&sequence, i, &word);
		if (!settle(writer, &element, inside) || !is_table(&element))
			return false;
	}
	return true;
}

/* ---- Members ---- */

static bool struct_members(toml_writer *writer, const reflect_value *value, toml_members *members) {
	encoding_field_list fields = encoding_fields(&writer->fields, value->type.structure);
	members->items =
	    heap_new_words(writer->space, (fields.count + 1) * sizeof(toml_member) / sizeof(volt_slot));
	for (size_t i = 0; i < fields.count; i++) {
		toml_member *member = &members->items[members->count];
		if (encoding_field_place(writer->space, value, &fields.items[i], false, &member->value) &&
		    !(fields.items[i].omit_empty && encoding_is_empty(&member->value))) {
			member->key = fields.items[i].name;
			members->count++;
		}
	}
	return true;
}

static bool map_members(toml_writer *writer, const reflect_value *value, toml_members *members) {
	encoding_entry *entries;
	reflect_type type;
	if (!encoding_sorted_entries(writer->space, value, &entries, &members->count) ||
	    !reflect_type_of(writer->space, value->type.element, &type))
		return fail_type(writer, &value->type);
	members->items =
	    heap_new_words(writer->space, (members->count + 1) * sizeof(toml_member) / sizeof(volt_slot));
	for (size_t i = 0; i < members->count; i++)
		members->items[i] = (toml_member){entries[i].key, {type, entries[i].value, false}};
	return true;
}

static bool list_members(toml_writer *writer, const reflect_value *value, toml_members *members) {
	*members = (toml_members){0};
	return value->type.kind == VOLT_KIND_STRUCT ? struct_members(writer, value, members)
	                                            : map_members(writer, value, members);
}

/* ---- Text ---- */

static void append_string(buffer *out, string_view text) {
	buffer_append_byte(out, '"');
	for (size_t i = 0; i < text.length;) {
		unsigned width = 1;
		unsigned char c = (unsigned char)text.bytes[i];
		if (c >= 128 && utf8_decode(text.bytes, text.length, i, &width) == 0xfffd && width == 1)
			buffer_append_text(out, "\xef\xbf\xbd");
		else if (c == '"' || c == '\\')
			buffer_append_format(out, "\\%c", c);
		else if (c == '\n' || c == '\t' || c == '\r')
			buffer_append_text(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
		else if (c < 32 || c == 127)
			buffer_append_format(out, "\\u%04x", c);
		else
			buffer_append(out, text.bytes + i, width);
		i += width;
	}
	buffer_append_byte(out, '"');
}

static void append_key(buffer *out, string_view key) {
	bool bare = key.length > 0;
	for (size_t i = 0; i < key.length; i++) {
		char c = key.bytes[i];
		bare &= (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		        c == '-';
	}
	if (bare)
		buffer_append(out, key.bytes, key.length);
	else
		append_string(out, key);
}

static void append_path(buffer *out, const toml_path *path) {
	if (path->parent != NULL) {
		append_path(out, path->parent);
		buffer_append_byte(out, '.');
	}
	append_key(out, path->key);
}

static void append_float(buffer *out, volt_slot slot, bool is_float32) {
	size_t start = out->length;
	uint32_t bits = (uint32_t)slot;
	float narrow;
	memcpy(&narrow, &bits, sizeof narrow);
	double value = is_float32 ? (double)narrow : volt_slot_float(slot);
	if (!isfinite(value)) {
		buffer_append_text(out, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
		return;
	}
	if (is_float32)
		format_float32(out, narrow);
	else
		format_float64(out, value);
	if (memchr(out->bytes + start, '.', out->length - start) == NULL)
		buffer_append_text(out, ".0");
}

static bool write_scalar(toml_writer *writer, const reflect_value *value) {
	volt_kind kind = value->type.kind;
	volt_slot word = value->slots[0];
	if (kind == VOLT_KIND_STRING) {
		append_string(writer->out, string_get(word));
	} else if (kind == VOLT_KIND_BOOL) {
		buffer_append_text(writer->out, word != 0 ? "true" : "false");
	} else if (kind == VOLT_KIND_FLOAT32 || kind == VOLT_KIND_FLOAT64) {
		append_float(writer->out, word, kind == VOLT_KIND_FLOAT32);
	} else if (reflect_is_signed(kind)) {
		buffer_append_format(writer->out, "%lld", (long long)word);
	} else if (reflect_is_integer(kind) && word <= INT64_MAX) {
		buffer_append_format(writer->out, "%llu", (unsigned long long)word);
	} else if (reflect_is_integer(kind)) {
		snprintf(writer->error, 256, "toml: integer %llu is out of range", (unsigned long long)word);
		return false;
	} else {
		return fail_type(writer, &value->type);
	}
	return true;
}

/* ---- Values after an equals sign ---- */

static bool write_inline_array(toml_writer *writer, const reflect_value *value) {
	reflect_sequence sequence;
	if (!reflect_elements(writer->space, value, &sequence))
		return fail_type(writer, &value->type);
	buffer_append_byte(writer->out, '[');
	for (uint64_t i = 0; i < sequence.length; i++) {
		volt_slot word = 0;
		volt_slot inside[2];
		reflect_value element = reflect_element(&sequence, i, &word);
		if (!settle(writer, &element, inside)) {
			if (writer->error[0] == 0)
				snprintf(writer->error, 256, "toml: array with a nil element");
			return false;
		}
		buffer_append_text(writer->out, i > 0 ? ", " : "");
		if (!write_inline(writer, &element))
			return false;
	}
	buffer_append_byte(writer->out, ']');
	return true;
}

static bool write_inline_table(toml_writer *writer, const reflect_value *value) {
	toml_members members;
	bool first = true;
	if (!list_members(writer, value, &members))
		return false;
	buffer_append_byte(writer->out, '{');
	for (size_t i = 0; i < members.count; i++) {
		volt_slot inside[2];
		reflect_value member = members.items[i].value;
		if (!settle(writer, &member, inside))
			continue;
		buffer_append_text(writer->out, first ? "" : ", ");
		first = false;
		append_key(writer->out, members.items[i].key);
		buffer_append_text(writer->out, " = ");
		if (!write_inline(writer, &member))
			return false;
	}
	buffer_append_byte(writer->out, '}');
	return true;
}

static bool write_inline(toml_writer *writer, const reflect_value *value) {
	bool array = value->type.kind == VOLT_KIND_SLICE || value->type.kind == VOLT_KIND_ARRAY;
	if (!array && !is_table(value))
		return write_scalar(writer, value);
	if (!enter(writer))
		return false;
	bool written = array ? write_inline_array(writer, value) : write_inline_table(writer, value);
	writer->depth--;
	return written;
}

/* ---- Tables ---- */

static void write_header(toml_writer *writer, const toml_path *path, bool is_array) {
	if (writer->out->length > 0)
		buffer_append_byte(writer->out, '\n');
	buffer_append_text(writer->out, is_array ? "[[" : "[");
	append_path(writer->out, path);
	buffer_append_text(writer->out, is_array ? "]]\n" : "]\n");
}

static bool write_table_array(toml_writer *writer, const reflect_value *value, const toml_path *path) {
	reflect_sequence sequence;
	if (!reflect_elements(writer->space, value, &sequence))
		return fail_type(writer, &value->type);
	if (!enter(writer))
		return false;
	for (uint64_t i = 0; i < sequence.length; i++) {
		volt_slot word = 0;
		volt_slot inside[2];
		reflect_value element = reflect_element(&sequence, i, &word);
		write_header(writer, path, true);
		if (settle(writer, &element, inside) && !write_table(writer, &element, path))
			return false;
	}
	writer->depth--;
	return true;
}

static bool write_pairs(toml_writer *writer, const toml_members *members) {
	for (size_t i = 0; i < members->count; i++) {
		volt_slot inside[2];
		reflect_value value = members->items[i].value;
		if (!settle(writer, &value, inside) || is_table(&value) || is_table_array(writer, &value))
			continue;
		append_key(writer->out, members->items[i].key);
		buffer_append_text(writer->out, " = ");
		if (!write_inline(writer, &value))
			return false;
		buffer_append_byte(writer->out, '\n');
	}
	return true;
}

static bool write_tables(toml_writer *writer, const toml_members *members, const toml_path *parent) {
	for (size_t i = 0; i < members->count; i++) {
		volt_slot inside[2];
		reflect_value value = members->items[i].value;
		toml_path path = {parent, members->items[i].key};
		if (!settle(writer, &value, inside))
			continue;
		if (is_table(&value)) {
			write_header(writer, &path, false);
			if (!write_table(writer, &value, &path))
				return false;
		} else if (is_table_array(writer, &value) && !write_table_array(writer, &value, &path)) {
			return false;
		}
	}
	return true;
}

static bool write_table(toml_writer *writer, const reflect_value *table, const toml_path *path) {
	toml_members members;
	if (!enter(writer))
		return false;
	bool written = list_members(writer, table, &members) && write_pairs(writer, &members) &&
	               write_tables(writer, &members, path);
	writer->depth--;
	return written;
}

bool toml_append_document(volt_native_call *call, buffer *out, const volt_slot value[2], char *error) {
	object_space *space = native_space(call);
	toml_writer writer = {
	    .space = space, .out = out, .fields = {.space = space, .key = "toml"}, .error = error};
	volt_slot words[2] = {value[0], value[1]};
	volt_slot inside[2];
	reflect_value top = {{.kind = VOLT_KIND_INTERFACE, .slots = 2}, words, false};
	error[0] = 0;
	if (!settle(&writer, &top, inside) || !is_table(&top)) {
		if (error[0] == 0)
			snprintf(error, 256, "toml: top-level value must be a map or struct");
		return false;
	}
	bool written = write_table(&writer, &top, NULL) && error[0] == 0;
	/* Nothing at all is no document to the reader. */
	if (out->length == 0)
		buffer_append_byte(out, '\n');
	return written;
}
