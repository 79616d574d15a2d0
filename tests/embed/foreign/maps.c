/*
 * Maps, with keys and values of one slot: entries in the order in which they came, and a search from the
 * first to the last. Compiled code knows nothing of that.
 */
#include "objects.h"

#include <string.h>

typedef struct {
	volt_slot is_there, key, value;
} entry;

typedef struct {
	entry *entries;            /* an object */
	uint64_t places, capacity; /* used ones, with those of entries that were deleted; and all */
	uint64_t count;
	uint64_t has_strings; /* keys are strings, and the same if their bytes are */
} map;

/* What an iterator's slots hold; there is room for more of them. */
typedef struct {
	volt_slot map, place;
} iterator;

static map *map_of(volt_slot reference) {
	return (map *)(uintptr_t)reference;
}

volt_slot map_new(machine *self, volt_kind key) {
	const volt_slot made = object_new(self, sizeof(map));
	map_of(made)->has_strings = key == VOLT_KIND_STRING;
	return made;
}

static entry *find(const map *in, volt_slot key) {
	for (uint64_t i = 0; in && i < in->places; i++) {
		entry *each = &in->entries[i];
		if (each->is_there && (in->has_strings ? string_compare(each->key, key) == 0 : each->key == key))
			return each;
	}
	return NULL;
}

const volt_slot *map_find(volt_slot reference, volt_slot key) {
	const entry *found = find(map_of(reference), key);
	return found ? &found->value : NULL;
}

/* Deleted entries are left behind. */
static void grow(machine *self, map *grown) {
	enum { FIRST_CAPACITY = 4 };
	const uint64_t capacity = grown->count ? 2 * grown->count : FIRST_CAPACITY;
	entry *entries = (entry *)(uintptr_t)object_new(self, capacity * sizeof *entries);
	uint64_t places = 0;
	for (uint64_t i = 0; i < grown->places; i++)
		if (grown->entries[i].is_there)
			entries[places++] = grown->entries[i];
	grown->entries = entries;
	grown->places = places;
	grown->capacity = capacity;
}

volt_status map_set(machine *self, volt_slot reference, volt_slot key, volt_slot value) {
	map *to = map_of(reference);
	if (!to)
		return raise_trap(self, VOLT_TRAP_NilMapWrite, 0, 0);
	entry *found = find(to, key);
	if (found) {
		found->value = value;
		return VOLT_STATUS_OK;
	}
	if (to->places == to->capacity)
		grow(self, to);
	to->entries[to->places++] = (entry){true, key, value};
	to->count++;
	return VOLT_STATUS_OK;
}

void map_delete(volt_slot reference, volt_slot key) {
	entry *found = find(map_of(reference), key);
	if (!found)
		return;
	memset(found, 0, sizeof *found);
	map_of(reference)->count--;
}

uint64_t map_length(volt_slot reference) {
	return reference ? map_of(reference)->count : 0;
}

/* ---- Iteration ---- */

void map_iterator_start(volt_slot *slots, volt_slot reference) {
	memset(slots, 0, MAP_ITERATOR_SLOTS * sizeof *slots);
	((iterator *)slots)->map = reference;
}

bool map_iterator_next(volt_slot *slots, volt_slot *key, volt_slot *value) {
	iterator *at = (iterator *)slots;
	const map *in = map_of(at->map);
	while (in && at->place < in->places) {
		const entry *next = &in->entries[at->place++];
		if (!next->is_there)
			continue;
		*key = next->key;
		*value = next->value;
		return true;
	}
	return false;
}

/* ---- Instructions: a descriptor says how wide keys and values are that the instruction means ---- */

static volt_status check(machine *self, volt_slot descriptor, volt_slot of_one_slot) {
	if (descriptor == of_one_slot)
		return VOLT_STATUS_OK;
	return raise_text(self, "a map of this machine has keys and values of one slot");
}

volt_status check_map_get(machine *self, volt_slot descriptor) {
	return check(self, descriptor & ~UINT64_C(1), 1 << 16 | 1 << 1);
}

volt_status check_map_set(machine *self, volt_slot descriptor) {
	return check(self, descriptor, 1 << 8 | 1);
}

static volt_status execute_get(machine *self, volt_instruction at, volt_slot *slots) {
	const volt_slot descriptor = slots[at.c];
	if (check_map_get(self, descriptor) != VOLT_STATUS_OK)
		return VOLT_STATUS_PANIC;
	const volt_slot *found = map_find(slots[at.b], slots[at.c + 1]);
	slots[at.a] = found ? *found : 0;
	if (descriptor & 1)
		slots[at.a + 1] = found != NULL;
	return VOLT_STATUS_OK;
}

static volt_status execute_set(machine *self, volt_instruction at, const volt_slot *slots) {
	if (check_map_set(self, slots[at.b]) != VOLT_STATUS_OK)
		return VOLT_STATUS_PANIC;
	return map_set(self, slots[at.a], slots[at.b + 1], slots[at.c]);
}

/* An entry is its key, and its value behind it. */
static void execute_next(volt_instruction at, volt_slot *slots) {
	volt_slot key, value;
	const bool is_one = map_iterator_next(&slots[at.b], &key, &value);
	if (is_one) {
		slots[at.a] = key;
		slots[at.a + 1] = value;
	}
	slots[at.c] = is_one;
}

volt_status execute_on_maps(machine *self, volt_instruction at, volt_slot *slots) {
	switch (at.op) {
	case VOLT_OP_MapNew: slots[at.a] = map_new(self, map_key_kind(slots[at.b])); break;
	case VOLT_OP_MapGet: return execute_get(self, at, slots);
	case VOLT_OP_MapSet: return execute_set(self, at, slots);
	case VOLT_OP_MapDelete: map_delete(slots[at.a], slots[at.b + 1]); break;
	case VOLT_OP_MapLen: slots[at.a] = map_length(slots[at.b]); break;
	case VOLT_OP_MapIterInit: map_iterator_start(&slots[at.a], slots[at.b]); break;
	default: execute_next(at, slots); break;
	}
	return VOLT_STATUS_OK;
}
