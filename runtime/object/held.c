/* Values that the host holds. */
#include "object/held.h"

#define GC_THREADS
#include <gc/gc.h>

#include "object/arrays.h"
#include "object/heap.h"

held_value *held_value_new(const volt_slot slots[2], bool is_interface, uint64_t owner) {
	held_value *held = GC_malloc_uncollectable(sizeof *held);
	if (held)
		*held = (held_value){{slots[0], slots[1]}, owner, is_interface};
	return held;
}

void held_value_release(held_value *held) {
	if (!held)
		return;
	heap_enter_thread();
	GC_free(held);
	heap_leave_thread();
}

/* Is it the reference of an object of this kind, and not only a number that looks like one? */
static bool is_object_of(volt_slot word, volt_kind kind) {
	return heap_header_of(word) && volt_meta_kind(object_meta(word)) == kind &&
	       object_slots(word) == sizeof(volt_slice) / sizeof word;
}

bool word_is_string(volt_slot word) {
	return word == 0 || is_object_of(word, VOLT_KIND_STRING);
}

bool word_is_slice_of(volt_slot word, volt_kind kind) {
	if (word == 0)
		return true;
	if (!is_object_of(word, VOLT_KIND_SLICE))
		return false;
	const volt_slice *slice = volt_slot_pointer(word);
	const volt_array *array = volt_slot_pointer(slice->array);
	return array && array->element_bytes == element_bytes_of_kind(kind, 1) &&
	       volt_meta_kind(array->element_meta) == kind;
}

bool word_is_bytes(volt_slot word) {
	return word_is_slice_of(word, VOLT_KIND_UINT8);
}
