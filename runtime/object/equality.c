/*
 * Equality of values: raw slots, but contents for strings, structs, arrays and interfaces (SEMANTICS.md,
 * "Equality"), and one NaN.
 */
#include "object/contents.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "object/space_private.h"
#include "object/strings.h"
#include "object/types.h"

static bool values_equal(object_space *space, uint32_t rttid, volt_kind kind, const volt_slot *left,
                         const volt_slot *right, uint32_t slots, int depth);
static volt_trap interfaces_equal(object_space *space, const volt_slot left[2], const volt_slot right[2],
                                  int depth, bool *equal);

static bool raw_equal(const volt_slot *left, const volt_slot *right, uint32_t slots) {
	return memcmp(left, right, slots * sizeof *left) == 0;
}

static bool structs_equal(object_space *space, uint32_t rttid, const volt_slot *left, const volt_slot *right,
                          uint32_t slots, int depth) {
	uint32_t id;
	if (!type_struct_meta(space, rttid, &id) || space->module->struct_metas.items[id].fields.count == 0)
		return raw_equal(left, right, slots);
	const volt_struct_meta *meta = &space->module->struct_metas.items[id];
	for (uint32_t index = 0; index < meta->fields.count; index++) {
		const volt_field_meta *field = &meta->fields.items[index];
		if (field->offset + field->slot_count > slots)
			return raw_equal(left, right, slots);
		if (!values_equal(space, volt_meta_id(field->type), volt_meta_kind(field->type), left + field->offset,
		                  right + field->offset, field->slot_count, depth))
			return false;
	}
	return true;
}

static bool inline_arrays_equal(object_space *space, uint32_t rttid, const volt_slot *left,
                                const volt_slot *right, uint32_t slots, int depth) {
	uint32_t element, width;
	volt_kind kind;
	if (!array_type_element(space, rttid, &element, &kind, &width) || !element_is_deep(kind) || slots % width)
		return raw_equal(left, right, slots);
	for (uint32_t at = 0; at < slots; at += width)
		if (!values_equal(space, element, kind, left + at, right + at, width, depth))
			return false;
	return true;
}

static bool values_equal(object_space *space, uint32_t rttid, volt_kind kind, const volt_slot *left,
                         const volt_slot *right, uint32_t slots, int depth) {
	bool equal;
	if (slots == 0)
		return true;
	if (depth > CONTENTS_DEPTH_MAXIMUM)
		return raw_equal(left, right, slots);
	switch (kind) {
	case VOLT_KIND_STRING: return string_equal(left[0], right[0]);
	case VOLT_KIND_STRUCT: return structs_equal(space, rttid, left, right, slots, depth + 1);
	case VOLT_KIND_ARRAY: return inline_arrays_equal(space, rttid, left, right, slots, depth + 1);
	case VOLT_KIND_INTERFACE:
		if (slots < 2)
			return raw_equal(left, right, slots);
		return interfaces_equal(space, left, right, depth + 1, &equal).kind == VOLT_TRAP_None && equal;
	case VOLT_KIND_FLOAT32:
	case VOLT_KIND_FLOAT64: return volt_slot_identity(kind, left[0]) == volt_slot_identity(kind, right[0]);
	default: return raw_equal(left, right, slots);
	}
}

bool value_equal(object_space *space, uint32_t rttid, volt_kind kind, const volt_slot *left,
                 const volt_slot *right, uint32_t slots) {
	return values_equal(space, rttid, kind, left, right, slots, 0);
}

/* ---- Interfaces ---- */

static bool boxed_structs_equal(object_space *space, uint32_t rttid, volt_slot left, volt_slot right,
                                int depth) {
	uint32_t slots = object_slots(left);
	return slots == object_slots(right) &&
	       values_equal(space, rttid, VOLT_KIND_STRUCT, volt_slot_pointer(left), volt_slot_pointer(right),
	                    slots, depth);
}

static bool boxed_arrays_equal(object_space *space, uint32_t rttid, volt_slot left, volt_slot right,
                               int depth) {
	element_view first = element_view_of_object(space, left, rttid);
	element_view second = element_view_of_object(space, right, rttid);
	if (first.count != second.count || element_view_slots(&first) != element_view_slots(&second))
		return false;
	if (!element_is_deep(first.kind) && first.bytes == second.bytes)
		return memcmp(first.data, second.data, first.count * first.bytes) == 0;
	for (uint64_t index = 0; index < first.count; index++) {
		volt_slot scratch[2];
		volt_kind kind = element_is_deep(first.kind) ? first.kind : VOLT_KIND_VOID;
		if (!values_equal(space, first.rttid, kind, element_view_get(&first, index, &scratch[0]),
		                  element_view_get(&second, index, &scratch[1]), element_view_slots(&first), depth))
			return false;
	}
	return true;
}

static volt_trap interfaces_equal(object_space *space, const volt_slot left[2], const volt_slot right[2],
                                  int depth, bool *equal) {
	volt_kind kind = volt_interface_kind(left[0]);
	uint32_t rttid = volt_interface_rttid(left[0]);
	*equal = false;
	if ((uint32_t)left[0] != (uint32_t)right[0])
		return VOLT_NO_TRAP;
	const volt_slot one = interface_payload(space, left), other = interface_payload(space, right);
	switch (kind) {
	case VOLT_KIND_VOID: *equal = true; break;
	case VOLT_KIND_SLICE:
	case VOLT_KIND_MAP:
	case VOLT_KIND_CLOSURE: return (volt_trap){VOLT_TRAP_UncomparableType, 0, 0};
	case VOLT_KIND_STRING: *equal = string_equal(one, other); break;
	case VOLT_KIND_STRUCT:
	case VOLT_KIND_ARRAY:
		if (!one || !other)
			*equal = one == other;
		else if (kind == VOLT_KIND_STRUCT)
			*equal = boxed_structs_equal(space, rttid, one, other, depth + 1);
		else
			*equal = boxed_arrays_equal(space, rttid, one, other, depth + 1);
		break;
	default: *equal = volt_slot_identity(kind, one) == volt_slot_identity(kind, other);
	}
	return VOLT_NO_TRAP;
}

volt_trap interface_equal(object_space *space, const volt_slot left[2], const volt_slot right[2],
                          bool *equal) {
	return interfaces_equal(space, left, right, 0, equal);
}
