/*
 * What equality and hashing share: how deep they go, and the elements of array payloads. Both must see the
 * same values, since equal map keys need equal hashes.
 */
#ifndef OBJECT_CONTENTS_H
#define OBJECT_CONTENTS_H

#include "object/space.h"

/*
 * Boxed structs can hold interfaces that hold boxed structs, and so on; what lies deeper counts as raw
 * slots.
 */
enum { CONTENTS_DEPTH_MAXIMUM = 500 };

/* Elements of an array payload, with or without an array header (SEMANTICS.md, "Interfaces"). */
typedef struct {
	const uint8_t *data;
	uint64_t count;
	uint64_t bytes;
	uint8_t flags;
	uint32_t rttid; /* of an element; 0 if the type is unknown */
	volt_kind kind;
} element_view;

element_view element_view_of_object(object_space *space, volt_slot object, uint32_t array_rttid);

/* The slots of one element; *scratch holds them if the element is packed. */
const volt_slot *element_view_get(const element_view *view, uint64_t index, volt_slot *scratch);

/* Slots of one element. Sizes above 8 that are no whole words do not exist; they count as one slot. */
static inline uint32_t element_view_slots(const element_view *view) {
	return view->bytes % 8 == 0 ? (uint32_t)(view->bytes / 8) : 1;
}

/*
 * Do values of this kind compare by more than their raw slots? In arrays, interfaces compare raw
 * (SEMANTICS.md, "Equality").
 */
static inline bool element_is_deep(volt_kind kind) {
	return kind == VOLT_KIND_STRING || kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_ARRAY ||
	       volt_kind_is_float(kind);
}

/* The element type of an array type and its slots; false for other types. */
bool array_type_element(object_space *space, uint32_t rttid, uint32_t *element, volt_kind *kind,
                        uint32_t *slots);

/* The kind of slot `index` of a value, if that slot is a float; else Void. */
volt_kind float_kind_of_slot(object_space *space, uint32_t rttid, volt_kind kind, uint32_t index);

/* Content hash of a struct or interface key (SEMANTICS.md, "Maps"). */
uint64_t hash_struct(object_space *space, uint32_t rttid, const volt_slot *slots, uint32_t count);
uint64_t hash_interface(object_space *space, const volt_slot value[2]);

#endif
