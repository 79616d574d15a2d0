/* What lies inside of values, for equality and hashing. */
#include "object/contents.h"

#include "object/elements.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "object/space_private.h"
#include "object/types.h"

bool array_type_element(object_space *space, uint32_t rttid, uint32_t *element, volt_kind *kind,
                        uint32_t *slots) {
	const volt_runtime_type *type = type_underlying(space, rttid);
	if (!type || type->tag != VOLT_TYPE_ARRAY)
		return false;
	*element = volt_meta_id(type->element);
	*kind = type_kind(space, *element);
	*slots = type_slots(space, *element);
	return true;
}

/* The field that slot `*index` of a struct belongs to; the index is then that inside of the field. */
static const volt_field_meta *field_at(object_space *space, uint32_t rttid, uint32_t *index) {
	uint32_t id;
	if (!type_struct_meta(space, rttid, &id))
		return NULL;
	const volt_struct_meta *meta = &space->module->struct_metas.items[id];
	for (uint32_t at = 0; at < meta->fields.count; at++) {
		const volt_field_meta *field = &meta->fields.items[at];
		if (*index >= field->offset && *index - field->offset < field->slot_count) {
			*index -= field->offset;
			return field;
		}
	}
	return NULL;
}

volt_kind float_kind_of_slot(object_space *space, uint32_t rttid, volt_kind kind, uint32_t index) {
	for (int depth = 0; depth < CONTENTS_DEPTH_MAXIMUM && !volt_kind_is_float(kind); depth++) {
		uint32_t width;
		const volt_field_meta *field = kind == VOLT_KIND_STRUCT ? field_at(space, rttid, &index) : NULL;
		if (field) {
			rttid = volt_meta_id(field->type);
			kind = volt_meta_kind(field->type);
		} else if (kind == VOLT_KIND_ARRAY && array_type_element(space, rttid, &rttid, &kind, &width)) {
			index %= width;
		} else {
			return VOLT_KIND_VOID;
		}
	}
	return volt_kind_is_float(kind) ? kind : VOLT_KIND_VOID;
}

element_view element_view_of_object(object_space *space, volt_slot object, uint32_t array_rttid) {
	uint32_t slots = 1;
	element_view view = {.data = volt_slot_pointer(object)};
	array_type_element(space, array_rttid, &view.rttid, &view.kind, &slots);
	if (object_is_array(object)) {
		const volt_array *array = volt_slot_pointer(object);
		view.data = array->data;
		view.count = array->element_bytes ? array->length : 0;
		view.bytes = array->element_bytes;
		view.flags = array_element_flags(array);
	} else {
		view.bytes = 8ull * slots;
		view.count = object_slots(object) / slots;
		view.flags = slots == 1 ? 8 : 0;
	}
	return view;
}

const volt_slot *element_view_get(const element_view *view, uint64_t index, volt_slot *scratch) {
	const uint8_t *at = view->data + index * view->bytes;
	if (view->bytes % 8 == 0)
		return (const volt_slot *)(const void *)at;
	*scratch = 0;
	element_load(scratch, at, view->flags, view->bytes < 8 ? view->bytes : 8);
	return scratch;
}
