/*
 * Memory that is never NULL: without memory the request ends (guard.h), and what it has allocated is freed.
 * No object of LLVM's may be known to a local variable alone when this is called.
 */
#ifndef GUARD_MEMORY_H
#define GUARD_MEMORY_H

#include <stddef.h>

/* Zeros; to be freed with memory_free(), which takes NULL, or by the end of a request that has no memory. */
void *memory_new(size_t count, size_t size);
void memory_free(void *memory);

/* The same for a thing that owns more than itself: if the request ends first, dispose(memory) is called. */
void *memory_new_owner(size_t size, void (*dispose)(void *memory));

/*
 * What an analysis has returned, from malloc(); NULL says that it had no memory. The first gives it back for
 * free(), before anything is allocated here; the second moves it, `size` bytes, to memory of this kind.
 */
void *memory_needed(void *result);
void *memory_take(void *result, size_t size);

/* Inside a request: everything that is left of it goes, the latest first. */
void memory_free_all(void);

#endif
