/* Hashes of map keys: FNV-1a over 64 bits (SEMANTICS.md, "Maps"). */
#include "object/contents.h"
#include "object/map_table.h"
#include "object/strings.h"

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
	unsigned zero_bytes = 8;
	for (; word; word >>= 8, zero_bytes--)
		hash = (hash ^ (word & 0xff)) * FNV_PRIME;
	return hash * prime_powers[zero_bytes];
}

static uint64_t hash_string(volt_slot string) {
	string_view view = string_get(string);
	uint64_t hash = hash_word(FNV_OFFSET, view.length);
	for (size_t index = 0; index < view.length; index++)
		hash = (hash ^ (uint8_t)view.bytes[index]) * FNV_PRIME;
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
	case MAP_KEY_SINGLE: return hash_word(FNV_OFFSET, key[0]);
	case MAP_KEY_STRING: return hash_string(key[0]);
	case MAP_KEY_STRUCT:
		return hash_word(FNV_OFFSET, hash_struct(space, map->key_rttid, key, map->key_slots));
	case MAP_KEY_INTERFACE: return hash_word(FNV_OFFSET, hash_interface(space, key));
	default: return hash_slots(key, map->key_slots);
	}
}

uint64_t map_key_tag(object_space *space, const volt_map *map, map_key_mode mode, const volt_slot *key) {
	return hash_key(space, map, mode, key) | (uint64_t)1 << 63;
}
