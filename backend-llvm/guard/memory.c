/* Blocks in a list, one for each thread. */
#include "guard/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "guard/guard.h"

typedef struct block {
	struct block *previous, *next; /* in a ring */
	void (*dispose)(void *memory); /* NULL: there is nothing to dispose of */
	alignas(max_align_t) unsigned char memory[];
} block;

/* The ring's head; its pointers are NULL until the thread allocates. */
static _Thread_local block head;

static block *block_of(void *memory) {
	return (block *)(void *)((unsigned char *)memory - offsetof(block, memory));
}

static void append(block *added) {
	if (!head.next)
		head.next = head.previous = &head;
	added->previous = head.previous;
	added->next = &head;
	head.previous->next = added;
	head.previous = added;
}

/* NULL: there is no memory. */
static void *allocate(size_t count, size_t size, void (*dispose)(void *memory)) {
	size_t bytes;
	block *made = NULL;
	if (!__builtin_mul_overflow(count, size, &bytes) && bytes < SIZE_MAX - sizeof *made)
		made = calloc(1, sizeof *made + bytes);
	if (!made)
		return NULL;
	made->dispose = dispose;
	append(made);
	return made->memory;
}

void *memory_needed(void *result) {
	if (!result)
		guard_out_of_memory();
	return result;
}

void *memory_new(size_t count, size_t size) {
	return memory_needed(allocate(count, size, NULL));
}

void *memory_new_owner(size_t size, void (*dispose)(void *memory)) {
	return memory_needed(allocate(1, size, dispose));
}

void *memory_take(void *result, size_t size) {
	void *moved = result ? allocate(1, size, NULL) : NULL;
	if (moved)
		memcpy(moved, result, size);
	free(result);
	return memory_needed(moved);
}

void memory_free(void *memory) {
	if (!memory)
		return;
	block *freed = block_of(memory);
	freed->previous->next = freed->next;
	freed->next->previous = freed->previous;
	free(freed);
}

void memory_free_all(void) {
	while (head.next && head.next != &head) {
		block *last = head.previous;
		// NOLINTNEXTLINE(clang-analyzer-unix.Malloc): memory_free() has unlinked the one before
		if (last->dispose)
			last->dispose(last->memory);
		memory_free(last->memory);
	}
}
