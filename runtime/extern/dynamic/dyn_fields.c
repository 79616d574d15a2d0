/* Fields by name: of structs, of what pointers point to, through embedded structs, and keys of maps. */
#include "extern/dynamic/dyn.h"

#include "object/interfaces.h"

/* Embedding deeper or wider than this is no program's. */
enum { PATH_MAXIMUM = 16, VISIT_MAXIMUM = 4096 };

/* A way from a struct to a field: one record per embedding, the field last. */
typedef struct {
	const volt_field_meta *steps[PATH_MAXIMUM];
	unsigned length;
	unsigned visits;
} field_path;

static bool same_text(volt_text text, string_view name) {
	return text.length == name.length && memcmp(text.bytes, name.bytes, name.length) == 0;
}

/* The struct that an embedded field is, or points to. */
static const volt_struct_meta *embedded_struct(object_space *space, const volt_field_meta *field) {
	reflect_type type;
	if (!field->embedded || !reflect_type_of(space, field->type, &type))
		return NULL;
	if (type.kind == VOLT_KIND_POINTER && !reflect_type_of(space, type.element, &type))
		return NULL;
	return type.kind == VOLT_KIND_STRUCT ? type.structure : NULL;
}

static bool find_path(object_space *space, const volt_struct_meta *structure, string_view name,
                      field_path *path) {
	if (path->length == PATH_MAXIMUM || path->visits++ == VISIT_MAXIMUM)
		return false;
	for (uint32_t i = structure->fields.count; i-- > 0;) {
		if (same_text(structure->fields.items[i].name, name)) {
			path->steps[path->length++] = &structure->fields.items[i];
			return true;
		}
	}
	for (uint32_t i = 0; i < structure->fields.count; i++) {
		const volt_struct_meta *inner = embedded_struct(space, &structure->fields.items[i]);
		if (inner == NULL)
			continue;
		path->steps[path->length++] = &structure->fields.items[i];
		if (find_path(space, inner, name, path))
			return true;
		path->length--;
	}
	return false;
}

static dyn_field_result follow_path(object_space *space, const field_path *path, reflect_value *value) {
	for (unsigned i = 0; i < path->length; i++) {
		reflect_value next;
		if (i > 0 && value->type.kind == VOLT_KIND_POINTER) {
			if (!reflect_pointee(space, value, &next))
				return DYN_FIELD_NIL_PATH;
			*value = next;
		}
		if (value->type.kind != VOLT_KIND_STRUCT || !reflect_field(space, value, path->steps[i], &next))
			return DYN_FIELD_MISSING;
		*value = next;
	}
	return DYN_FIELD_FOUND;
}

dyn_field_result dyn_find_field(dyn_access *access, volt_slot base[2], string_view name,
                                reflect_value *field) {
	object_space *space = access->space;
	reflect_value value;
	if (volt_interface_kind(base[0]) == VOLT_KIND_STRUCT && base[1] == 0)
		return DYN_FIELD_NIL_DATA;
	if (!reflect_interface(space, base, &value))
		return DYN_FIELD_NO_STRUCT;
	if (value.type.kind == VOLT_KIND_POINTER) {
		reflect_type target;
		if (!reflect_type_of(space, value.type.element, &target) || target.kind != VOLT_KIND_STRUCT)
			return DYN_FIELD_NO_STRUCT;
		reflect_value pointer = value;
		if (!reflect_pointee(space, &pointer, &value))
			return DYN_FIELD_NIL_DATA;
	}
	field_path path = {0};
	if (value.type.kind != VOLT_KIND_STRUCT)
		return DYN_FIELD_NO_STRUCT;
	if (!find_path(space, value.type.structure, name, &path))
		return DYN_FIELD_MISSING;
	*field = value;
	return follow_path(space, &path, field);
}

static dyn_outcome fail_field(dyn_access *access, dyn_field_result result, bool writing) {
	switch (result) {
	case DYN_FIELD_NIL_PATH:
		return dyn_fail(access, DYN_NIL_BASE, "%s",
		                writing ? "embedded pointer is nil" : "nil pointer in embedding path");
	case DYN_FIELD_NIL_DATA: return dyn_fail(access, DYN_NIL_BASE, "struct data is nil");
	case DYN_FIELD_NO_STRUCT: return dyn_fail(access, DYN_TYPE_MISMATCH, "not a struct type");
	case DYN_FIELD_MISSING:
	case DYN_FIELD_FOUND: break;
	}
	return dyn_fail(access, DYN_BAD_FIELD, "field not found");
}

/* A map with string keys, or keys of type any, takes field syntax. */
static dyn_outcome string_key(dyn_access *access, const reflect_value *map, string_view name,
                              volt_slot key[2]) {
	reflect_type key_type;
	if (map->slots[0] == 0)
		return dyn_fail(access, DYN_NIL_BASE, "cannot access field on nil map");
	if (!reflect_type_of(access->space, map->type.key, &key_type) ||
	    (key_type.kind != VOLT_KIND_STRING && !reflect_type_is_any(access->space, &key_type)))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "map key type is not string");
	uint32_t rttid = key_type.kind == VOLT_KIND_STRING ? key_type.rttid : (uint32_t)VOLT_KIND_STRING;
	key[0] = volt_interface_type(0, rttid, VOLT_KIND_STRING);
	key[1] = string_new(access->space, name.bytes, name.length);
	return DYN_DONE;
}

static dyn_outcome map_field(dyn_access *access, volt_slot base[2], string_view name, volt_slot value[2]) {
	reflect_value map;
	volt_slot key[2];
	if (!reflect_interface(access->space, base, &map))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "cannot access field on this type");
	dyn_outcome outcome = string_key(access, &map, name, key);
	return outcome == DYN_DONE ? dyn_map_get(access, &map, key, value) : outcome;
}

/*
 * The method as a value; its error wins over that of the field (NATIVES.md, "Dynamic access").
 */
static dyn_outcome method_value(dyn_access *access, const volt_slot base[2], string_view name,
                                volt_slot value[2]) {
	uint32_t signature;
	volt_slot closure;
	if (!dyn_find_method(access, base, name, &closure, &signature))
		return dyn_fail(access, DYN_BAD_FIELD, "method not found");
	value[0] = volt_interface_type(0, signature, VOLT_KIND_CLOSURE);
	value[1] = closure;
	return DYN_DONE;
}

static bool has_methods(dyn_access *access, const volt_slot base[2]) {
	uint32_t named;
	bool through_pointer;
	return type_named(access->space, volt_interface_rttid(base[0]), &named, &through_pointer);
}

dyn_outcome dyn_reflect_field(dyn_access *access, volt_slot base[2], string_view name, volt_slot value[2]) {
	volt_kind kind = volt_interface_kind(base[0]);
	if (kind == VOLT_KIND_MAP)
		return map_field(access, base, name, value);
	if (kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_POINTER) {
		reflect_value field;
		dyn_field_result result = dyn_find_field(access, base, name, &field);
		if (result == DYN_FIELD_FOUND) {
			reflect_box(access->space, &field, value);
			return DYN_DONE;
		}
		return has_methods(access, base) ? method_value(access, base, name, value)
		                                 : fail_field(access, result, false);
	}
	return has_methods(access, base)
	           ? method_value(access, base, name, value)
	           : dyn_fail(access, DYN_TYPE_MISMATCH, "cannot access field on this type");
}

static dyn_outcome store_field(dyn_access *access, const reflect_value *field, volt_slot value[2]) {
	switch (reflect_store(access->space, &field->type, field->slots, value)) {
	case REFLECT_STORED: return DYN_DONE;
	case REFLECT_NIL_REFUSED:
		return dyn_fail(access, DYN_TYPE_MISMATCH, "cannot write nil to non-nillable field");
	case REFLECT_NOT_IMPLEMENTED:
		return dyn_fail(access, DYN_TYPE_MISMATCH, "value does not implement interface");
	case REFLECT_TYPE_DIFFERS: break;
	}
	return dyn_fail(access, DYN_TYPE_MISMATCH, "field type mismatch");
}

dyn_outcome dyn_reflect_set_field(dyn_access *access, volt_slot base[2], volt_slot name, volt_slot value[2]) {
	volt_kind kind = volt_interface_kind(base[0]);
	reflect_value place;
	if (kind == VOLT_KIND_MAP && reflect_interface(access->space, base, &place)) {
		volt_slot key[2];
		dyn_outcome outcome = string_key(access, &place, string_get(name), key);
		return outcome == DYN_DONE ? dyn_map_set(access, &place, key, value) : outcome;
	}
	if (kind != VOLT_KIND_STRUCT && kind != VOLT_KIND_POINTER)
		return dyn_fail(access, DYN_TYPE_MISMATCH, "type does not support this assignment");
	dyn_field_result result = dyn_find_field(access, base, string_get(name), &place);
	return result == DYN_FIELD_FOUND ? store_field(access, &place, value) : fail_field(access, result, true);
}
