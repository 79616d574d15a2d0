/* From the tree of a document to values: what fits is written, the first thing that does not is reported. */
#include "extern/encoding/encoding.h"

#include <stdio.h>
#include <stdlib.h>

#include "extern/encoding/base64.h"
#include "object/arrays.h"
#include "object/heap.h"
#include "object/maps.h"

static void decode(encoding_decoder *decoder, const json_t *node, const reflect_value *place);

static void fail(encoding_decoder *decoder, const char *what, const reflect_type *type) {
	if (decoder->error[0] != 0)
		return;
	buffer name = {0};
	reflect_type_name(decoder->space, type->rttid, &name);
	snprintf(decoder->error, sizeof decoder->error, "%s: cannot unmarshal %s into value of type %s",
	         decoder->package, what, name.bytes != NULL ? name.bytes : "?");
	buffer_free(&name);
}

static void fail_node(encoding_decoder *decoder, const json_t *node, const reflect_type *type) {
	static const char *const names[] = {
	    [JSON_OBJECT] = "object", [JSON_ARRAY] = "array", [JSON_STRING] = "string", [JSON_INTEGER] = "number",
	    [JSON_REAL] = "number",   [JSON_TRUE] = "bool",   [JSON_FALSE] = "bool",    [JSON_NULL] = "null",
	};
	string_view text;
	bool number = json_is_string(node) && encoding_text(node, &text) == ENCODING_NUMBER;
	if (json_is_integer(node)) {
		char shown[48];
		snprintf(shown, sizeof shown, "number %lld", (long long)json_integer_value(node));
		fail(decoder, shown, type);
	} else {
		fail(decoder, number ? "number" : names[json_typeof(node)], type);
	}
}

/* ---- Values of type any ---- */

static void set_any(volt_slot *slots, uint32_t rttid, volt_kind kind, volt_slot payload) {
	slots[0] = volt_interface_type(0, rttid, kind);
	slots[1] = payload;
}

static void decode_any_container(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	uint32_t rttid;
	volt_slot word = 0;
	reflect_value inside = {.slots = &word};
	bool known = json_is_array(node) ? reflect_find_any_slice(decoder->space, &rttid)
	                                 : reflect_find_any_map(decoder->space, &rttid);
	if (!known || !reflect_type_get(decoder->space, rttid, &inside.type)) {
		/* A value needs a type of the module; a program that looks into such values names it. */
		fail_node(decoder, node, &place->type);
		return;
	}
	decode(decoder, node, &inside);
	set_any(place->slots, rttid, inside.type.kind, word);
}

static void decode_any_text(encoding_decoder *decoder, const json_t *node, volt_slot *slots) {
	string_view text;
	volt_slot word = 0;
	const reflect_value number = {
	    {.kind = VOLT_KIND_FLOAT64, .rttid = VOLT_KIND_FLOAT64, .slots = 1}, &word, false};
	if (encoding_text(node, &text) == ENCODING_STRING)
		set_any(slots, VOLT_KIND_STRING, VOLT_KIND_STRING,
		        string_new(decoder->space, text.bytes, text.length));
	else if (encoding_store_number(node, &number))
		set_any(slots, VOLT_KIND_FLOAT64, VOLT_KIND_FLOAT64, word);
	else
		fail_node(decoder, node, &number.type);
}

static void decode_any(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	volt_slot *slots = place->slots;
	switch (json_typeof(node)) {
	case JSON_NULL: slots[0] = slots[1] = 0; break;
	case JSON_TRUE:
	case JSON_FALSE: set_any(slots, VOLT_KIND_BOOL, VOLT_KIND_BOOL, json_is_true(node)); break;
	case JSON_STRING: decode_any_text(decoder, node, slots); break;
	case JSON_INTEGER:
		if (!decoder->integers_are_floats) {
			set_any(slots, VOLT_KIND_INT64, VOLT_KIND_INT64, (volt_slot)json_integer_value(node));
			break;
		}
		/* fall through */
	case JSON_REAL:
		set_any(slots, VOLT_KIND_FLOAT64, VOLT_KIND_FLOAT64, volt_slot_from_float(json_number_value(node)));
		break;
	case JSON_ARRAY:
	case JSON_OBJECT: decode_any_container(decoder, node, place); break;
	}
}

/* Through the pointer in an interface, which may lead back to the interface. */
/* ---- Sequences ---- */

static void decode_elements(encoding_decoder *decoder, const json_t *node, const reflect_value *place,
                            size_t count) {
	reflect_sequence sequence;
	if (!reflect_elements(decoder->space, place, &sequence)) {
		fail_node(decoder, node, &place->type);
		return;
	}
	for (size_t i = 0; i < count && i < sequence.length; i++) {
		volt_slot word = 0;
		reflect_value element = reflect_element(&sequence, i, &word);
		decode(decoder, json_array_get(node, i), &element);
		reflect_element_update(&sequence, i, &word);
	}
	if (count < sequence.length)
		memset(sequence.data + count * sequence.bytes, 0, (sequence.length - count) * sequence.bytes);
}

static bool is_byte_slice(encoding_decoder *decoder, const reflect_type *type) {
	reflect_type element;
	return reflect_type_of(decoder->space, type->element, &element) && element.kind == VOLT_KIND_UINT8;
}

static void decode_slice(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	string_view text;
	volt_slot slice;
	if (json_is_array(node) &&
	    reflect_new_slice(decoder->space, &place->type, json_array_size(node), &slice)) {
		place->slots[0] = slice;
		decode_elements(decoder, node, place, json_array_size(node));
	} else if (json_is_string(node) && is_byte_slice(decoder, &place->type) &&
	           encoding_text(node, &text) == ENCODING_STRING) {
		uint8_t *bytes = heap_new_bytes(decoder->space, text.length + 1);
		size_t length;
		if (base64_decode(text, bytes, &length)) {
			volt_slot empty = 0;
			place->slots[0] = length > 0 || !reflect_new_slice(decoder->space, &place->type, 0, &empty)
			                      ? slice_from_bytes(decoder->space, bytes, length)
			                      : empty;
		} else {
			fail(decoder, "string that is no base64", &place->type);
		}
	} else {
		fail_node(decoder, node, &place->type);
	}
}

/* ---- Objects ---- */

static const encoding_field *find_field(const encoding_field_list *fields, string_view name) {
	for (size_t i = 0; i < fields->count; i++) {
		string_view have = fields->items[i].name;
		if (have.length == name.length && memcmp(have.bytes, name.bytes, name.length) == 0)
			return &fields->items[i];
	}
	return NULL;
}

/* The option "string": the number or bool stands inside a string. */
static void decode_quoted(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	string_view text;
	volt_kind kind = place->type.kind;
	if (json_is_null(node) || !json_is_string(node) || encoding_text(node, &text) != ENCODING_STRING ||
	    (kind != VOLT_KIND_BOOL && !reflect_is_integer(kind) && kind != VOLT_KIND_FLOAT32 &&
	     kind != VOLT_KIND_FLOAT64))
		decode(decoder, node, place);
	else if (kind == VOLT_KIND_BOOL && text.length == 4 && memcmp(text.bytes, "true", 4) == 0)
		place->slots[0] = 1;
	else if (kind == VOLT_KIND_BOOL && text.length == 5 && memcmp(text.bytes, "false", 5) == 0)
		place->slots[0] = 0;
	else if (kind == VOLT_KIND_BOOL || !encoding_store_number_text(text, place))
		fail(decoder, "string", &place->type);
}

static void decode_struct(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	encoding_field_list fields = encoding_fields(&decoder->fields, place->type.structure);
	void *iterator = json_object_iter((json_t *)node);
	for (; iterator != NULL; iterator = json_object_iter_next((json_t *)node, iterator)) {
		string_view name = {json_object_iter_key(iterator), json_object_iter_key_len(iterator)};
		const encoding_field *field = find_field(&fields, name);
		reflect_value target;
		if (field == NULL || !encoding_field_place(decoder->space, place, field, true, &target))
			continue;
		const json_t *value = json_object_iter_value(iterator);
		if (field->quoted)
			decode_quoted(decoder, value, &target);
		else
			decode(decoder, value, &target);
	}
}

static bool decode_key(encoding_decoder *decoder, string_view name, const reflect_value *key) {
	if (key->type.kind == VOLT_KIND_STRING) {
		key->slots[0] = string_new(decoder->space, name.bytes, name.length);
		return true;
	}
	return reflect_is_integer(key->type.kind) && encoding_store_number_text(name, key);
}

static bool open_map(encoding_decoder *decoder, const reflect_value *place, reflect_type *key,
                     reflect_type *value) {
	object_space *space = decoder->space;
	if (!reflect_type_of(space, place->type.key, key) ||
	    !reflect_type_of(space, place->type.element, value) ||
	    (key->kind != VOLT_KIND_STRING && !reflect_is_integer(key->kind)) || value->slots > UINT16_MAX)
		return false;
	if (place->slots[0] == 0) {
		place->slots[0] =
		    map_new(space, key->meta, value->meta, key->rttid, (uint16_t)key->slots, (uint16_t)value->slots);
	}
	const volt_map *header = map_header(place->slots[0]);
	return header->key_slots == key->slots && header->value_slots == value->slots;
}

static void decode_map(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	volt_slot key_word = 0;
	reflect_value key = {.slots = &key_word};
	reflect_value value = {0};
	if (!open_map(decoder, place, &key.type, &value.type)) {
		fail_node(decoder, node, &place->type);
		return;
	}
	void *iterator = json_object_iter((json_t *)node);
	for (; iterator != NULL; iterator = json_object_iter_next((json_t *)node, iterator)) {
		string_view name = {json_object_iter_key(iterator), json_object_iter_key_len(iterator)};
		value.slots = heap_new_words(decoder->space, value.type.slots);
		decode(decoder, json_object_iter_value(iterator), &value);
		if (!decode_key(decoder, name, &key))
			fail(decoder, "number as a key", &key.type);
		else
			map_set(decoder->space, place->slots[0], &key_word, value.slots);
	}
}

/* ---- Everything else ---- */

static void decode_scalar(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	string_view text;
	volt_kind kind = place->type.kind;
	bool fits = false;
	if (kind == VOLT_KIND_BOOL) {
		fits = json_is_boolean(node);
		place->slots[0] = fits ? json_is_true(node) : place->slots[0];
	} else if (kind == VOLT_KIND_STRING) {
		fits = json_is_string(node) && encoding_text(node, &text) == ENCODING_STRING;
		place->slots[0] = fits ? string_new(decoder->space, text.bytes, text.length) : place->slots[0];
	} else if (kind <= VOLT_KIND_FLOAT64) {
		fits = encoding_store_number(node, place);
	}
	if (!fits)
		fail_node(decoder, node, &place->type);
}

static void decode_object(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	if (json_is_object(node) && place->type.kind == VOLT_KIND_STRUCT)
		decode_struct(decoder, node, place);
	else if (json_is_object(node))
		decode_map(decoder, node, place);
	else
		fail_node(decoder, node, &place->type);
}

/* ---- Pointers and interfaces ---- */

/* To what a pointer points to; a nil one gets something. */
static bool enter_pointer(encoding_decoder *decoder, reflect_value *place) {
	reflect_type type;
	reflect_value target;
	if (place->slots[0] == 0 && (!reflect_type_of(decoder->space, place->type.element, &type) ||
	                             !reflect_new(decoder->space, &type, place->slots)))
		return false;
	if (!reflect_pointee(decoder->space, place, &target))
		return false;
	*place = target;
	return true;
}

/* To what the pointer in an interface points to. */
static bool enter_interface(encoding_decoder *decoder, reflect_value *place) {
	volt_slot inner[2] = {place->slots[0], place->slots[1]};
	reflect_value pointer;
	reflect_value target;
	if (volt_interface_kind(inner[0]) != VOLT_KIND_POINTER ||
	    !reflect_interface(decoder->space, inner, &pointer) ||
	    !reflect_pointee(decoder->space, &pointer, &target))
		return false;
	*place = target;
	return true;
}

static void decode_interface(encoding_decoder *decoder, const json_t *node, const reflect_value *place) {
	if (json_is_null(node) || reflect_type_is_any(decoder->space, &place->type))
		decode_any(decoder, node, place);
	else
		fail_node(decoder, node, &place->type);
}

/* Follows pointers and interfaces to where the node goes. False: it has gone there, or cannot. */
static bool settle(encoding_decoder *decoder, const json_t *node, reflect_value *place) {
	for (unsigned i = 0; i < ENCODING_DEPTH; i++) {
		volt_kind kind = place->type.kind;
		if (kind == VOLT_KIND_INTERFACE) {
			if (!json_is_null(node) && enter_interface(decoder, place))
				continue;
			decode_interface(decoder, node, place);
			return false;
		}
		if (json_is_null(node)) {
			if (reflect_type_is_nillable(&place->type))
				place->slots[0] = 0;
			return false;
		}
		if (kind != VOLT_KIND_POINTER)
			return true;
		if (!enter_pointer(decoder, place)) {
			fail_node(decoder, node, &place->type);
			return false;
		}
	}
	fail(decoder, "values behind too many pointers", &place->type);
	return false;
}

static void decode(encoding_decoder *decoder, const json_t *node, const reflect_value *start) {
	reflect_value place = *start;
	if (!settle(decoder, node, &place))
		return;
	switch (place.type.kind) {
	case VOLT_KIND_STRUCT:
	case VOLT_KIND_MAP: decode_object(decoder, node, &place); break;
	case VOLT_KIND_SLICE: decode_slice(decoder, node, &place); break;
	case VOLT_KIND_ARRAY:
		if (json_is_array(node))
			decode_elements(decoder, node, &place, json_array_size(node));
		else
			fail_node(decoder, node, &place.type);
		break;
	default: decode_scalar(decoder, node, &place); break;
	}
}

bool encoding_decode(encoding_decoder *decoder, const json_t *tree, const volt_slot target[2]) {
	volt_slot value[2] = {target[0], target[1]};
	reflect_value pointer;
	reflect_value place;
	decoder->fields.space = decoder->space;
	decoder->fields.key = decoder->package;
	bool is_pointer = volt_interface_kind(value[0]) == VOLT_KIND_POINTER;
	if (is_pointer && value[1] == 0)
		snprintf(decoder->error, sizeof decoder->error, "nil pointer");
	else if (!is_pointer || !reflect_interface(decoder->space, value, &pointer) ||
	         !reflect_pointee(decoder->space, &pointer, &place))
		snprintf(decoder->error, sizeof decoder->error, "target must be pointer");
	else
		decode(decoder, tree, &place);
	return decoder->error[0] == 0;
}
