/*
 * Allocation over bdwgc. Small blocks come from free lists of the space, refilled many at a time without a
 * lock between; see space_private.h for headers and collector.c for how the lists survive a collection.
 */
#define GC_THREADS
#include <gc/gc.h>
#include <gc/gc_inline.h>
#include <gc/gc_mark.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object/fresh_pages.h"
#include "object/space_private.h"

static bool is_beyond(size_t used, size_t bytes, size_t limit) {
	return bytes > limit || used > limit - bytes;
}

static bool exceeds_limit(const object_space *space, size_t bytes) {
	return space->limited && is_beyond(heap_samples_bytes(&space->samples), bytes, space->max_heap_bytes);
}

/* The machine has not got it: however much of the process's heap is this VM's. */
static bool exceeds_machine(const object_space *space, size_t bytes) {
	const size_t outside = atomic_load_explicit(&space->samples.account->outside, memory_order_relaxed);
	return is_beyond(GC_get_heap_size() - GC_get_free_bytes() + outside, bytes, space->machine_bytes);
}

void heap_exhausted(object_space *space, size_t bytes) {
	space->refused_bytes = bytes;
	space->refused_by_limit = exceeds_limit(space, bytes);
	if (space->exhaustion_target)
		longjmp(*space->exhaustion_target, 1);
	fprintf(stderr, "volt: out of memory: %zu bytes asked for\n", bytes);
	abort();
}

static bool fits(const object_space *space, size_t bytes) {
	return !exceeds_limit(space, bytes) && !exceeds_machine(space, bytes);
}

bool object_space_has_room(object_space *space, size_t bytes) {
	if (fits(space, bytes))
		return true;
	if (space->give_back)
		space->give_back(space->give_back_user);
	if (fits(space, bytes))
		return true;
	if (bytes <= space->machine_bytes && (!space->limited || bytes <= space->max_heap_bytes))
		GC_gcollect();
	return fits(space, bytes);
}

void heap_reserve(object_space *space, size_t bytes) {
	if (space->collect_at_every_allocation)
		GC_gcollect();
	if (!object_space_has_room(space, bytes))
		heap_exhausted(space, bytes);
}

enum { PAGE_BYTES = 4096 }; /* of the collector */

/* What the collector gives of small blocks is what is free on a page, or a list that it cuts behind a page's
 * bytes. */
static size_t largest_list(size_t block_bytes) {
	return PAGE_BYTES + block_bytes;
}

/*
 * The collector stores the new list while it still holds its lock, straight into the place where it looks for
 * lists itself: another thread may start a collection before this function returns.
 */
void *heap_refill(object_space *space, heap_kind kind, size_t granules) {
	size_t bytes = granules * HEAP_GRANULE_BYTES;
	int number = (int)collector_kind_number(kind);
	void **list = &space->free_lists[kind][granules];
	heap_reserve(space, largest_list(bytes));
	GC_generic_malloc_many(bytes, number, list);
	if (!*list) {
		GC_gcollect();
		GC_generic_malloc_many(bytes, number, list);
	}
	void **block = *list;
	if (!block)
		heap_exhausted(space, bytes);
	fresh_pages_prepare(block, bytes);
	if (space->collect_at_every_allocation)
		collector_drop_list(block);
	heap_samples_take_list(&space->samples, block, bytes);
	*list = *block;
	return block;
}

/*
 * The collector's large blocks fill whole pages, and lie at the start of one. Rows of a matrix would all have
 * their headers, and their elements of one column, in the same few lines of the caches: so each block is used
 * from another line on, within what its last page has left. The word at its start then says where.
 */
enum { LINE_BYTES = 64, OFFSET_SHIFT = 32 };

static size_t next_offset(object_space *space, size_t bytes) {
	size_t left = (PAGE_BYTES - bytes % PAGE_BYTES) % PAGE_BYTES;
	size_t lines = left / LINE_BYTES + 1;
	return space->large_blocks++ % lines * LINE_BYTES;
}

void *heap_take_large(object_space *space, heap_kind kind, size_t bytes) {
	size_t offset = next_offset(space, bytes);
	bytes += offset;
	heap_reserve(space, bytes);
	char *block = GC_generic_malloc(bytes, (int)collector_large_kind_number(kind));
	if (!block) {
		GC_gcollect();
		block = GC_generic_malloc(bytes, (int)collector_large_kind_number(kind));
	}
	if (!block)
		heap_exhausted(space, bytes);
	fresh_pages_prepare(block, bytes);
	if (kind == HEAP_CONSERVATIVE)
		memset(block, 0, bytes);
	heap_samples_take(&space->samples, block, bytes);
	if (offset)
		*(uint64_t *)block = (uint64_t)offset << OFFSET_SHIFT | HEADER_OFFSET | HEADER_PACKED;
	return block + offset;
}

const uint64_t *heap_header_of(volt_slot word) {
	const uint64_t *base = GC_base(volt_slot_pointer(word));
	if (!base)
		return NULL;
	uint64_t offset = *base >> OFFSET_SHIFT;
	if ((*base & UINT32_MAX) == (HEADER_OFFSET | HEADER_PACKED) && offset < PAGE_BYTES)
		base = (const uint64_t *)((const char *)base + offset);
	return base + 1 == (const uint64_t *)volt_slot_pointer(word) ? base : NULL;
}

static void check_slots(object_space *space, uint32_t slots) {
	if (slots > 0xffffff)
		heap_exhausted(space, slots * sizeof(volt_slot));
}

volt_slot heap_new_untyped(object_space *space, uint32_t meta, uint32_t slots) {
	check_slots(space, slots);
	return heap_take_object(space, HEAP_CONSERVATIVE, header_pack(meta, slots, 0), slots);
}

volt_slot heap_new_pointer_free(object_space *space, uint32_t meta, uint32_t slots) {
	check_slots(space, slots);
	uint64_t header = header_pack(meta, slots, HEADER_POINTER_FREE);
	volt_slot object = heap_take_object(space, HEAP_POINTER_FREE, header, slots);
	memset(volt_slot_pointer(object), 0, slots * sizeof(volt_slot));
	return object;
}

volt_slot heap_new_object(object_space *space, uint32_t meta, uint32_t slots) {
	volt_kind kind = volt_meta_kind(meta);
	uint32_t id = volt_meta_id(meta);
	if (kind == VOLT_KIND_STRUCT && id < space->module->struct_metas.count &&
	    space->shapes[id].slots == slots) {
		const struct_shape *shape = &space->shapes[id];
		if (shape->kind == HEAP_POINTER_FREE)
			return heap_new_pointer_free(space, meta, slots);
		return heap_take_object(space, shape->kind, shape->header, slots);
	}
	if (kind != VOLT_KIND_VOID && kind < VOLT_KIND_ARRAY && slots == 1)
		return heap_new_pointer_free(space, meta, slots);
	return heap_new_untyped(space, meta, slots);
}

volt_slot closure_new(object_space *space, uint32_t function, uint32_t captures) {
	uint32_t meta = volt_meta_make(0, VOLT_KIND_CLOSURE);
	volt_slot reference =
	    captures ? heap_new_untyped(space, meta, 1 + captures) : heap_new_pointer_free(space, meta, 1);
	volt_closure *closure = volt_slot_pointer(reference);
	closure->function = function;
	closure->capture_count = captures;
	return reference;
}

void *heap_new_words(object_space *space, size_t words) {
	if (words > PTRDIFF_MAX / sizeof(uint64_t))
		heap_exhausted(space, SIZE_MAX);
	uint64_t *block = heap_take(space, HEAP_CONSERVATIVE, words ? words * sizeof(uint64_t) : 1);
	block[0] = 0;
	return block;
}

void *heap_new_bytes(object_space *space, size_t bytes) {
	if (bytes > PTRDIFF_MAX)
		heap_exhausted(space, bytes);
	void *block = heap_take(space, HEAP_POINTER_FREE, bytes ? bytes : 1);
	memset(block, 0, bytes);
	return block;
}

static uint64_t array_words(volt_slot reference) {
	const volt_array *array = volt_slot_pointer(reference);
	return 2 + (array->length * array->element_bytes + 7) / 8;
}

static uint64_t object_words(volt_slot reference) {
	uint64_t header = object_header(reference);
	if (!(header & HEADER_PACKED))
		return ((const object_layout *)volt_slot_pointer(header))->slots;
	return header & HEADER_ARRAY ? array_words(reference) : (header >> 8 & 0xffffff);
}

uint32_t object_slots(volt_slot reference) {
	uint64_t words = object_words(reference);
	return words > UINT32_MAX ? UINT32_MAX : (uint32_t)words;
}

uint32_t object_meta(volt_slot reference) {
	uint64_t header = object_header(reference);
	if (header & HEADER_PACKED)
		return (uint32_t)(header >> 32);
	return ((const object_layout *)volt_slot_pointer(header))->meta;
}

bool object_is_packed_array(volt_slot reference) {
	return object_is_array(reference);
}

static heap_kind kind_of_header(uint64_t header) {
	if (!(header & HEADER_PACKED))
		return HEAP_TYPED;
	return header & HEADER_POINTER_FREE ? HEAP_POINTER_FREE : HEAP_CONSERVATIVE;
}

uint64_t heap_words_from(volt_slot address) {
	const uint8_t *at = volt_slot_pointer(address);
	uint8_t *base = GC_base(volt_slot_pointer(address));
	return base ? (uint64_t)(base + GC_size(base) - at) / sizeof(volt_slot) : 0;
}

volt_slot object_clone(object_space *space, volt_slot reference) {
	if (!reference)
		return 0;
	uint64_t header = object_header(reference);
	uint64_t words = object_words(reference);
	volt_slot copy = heap_take_object(space, kind_of_header(header), header, words);
	memcpy(volt_slot_pointer(copy), volt_slot_pointer(reference), words * sizeof(uint64_t));
	return copy;
}
