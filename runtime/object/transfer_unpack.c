/* Unpacking: new objects from the words of a packet (transfer_format.h). */
#include "object/arrays.h"
#include "object/maps.h"
#include "object/strings.h"
#include "object/transfer.h"
#include "object/transfer_format.h"

/* Entries of a map, in the collector's heap: keys can be hashed only when all objects are complete. */
typedef struct unpacked_map {
	struct unpacked_map *next;
	volt_slot map;
	uint64_t count;
	volt_slot entries[];
} unpacked_map;

typedef struct {
	object_space *space;
	const transfer_packet *packet;
	const uint64_t *next; /* word of the packet */
	word_list pending;    /* addresses of the slots whose objects are still to be made */
	unpacked_map *maps;
} unpacker;

static void take_group(unpacker *u, volt_slot *to, uint64_t count) {
	if (count)
		memcpy(to, u->next, count * sizeof *to);
	u->next += count;
	for (uint64_t references = *u->next++; references > 0; references--) {
		const uint64_t entry = *u->next++;
		volt_slot *slot = to + entry / 2;
		if (entry & 1)
			*slot = u->packet->ports[*u->next++];
		else
			word_list_push(u->space, &u->pending, volt_slot_reference(slot));
	}
}

static volt_slot take_string(unpacker *u) {
	const uint64_t length = *u->next++;
	const uint64_t *bytes = u->next;
	u->next += words_of_bytes(length);
	return string_new(u->space, bytes, length);
}

/* `to` refers to the new object before anything else is allocated. */
static void take_elements(unpacker *u, record_tag tag, volt_slot *to) {
	const uint32_t meta = (uint32_t)*u->next++;
	const uint64_t bytes = *u->next++, length = *u->next++;
	const bool plain = *u->next++;
	uint8_t *data;
	if (tag == RECORD_SLICE) {
		(void)slice_new(u->space, meta, (int64_t)length, (int64_t)length, bytes, to);
		data = slice_data(*to);
	} else {
		(void)array_new(u->space, meta, length, bytes, to);
		data = ((volt_array *)volt_slot_pointer(*to))->data;
	}
	if (plain) {
		memcpy(data, u->next, length * bytes);
		u->next += words_of_bytes(length * bytes);
	} else {
		take_group(u, (volt_slot *)(void *)data, length * bytes / 8);
	}
}

static void take_words(unpacker *u, record_tag tag, volt_slot *to) {
	const uint32_t meta = (uint32_t)*u->next++, slots = (uint32_t)*u->next++;
	*to = tag == RECORD_PLAIN   ? heap_new_pointer_free(u->space, meta, slots)
	      : tag == RECORD_TYPED ? heap_new_object(u->space, meta, slots)
	                            : heap_new_untyped(u->space, meta, slots);
	take_group(u, volt_slot_pointer(*to), slots);
}

static void take_map(unpacker *u, volt_slot *to) {
	const uint32_t key_meta = (uint32_t)*u->next++, value_meta = (uint32_t)*u->next++;
	const uint32_t key_rttid = (uint32_t)*u->next++;
	const uint16_t key_slots = (uint16_t)*u->next++, value_slots = (uint16_t)*u->next++;
	const uint64_t count = *u->next++;
	*to = map_new(u->space, key_meta, value_meta, key_rttid, key_slots, value_slots);
	unpacked_map *entries = heap_new_words(u->space, words_of_bytes(sizeof *entries) +
	                                                     count * ((uint64_t)key_slots + value_slots));
	*entries = (unpacked_map){.next = u->maps, .map = *to, .count = count};
	u->maps = entries;
	volt_slot *entry = entries->entries;
	for (uint64_t index = 0; index < count; index++, entry += key_slots + value_slots) {
		take_group(u, entry, key_slots);
		take_group(u, entry + key_slots, value_slots);
	}
}

static void take_object(unpacker *u, volt_slot *to) {
	const record_tag tag = (record_tag)*u->next++;
	switch (tag) {
	case RECORD_STRING: *to = take_string(u); break;
	case RECORD_SLICE:
	case RECORD_ARRAY: take_elements(u, tag, to); break;
	case RECORD_MAP: take_map(u, to); break;
	default: take_words(u, tag, to);
	}
}

/* The keys were keys of a map before, so none is refused. */
static void fill_map(object_space *space, const unpacked_map *entries) {
	const volt_map *map = map_header(entries->map);
	const volt_slot *entry = entries->entries;
	for (uint64_t index = 0; index < entries->count; index++, entry += map->key_slots + map->value_slots)
		(void)map_set(space, entries->map, entry, entry + map->key_slots);
}

void transfer_unpack(object_space *space, const transfer_packet *packet, volt_slot *slots) {
	unpacker u = {.space = space, .packet = packet, .next = packet->words};
	const uint64_t count = *u.next++;
	take_group(&u, slots, count);
	while (u.pending.count)
		take_object(&u, volt_slot_pointer(u.pending.items[--u.pending.count]));
	for (const unpacked_map *entries = u.maps; entries; entries = entries->next)
		fill_map(space, entries);
}
