/* `base~>[key]` by reflection: slices, arrays, strings and maps. */
#include "extern/dyn.h"

#include "object/heap.h"
#include "object/maps.h"

/* ---- Maps ---- */

static dyn_outcome key_slots(dyn_access *access, const reflect_value *map, volt_slot key[2],
                             volt_slot **slots) {
	reflect_type type;
	if (map->slots[0] == 0)
		return dyn_fail(access, DYN_NIL_BASE, "cannot index nil map");
	const volt_map *header = map_header(map->slots[0]);
	if (!reflect_type_of(access->space, map->type.key, &type) || header->key_slots != type.slots)
		return dyn_fail(access, DYN_BAD_INDEX, "map key type mismatch");
	*slots = heap_new_words(access->space, type.slots);
	if (reflect_store(access->space, &type, *slots, key) != REFLECT_STORED)
		return dyn_fail(access, DYN_BAD_INDEX, "map key type mismatch");
	return DYN_DONE;
}

dyn_outcome dyn_map_get(dyn_access *access, const reflect_value *map, volt_slot key[2], volt_slot value[2]) {
	volt_slot *slots = NULL;
	dyn_outcome outcome = key_slots(access, map, key, &slots);
	if (outcome != DYN_DONE)
		return outcome;
	const volt_slot *found = map_find(access->space, map->slots[0], slots);
	if (found == NULL)
		return dyn_fail(access, DYN_BAD_FIELD, "map key not found");
	reflect_value entry = {.slots = (volt_slot *)found};
	if (!reflect_type_of(access->space, map->type.element, &entry.type) ||
	    entry.type.slots != map_header(map->slots[0])->value_slots)
		return dyn_fail(access, DYN_TYPE_MISMATCH, "map value type mismatch");
	reflect_box(access->space, &entry, value);
	return DYN_DONE;
}

dyn_outcome dyn_map_set(dyn_access *access, const reflect_value *map, volt_slot key[2], volt_slot value[2]) {
	volt_slot *slots = NULL;
	reflect_type type;
	dyn_outcome outcome = key_slots(access, map, key, &slots);
	if (outcome != DYN_DONE)
		return outcome;
	if (!reflect_type_of(access->space, map->type.element, &type) ||
	    type.slots != map_header(map->slots[0])->value_slots)
		return dyn_fail(access, DYN_TYPE_MISMATCH, "map value type mismatch");
	volt_slot *value_slots = heap_new_words(access->space, type.slots);
	if (reflect_store(access->space, &type, value_slots, value) != REFLECT_STORED)
		return dyn_fail(access, DYN_TYPE_MISMATCH, "map value type mismatch");
	if (map_set(access->space, map->slots[0], slots, value_slots).kind != VOLT_TRAP_None)
		return dyn_fail(access, DYN_BAD_INDEX, "map key type mismatch");
	return DYN_DONE;
}

/* ---- Sequences ---- */

static dyn_outcome index_number(dyn_access *access, const volt_slot key[2], uint64_t *index) {
	if (!reflect_is_integer(volt_interface_kind(key[0])))
		return dyn_fail(access, DYN_BAD_INDEX, "index must be integer");
	*index = key[1];
	return DYN_DONE;
}

static dyn_outcome out_of_bounds(dyn_access *access, const char *what) {
	return dyn_fail(access, DYN_OUT_OF_BOUNDS, "%s index out of bounds", what);
}

static dyn_outcome element_get(dyn_access *access, const reflect_value *value, uint64_t index,
                               const char *what, volt_slot result[2]) {
	reflect_sequence sequence;
	if (!reflect_elements(access->space, value, &sequence))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "type does not support this access");
	if (index >= sequence.length)
		return out_of_bounds(access, what);
	volt_slot word = 0;
	reflect_value element = reflect_element(&sequence, index, &word);
	reflect_box(access->space, &element, result);
	return DYN_DONE;
}

static dyn_outcome string_get_byte(dyn_access *access, volt_slot string, uint64_t index,
                                   volt_slot result[2]) {
	string_view view = string_get(string);
	if (index >= view.length)
		return out_of_bounds(access, "string");
	result[0] = volt_interface_type(0, VOLT_KIND_UINT8, VOLT_KIND_UINT8);
	result[1] = (uint8_t)view.bytes[index];
	return DYN_DONE;
}

static dyn_outcome sequence_get(dyn_access *access, volt_slot base[2], const volt_slot key[2],
                                volt_slot value[2]) {
	volt_kind kind = volt_interface_kind(base[0]);
	uint64_t index = 0;
	if (kind != VOLT_KIND_STRING && base[1] == 0) {
		return dyn_fail(access, DYN_NIL_BASE, "cannot index nil %s",
		                kind == VOLT_KIND_SLICE ? "slice" : "array");
	}
	dyn_outcome outcome = index_number(access, key, &index);
	if (outcome != DYN_DONE)
		return outcome;
	if (kind == VOLT_KIND_STRING)
		return string_get_byte(access, base[1], index, value);
	reflect_value inside;
	if (!reflect_interface(access->space, base, &inside))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "type does not support this access");
	return element_get(access, &inside, index, kind == VOLT_KIND_SLICE ? "slice" : "array", value);
}

dyn_outcome dyn_reflect_index(dyn_access *access, volt_slot base[2], volt_slot key[2], volt_slot value[2]) {
	reflect_value map;
	switch (volt_interface_kind(base[0])) {
	case VOLT_KIND_SLICE:
	case VOLT_KIND_ARRAY:
	case VOLT_KIND_STRING: return sequence_get(access, base, key, value);
	case VOLT_KIND_MAP:
		if (reflect_interface(access->space, base, &map))
			return dyn_map_get(access, &map, key, value);
		break;
	default: break;
	}
	return dyn_fail(access, DYN_TYPE_MISMATCH, "type does not support this access");
}

static dyn_outcome slice_set(dyn_access *access, volt_slot base[2], const volt_slot key[2],
                             volt_slot value[2]) {
	uint64_t index = 0;
	reflect_value slice;
	reflect_sequence sequence;
	if (base[1] == 0)
		return dyn_fail(access, DYN_NIL_BASE, "cannot index nil slice");
	dyn_outcome outcome = index_number(access, key, &index);
	if (outcome != DYN_DONE)
		return outcome;
	if (!reflect_interface(access->space, base, &slice) ||
	    !reflect_elements(access->space, &slice, &sequence))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "type does not support this assignment");
	if (index >= sequence.length)
		return out_of_bounds(access, "slice");
	volt_slot word = 0;
	reflect_value element = reflect_element(&sequence, index, &word);
	if (reflect_store(access->space, &element.type, element.slots, value) != REFLECT_STORED)
		return dyn_fail(access, DYN_TYPE_MISMATCH, "slice element type mismatch");
	reflect_element_update(&sequence, index, &word);
	return DYN_DONE;
}

dyn_outcome dyn_reflect_set_index(dyn_access *access, volt_slot base[2], volt_slot key[2],
                                  volt_slot value[2]) {
	reflect_value map;
	switch (volt_interface_kind(base[0])) {
	case VOLT_KIND_SLICE: return slice_set(access, base, key, value);
	case VOLT_KIND_ARRAY: return dyn_fail(access, DYN_TYPE_MISMATCH, "cannot set index on value-type array");
	case VOLT_KIND_STRING: return dyn_fail(access, DYN_TYPE_MISMATCH, "cannot set index on string");
	case VOLT_KIND_MAP:
		if (reflect_interface(access->space, base, &map))
			return dyn_map_set(access, &map, key, value);
		break;
	default: break;
	}
	return dyn_fail(access, DYN_TYPE_MISMATCH, "type does not support this assignment");
}
