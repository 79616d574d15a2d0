/* Probing and growth of map tables: linear, from the bucket that the hash's low bits name. */
#include "object/map_table.h"

#include "object/heap.h"
#include "object/interfaces.h"
#include "object/space_private.h"
#include "object/strings.h"

enum { MAP_INITIAL_CAPACITY = 8 };

typedef struct {
	uint64_t *entries;
	uint64_t stride;
	uint64_t mask;
	uint64_t bucket;
} probe;

static inline probe probe_start(map_table *table, uint64_t tag) {
	uint64_t mask = table->capacity - 1;
	return (probe){table->entries, table->stride, mask, tag & mask};
}

static inline uint64_t *probe_entry(const probe *at) {
	return at->entries + at->bucket * at->stride;
}

static inline void probe_next(probe *at) {
	at->bucket = (at->bucket + 1) & at->mask;
}

static uint64_t *find_single(map_table *table, volt_slot key, uint64_t tag) {
	for (probe at = probe_start(table, tag);; probe_next(&at)) {
		uint64_t *entry = probe_entry(&at);
		if (entry[1] == key && entry[0] == tag)
			return entry;
		if (entry[0] == MAP_TAG_EMPTY)
			return NULL;
	}
}

uint64_t *map_table_find_text(map_table *table, string_view key, uint64_t tag) {
	for (probe at = probe_start(table, tag);; probe_next(&at)) {
		uint64_t *entry = probe_entry(&at);
		if (entry[0] == tag && string_is(entry[1], key))
			return entry;
		if (entry[0] == MAP_TAG_EMPTY)
			return NULL;
	}
}

static bool keys_equal(object_space *space, const volt_map *map, map_key_mode mode, const volt_slot *left,
                       const volt_slot *right) {
	bool equal;
	if (mode == MAP_KEY_STRUCT)
		return value_equal(space, map->key_rttid, VOLT_KIND_STRUCT, left, right, map->key_slots);
	if (mode == MAP_KEY_INTERFACE)
		return interface_equal(space, left, right, &equal).kind == VOLT_TRAP_None && equal;
	return memcmp(left, right, map->key_slots * sizeof *left) == 0;
}

uint64_t *map_table_find(object_space *space, const volt_map *map, const volt_slot *key, uint64_t tag) {
	map_table *table = map->table;
	if (table->mode == MAP_KEY_SINGLE || table->mode == MAP_KEY_FLOAT)
		return find_single(table, key[0], tag);
	if (table->mode == MAP_KEY_STRING)
		return map_table_find_text(table, string_get(key[0]), tag);
	for (probe at = probe_start(table, tag);; probe_next(&at)) {
		uint64_t *entry = probe_entry(&at);
		if (entry[0] == tag && keys_equal(space, map, table->mode, entry + 1, key))
			return entry;
		if (entry[0] == MAP_TAG_EMPTY)
			return NULL;
	}
}

uint64_t *map_table_free_entry(map_table *table, uint64_t tag) {
	probe at = probe_start(table, tag);
	while (*probe_entry(&at) > MAP_TAG_DELETED)
		probe_next(&at);
	return probe_entry(&at);
}

/* ---- Growth ---- */

static map_key_mode key_mode_of(const volt_map *map) {
	volt_kind kind = volt_meta_kind(map->key_meta);
	if (kind == VOLT_KIND_STRUCT && map->key_slots > 0)
		return MAP_KEY_STRUCT;
	if (kind == VOLT_KIND_INTERFACE && map->key_slots == 2)
		return MAP_KEY_INTERFACE;
	if (map->key_slots != 1)
		return MAP_KEY_RAW;
	if (kind == VOLT_KIND_ARRAY || volt_kind_is_float(kind))
		return MAP_KEY_FLOAT;
	return kind == VOLT_KIND_STRING ? MAP_KEY_STRING : MAP_KEY_SINGLE;
}

static bool is_scalar(uint32_t meta, uint16_t slots) {
	volt_kind kind = volt_meta_kind(meta);
	return kind != VOLT_KIND_VOID && kind < VOLT_KIND_ARRAY && slots == 1;
}

static map_table *table_new(object_space *space, const volt_map *map, uint64_t capacity) {
	uint64_t stride = 1 + (uint64_t)map->key_slots + map->value_slots;
	uint64_t words;
	if (__builtin_mul_overflow(capacity, stride, &words) || words > PTRDIFF_MAX / 16)
		heap_exhausted(space, SIZE_MAX);
	words += sizeof(map_table) / sizeof(uint64_t);
	bool pointer_free =
	    is_scalar(map->key_meta, map->key_slots) && is_scalar(map->value_meta, map->value_slots);
	map_table *table =
	    pointer_free ? heap_new_bytes(space, words * sizeof(uint64_t)) : heap_new_words(space, words);
	table->capacity = capacity;
	table->stride = stride;
	table->mode = key_mode_of(map);
	return table;
}

/* The most recent entry is one that is there: until another one is, an offset of 0 would name whatever comes
 * first. */
static void reinsert(map_table *to, const map_table *from) {
	for (uint64_t bucket = 0; bucket < from->capacity; bucket++) {
		const uint64_t *entry = from->entries + bucket * from->stride;
		if (entry[0] <= MAP_TAG_DELETED)
			continue;
		uint64_t *copy = map_table_free_entry(to, entry[0]);
		memcpy(copy, entry, from->stride * sizeof *entry);
		to->recent = (uint64_t)(copy - to->entries);
		to->recent_key = copy[1];
	}
	to->used = to->live = from->live;
}

void map_table_grow(object_space *space, volt_map *map) {
	map_table *table = map->table;
	map_table *larger = table_new(space, map, table ? 2 * table->capacity : MAP_INITIAL_CAPACITY);
	if (table)
		reinsert(larger, table);
	map->table = larger;
}
