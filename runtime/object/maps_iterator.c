/*
 * Iteration by ascending bucket. The position is a bucket number and stays the same number when the table
 * grows, so entries may then repeat or be skipped, but nothing fails (SEMANTICS.md, "Maps").
 */
#include "object/map_table.h"

/* Slots of an iterator; the others are spare. */
enum { ITERATOR_SEAL = 0, ITERATOR_BUCKET = 2, ITERATOR_MAP = MAP_ITERATOR_SLOTS - 1 };

/* Words that map_iterator_start() did not write are an iterator at its end: the seal depends on the map. */
static volt_slot seal_of(volt_slot map) {
	return ~map ^ 0x6974657261746f72u;
}

void map_iterator_start(volt_slot iterator[MAP_ITERATOR_SLOTS], volt_slot map) {
	memset(iterator, 0, MAP_ITERATOR_SLOTS * sizeof *iterator);
	iterator[ITERATOR_MAP] = map;
	iterator[ITERATOR_SEAL] = seal_of(map);
}

bool map_iterator_next(volt_slot iterator[MAP_ITERATOR_SLOTS], const volt_slot **key,
                       const volt_slot **value) {
	const volt_map *map = volt_slot_pointer(iterator[ITERATOR_MAP]);
	if (!map || iterator[ITERATOR_SEAL] != seal_of(iterator[ITERATOR_MAP]) || !map->table)
		return false;
	const map_table *table = map->table;
	for (uint64_t bucket = iterator[ITERATOR_BUCKET]; bucket < table->capacity; bucket++) {
		const uint64_t *entry = table->entries + bucket * table->stride;
		if (entry[0] > MAP_TAG_DELETED) {
			*key = entry + 1;
			*value = entry + 1 + map->key_slots;
			iterator[ITERATOR_BUCKET] = bucket + 1;
			return true;
		}
	}
	iterator[ITERATOR_BUCKET] = table->capacity;
	return false;
}
