/* Elements of array payloads, for equality and hashing. */
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
