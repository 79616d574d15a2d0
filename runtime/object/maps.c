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

static bool is_unhashable(const volt_map *map, const volt_slot *key) {
	if (volt_meta_kind(map->key_meta) != VOLT_KIND_INTERFACE || map->key_slots != 2)
		return false;
	volt_kind kind = volt_interface_kind(key[0]);
	return kind == VOLT_KIND_SLICE || kind == VOLT_KIND_MAP || kind == VOLT_KIND_CLOSURE;
}

static inline bool has_recent_key(const map_table *table) {
	return table->mode == MAP_KEY_SINGLE || table->mode == MAP_KEY_STRING || table->mode == MAP_KEY_FLOAT;
}

/* Programs often look a key up and then set it (`m[k]++`): the entry of the last time, if it is the key's. */
static inline uint64_t *recent_entry(map_table *table, const volt_slot *key) {
	uint64_t *entry = table->entries + table->recent;
	if (!has_recent_key(table) || table->recent_key != key[0] || entry[0] <= MAP_TAG_DELETED)
		return NULL;
	return entry;
}

static inline uint64_t *remember(map_table *table, const volt_slot *key, uint64_t *entry) {
	if (!entry || !has_recent_key(table))
		return entry;
	table->recent = (uint64_t)(entry - table->entries);
	table->recent_key = key[0];
	return entry;
}

static inline void copy_slots(uint64_t *to, const volt_slot *from, uint32_t count) {
	if (count == 1)
		*to = *from;
	else
		memcpy(to, from, count * sizeof *to);
}

static uint64_t *find_elsewhere(object_space *space, const volt_map *map, const volt_slot *key) {
	map_table *table = map->table;
	volt_slot copy[MAP_KEY_COPY_SLOTS];
	const volt_slot *unified = map_keys_show_floats(table) ? map_unified_key(space, map, key, copy) : key;
	uint64_t *entry = map_table_find(space, map, unified, map_key_tag(space, map, unified));
	return remember(table, key, entry);
}

static uint64_t *find_entry(object_space *space, const volt_map *map, const volt_slot *key) {
	if (!map || !map->table || is_unhashable(map, key))
		return NULL;
	uint64_t *recent = recent_entry(map->table, key);
	return recent ? recent : find_elsewhere(space, map, key);
}

const volt_slot *map_find(object_space *space, volt_slot map, const volt_slot *key) {
	const volt_map *header = volt_slot_pointer(map);
	const uint64_t *entry = find_entry(space, header, key);
	return entry ? entry + 1 + header->key_slots : NULL;
}

/* ---- Places ---- */

static inline map_place place_of(const map_table *table, uint64_t *entry) {
	if (!entry)
		return (map_place){NULL, NULL};
	return (map_place){entry + 2, map_table_is_full(table) ? NULL : entry + 2};
}

map_place map_find_place(object_space *space, volt_slot map, volt_slot key) {
	const volt_map *header = volt_slot_pointer(map);
	if (!header || !header->table)
		return (map_place){NULL, NULL};
	uint64_t *recent = recent_entry(header->table, &key);
	return place_of(header->table, recent ? recent : find_elsewhere(space, header, &key));
}

map_place map_find_place_of_part(object_space *space, volt_slot map, volt_slot string, uint64_t lo,
                                 uint64_t hi) {
	const volt_map *header = volt_slot_pointer(map);
	if (!header || !header->table)
		return (map_place){NULL, NULL};
	map_table *table = header->table;
	if (table->mode != MAP_KEY_STRING)
		return map_find_place(space, map, string_part(space, string, lo, hi));
	string_view key = {string_get(string).bytes + lo, hi - lo};
	return place_of(table, map_table_find_text(table, key, map_text_tag(key)));
}

/* ---- Changes ---- */

static uint64_t *insert(volt_map *map, const volt_slot *key, uint64_t tag) {
	map_table *table = map->table;
	uint64_t *entry = map_table_free_entry(table, tag);
	table->used += entry[0] == MAP_TAG_EMPTY;
	table->live++;
	entry[0] = tag;
	copy_slots(entry + 1, key, map->key_slots);
	return entry;
}

static uint64_t *find_or_insert(object_space *space, volt_map *map, const volt_slot *key) {
	map_table *table = map->table;
	volt_slot copy[MAP_KEY_COPY_SLOTS];
	const volt_slot *unified = map_keys_show_floats(table) ? map_unified_key(space, map, key, copy) : key;
	uint64_t tag = map_key_tag(space, map, unified);
	uint64_t *entry = map_table_find(space, map, unified, tag);
	return remember(table, key, entry ? entry : insert(map, unified, tag));
}

volt_trap map_set(object_space *space, volt_slot map, const volt_slot *key, const volt_slot *value) {
	volt_map *header = volt_slot_pointer(map);
	if (!header)
		return (volt_trap){VOLT_TRAP_NilMapWrite, 0, 0};
	if (is_unhashable(header, key))
		return (volt_trap){VOLT_TRAP_UnhashableType, 0, 0};
	map_table_make_room(space, header);
	uint64_t *recent = recent_entry(header->table, key);
	uint64_t *entry = recent ? recent : find_or_insert(space, header, key);
	copy_slots(entry + 1 + header->key_slots, value, header->value_slots);
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
