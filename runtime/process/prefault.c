/* madvise(), and how malloc() is made to hand out what has been prepared. */
#include "process/prefault.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE_BYTES = 4096 }; /* the smallest: a larger one begins at a multiple of it, too */

void prefault(const void *start, size_t bytes) {
	const uintptr_t first = (uintptr_t)start / PAGE_BYTES * PAGE_BYTES;
	const uintptr_t end = ((uintptr_t)start + bytes) / PAGE_BYTES * PAGE_BYTES;
	if (end > first)
		(void)madvise((void *)first, end - first, MADV_POPULATE_WRITE);
}

void prefer_large_pages(const void *start, size_t bytes) {
	const uintptr_t first = (uintptr_t)start / PAGE_BYTES * PAGE_BYTES;
	const uintptr_t end = ((uintptr_t)start + bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
	(void)madvise((void *)first, end - first, MADV_HUGEPAGE);
}

/*
 * The C library maps a block as large as this for itself, until one such block was freed: from then on it
 * takes them from the thread's arena. What lies behind the prepared block stays allocated, or freeing it
 * would shrink the arena. (volatile: compilers leave out pairs of malloc() and free().)
 */
void *prefault_thread_heap(size_t bytes) {
	void *volatile larger = malloc(bytes + 16 * PAGE_BYTES);
	free(larger);
	void *volatile prepared = malloc(bytes);
	void *kept = malloc(1);
	if (prepared)
		prefault((const char *)prepared + PAGE_BYTES, bytes - PAGE_BYTES);
	free(prepared);
	return kept;
}
