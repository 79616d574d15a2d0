/* Values behind interfaces and pointers: opening, boxing, assigning. */
#include "extern/reflect/reflect.h"

#include "object/arrays.h"
#include "object/heap.h"
#include "object/interfaces.h"

/* Words for a value that has no room of its own; false if there is something in its type. */
static bool open_empty(object_space *space, reflect_value *value) {
	if (!reflect_type_is_empty(space, &value->type))
		return false;
	value->slots = heap_new_words(space, value->type.slots + 1);
	value->packed = false;
	return true;
}

/*
 * An array behind a reference is an array object, or the raw slots if a compiler boxed a value that is no
 * variable (SEMANTICS.md, "Interfaces").
 */
static bool open_array(object_space *space, volt_slot reference, reflect_value *value) {
	if (object_is_packed_array(reference)) {
		volt_array *array = volt_slot_pointer(reference);
		value->slots = (volt_slot *)(void *)array->data;
		value->packed = true;
		return array->length == value->type.length;
	}
	value->slots = volt_slot_pointer(reference);
	return object_slots(reference) >= value->type.slots || open_empty(space, value);
}

bool reflect_interface(object_space *space, volt_slot value[2], reflect_value *inside) {
	volt_kind kind = volt_interface_kind(value[0]);
	inside->packed = false;
	inside->slots = &value[1];
	if (!reflect_type_get(space, volt_interface_rttid(value[0]), &inside->type))
		return false;
	if (kind != inside->type.kind || kind == VOLT_KIND_VOID || kind == VOLT_KIND_INTERFACE)
		return false;
	value[1] = interface_payload(space, value);
	if (kind != VOLT_KIND_STRUCT && kind != VOLT_KIND_ARRAY)
		return true;
	if (value[1] == 0)
		return false;
	if (kind == VOLT_KIND_ARRAY)
		return open_array(space, value[1], inside);
	inside->slots = volt_slot_pointer(value[1]);
	return object_slots(value[1]) >= inside->type.slots || open_empty(space, inside);
}

enum { ARRAY_HEADER_WORDS = offsetof(volt_array, data) / sizeof(volt_slot) };

bool reflect_pointee(object_space *space, const reflect_value *pointer, reflect_value *target) {
	volt_slot reference = pointer->slots[0];
	if (reference == 0 || reference % sizeof(volt_slot) != 0 ||
	    !reflect_type_of(space, pointer->type.element, &target->type))
		return false;
	const uint64_t words = heap_words_from(reference);
	target->packed = false;
	target->slots = volt_slot_pointer(reference);
	if (target->type.kind != VOLT_KIND_ARRAY)
		return words >= target->type.slots;
	volt_array *array = volt_slot_pointer(reference);
	target->slots = (volt_slot *)(void *)array->data;
	target->packed = true;
	return words >= ARRAY_HEADER_WORDS && array->length == target->type.length &&
	       array->length * array->element_bytes <= (words - ARRAY_HEADER_WORDS) * sizeof(volt_slot);
}

bool reflect_field(object_space *space, const reflect_value *structure, const volt_field_meta *field,
                   reflect_value *value) {
	if (!reflect_type_of(space, field->type, &value->type) || value->type.kind != volt_meta_kind(field->type))
		return false;
	if ((uint64_t)field->offset + value->type.slots > structure->type.slots)
		return open_empty(space, value);
	value->slots = structure->slots + field->offset;
	value->packed = false;
	return true;
}

/* ---- Copies ---- */

void reflect_load(const reflect_value *value, volt_slot *slots) {
	if (!value->packed) {
		memcpy(slots, value->slots, value->type.slots * sizeof *slots);
		return;
	}
	if (value->type.length == 0)
		return;
	const volt_array *array = (const void *)((const uint8_t *)value->slots - offsetof(volt_array, data));
	uint32_t width = value->type.slots / (uint32_t)value->type.length;
	volt_kind kind = volt_meta_kind(array->element_meta);
	uint8_t flags = element_flags_of_kind(kind, width);
	if (array->element_bytes != element_bytes_of_kind(kind, width)) {
		memset(slots, 0, value->type.slots * sizeof *slots);
		return;
	}
	for (uint64_t i = 0; i < value->type.length; i++)
		element_load(slots + i * width, array->data + i * array->element_bytes, flags, array->element_bytes);
}

static volt_slot new_struct(object_space *space, const reflect_type *type, const volt_slot *slots) {
	volt_slot object = heap_new_object(space, type->meta, type->slots);
	memcpy(volt_slot_pointer(object), slots, type->slots * sizeof *slots);
	return object;
}

static bool new_array(object_space *space, const reflect_type *type, volt_slot *array) {
	reflect_type element;
	return reflect_type_of(space, type->element, &element) &&
	       array_new(space, element.meta, type->length, element_bytes_of_kind(element.kind, element.slots),
	                 array)
	               .kind == VOLT_TRAP_None;
}

static volt_slot box_array(object_space *space, const reflect_value *value) {
	volt_slot array = 0;
	reflect_sequence from;
	if (!new_array(space, &value->type, &array) || !reflect_elements(space, value, &from))
		return 0;
	reflect_value copy = {value->type, (volt_slot *)(void *)((volt_array *)volt_slot_pointer(array))->data,
	                      true};
	reflect_sequence to;
	if (!reflect_elements(space, &copy, &to))
		return 0;
	for (uint64_t i = 0; i < from.length; i++) {
		volt_slot word = 0;
		volt_slot target_word = 0;
		reflect_value source = reflect_element(&from, i, &word);
		reflect_value target = reflect_element(&to, i, &target_word);
		memcpy(target.slots, source.slots, source.type.slots * sizeof(volt_slot));
		reflect_element_update(&to, i, &target_word);
	}
	return array;
}

void reflect_box(object_space *space, const reflect_value *value, volt_slot result[2]) {
	const reflect_type *type = &value->type;
	if (type->kind == VOLT_KIND_INTERFACE) {
		volt_slot payload = value->slots[1];
		result[0] = value->slots[0] & UINT32_MAX;
		result[1] = payload;
		return;
	}
	volt_slot payload = value->slots[0];
	if (type->kind == VOLT_KIND_STRUCT)
		payload = new_struct(space, type, value->slots);
	else if (type->kind == VOLT_KIND_ARRAY)
		payload = box_array(space, value);
	result[0] = volt_interface_type(0, type->rttid, type->kind);
	result[1] = payload;
}

/* ---- Assignment ---- */

static bool find_itab(object_space *space, volt_slot dynamic_type, uint32_t interface_meta, uint32_t *itab) {
	return interface_implements(space, dynamic_type, interface_meta) &&
	       interface_itab(space, volt_interface_rttid(dynamic_type), interface_meta, itab);
}

/* The first named type shares its id with `error` (see reflect_type_of()). */
static bool may_be_error(const volt_module *module, const reflect_type *type) {
	return type->rttid < module->runtime_types.count && module->well_known.error_interface.present &&
	       module->runtime_types.items[type->rttid].tag == VOLT_TYPE_NAMED &&
	       module->runtime_types.items[type->rttid].id == 0;
}

static bool same_table(object_space *space, uint32_t left, uint32_t right) {
	uint32_t left_count, right_count;
	const uint32_t *left_table = interface_table(space, left, &left_count);
	const uint32_t *right_table = interface_table(space, right, &right_count);
	const uint32_t shared = left_count < right_count ? left_count : right_count;
	return shared == 0 || memcmp(left_table, right_table, shared * sizeof *left_table) == 0;
}

/*
 * The table for an interface type. Where that is the first named type, it may also be `error`, and code calls
 * methods by their place in the table: a value that is both, with tables that differ, fits neither for sure.
 */
static bool find_itab_of_type(object_space *space, const reflect_type *type, volt_slot dynamic_type,
                              uint32_t *itab) {
	const volt_module *module = object_space_module(space);
	const volt_optional error = module->well_known.error_interface;
	const bool is_type = find_itab(space, dynamic_type, type->interface_meta, itab);
	uint32_t error_itab;
	if (!may_be_error(module, type) || error.value == type->interface_meta ||
	    !find_itab(space, dynamic_type, error.value, &error_itab))
		return is_type;
	if (is_type && !same_table(space, *itab, error_itab))
		return false;
	if (!is_type)
		*itab = error_itab;
	return true;
}

static void put_interface(object_space *space, volt_slot *slots, const volt_slot value[2], uint32_t itab) {
	volt_kind kind = volt_interface_kind(value[0]);
	bool copied = kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_ARRAY;
	slots[1] = copied ? object_clone(space, interface_payload(space, value)) : value[1];
	slots[0] = volt_interface_type(itab, volt_interface_rttid(value[0]), kind);
}

static reflect_store_result store_interface(object_space *space, const reflect_type *type, volt_slot *slots,
                                            volt_slot value[2]) {
	const volt_module *module = object_space_module(space);
	uint32_t itab = 0;
	if (!reflect_type_is_any(space, type)) {
		if (!find_itab_of_type(space, type, value[0], &itab))
			return REFLECT_NOT_IMPLEMENTED;
	} else if (may_be_error(module, type) &&
	           !find_itab(space, value[0], module->well_known.error_interface.value, &itab)) {
		itab = ITAB_NONE;
	}
	put_interface(space, slots, value, itab);
	return REFLECT_STORED;
}

void reflect_store_unchecked(object_space *space, volt_slot *slots, const volt_slot value[2]) {
	put_interface(space, slots, value, ITAB_NONE);
}

reflect_store_result reflect_store(object_space *space, const reflect_type *type, volt_slot *slots,
                                   volt_slot value[2]) {
	if (volt_interface_kind(value[0]) == VOLT_KIND_VOID) {
		if (!reflect_type_is_nillable(type))
			return REFLECT_NIL_REFUSED;
		memset(slots, 0, type->slots * sizeof *slots);
		return REFLECT_STORED;
	}
	if (type->kind == VOLT_KIND_INTERFACE)
		return store_interface(space, type, slots, value);
	reflect_value inside;
	if (volt_interface_rttid(value[0]) != type->rttid || !reflect_interface(space, value, &inside))
		return REFLECT_TYPE_DIFFERS;
	reflect_load(&inside, slots);
	return REFLECT_STORED;
}

bool reflect_new(object_space *space, const reflect_type *type, volt_slot *pointer) {
	if (type->kind == VOLT_KIND_ARRAY)
		return new_array(space, type, pointer);
	*pointer = type->kind == VOLT_KIND_STRUCT
	               ? heap_new_object(space, type->meta, type->slots)
	               : heap_new_untyped(space, volt_meta_make(0, VOLT_KIND_STRUCT), type->slots);
	return true;
}
