/* `base~>[key]` by reflection: slices, arrays, strings and maps. */
#include "extern/dynamic/dyn.h"

#include "object/heap.h"
#include "object/interfaces.h"
#include "object/maps.h"

/* ---- Maps ---- */

typedef enum { KEY_FITS, KEY_OUT_OF_RANGE, KEY_TYPE_DIFFERS } key_fit;

/* An integer as a key of another integer type: it must be the same number there. */
static key_fit integer_key(volt_kind wanted, const volt_slot key[2], volt_slot *slot) {
	bool negative = reflect_is_signed(volt_interface_kind(key[0])) && (int64_t)key[1] < 0;
	unsigned unused = 64 - reflect_integer_bits(wanted);
	*slot = key[1] << unused;
	if (reflect_is_signed(wanted)) {
		*slot = (volt_slot)((int64_t)*slot >> unused);
		return *slot == key[1] && ((int64_t)*slot < 0) == negative ? KEY_FITS : KEY_OUT_OF_RANGE;
	}
	*slot >>= unused;
	return *slot == key[1] && !negative ? KEY_FITS : KEY_OUT_OF_RANGE;
}

/*
 * A key as the map holds it. Of two basic types with one representation either will do, and so will every
 * integer type for another: names do not matter here.
 */
static key_fit fit_key(object_space *space, const reflect_type *type, volt_slot key[2], volt_slot *slots) {
	volt_kind kind = volt_interface_kind(key[0]);
	if (reflect_is_integer(type->kind) && reflect_is_integer(kind))
		return integer_key(type->kind, key, slots);
	if (kind == type->kind && (kind == VOLT_KIND_BOOL || kind == VOLT_KIND_STRING ||
	                           kind == VOLT_KIND_FLOAT32 || kind == VOLT_KIND_FLOAT64)) {
		*slots = interface_payload(space, key);
		return KEY_FITS;
	}
	return reflect_store(space, type, slots, key) == REFLECT_STORED ? KEY_FITS : KEY_TYPE_DIFFERS;
}

/* Room for a value of the type in this map; NULL if the map was made for values of another width. */
static volt_slot *room_for(dyn_access *access, const reflect_type *type, uint32_t slots) {
	bool fits = type->slots == slots || (slots == 0 && reflect_type_is_empty(access->space, type));
	return fits ? heap_new_words(access->space, type->slots) : NULL;
}

static dyn_outcome key_slots(dyn_access *access, const reflect_value *map, volt_slot key[2],
                             volt_slot **slots, key_fit *fit) {
	reflect_type type;
	*slots = NULL;
	*fit = KEY_TYPE_DIFFERS;
	if (map->slots[0] == 0)
		return dyn_fail(access, DYN_NIL_BASE, "cannot index nil map");
	if (reflect_type_of(access->space, map->type.key, &type))
		*slots = room_for(access, &type, map_header(map->slots[0])->key_slots);
	if (*slots)
		*fit = fit_key(access->space, &type, key, *slots);
	return *fit == KEY_TYPE_DIFFERS ? dyn_fail(access, DYN_BAD_INDEX, "map key type mismatch") : DYN_DONE;
}

dyn_outcome dyn_map_get(dyn_access *access, const reflect_value *map, volt_slot key[2], volt_slot value[2]) {
	volt_slot *slots;
	key_fit fit;
	dyn_outcome outcome = key_slots(access, map, key, &slots, &fit);
	if (outcome != DYN_DONE)
		return outcome;
	const volt_slot *found = fit == KEY_FITS ? map_find(access->space, map->slots[0], slots) : NULL;
	if (found == NULL)
		return dyn_fail(access, DYN_BAD_FIELD, "map key not found");
	reflect_value entry = {0};
	uint32_t width = map_header(map->slots[0])->value_slots;
	if (reflect_type_of(access->space, map->type.element, &entry.type))
		entry.slots = room_for(access, &entry.type, width);
	if (entry.slots == NULL)
		return dyn_fail(access, DYN_TYPE_MISMATCH, "map value type mismatch");
	memcpy(entry.slots, found, width * sizeof *found);
	reflect_box(access->space, &entry, value);
	return DYN_DONE;
}

/* A map takes what its interface type does not allow, as in the original: see reflect_store_unchecked(). */
static bool store_value(object_space *space, const reflect_type *type, volt_slot *slots, volt_slot value[2]) {
	reflect_store_result result = reflect_store(space, type, slots, value);
	if (result == REFLECT_NOT_IMPLEMENTED)
		reflect_store_unchecked(space, slots, value);
	return result == REFLECT_STORED || result == REFLECT_NOT_IMPLEMENTED;
}

dyn_outcome dyn_map_set(dyn_access *access, const reflect_value *map, volt_slot key[2], volt_slot value[2]) {
	volt_slot *slots;
	key_fit fit;
	reflect_type type;
	volt_slot *words = NULL;
	dyn_outcome outcome = key_slots(access, map, key, &slots, &fit);
	if (outcome != DYN_DONE)
		return outcome;
	if (fit != KEY_FITS)
		return dyn_fail(access, DYN_BAD_INDEX, "map key type mismatch");
	if (reflect_type_of(access->space, map->type.element, &type))
		words = room_for(access, &type, map_header(map->slots[0])->value_slots);
	if (words == NULL || !store_value(access->space, &type, words, value))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "map value type mismatch");
	if (map_set(access->space, map->slots[0], slots, words).kind != VOLT_TRAP_None)
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
		return string_get_byte(access, interface_payload(access->space, base), index, value);
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
