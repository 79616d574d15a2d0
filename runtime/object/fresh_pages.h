/*
 * Pages of the heap that nobody has touched yet. Only the collector knows them, and does not tell; but it
 * gives out what it has mapped in the order of addresses. So where a block is the first one in its part of
 * the address space, the rest of that part is prepared with it (process/prefault.h).
 */
#ifndef OBJECT_FRESH_PAGES_H
#define OBJECT_FRESH_PAGES_H

#include <stddef.h>

/* A block that the collector has given, and that is about to be filled. From any thread. */
void fresh_pages_prepare(const void *block, size_t bytes);

#endif
