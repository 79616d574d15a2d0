/* Elements of slices and arrays, whatever size they have in memory. */
#include "extern/reflect/reflect.h"

#include "object/arrays.h"
#include "object/heap.h"

static bool set_packed(object_space *space, reflect_sequence *sequence, const volt_array *array) {
	sequence->bytes = element_bytes_of_kind(sequence->element.kind, sequence->element.slots);
	sequence->flags = element_flags_of_kind(sequence->element.kind, sequence->element.slots);
	if (array == NULL || array->element_bytes == sequence->bytes || sequence->length == 0)
		return true;
	if (array->element_bytes != 0 || !reflect_type_is_empty(space, &sequence->element))
		return false;
	sequence->bytes = 0;
	sequence->data = heap_new_words(space, sequence->element.slots + 1);
	return true;
}

bool reflect_elements(object_space *space, const reflect_value *value, reflect_sequence *sequence) {
	*sequence = (reflect_sequence){0};
	if (!reflect_type_of(space, value->type.element, &sequence->element))
		return false;
	if (value->type.kind == VOLT_KIND_SLICE) {
		const volt_slice *slice = volt_slot_pointer(value->slots[0]);
		sequence->data = slice_data(value->slots[0]);
		sequence->length = slice_length(value->slots[0]);
		return set_packed(space, sequence, slice != NULL ? volt_slot_pointer(slice->array) : NULL);
	}
	sequence->data = (uint8_t *)value->slots;
	sequence->length = value->type.length;
	if (value->packed)
		return set_packed(space, sequence, (const void *)(sequence->data - offsetof(volt_array, data)));
	sequence->bytes = sequence->element.slots * (uint32_t)sizeof(volt_slot);
	return true;
}

reflect_value reflect_element(const reflect_sequence *sequence, uint64_t index, volt_slot *word) {
	uint8_t *at = sequence->data + index * sequence->bytes;
	if (sequence->bytes >= sizeof(volt_slot) || sequence->bytes == 0)
		return (reflect_value){sequence->element, (volt_slot *)(void *)at, false};
	element_load(word, at, sequence->flags, sequence->bytes);
	return (reflect_value){sequence->element, word, false};
}

void reflect_element_update(const reflect_sequence *sequence, uint64_t index, const volt_slot *word) {
	if (sequence->bytes > 0 && sequence->bytes < sizeof(volt_slot))
		element_store(sequence->data + index * sequence->bytes, word, sequence->flags, sequence->bytes);
}

bool reflect_new_slice(object_space *space, const reflect_type *type, uint64_t length, volt_slot *slice) {
	reflect_type element;
	if (length > INT64_MAX || !reflect_type_of(space, type->element, &element))
		return false;
	uint32_t bytes = element_bytes_of_kind(element.kind, element.slots);
	return slice_new(space, element.meta, (int64_t)length, (int64_t)length, bytes, slice).kind ==
	       VOLT_TRAP_None;
}
