/* Maps as programs use them. */
#include "object/maps.h"

#include "object/map_table.h"
#include "object/space_private.h"
#include "object/strings.h"

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

/*
 * Programs often look a key up and then set it (`m[k]++`): the entry of the last time, if it is the key's. It
 * may have been deleted meanwhile. A NaN is no key of it unless it is in the form that the map keeps.
 */
static inline uint64_t *recent_entry(map_table *table, map_key_mode mode, const volt_slot *key) {
	uint64_t *entry = table->entries + table->recent;
	if (entry[0] <= MAP_TAG_DELETED)
		return NULL;
	if (mode == MAP_KEY_SINGLE)
		return entry[1] == key[0] ? entry : NULL;
	return mode == MAP_KEY_STRING && string_equal(entry[1], key[0]) ? entry : NULL;
}

static inline uint64_t *remember(map_table *table, uint64_t *entry) {
	if (entry)
		table->recent = (uint64_t)(entry - table->entries);
	return entry;
}

static inline void copy_slots(uint64_t *to, const volt_slot *from, uint32_t count) {
	if (count == 1)
		*to = *from;
	else
		memcpy(to, from, count * sizeof *to);
}

static uint64_t *find_entry(object_space *space, const volt_map *map, const volt_slot *key) {
	if (!map || !map->table)
		return NULL;
	map_key_mode mode = map_key_mode_of(map);
	if (is_unhashable(mode, key))
		return NULL;
	uint64_t *recent = recent_entry(map->table, mode, key);
	if (recent)
		return recent;
	volt_slot copy[MAP_KEY_COPY_SLOTS];
	if (map_keys_show_floats(map))
		key = map_unified_key(space, map, key, copy);
	uint64_t *entry = map_table_find(space, map, mode, key, map_key_tag(space, map, mode, key));
	return remember(map->table, entry);
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
	copy_slots(entry + 1, key, map->key_slots);
	copy_slots(entry + 1 + map->key_slots, value, map->value_slots);
	remember(table, entry);
}

static void set_missing_or_elsewhere(object_space *space, volt_map *map, map_key_mode mode,
                                     const volt_slot *key, const volt_slot *value) {
	volt_slot copy[MAP_KEY_COPY_SLOTS];
	if (map_keys_show_floats(map))
		key = map_unified_key(space, map, key, copy);
	uint64_t tag = map_key_tag(space, map, mode, key);
	uint64_t *entry = map_table_find(space, map, mode, key, tag);
	if (entry)
		copy_slots(remember(map->table, entry) + 1 + map->key_slots, value, map->value_slots);
	else
		insert(map, key, value, tag);
}

volt_trap map_set(object_space *space, volt_slot map, const volt_slot *key, const volt_slot *value) {
	volt_map *header = volt_slot_pointer(map);
	if (!header)
		return (volt_trap){VOLT_TRAP_NilMapWrite, 0, 0};
	map_key_mode mode = map_key_mode_of(header);
	if (is_unhashable(mode, key))
		return (volt_trap){VOLT_TRAP_UnhashableType, 0, 0};
	map_table_make_room(space, header);
	uint64_t *recent = recent_entry(header->table, mode, key);
	if (recent)
		copy_slots(recent + 1 + header->key_slots, value, header->value_slots);
	else
		set_missing_or_elsewhere(space, header, mode, key, value);
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
