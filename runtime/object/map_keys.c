/* Map keys: their one form, and their hashes: FNV-1a over 64 bits (SEMANTICS.md, "Maps"). */
#include "object/contents.h"
#include "object/heap.h"
#include "object/map_table.h"
#include "object/strings.h"

/* ---- NaN ---- */

/*
 * A module can say that keys are arrays and not of what. Of such keys only those are taken for a NaN that
 * machines and compilers make of numbers: integers that look like them are beyond what programs count with.
 */
static volt_slot identity_of_unknown(volt_slot slot) {
	return slot << 1 == VOLT_FLOAT64_NAN << 1 ? VOLT_FLOAT64_NAN : slot;
}

static volt_slot identity_of_slot(object_space *space, const volt_map *map, uint32_t index, volt_slot slot) {
	volt_kind kind = volt_meta_kind(map->key_meta), element;
	uint32_t rttid, width;
	if (kind == VOLT_KIND_ARRAY && !array_type_element(space, map->key_rttid, &rttid, &element, &width))
		return identity_of_unknown(slot);
	return volt_slot_identity(float_kind_of_slot(space, map->key_rttid, kind, index), slot);
}

const volt_slot *map_unified_key(object_space *space, const volt_map *map, const volt_slot *key,
                                 volt_slot copy[MAP_KEY_COPY_SLOTS]) {
	uint32_t same = 0, count = map->key_slots;
	while (same < count && identity_of_slot(space, map, same, key[same]) == key[same])
		same++;
	if (same == count)
		return key;
	volt_slot *unified = count <= MAP_KEY_COPY_SLOTS ? copy : heap_new_words(space, count);
	for (uint32_t index = 0; index < count; index++)
		unified[index] = identity_of_slot(space, map, index, key[index]);
	return unified;
}

/* ---- Hashes ---- */

#define FNV_OFFSET 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

/* Powers of the prime: what n zero bytes do to a hash. */
#define FNV_PRIME_2 (FNV_PRIME * FNV_PRIME)
#define FNV_PRIME_4 (FNV_PRIME_2 * FNV_PRIME_2)
static const uint64_t prime_powers[] = {
    1,
    FNV_PRIME,
    FNV_PRIME_2,
    FNV_PRIME_2 *FNV_PRIME,
    FNV_PRIME_4,
    FNV_PRIME_4 *FNV_PRIME,
    FNV_PRIME_4 *FNV_PRIME_2,
    FNV_PRIME_4 *FNV_PRIME_2 *FNV_PRIME,
    FNV_PRIME_4 *FNV_PRIME_4,
};

/* The eight little-endian bytes of a word; leading zero bytes are done by one multiplication. */
static inline uint64_t hash_word(uint64_t hash, uint64_t word) {
	if (word <= UINT8_MAX)
		return (hash ^ word) * prime_powers[8];
	unsigned zero_bytes = 8;
	for (; word; word >>= 8, zero_bytes--)
		hash = (hash ^ (word & 0xff)) * FNV_PRIME;
	return hash * prime_powers[zero_bytes];
}

static inline uint64_t hash_text(string_view text) {
	uint64_t hash = hash_word(FNV_OFFSET, text.length);
	for (size_t index = 0; index < text.length; index++)
		hash = (hash ^ (uint8_t)text.bytes[index]) * FNV_PRIME;
	return hash;
}

static uint64_t hash_slots(const volt_slot *slots, uint32_t count) {
	uint64_t hash = hash_word(FNV_OFFSET, count);
	for (uint32_t index = 0; index < count; index++)
		hash = hash_word(hash, slots[index]);
	return hash;
}

static uint64_t hash_key(object_space *space, const volt_map *map, map_key_mode mode, const volt_slot *key) {
	switch (mode) {
	case MAP_KEY_SINGLE:
	case MAP_KEY_FLOAT: return hash_word(FNV_OFFSET, key[0]);
	case MAP_KEY_STRING: return hash_text(string_get(key[0]));
	case MAP_KEY_STRUCT:
		return hash_word(FNV_OFFSET, hash_struct(space, map->key_rttid, key, map->key_slots));
	case MAP_KEY_INTERFACE: return hash_word(FNV_OFFSET, hash_interface(space, key));
	default: return hash_slots(key, map->key_slots);
	}
}

#define TAG_BIT ((uint64_t)1 << 63)

uint64_t map_key_tag(object_space *space, const volt_map *map, const volt_slot *key) {
	const map_table *table = map->table;
	return hash_key(space, map, table->mode, key) | TAG_BIT;
}

uint64_t map_text_tag(string_view key) {
	return hash_text(key) | TAG_BIT;
}
