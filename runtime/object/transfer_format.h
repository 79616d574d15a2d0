/*
 * What a packet's words say; only for transfer_pack.c and transfer_unpack.c.
 *
 * First a group: the packed slots. Then one record for each reference: its tag, what the tag says, and groups
 * or plain bytes. A group is its words (references are 0), the number of its references, and for each the
 * number of its word: doubled, and then plus one if it is a port, whose number in the list of ports follows.
 * The record of a reference that was met last comes first: both sides keep a stack of what is still to be
 * done.
 */
#ifndef OBJECT_TRANSFER_FORMAT_H
#define OBJECT_TRANSFER_FORMAT_H

#include "object/heap.h"

typedef enum {
	RECORD_STRING,  /* length, bytes */
	RECORD_SLICE,   /* element meta, element bytes, length, plain; elements: a group, or bytes if plain */
	RECORD_ARRAY,   /* as a slice */
	RECORD_PLAIN,   /* meta, slots; a group: an object without references */
	RECORD_TYPED,   /* meta, slots; a group: a struct whose meta can be trusted */
	RECORD_UNTYPED, /* meta, slots; a group */
	RECORD_MAP, /* key meta, value meta, key rttid, key slots, value slots, entries; groups: key, value, key
	               ... */
} record_tag;

/* A list in the collector's heap, so that an exhausted heap leaves nothing behind. */
typedef struct {
	uint64_t *items;
	uint64_t count;
	uint64_t room;
	bool pointer_free;
} word_list;

static inline uint64_t words_of_bytes(uint64_t bytes) {
	return bytes / sizeof(uint64_t) + (bytes % sizeof(uint64_t) != 0);
}

static inline void word_list_reserve(object_space *space, word_list *list, uint64_t more) {
	const uint64_t need = list->count + more;
	if (need <= list->room)
		return;
	uint64_t room = list->room ? 2 * list->room : 16;
	room = room < need ? need : room;
	uint64_t *items =
	    list->pointer_free ? heap_new_bytes(space, room * sizeof *items) : heap_new_words(space, room);
	if (list->count)
		memcpy(items, list->items, list->count * sizeof *items);
	list->items = items;
	list->room = room;
}

static inline void word_list_push(object_space *space, word_list *list, uint64_t word) {
	word_list_reserve(space, list, 1);
	list->items[list->count++] = word;
}

#endif
