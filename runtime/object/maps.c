/* Maps as programs use them. */
#include "object/maps.h"

#include "object/map_table.h"
#include "object/space_private.h"

volt_slot map_new(object_space *space, uint32_t key_meta, uint32_t value_meta, uint32_t key_rttid,
                  uint16_t key_slots, uint16_t value_slots) {
	volt_slot reference = heap_take_object(space, HEAP_TYPED, space->map_header, 3);
	volt_map *map = volt_slot_pointer(reference);
	*map = (volt_map){NULL, key_meta, value_meta, key_slots, value_slots, key_rttid};
	return reference;
}

static bool is_unhashable(map_key_mode mode, const volt_slot *key) {
	if (mode != MAP_KEY_INTERFACE)
		return false;
	volt_kind kind = volt_interface_kind(key[0]);
	return kind == VOLT_KIND_SLICE || kind == VOLT_KIND_MAP || kind == VOLT_KIND_CLOSURE;
}

static uint64_t *find_entry(object_space *space, const volt_map *map, const volt_slot *key) {
	if (!map || !map->table)
		return NULL;
	map_key_mode mode = map_key_mode_of(map);
	if (is_unhashable(mode, key))
		return NULL;
	volt_slot copy[MAP_KEY_COPY_SLOTS];
	key = map_unified_key(space, map, key, copy);
	return map_table_find(space, map, mode, key, map_key_tag(space, map, mode, key));
}

const volt_slot *map_find(object_space *space, volt_slot map, const volt_slot *key) {
	const volt_map *header = volt_slot_pointer(map);
	const uint64_t *entry = find_entry(space, header, key);
	return entry ? entry + 1 + header->key_slots : NULL;
}

static void insert(volt_map *map, const volt_slot *key, const volt_slot *value, uint64_t tag) {
	map_table *table = map->table;
	uint64_t *entry = map_table_free_entry(table, tag);
	table->used += entry[0] == MAP_TAG_EMPTY;
	table->live++;
	entry[0] = tag;
	memcpy(entry + 1, key, map->key_slots * sizeof *key);
	memcpy(entry + 1 + map->key_slots, value, map->value_slots * sizeof *value);
}

volt_trap map_set(object_space *space, volt_slot map, const volt_slot *key, const volt_slot *value) {
	volt_map *header = volt_slot_pointer(map);
	if (!header)
		return (volt_trap){VOLT_TRAP_NilMapWrite, 0, 0};
	map_key_mode mode = map_key_mode_of(header);
	if (is_unhashable(mode, key))
		return (volt_trap){VOLT_TRAP_UnhashableType, 0, 0};
	map_table_make_room(space, header);
	volt_slot copy[MAP_KEY_COPY_SLOTS];
	key = map_unified_key(space, header, key, copy);
	uint64_t tag = map_key_tag(space, header, mode, key);
	uint64_t *entry = map_table_find(space, header, mode, key, tag);
	if (entry)
		memcpy(entry + 1 + header->key_slots, value, header->value_slots * sizeof *value);
	else
		insert(header, key, value, tag);
	return VOLT_NO_TRAP;
}

void map_delete(object_space *space, volt_slot map, const volt_slot *key) {
	volt_map *header = volt_slot_pointer(map);
	uint64_t *entry = find_entry(space, header, key);
	if (!entry)
		return;
	map_table *table = header->table;
	memset(entry, 0, table->stride * sizeof *entry);
	entry[0] = MAP_TAG_DELETED;
	table->live--;
}

uint64_t map_length(volt_slot map) {
	const volt_map *header = volt_slot_pointer(map);
	return header && header->table ? ((const map_table *)header->table)->live : 0;
}
