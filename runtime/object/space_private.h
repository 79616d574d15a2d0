/*
 * What an object space consists of; only for the files of this folder.
 *
 * Header word in front of each object: either the address of an interned layout (bit 0 clear), whose second
 * word tells the collector which words are references, or a packed header (bit 0 set) for all others.
 */
#ifndef OBJECT_SPACE_PRIVATE_H
#define OBJECT_SPACE_PRIVATE_H

#include "bytecode/model/underlying.h"
#include "object/heap.h"
#include "object/heap_account.h"
#include "object/space.h"
#include "volt/tier.h"

/* How the collector scans a block. */
typedef enum {
	HEAP_POINTER_FREE,
	HEAP_CONSERVATIVE,
	HEAP_TYPED, /* by the layout that its first word points to */
	HEAP_KIND_COUNT,
} heap_kind;

enum {
	HEAP_GRANULE_BYTES = 16,
	HEAP_SMALL_GRANULES = 32,  /* larger blocks are not kept in free lists */
	LAYOUT_SLOTS_MAXIMUM = 61, /* a bitmap descriptor has 62 bits; the header word takes one */
	HEADER_PACKED = 1,
	HEADER_ARRAY = 2, /* the object is a volt_array, whose size follows from its own words */
	HEADER_POINTER_FREE = 4,
	HEADER_PORT = 8,     /* the object is the handle of a port */
	HEADER_OFFSET = 32,  /* no object's: a large block is used from an offset on (heap.c) */
	HEADER_CHANNEL = 16, /* the object is a channel, whatever the meta of others claims */
};

/*
 * Interned for the life of the process: dead objects that the collector still sees may outlive their
 * space.
 */
typedef struct object_layout {
	uint32_t meta;
	uint32_t slots;
	uintptr_t descriptor; /* of the collector; must be the second word */
	struct object_layout *next;
} object_layout;

/* How to allocate a struct of one struct meta. */
typedef struct {
	uint64_t header;
	uint32_t slots;
	heap_kind kind;
} struct_shape;

typedef struct space_scanner {
	root_scanner scan;
	void *user;
	struct space_scanner *next;
} space_scanner;

typedef struct {
	uint32_t count;
	uint32_t functions[];
} space_itab;

typedef struct {
	uint32_t named;
	uint32_t interface_meta;
	bool through_pointer;
	bool missing; /* the type does not have all methods; `itab` means nothing */
	uint32_t itab;
} itab_cache_entry;

typedef struct {
	char *package;
	unsigned index;
	volt_slot value[2];
} space_sentinel;

struct object_space {
	const volt_module *module;
	void *free_lists[HEAP_KIND_COUNT][HEAP_SMALL_GRANULES + 1];
	size_t large_blocks;          /* taken so far: heap_take_large() */
	volt_free_block *free_blocks; /* heap.h */
	underlying_type *named;       /* per named type */
	uint64_t slice_header;
	uint64_t map_header;
	uint64_t string_header;
	size_t max_heap_bytes; /* if it is limited: of what counts for its account */
	size_t machine_bytes;  /* of what the process uses */
	bool limited;
	heap_samples samples; /* of what the space has taken */
	size_t refused_bytes; /* the allocation that there was no memory for */
	bool refused_by_limit;
	bool collect_at_every_allocation;
	void (*give_back)(void *user); /* NULL: nobody has anything */
	void *give_back_user;
	jmp_buf *exhaustion_target;
	object_space *outer; /* while there is a target: whose program runs this one */
	space_scanner *scanners;
	space_itab **itabs; /* run-time itabs; ids follow the module's */
	size_t itab_count, itab_capacity;
	itab_cache_entry *itab_cache; /* open addressing, power of two */
	size_t itab_cache_count, itab_cache_capacity;
	volt_conversion conversions[VOLT_CONVERSIONS]; /* read by compiled code */
	space_sentinel *sentinels;
	size_t sentinel_count, sentinel_capacity;
	object_space *next;    /* of all spaces of the process; guarded by the collector's lock */
	struct_shape shapes[]; /* per struct meta */
};

/* collector.c: the process's one collector. */
void collector_add_space(object_space *space);
void collector_remove_space(object_space *space); /* its lists of free blocks, too */
void collector_drop_list(void *list);
void collector_replace_sentinels(object_space *space, space_sentinel *larger, size_t capacity);
unsigned collector_kind_number(heap_kind kind);
unsigned collector_large_kind_number(heap_kind kind); /* the collector clears no conservative ones */

/* layouts.c: `references` has a bit for each word of the object that may be a reference. */
uint64_t layout_header(uint32_t meta, uint32_t slots, uint64_t references);
volt_error *layouts_prepare(object_space *space);

/* heap.c */
void *heap_refill(object_space *space, heap_kind kind, size_t granules);

/* A block of `bytes`, larger than what the free lists hold. Its words are zero unless it is pointer-free. */
void *heap_take_large(object_space *space, heap_kind kind, size_t bytes);

static inline uint64_t header_pack(uint32_t meta, uint32_t slots, unsigned flags) {
	return (uint64_t)meta << 32 | (uint64_t)(slots & 0xffffff) << 8 | HEADER_PACKED | flags;
}

static inline uint64_t object_header(volt_slot reference) {
	return ((const uint64_t *)volt_slot_pointer(reference))[-1];
}

/*
 * Is it a volt_array? Arrays that PtrNew boxed lack the two header words (SEMANTICS.md, "Interfaces").
 */
static inline bool object_is_array(volt_slot reference) {
	uint64_t header = object_header(reference);
	return (header & HEADER_PACKED) && (header & HEADER_ARRAY);
}

static inline size_t granules_of(size_t bytes) {
	return (bytes + HEAP_GRANULE_BYTES - 1) / HEAP_GRANULE_BYTES;
}

/*
 * A block of at least `bytes` (more than 0), small ones from the space's own free lists. The first word is
 * garbage; the others are zero unless the block is pointer-free. The caller stores the first word before it
 * allocates again.
 */
static inline void *heap_take(object_space *space, heap_kind kind, size_t bytes) {
	const size_t granules = granules_of(bytes);
	if (__builtin_expect(granules > HEAP_SMALL_GRANULES, 0))
		return heap_take_large(space, kind, bytes);
	void **block = space->free_lists[kind][granules];
	if (__builtin_expect(!block, 0))
		return heap_refill(space, kind, granules);
	space->free_lists[kind][granules] = *block;
	return block;
}

/* An object of `words` words behind a header. Not for pointer-free ones, whose words would be garbage. */
static inline volt_slot heap_take_object(object_space *space, heap_kind kind, uint64_t header, size_t words) {
	uint64_t *block = heap_take(space, kind, (words + 1) * sizeof(uint64_t));
	block[0] = header;
	return volt_slot_reference(block + 1);
}

#endif
