/*
 * Memory that is about to be touched, taken from the kernel at once. Else the first touch of each page is a
 * trap, which in a virtual machine costs ten times what the page does. Where the kernel cannot do it (Linux
 * before 5.14) nothing happens, and pages come as they are touched.
 */
#ifndef PROCESS_PREFAULT_H
#define PROCESS_PREFAULT_H

#include <stddef.h>

/* Whole pages of [start, start + bytes), which may be written, and may reach beyond what is mapped. */
void prefault(const void *start, size_t bytes);

/*
 * Whoever touches this touches much of it, one piece after the other: pages of two megabytes where the kernel
 * has them, so that there are fewer traps. Of the pages that it begins and ends in, all: a block that
 * realloc() is to move without a copy must be one mapping, its first bytes included.
 */
void prefer_large_pages(const void *start, size_t bytes);

/*
 * So that `bytes` of what this thread allocates next are there. Returns what keeps the allocator from giving
 * them back to the kernel meanwhile: to be freed when the thread has done its work; NULL if there is no
 * memory.
 */
void *prefault_thread_heap(size_t bytes);

#endif
