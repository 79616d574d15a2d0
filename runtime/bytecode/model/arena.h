/* Memory that is released all at once: what a module points to lies in one arena. */
#ifndef BYTECODE_MODEL_ARENA_H
#define BYTECODE_MODEL_ARENA_H

#include "bytecode/model/failure.h"
#include "volt/bytecode.h"

/*
 * NULL if there is no memory. `place` is where a later lack of memory is raised; it must outlive all
 * allocations.
 */
volt_arena *arena_new(failure *place);
void arena_free(volt_arena *arena);

/*
 * Zeroed room for `count` items of `size` bytes; never NULL, except for 0 bytes. Raises when memory is
 * short.
 */
void *arena_allocate(volt_arena *arena, size_t count, size_t size);

/*
 * Room for one more item behind `count` items, which move when needed: the capacity is the next power of two,
 * so the caller needs no variable for it. Items must have grown one by one through this function.
 */
void *arena_grow(volt_arena *arena, void *items, size_t count, size_t size);

/* Appends one zeroed item to a VOLT_VECTOR and gives its address, good until the next one is appended. */
#define ARENA_APPEND(arena, vector) \
	((vector)->items = arena_grow((arena), (vector)->items, (vector)->count, sizeof *(vector)->items), \
	 &(vector)->items[(vector)->count++])

/* A module whose strings and vectors are empty, in an arena of its own. NULL if there is no memory. */
volt_module *module_new(failure *place, const char *source);

#endif
