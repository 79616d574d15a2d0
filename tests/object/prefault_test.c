/* Memory that is prepared before it is touched: mincore() knows of each page whether it is there. */
#include "process/prefault.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>

#include "fixture.h"

enum { MOST_PAGES = 1024 };
static const size_t PAGE_BYTES = 4096, PART_BYTES = 256 * 1024;

/* Linux before 5.14 does not know the request: nothing is prepared there. */
static bool kernel_prepares(void) {
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const bool known = madvise(page, PAGE_BYTES, MADV_POPULATE_WRITE) == 0;
	munmap(page, PAGE_BYTES);
	if (!known)
		fprintf(stderr, "this kernel prepares no pages: nothing to look at\n");
	return known;
}

static unsigned pages_there(uintptr_t start, uintptr_t end) {
	unsigned char pages[MOST_PAGES];
	unsigned count = 0;
	ck_assert_uint_le(end - start, sizeof pages * PAGE_BYTES);
	ck_assert_int_eq(mincore((void *)start, end - start, pages), 0);
	for (size_t page = 0; page < (end - start) / PAGE_BYTES; page++)
		count += pages[page] & 1;
	return count;
}

START_TEST(whole_pages_are_prepared_and_no_others) {
	if (!kernel_prepares())
		return;
	char *pages = mmap(NULL, 8 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	prefault(pages + 2 * PAGE_BYTES + 100, 3 * PAGE_BYTES);
	for (size_t page = 0; page < 8; page++)
		ck_assert_uint_eq(
		    pages_there((uintptr_t)pages + page * PAGE_BYTES, (uintptr_t)pages + (page + 1) * PAGE_BYTES),
		    page >= 2 && page < 5);
	prefault(pages + 7 * PAGE_BYTES, 10); /* less than a page */
	ck_assert_uint_eq(pages_there((uintptr_t)pages, (uintptr_t)pages + 8 * PAGE_BYTES), 3);
	munmap(pages + 6 * PAGE_BYTES, 2 * PAGE_BYTES);
	prefault(pages, 8 * PAGE_BYTES); /* beyond what is mapped */
	ck_assert_uint_eq(pages_there((uintptr_t)pages, (uintptr_t)pages + 6 * PAGE_BYTES), 6);
}
END_TEST

/* Small objects, so many that they reach into a part of the address space where no other has been. */
START_TEST(with_the_first_block_of_a_part_of_the_heap_the_rest_is_there) {
	enum { SLOTS = 40 };
	const size_t objects = 3 * PART_BYTES / (SLOTS * sizeof(volt_slot));
	uintptr_t entered = 0;
	unsigned looked_at = 0;
	for (size_t i = 0; kernel_prepares() && i < objects; i++) {
		const uintptr_t object = (uintptr_t)volt_slot_pointer(heap_new_untyped(space, 0, SLOTS));
		if (object / PART_BYTES == entered)
			continue;
		const uintptr_t first = object / PAGE_BYTES * PAGE_BYTES;
		const uintptr_t end = (object / PART_BYTES + 1) * PART_BYTES;
		if (entered) {
			ck_assert_uint_eq(pages_there(first, end), (end - first) / PAGE_BYTES);
			looked_at++;
		}
		entered = object / PART_BYTES;
	}
	ck_assert(looked_at >= 2 || !kernel_prepares());
}
END_TEST

/* Of a large block the last pages: to be zeroed it was touched, but not what lies behind it. */
START_TEST(behind_a_large_block_its_part_is_there) {
	if (!kernel_prepares())
		return;
	enum { LARGE = 1 << 20 };
	for (int kind = 0; kind < 2; kind++) {
		const uintptr_t block = (uintptr_t)volt_slot_pointer(
		    kind ? heap_new_untyped(space, 0, LARGE / 8) : heap_new_pointer_free(space, 0, LARGE / 8));
		const uintptr_t behind = ((block + LARGE) / PAGE_BYTES + 1) * PAGE_BYTES;
		const uintptr_t end = ((block + LARGE) / PART_BYTES + 1) * PART_BYTES;
		ck_assert_uint_eq(pages_there(behind, end), (end - behind) / PAGE_BYTES);
	}
}
END_TEST

static uintptr_t page_behind(const void *address) {
	return ((uintptr_t)address / PAGE_BYTES + 1) * PAGE_BYTES;
}

static void *allocate_on_prepared_heap(void *there) {
	enum { PREPARED = 3 << 20, TAKEN = 1 << 20 };
	void *kept = prefault_thread_heap(PREPARED);
	void *volatile taken = malloc(TAKEN); /* or it may be left out */
	const uintptr_t first = page_behind(taken);
	*(bool *)there = kept && taken && pages_there(first, first + TAKEN / 2) == TAKEN / 2 / PAGE_BYTES;
	free(taken);
	free(kept);
	return NULL;
}

/* Of the C library's allocator; the sanitizers' has its own ways. */
START_TEST(what_a_thread_allocates_is_there) {
	bool there = false;
	pthread_t thread;
	ck_assert_int_eq(pthread_create(&thread, NULL, allocate_on_prepared_heap, &there), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
#ifndef __SANITIZE_ADDRESS__
	ck_assert(there || !kernel_prepares());
#endif
}
END_TEST

int main(void) {
	return run_suite("prefault", (test_list){
	                                 whole_pages_are_prepared_and_no_others,
	                                 with_the_first_block_of_a_part_of_the_heap_the_rest_is_there,
	                                 behind_a_large_block_its_part_is_there,
	                                 what_a_thread_allocates_is_there,
	                                 NULL,
	                             });
}
