/*
 * Maps. Iteration order is observable and deterministic: open addressing, FNV-1a, tombstones, doubling
 * (SEMANTICS.md, "Maps").
 */
#ifndef OBJECT_MAPS_H
#define OBJECT_MAPS_H

#include "object/space.h"

enum { MAP_ITERATOR_SLOTS = 7 };

/* What executors say of an instruction whose widths are not the map's, which no compiler makes. */
#define MAP_KEY_WIDTH_WRONG "the key's width is not that of the map's keys, or does not fit the frame"
#define MAP_VALUE_WIDTH_WRONG "the value's width is not that of the map's values"
#define MAP_ENTRY_WIDTH_WRONG "the widths are not those of the map's keys and values"

volt_slot map_new(object_space *space, uint32_t key_meta, uint32_t value_meta, uint32_t key_rttid,
                  uint16_t key_slots, uint16_t value_slots);

/*
 * The value's slots inside the map, or NULL if the key is missing, unhashable or the map nil. Valid until
 * the next change.
 */
const volt_slot *map_find(object_space *space, volt_slot map, const volt_slot *key);

/* Where the value of a key stands in a map: valid until the next change. */
typedef struct {
	const volt_slot *value; /* NULL: the key is missing, or the map nil */
	volt_slot *settable;    /* `value`, if all that map_set() would do now is to write there; else NULL */
} map_place;

/* Of a key of one slot, and of one that is the part lo..hi of a string, hi at most its length. */
map_place map_find_place(object_space *space, volt_slot map, volt_slot key);
map_place map_find_place_of_part(object_space *space, volt_slot map, volt_slot string, uint64_t lo,
                                 uint64_t hi);

/* Trap NilMapWrite or UnhashableType. Keys and values have the widths of map_header(). */
volt_trap map_set(object_space *space, volt_slot map, const volt_slot *key, const volt_slot *value);
void map_delete(object_space *space, volt_slot map, const volt_slot *key);
uint64_t map_length(volt_slot map);

/* The iterator's last slot is the map itself; the others mean something only here. */
void map_iterator_start(volt_slot iterator[MAP_ITERATOR_SLOTS], volt_slot map);

/*
 * The next entry's slots, valid until the next change; false at the end. The iterator's words may come
 * from a hostile file.
 */
bool map_iterator_next(volt_slot iterator[MAP_ITERATOR_SLOTS], const volt_slot **key,
                       const volt_slot **value);

static inline const volt_map *map_header(volt_slot map) {
	return volt_slot_pointer(map);
}

#endif
