/* Packing: values of one island as words without references (transfer_format.h). */
#include "object/channel.h"
#include "object/handles.h"
#include "object/maps.h"
#include "object/space_private.h"
#include "object/transfer.h"
#include "object/transfer_format.h"

/* A gigabyte. Trees can be exponentially larger than the graphs that they are copied from. */
enum { WORDS_MAXIMUM = 1 << 27 };

typedef struct {
	object_space *space;
	word_list words;
	word_list pending; /* objects to be packed: reference and depth */
	word_list ports;
	uint64_t depth;        /* of the object that is being packed: references from the packed slots to it */
	volt_slot anchors[64]; /* objects on the way to it at the depths 1, 2, 4, 8 ... */
	const char *refused;
} packer;

/* What is known about words that repeat with a period of `slots`. */
typedef struct {
	volt_kind kind;
	const volt_struct_meta *fields; /* of a struct; NULL: unknown */
	bool certain;                   /* its plain fields hold no references for sure */
	uint32_t slots;
} word_shape;

static const word_shape unknown_shape = {.kind = VOLT_KIND_VOID, .slots = 1};

static void refuse(packer *p, const char *what) {
	if (!p->refused)
		p->refused = what;
}

static bool reserve(packer *p, uint64_t more) {
	if (more > WORDS_MAXIMUM || p->words.count + more > WORDS_MAXIMUM) {
		refuse(p, "a value larger than 1 GiB");
		return false;
	}
	word_list_reserve(p->space, &p->words, more);
	return true;
}

static void put(packer *p, uint64_t word) {
	if (reserve(p, 1))
		p->words.items[p->words.count++] = word;
}

/* ---- What may be sent ---- */

static const char *unsendable(volt_kind kind) {
	switch (kind) {
	case VOLT_KIND_INTERFACE: return "an interface value";
	case VOLT_KIND_CHANNEL: return "a channel";
	case VOLT_KIND_CLOSURE: return "a function";
	case VOLT_KIND_ISLAND: return "an island";
	default: return NULL;
	}
}

static word_shape shape_of(object_space *space, uint32_t meta, uint32_t slots, bool certain) {
	word_shape shape = {.kind = volt_meta_kind(meta), .certain = certain, .slots = slots ? slots : 1};
	const uint32_t id = volt_meta_id(meta);
	if (shape.kind == VOLT_KIND_STRUCT && id < space->module->struct_metas.count &&
	    space->module->struct_metas.items[id].slot_types.count == slots)
		shape.fields = &space->module->struct_metas.items[id];
	return shape;
}

typedef enum { WORD_PLAIN, WORD_REFERENCE, WORD_REFUSED } word_rule;

/* The rule for a word that is not 0; *refused says why, if it is. */
static word_rule field_rule(const word_shape *shape, uint32_t slot, volt_slot word, const char **refused) {
	switch (shape->fields->slot_types.items[slot]) {
	case VOLT_SLOT_INTERFACE_TYPE:
		*refused = unsendable(VOLT_KIND_INTERFACE);
		return volt_interface_kind(word) != VOLT_KIND_VOID ? WORD_REFUSED : WORD_PLAIN;
	case VOLT_SLOT_REFERENCE: return WORD_REFERENCE;
	default: return shape->certain ? WORD_PLAIN : WORD_REFERENCE;
	}
}

static word_rule rule_of(const word_shape *shape, uint32_t slot, volt_slot word, const char **refused) {
	if (shape->fields)
		return field_rule(shape, slot, word, refused);
	*refused = unsendable(shape->kind);
	if (shape->kind == VOLT_KIND_INTERFACE)
		return slot == 0 && volt_interface_kind(word) != VOLT_KIND_VOID ? WORD_REFUSED : WORD_PLAIN;
	if (*refused)
		return WORD_REFUSED;
	return shape->kind != VOLT_KIND_VOID && shape->kind < VOLT_KIND_ARRAY ? WORD_PLAIN : WORD_REFERENCE;
}

/* ---- Groups ---- */

/*
 * Notes the reference that stands in word `index` of the group at `start`, whose counter stands at
 * `counter`.
 */
static void put_reference(packer *p, volt_slot word, uint64_t start, uint64_t index, uint64_t counter) {
	if (!heap_words_from(word))
		return; /* a number */
	if (!heap_header_of(word)) {
		refuse(p, "a pointer into an object");
		return;
	}
	const bool port = handle_is_port(word);
	put(p, 2 * index + port);
	if (port) {
		put(p, p->ports.count);
		word_list_push(p->space, &p->ports, word);
	} else {
		word_list_push(p->space, &p->pending, word);
		word_list_push(p->space, &p->pending, p->depth + 1);
	}
	p->words.items[start + index] = 0;
	p->words.items[counter]++;
}

/* `words` are packed as a group. They do not move, and stay where they are while this allocates. */
static void put_group(packer *p, const volt_slot *words, uint64_t count, const word_shape *shapes,
                      uint64_t shape_count) {
	if (!reserve(p, count + 1))
		return;
	const uint64_t start = p->words.count, counter = start + count;
	if (count)
		memcpy(p->words.items + start, words, count * sizeof *words);
	p->words.items[counter] = 0;
	p->words.count += count + 1;
	uint64_t shape = 0;
	uint32_t slot = 0;
	for (uint64_t index = 0; index < count && !p->refused; index++) {
		const word_shape *known = &shapes[shape];
		const char *refused = NULL;
		switch (words[index] ? rule_of(known, slot, words[index], &refused) : WORD_PLAIN) {
		case WORD_PLAIN: break;
		case WORD_REFERENCE: put_reference(p, words[index], start, index, counter); break;
		case WORD_REFUSED: refuse(p, refused); break;
		}
		if (++slot == known->slots) {
			slot = 0;
			shape += shape + 1 < shape_count; /* the last one repeats */
		}
	}
}

/* ---- Records ---- */

static void put_bytes(packer *p, const void *bytes, uint64_t length) {
	const uint64_t words = words_of_bytes(length);
	if (length == 0 || !reserve(p, words))
		return;
	p->words.items[p->words.count + words - 1] = 0;
	memcpy(p->words.items + p->words.count, bytes, length);
	p->words.count += words;
}

static void put_string(packer *p, const volt_slice *string) {
	put(p, RECORD_STRING);
	put(p, string->length);
	put_bytes(p, string->data, string->length);
}

static void put_elements(packer *p, record_tag tag, volt_slot array_reference, const uint8_t *data,
                         uint64_t length) {
	const volt_array *array = volt_slot_pointer(array_reference);
	const volt_kind kind = volt_meta_kind(array->element_meta);
	const bool plain = (kind != VOLT_KIND_VOID && kind < VOLT_KIND_ARRAY) || array->element_bytes % 8 != 0;
	put(p, tag);
	put(p, array->element_meta);
	put(p, array->element_bytes);
	put(p, length);
	put(p, plain);
	if (plain) {
		put_bytes(p, data, length * array->element_bytes);
	} else {
		const uint32_t slots = array->element_bytes / 8;
		const word_shape shape = shape_of(p->space, array->element_meta, slots, false);
		put_group(p, (const volt_slot *)(const void *)data, length * slots, &shape, 1);
	}
}

static void put_slice(packer *p, const volt_slice *slice) {
	if (!slice->array || !object_is_array(slice->array))
		refuse(p, "a slice of an array without elements of its own");
	else
		put_elements(p, RECORD_SLICE, slice->array, slice->data, slice->length);
}

static void put_map(packer *p, volt_slot reference) {
	const volt_map *map = volt_slot_pointer(reference);
	const word_shape key_shape = shape_of(p->space, map->key_meta, map->key_slots, false);
	const word_shape value_shape = shape_of(p->space, map->value_meta, map->value_slots, false);
	put(p, RECORD_MAP);
	put(p, map->key_meta);
	put(p, map->value_meta);
	put(p, map->key_rttid);
	put(p, map->key_slots);
	put(p, map->value_slots);
	put(p, map_length(reference));
	volt_slot iterator[MAP_ITERATOR_SLOTS];
	const volt_slot *key, *value;
	map_iterator_start(iterator, reference);
	while (!p->refused && map_iterator_next(iterator, &key, &value)) {
		put_group(p, key, map->key_slots, &key_shape, 1);
		put_group(p, value, map->value_slots, &value_shape, 1);
	}
}

static void put_words(packer *p, record_tag tag, volt_slot reference, const word_shape *shape) {
	const uint32_t slots = object_slots(reference);
	put(p, tag);
	put(p, object_meta(reference));
	put(p, slots);
	put_group(p, volt_slot_pointer(reference), slots, shape, 1);
}

/*
 * The meta of an object that PtrNew made without one may claim anything, so a closure or channel is one only
 * if the words agree.
 */
static const char *unsendable_object(object_space *space, volt_slot reference) {
	const volt_kind kind = volt_meta_kind(object_meta(reference));
	const uint32_t slots = object_slots(reference);
	const volt_closure *closure = volt_slot_pointer(reference);
	bool genuine = kind == VOLT_KIND_ISLAND && (object_header(reference) & HEADER_POINTER_FREE);
	if (kind == VOLT_KIND_CLOSURE && slots != 0)
		genuine = closure->function < space->module->functions.count &&
		          closure->capture_count + UINT64_C(1) == slots;
	if (kind == VOLT_KIND_CHANNEL)
		genuine = channel_or_nil(reference) != 0;
	return genuine ? unsendable(kind) : NULL;
}

static void put_packed_object(packer *p, volt_slot reference, uint64_t header) {
	static const word_shape plain = {.kind = VOLT_KIND_INT, .slots = 1};
	const char *refused = header & HEADER_ARRAY ? NULL : unsendable_object(p->space, reference);
	if (refused) {
		refuse(p, refused);
	} else if (header & HEADER_ARRAY) {
		const volt_array *array = volt_slot_pointer(reference);
		put_elements(p, RECORD_ARRAY, reference, array->data, array->length);
	} else if (header & HEADER_POINTER_FREE) {
		put_words(p, RECORD_PLAIN, reference, &plain);
	} else {
		const word_shape shape = shape_of(p->space, object_meta(reference), object_slots(reference), false);
		put_words(p, RECORD_UNTYPED, reference, shape.fields ? &shape : &unknown_shape);
	}
}

static void put_object(packer *p, volt_slot reference) {
	const uint64_t header = object_header(reference);
	if (header & HEADER_PACKED) {
		put_packed_object(p, reference, header);
		return;
	}
	switch (volt_meta_kind(object_meta(reference))) {
	case VOLT_KIND_STRING: put_string(p, volt_slot_pointer(reference)); break;
	case VOLT_KIND_SLICE: put_slice(p, volt_slot_pointer(reference)); break;
	case VOLT_KIND_MAP: put_map(p, reference); break;
	default: {
		const word_shape shape = shape_of(p->space, object_meta(reference), object_slots(reference), true);
		put_words(p, RECORD_TYPED, reference, &shape);
	}
	}
}

/* ---- Everything ---- */

/*
 * Enters an object on the next level. A value that contains itself makes a way that never ends; since an
 * object's contents decide how the way goes on, the way becomes periodic, and an object is met again that
 * stood at a power of two (Brent's method of finding cycles).
 */
static bool enter(packer *p, volt_slot reference, uint64_t depth) {
	const int level = 63 - __builtin_clzll(depth);
	const bool power = (depth & (depth - 1)) == 0;
	const volt_slot anchor = !power ? p->anchors[level] : level ? p->anchors[level - 1] : 0;
	if (power)
		p->anchors[level] = reference;
	p->depth = depth;
	if (anchor == reference)
		refuse(p, "a value that contains itself");
	return !p->refused;
}

static void put_everything(packer *p) {
	while (!p->refused && p->pending.count) {
		const uint64_t depth = p->pending.items[--p->pending.count];
		const volt_slot reference = p->pending.items[--p->pending.count];
		if (enter(p, reference, depth))
			put_object(p, reference);
	}
}

/*
 * One type for all slots is the usual case, of ports; else the slots behind the last type are of unknown
 * types.
 */
static void put_slots(packer *p, const volt_transfer_type *types, uint32_t type_count, const volt_slot *slots,
                      uint32_t count) {
	put(p, count);
	if (type_count == 1 && types->slots >= count) {
		const word_shape single = shape_of(p->space, types->meta, types->slots, true);
		put_group(p, slots, count, &single, 1);
		return;
	}
	word_shape *shapes =
	    heap_new_words(p->space, words_of_bytes((type_count + UINT64_C(1)) * sizeof *shapes));
	for (uint32_t index = 0; index < type_count; index++)
		shapes[index] = shape_of(p->space, types[index].meta, types[index].slots, true);
	shapes[type_count] = unknown_shape;
	put_group(p, slots, count, shapes, type_count + UINT64_C(1));
}

transfer_packet *transfer_pack(object_space *space, const volt_transfer_type *types, uint32_t type_count,
                               const volt_slot *slots, uint32_t count, const char **refused) {
	packer p = {.space = space, .words = {.pointer_free = true}};
	put_slots(&p, types, type_count, slots, count);
	put_everything(&p);
	*refused = p.refused;
	if (p.refused)
		return NULL;
	transfer_packet *packet = heap_new_words(space, words_of_bytes(sizeof *packet));
	packet->words = p.words.items;
	packet->ports = p.ports.items;
	return packet;
}
