/*
 * The table of a map: entries of tag, key slots, value slots, in buckets by hash. A tag is 0 for an empty
 * bucket, 1 for a deleted entry, else the key's hash with the highest bit set (which never decides a bucket).
 */
#ifndef OBJECT_MAP_TABLE_H
#define OBJECT_MAP_TABLE_H

#include "object/maps.h"
#include "object/strings.h"

enum { MAP_TAG_EMPTY = 0, MAP_TAG_DELETED = 1 };

/* How keys of a map hash and compare. */
typedef enum {
	MAP_KEY_SINGLE, /* one slot, by its bits */
	MAP_KEY_STRING,
	MAP_KEY_FLOAT, /* one slot that may show a float: the map keeps one form of it */
	MAP_KEY_STRUCT,
	MAP_KEY_INTERFACE,
	MAP_KEY_RAW, /* several slots, by their bits; they may show floats */
} map_key_mode;

typedef struct {
	uint64_t capacity; /* a power of two */
	uint64_t used;     /* entries and deleted ones: at most 3/4 of the capacity and one more */
	uint64_t live;
	uint64_t stride; /* words of an entry */
	uint64_t recent; /* words from `entries` to the entry that was found or made last */
	/*
	 * The slot that its key was asked for with, of keys of one slot: whenever the entry is not deleted, a key
	 * with these bits is its own. A string that nothing else refers to stays alive for it.
	 */
	volt_slot recent_key;
	map_key_mode mode; /* the map's */
	uint64_t entries[];
} map_table;

/* Asked before every insertion, also when the key is there (SEMANTICS.md, "Maps"). */
static inline bool map_table_is_full(const map_table *table) {
	return table->used * 4 > table->capacity * 3;
}

/* The entry's tag word, or NULL. `tag` is the tag of the key's hash. */
uint64_t *map_table_find(object_space *space, const volt_map *map, const volt_slot *key, uint64_t tag);

/* The same for keys that are strings, by content. */
uint64_t *map_table_find_text(map_table *table, string_view key, uint64_t tag);

/* The bucket for a key that is missing: the first deleted one on its way, else the empty one at its end. */
uint64_t *map_table_free_entry(map_table *table, uint64_t tag);

/* Makes the table of a map, or a larger one. */
void map_table_grow(object_space *space, volt_map *map);

/* The same if the next insertion asks for it. */
static inline void map_table_make_room(object_space *space, volt_map *map) {
	const map_table *table = map->table;
	if (!table || map_table_is_full(table))
		map_table_grow(space, map);
}

/* Slots of keys that are copied without allocating. */
enum { MAP_KEY_COPY_SLOTS = 16 };

/* Structs and interfaces are hashed and compared by the types of what is in them; other keys may show floats.
 */
static inline bool map_keys_show_floats(const map_table *table) {
	return table->mode == MAP_KEY_FLOAT || table->mode == MAP_KEY_RAW;
}

/*
 * Of a map whose keys show floats, the key with one NaN for all of them: the key itself if that makes no
 * difference, else a copy, in `copy` or in the heap. A key is looked for, hashed and kept in this form.
 */
const volt_slot *map_unified_key(object_space *space, const volt_map *map, const volt_slot *key,
                                 volt_slot copy[MAP_KEY_COPY_SLOTS]);

/* The tag of a unified key. */
uint64_t map_key_tag(object_space *space, const volt_map *map, const volt_slot *key);
uint64_t map_text_tag(string_view key);

#endif
