/*
 * Layouts: which words of a struct are references. Equal layouts are one record for the whole process, which
 * is never freed, because the collector may still look at objects of a space that is gone.
 */
#include <gc/gc_mark.h>
#include <stdlib.h>

#include "object/space_private.h"
#include "process/fork.h"

enum { LAYOUT_BUCKETS = 1024, SLICE_WORDS = sizeof(volt_slice) / sizeof(volt_slot) };

static object_layout *buckets[LAYOUT_BUCKETS]; /* under SHARED_LAYOUTS */

/* The highest bit of a bitmap descriptor stands for the block's first word, which is the header. */
static uintptr_t bitmap_descriptor(uint64_t references, uint32_t slots) {
	uintptr_t descriptor = GC_DS_BITMAP;
	for (uint32_t slot = 0; slot < slots; slot++)
		if (references >> slot & 1)
			descriptor |= (uintptr_t)1 << (62 - slot);
	return descriptor;
}

static object_layout *find_or_add(uint32_t meta, uint32_t slots, uintptr_t descriptor) {
	uint64_t hash = (meta * 0x9e3779b97f4a7c15u) ^ (descriptor * 0xc2b2ae3d27d4eb4fu) ^ slots;
	object_layout **bucket = &buckets[(hash >> 40) % LAYOUT_BUCKETS];
	for (object_layout *layout = *bucket; layout; layout = layout->next)
		if (layout->meta == meta && layout->slots == slots && layout->descriptor == descriptor)
			return layout;
	object_layout *layout = malloc(sizeof *layout);
	if (!layout)
		return NULL;
	*layout = (object_layout){meta, slots, descriptor, *bucket};
	*bucket = layout;
	return layout;
}

uint64_t layout_header(uint32_t meta, uint32_t slots, uint64_t references) {
	shared_lock(SHARED_LAYOUTS);
	object_layout *layout = find_or_add(meta, slots, bitmap_descriptor(references, slots));
	shared_unlock(SHARED_LAYOUTS);
	return (uint64_t)(uintptr_t)layout;
}

static uint64_t reference_bits(const volt_struct_meta *meta) {
	uint64_t bits = 0;
	for (uint32_t slot = 0; slot < meta->slot_types.count && slot < 64; slot++) {
		uint8_t type = meta->slot_types.items[slot];
		if (type == VOLT_SLOT_REFERENCE || type == VOLT_SLOT_INTERFACE_PAYLOAD)
			bits |= (uint64_t)1 << slot;
	}
	return bits;
}

static struct_shape shape_of(const volt_struct_meta *meta, uint32_t value_meta) {
	uint32_t slots = meta->slot_types.count;
	if (slots > LAYOUT_SLOTS_MAXIMUM)
		return (struct_shape){header_pack(value_meta, slots, 0), slots, HEAP_CONSERVATIVE};
	uint64_t references = reference_bits(meta);
	if (!references)
		return (struct_shape){header_pack(value_meta, slots, HEADER_POINTER_FREE), slots, HEAP_POINTER_FREE};
	return (struct_shape){layout_header(value_meta, slots, references), slots, HEAP_TYPED};
}

static volt_free_block free_block_of(const object_space *space, heap_kind kind, uint32_t words,
                                     size_t header) {
	const size_t granules = granules_of((words + UINT64_C(1)) * sizeof(volt_slot));
	if (granules > HEAP_SMALL_GRANULES)
		return (volt_free_block){0};
	return (volt_free_block){
	    .list = (uint32_t)((const char *)&space->free_lists[kind][granules] - (const char *)space),
	    .header = (uint32_t)header,
	    .words = words,
	    .is_clear = kind != HEAP_POINTER_FREE,
	};
}

/* The last one is as slice_header_new() has it. */
static bool describe_free_blocks(object_space *space) {
	const uint32_t count = space->module->struct_metas.count;
	volt_free_block *blocks = space->free_blocks = calloc(count + UINT64_C(1), sizeof *blocks);
	if (!blocks)
		return false;
	for (uint32_t id = 0; id < count; id++) {
		const struct_shape *shape = &space->shapes[id];
		const size_t header = offsetof(object_space, shapes) + id * sizeof *shape;
		blocks[id] = free_block_of(space, shape->kind, shape->slots, header + offsetof(struct_shape, header));
	}
	blocks[count] = free_block_of(space, HEAP_TYPED, SLICE_WORDS, offsetof(object_space, slice_header));
	return true;
}

const volt_free_block *object_space_free_blocks(const object_space *space) {
	return space->free_blocks;
}

volt_error *layouts_prepare(object_space *space) {
	uint32_t count = space->module->struct_metas.count;
	for (uint32_t id = 0; id < count; id++)
		space->shapes[id] =
		    shape_of(&space->module->struct_metas.items[id], volt_meta_make(id, VOLT_KIND_STRUCT));
	space->slice_header = layout_header(VOLT_KIND_SLICE, SLICE_WORDS, 1);
	space->string_header = layout_header(VOLT_KIND_STRING, 4, 1);
	space->map_header = layout_header(VOLT_KIND_MAP, 3, 1);
	bool complete =
	    space->slice_header && space->string_header && space->map_header && describe_free_blocks(space);
	for (uint32_t id = 0; id < count; id++)
		complete = complete && space->shapes[id].header;
	return complete ? NULL : volt_error_new(VOLT_ERROR_MEMORY, "no memory for the layouts of struct types");
}
