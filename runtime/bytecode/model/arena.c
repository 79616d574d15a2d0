/* An arena: a list of chunks that memory is cut from, front to back. */
#include "bytecode/model/arena.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 4096, ALIGNMENT = 8 };

typedef struct chunk {
	struct chunk *next;
	size_t used;
	size_t size;
	_Alignas(ALIGNMENT) char bytes[];
} chunk;

struct volt_arena {
	chunk *chunks;
	failure *place;
};

volt_arena *arena_new(failure *place) {
	volt_arena *arena = calloc(1, sizeof *arena);
	if (arena)
		arena->place = place;
	return arena;
}

void arena_free(volt_arena *arena) {
	if (!arena)
		return;
	for (chunk *next, *current = arena->chunks; current; current = next) {
		next = current->next;
		free(current);
	}
	free(arena);
}

static chunk *add_chunk(volt_arena *arena, size_t size) {
	size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;
	chunk *added = room > SIZE_MAX - sizeof(chunk) ? NULL : calloc(1, sizeof(chunk) + room);
	if (!added)
		failure_raise(arena->place, volt_error_new(VOLT_ERROR_MEMORY, "out of memory"));
	added->size = room;
	added->next = arena->chunks;
	arena->chunks = added;
	return added;
}

void *arena_allocate(volt_arena *arena, size_t count, size_t size) {
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - ALIGNMENT)
		failure_raise(arena->place, volt_error_new(VOLT_ERROR_MEMORY, "out of memory"));
	if (!bytes)
		return NULL;
	bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	chunk *current = arena->chunks;
	if (!current || current->size - current->used < bytes)
		current = add_chunk(arena, bytes);
	void *result = current->bytes + current->used;
	current->used += bytes;
	return result;
}

void *arena_grow(volt_arena *arena, void *items, size_t count, size_t size) {
	enum { FIRST_CAPACITY = 4 };
	bool full = count == 0 || (count >= FIRST_CAPACITY && (count & (count - 1)) == 0);
	if (!full)
		return items;
	void *grown = arena_allocate(arena, count ? 2 * count : FIRST_CAPACITY, size);
	if (count)
		memcpy(grown, items, count * size);
	return grown;
}

static volt_module *module_in(volt_arena *arena, const char *source) {
	volt_module *module = arena_allocate(arena, 1, sizeof *module);
	size_t length = strlen(source);
	module->source = memcpy(arena_allocate(arena, length + 1, 1), source, length);
	module->arena = arena;
	return module;
}

volt_module *module_new(failure *place, const char *source) {
	volt_arena *arena = arena_new(place);
	if (!arena)
		return NULL;
	if (setjmp(place->jump)) {
		volt_error_free(place->error);
		arena_free(arena);
		return NULL;
	}
	return module_in(arena, source);
}
