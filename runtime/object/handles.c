/* Handles of ports and islands. */
#include "object/handles.h"

#include "object/space_private.h"

volt_slot handle_new_port(object_space *space, void *state, uint64_t capacity, uint32_t element_meta,
                          uint16_t slots) {
	const uint32_t words = sizeof(volt_channel) / sizeof(volt_slot);
	uint64_t header = header_pack(volt_meta_make(0, VOLT_KIND_PORT), words, HEADER_PORT);
	volt_slot reference = heap_take_object(space, HEAP_CONSERVATIVE, header, words);
	*(volt_channel *)volt_slot_pointer(reference) = (volt_channel){
	    .state = state,
	    .capacity = capacity,
	    .element_meta = element_meta,
	    .element_slots = slots,
	};
	return reference;
}

/* The header of an object of the collector's heap; 0 for a word that is the reference of none. */
static uint64_t certain_header(volt_slot word) {
	const uint64_t *header = heap_header_of(word);
	return header ? *header : 0;
}

bool handle_is_port(volt_slot word) {
	const uint64_t header = certain_header(word);
	return (header & HEADER_PACKED) && (header & HEADER_PORT);
}

bool handle_is_island(volt_slot word) {
	const uint64_t header = certain_header(word);
	return (header & HEADER_PACKED) && (header & HEADER_POINTER_FREE) && !(header & HEADER_ARRAY) &&
	       header >> 32 == volt_meta_make(0, VOLT_KIND_ISLAND);
}

volt_slot handle_new_island(object_space *space, uint32_t id) {
	volt_slot reference = heap_new_pointer_free(space, volt_meta_make(0, VOLT_KIND_ISLAND),
	                                            sizeof(volt_island) / sizeof(volt_slot));
	((volt_island *)volt_slot_pointer(reference))->id = id;
	return reference;
}
