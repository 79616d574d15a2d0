/* The heap: headers, what a collection keeps and frees, limits, several threads. */
#define GC_NO_THREAD_REDIRECTS
#define GC_THREADS
#include <gc/gc.h>
#include <pthread.h>

#include "fixture.h"
#include "object/arrays.h"
#include "object/maps.h"

enum { KEPT_ROOTS = 4 };
static volt_slot roots[KEPT_ROOTS];

static void push_test_roots(void *user) {
	(void)user;
	heap_push_roots(roots, KEPT_ROOTS);
}

/* A list of `count` objects, each referring to the one before. */
static volt_slot __attribute__((noinline)) make_list(int count) {
	volt_slot list = 0;
	for (int index = 0; index < count; index++)
		list = boxed(STRUCT_PERSON, 2, (volt_slot[]){list, (volt_slot)index});
	return list;
}

static int __attribute__((noinline)) list_length(volt_slot list) {
	int count = 0;
	for (; list; list = ((volt_slot *)volt_slot_pointer(list))[0])
		count++;
	return count;
}

START_TEST(headers_know_slots_and_meta) {
	volt_slot typed = heap_new_object(space, volt_meta_make(STRUCT_PERSON, VOLT_KIND_STRUCT), 2);
	volt_slot numbers = heap_new_object(space, volt_meta_make(STRUCT_POINT, VOLT_KIND_STRUCT), 2);
	volt_slot untyped = heap_new_untyped(space, 0xdeadbe0f, 255);
	volt_slot number = heap_new_object(space, VOLT_KIND_INT, 1);
	volt_slot mismatch = heap_new_object(space, volt_meta_make(STRUCT_PERSON, VOLT_KIND_STRUCT), 7);
	volt_slot unknown = heap_new_object(space, volt_meta_make(0xffffff, VOLT_KIND_STRUCT), 3);
	volt_slot large = heap_new_untyped(space, VOLT_KIND_CLOSURE, 65536);
	ck_assert_uint_eq(object_slots(typed), 2);
	ck_assert_uint_eq(object_meta(typed), volt_meta_make(STRUCT_PERSON, VOLT_KIND_STRUCT));
	ck_assert_uint_eq(object_slots(numbers), 2);
	ck_assert_uint_eq(object_meta(numbers), volt_meta_make(STRUCT_POINT, VOLT_KIND_STRUCT));
	ck_assert_uint_eq(object_slots(untyped), 255);
	ck_assert_uint_eq(object_meta(untyped), 0xdeadbe0f);
	ck_assert_uint_eq(object_slots(number), 1);
	ck_assert_uint_eq(object_slots(mismatch), 7);
	ck_assert_uint_eq(object_slots(unknown), 3);
	ck_assert_uint_eq(object_slots(large), 65536);
}
END_TEST

START_TEST(objects_start_zeroed_even_in_recycled_memory) {
	for (int round = 0; round < 20000; round++) {
		uint32_t slots = 1 + (uint32_t)round % 70 * (round % 7 ? 1 : 100);
		volt_slot *object = volt_slot_pointer(round % 2 ? heap_new_untyped(space, 0, slots)
		                                                : heap_new_pointer_free(space, 0, slots));
		for (uint32_t index = 0; index < slots; index++) {
			if (object[index])
				ck_abort_msg("slot %u of %u", index, slots);
			object[index] = UINT64_MAX;
		}
	}
}
END_TEST

START_TEST(a_clone_has_the_same_header_and_its_own_words) {
	volt_slot person = boxed(STRUCT_PERSON, 2, (volt_slot[]){text("Ada"), 36});
	volt_slot copy = object_clone(space, person);
	((volt_slot *)volt_slot_pointer(copy))[1] = 37;
	ck_assert_uint_eq(((volt_slot *)volt_slot_pointer(person))[1], 36);
	ck_assert_uint_eq(object_meta(copy), object_meta(person));
	ck_assert_uint_eq(object_clone(space, 0), 0);
	volt_slot array;
	ck_assert_int_eq(array_new(space, VOLT_KIND_INT16, 100001, 2, &array).kind, VOLT_TRAP_None);
	((volt_array *)volt_slot_pointer(array))->data[200001] = 9;
	volt_slot array_copy = object_clone(space, array);
	ck_assert_uint_eq(object_slots(array_copy), object_slots(array));
	ck_assert_uint_eq(((volt_array *)volt_slot_pointer(array_copy))->data[200001], 9);
}
END_TEST

static void count_finalized(void *object, void *counter) {
	(void)object;
	++*(int *)counter;
}

static void __attribute__((noinline)) make_watched(volt_slot *keep, int count, int *counter) {
	for (int index = 0; index < count; index++) {
		volt_slot object = heap_new_untyped(space, 0, 2);
		GC_register_finalizer_no_order(GC_base(volt_slot_pointer(object)), count_finalized, counter, NULL,
		                               NULL);
		if (keep)
			((volt_slot *)volt_slot_pointer(*keep))[index] = object;
	}
}

/* Overwrites what calls before left in the stack. */
static void __attribute__((noinline)) scrub_stack(void) {
	volatile char area[16384];
	for (size_t index = 0; index < sizeof area; index++)
		area[index] = 0;
}

START_TEST(a_collection_frees_what_nothing_reaches_and_keeps_the_rest) {
	int freed = 0, freed_kept = 0;
	object_space_add_root_scanner(space, push_test_roots, NULL);
	roots[0] = heap_new_untyped(space, 0, 100);
	make_watched(&roots[0], 100, &freed_kept);
	make_watched(NULL, 1000, &freed);
	roots[1] = make_list(100000);
	roots[2] = map_new(space, VOLT_KIND_STRING, VOLT_KIND_STRING, VOLT_KIND_STRING, 1, 1);
	for (int index = 0; index < 1000; index++) {
		char name[16];
		snprintf(name, sizeof name, "%d", index);
		ck_assert_int_eq(map_set(space, roots[2], (volt_slot[]){text(name)}, (volt_slot[]){text(name)}).kind,
		                 0);
	}
	scrub_stack();
	for (int round = 0; round < 3; round++) {
		GC_gcollect();
		GC_invoke_finalizers();
		make_list(10000);
	}
	ck_assert_int_gt(freed, 900);
	ck_assert_int_eq(freed_kept, 0);
	ck_assert_int_eq(list_length(roots[1]), 100000);
	ck_assert_uint_eq(map_length(roots[2]), 1000);
	ck_assert_ptr_nonnull(map_find(space, roots[2], (volt_slot[]){text("999")}));
	object_space_remove_root_scanner(space, push_test_roots, NULL);
	memset(roots, 0, sizeof roots);
	scrub_stack();
	GC_gcollect();
	GC_gcollect();
	GC_invoke_finalizers();
	ck_assert_int_gt(freed_kept, 90);
}
END_TEST

START_TEST(an_interior_address_keeps_its_object) {
	object_space_add_root_scanner(space, push_test_roots, NULL);
	volt_slot array;
	ck_assert_int_eq(array_new(space, VOLT_KIND_INT, 100000, 8, &array).kind, VOLT_TRAP_None);
	volt_slot *element = (volt_slot *)(void *)((volt_array *)volt_slot_pointer(array))->data + 99999;
	*element = 12345;
	roots[0] = boxed(STRUCT_PERSON, 2, (volt_slot[]){volt_slot_reference(element), 0});
	array = 0;
	element = NULL;
	for (int round = 0; round < 3; round++) {
		scrub_stack();
		GC_gcollect();
		volt_slot other;
		ck_assert_int_eq(array_new(space, VOLT_KIND_INT, 100000, 8, &other).kind, VOLT_TRAP_None);
	}
	volt_slot kept = ((volt_slot *)volt_slot_pointer(roots[0]))[0];
	ck_assert_uint_eq(*(volt_slot *)volt_slot_pointer(kept), 12345);
	object_space_remove_root_scanner(space, push_test_roots, NULL);
}
END_TEST

/* Blocks that all began at a page's start would share the few lines of the caches that this leaves them. */
START_TEST(large_blocks_begin_in_different_lines) {
	enum { BLOCKS = 64, LINES_OF_A_PAGE = 64, LINE_BYTES = 64 };
	bool begun[LINES_OF_A_PAGE] = {false};
	int lines = 0;
	for (int index = 0; index < BLOCKS; index++) {
		volt_slot array = 0;
		ck_assert_int_eq(array_new(space, VOLT_KIND_INT, 320, 8, &array).kind, VOLT_TRAP_None);
		ck_assert_ptr_eq(heap_header_of(array), (const uint64_t *)volt_slot_pointer(array) - 1);
		ck_assert_ptr_null(heap_header_of(array + sizeof(volt_slot)));
		ck_assert_uint_eq(object_slots(array), 322);
		size_t line = array / LINE_BYTES % LINES_OF_A_PAGE;
		lines += !begun[line];
		begun[line] = true;
	}
	ck_assert_int_ge(lines, 16);
}
END_TEST

START_TEST(garbage_does_not_make_the_heap_grow) {
	for (int index = 0; index < 3000000; index++)
		boxed(STRUCT_PERSON, 2, (volt_slot[]){0, 0});
	ck_assert_uint_lt(GC_get_heap_size(), 64u << 20);
}
END_TEST

static object_space *limited_space(size_t bytes) {
	object_space *limited;
	ck_assert_ptr_null(
	    object_space_new(&test_module, &(object_space_options){.max_heap_bytes = bytes}, &limited));
	return limited;
}

static void __attribute__((noinline)) fill_until_exhausted(object_space *limited) {
	for (;;) {
		volt_slot next = heap_new_object(limited, volt_meta_make(STRUCT_PERSON, VOLT_KIND_STRUCT), 2);
		((volt_slot *)volt_slot_pointer(next))[0] = roots[0];
		roots[0] = next;
	}
}

START_TEST(exhaustion_jumps_and_the_space_is_usable_after) {
	object_space *limited = limited_space(32u << 20);
	object_space_add_root_scanner(limited, push_test_roots, NULL);
	jmp_buf target;
	object_space_on_exhaustion(limited, &target);
	volatile int jumps = 0;
	if (setjmp(target) == 0)
		fill_until_exhausted(limited);
	else
		jumps = jumps + 1;
	ck_assert_int_eq(jumps, 1);
	ck_assert_int_gt(list_length(roots[0]), 300000);
	ck_assert_uint_lt(GC_get_heap_size(), 80u << 20);
	roots[0] = 0;
	scrub_stack();
	if (setjmp(target) == 0)
		ck_assert_uint_ne(heap_new_untyped(limited, 0, 1000), 0);
	else
		ck_abort_msg("nothing was freed");
	object_space_remove_root_scanner(limited, push_test_roots, NULL);
	object_space_free(limited);
}
END_TEST

/* A list of blocks of this size, until there is no room for another one. */
static void __attribute__((noinline)) fill_with(object_space *limited, uint32_t slots) {
	for (;;) {
		volt_slot next = heap_new_untyped(limited, 0, slots);
		((volt_slot *)volt_slot_pointer(next))[0] = roots[0];
		roots[0] = next;
	}
}

/* What counts for the limit then. */
static size_t __attribute__((noinline)) most_bytes(size_t limit, uint32_t slots) {
	object_space *limited = limited_space(limit);
	object_space_add_root_scanner(limited, push_test_roots, NULL);
	jmp_buf target;
	object_space_on_exhaustion(limited, &target);
	if (setjmp(target) == 0)
		fill_with(limited, slots);
	const size_t bytes = object_space_bytes(limited);
	object_space_remove_root_scanner(limited, push_test_roots, NULL);
	object_space_free(limited);
	roots[0] = 0;
	return bytes;
}

/* Small blocks are taken a page at a time: not one of them is beyond the limit, and little of it is left. */
START_TEST(the_limit_is_never_passed) {
	enum { PAGE = 4096, PAGES_LEFT = 2, LIMIT = 1000 * PAGE + PAGE / 2 };
	static const uint32_t sizes[] = {1, 2, 3, 8, 15, 30, 61, 62, 63, 64, 500, 5000};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const size_t bytes = most_bytes(LIMIT, sizes[i]);
		ck_assert_msg(bytes <= LIMIT && bytes + PAGES_LEFT * PAGE + sizes[i] * sizeof(volt_slot) > LIMIT,
		              "blocks of %u slots: %zu bytes", sizes[i], bytes);
	}
}
END_TEST

START_TEST(huge_requests_jump_at_once) {
	jmp_buf target;
	object_space_on_exhaustion(space, &target);
	volatile int jumps = 0;
	volt_slot result;
	switch (setjmp(target)) {
	case 0: (void)slice_new(space, VOLT_KIND_INT, 1LL << 59, 1LL << 59, 8, &result); break;
	default: jumps = jumps + 1;
	}
	if (setjmp(target) == 0)
		heap_new_words(space, SIZE_MAX);
	else
		jumps = jumps + 1;
	if (setjmp(target) == 0)
		heap_new_bytes(space, (size_t)1 << 62);
	else
		jumps = jumps + 1;
	ck_assert_int_eq(jumps, 3);
}
END_TEST

START_TEST(collecting_at_every_allocation_changes_nothing) {
	object_space_options options = {.collect_at_every_allocation = true};
	object_space *usual = space;
	ck_assert_ptr_null(object_space_new(&test_module, &options, &space));
	object_space_add_root_scanner(space, push_test_roots, NULL);
	roots[0] = map_new(space, VOLT_KIND_STRING, VOLT_KIND_SLICE, VOLT_KIND_STRING, 1, 1);
	for (volt_slot index = 0; index < 60; index++) {
		char name[16];
		snprintf(name, sizeof name, "key %d", (int)index % 20);
		roots[1] = text(name);
		const volt_slot *found = map_find(space, roots[0], &roots[1]);
		volt_slot longer;
		ck_assert_int_eq(slice_append(space, found ? *found : 0, VOLT_KIND_INT, 8, 8, &index, &longer).kind,
		                 0);
		ck_assert_int_eq(map_set(space, roots[0], &roots[1], &longer).kind, 0);
	}
	roots[1] = text("key 7");
	const volt_slot *found = map_find(space, roots[0], &roots[1]);
	ck_assert_uint_eq(slice_length(*found), 3);
	ck_assert_mem_eq(slice_data(*found), ((volt_slot[]){7, 27, 47}), 24);
	object_space_free(space);
	space = usual;
}
END_TEST

/* How many blocks of the person's page begin with a link to another block. */
static int links_in_page_of(volt_slot person) {
	enum { PAGE_BYTES = 4096, BLOCK_BYTES = 32 };
	const uintptr_t block = (uintptr_t)GC_base(volt_slot_pointer(person));
	void **const *page = (void **const *)(block - block % PAGE_BYTES);
	int links = 0;
	for (size_t index = 0; index < PAGE_BYTES / BLOCK_BYTES; index++) {
		const void *link = page[index * BLOCK_BYTES / sizeof *page];
		links += link && GC_base((void *)(uintptr_t)link) == link;
	}
	return links;
}

static int links_after_first_person(const object_space_options *options, bool free_space) {
	object_space *own;
	ck_assert_ptr_null(object_space_new(&test_module, options, &own));
	const volt_slot person = heap_new_object(own, volt_meta_make(STRUCT_PERSON, VOLT_KIND_STRUCT), 2);
	if (free_space)
		object_space_free(own);
	const int links = links_in_page_of(person);
	if (!free_space)
		object_space_free(own);
	return links;
}

/*
 * What still seems to point to such a block keeps it, and the collector takes the word at its start for the
 * address of a layout: a link would lead it to another block, which may have become an object.
 */
START_TEST(blocks_of_lists_that_are_given_up_have_no_links) {
	ck_assert_int_gt(links_after_first_person(NULL, false), 50);
	ck_assert_int_eq(links_after_first_person(NULL, true), 0);
	ck_assert_int_eq(
	    links_after_first_person(&(object_space_options){.collect_at_every_allocation = true}, false), 0);
}
END_TEST

static void *churn_in_own_space(void *failure) {
	heap_enter_thread();
	object_space *own;
	if (object_space_new(&test_module, NULL, &own))
		return failure;
	volt_slot list = 0;
	uint32_t meta = volt_meta_make(STRUCT_PERSON, VOLT_KIND_STRUCT);
	for (int index = 0; index < 400000; index++) {
		volt_slot next = heap_new_object(own, meta, 2);
		volt_slot *words = volt_slot_pointer(next);
		if (words[0] || words[1] || object_meta(next) != meta)
			return failure;
		words[0] = index % 1000 ? list : 0;
		list = next;
	}
	int length = list_length(list);
	object_space_free(own);
	heap_leave_thread();
	return length == 1000 ? NULL : failure;
}

START_TEST(spaces_on_several_threads_share_the_collector) {
	pthread_t threads[3];
	for (int index = 0; index < 3; index++)
		ck_assert_int_eq(pthread_create(&threads[index], NULL, churn_in_own_space, threads), 0);
	ck_assert_ptr_null(churn_in_own_space(threads));
	for (int index = 0; index < 3; index++) {
		void *failure = threads;
		ck_assert_int_eq(pthread_join(threads[index], &failure), 0);
		ck_assert_ptr_null(failure);
	}
}
END_TEST

int main(void) {
	return run_suite("heap", (test_list){
	                             headers_know_slots_and_meta,
	                             objects_start_zeroed_even_in_recycled_memory,
	                             a_clone_has_the_same_header_and_its_own_words,
	                             a_collection_frees_what_nothing_reaches_and_keeps_the_rest,
	                             an_interior_address_keeps_its_object,
	                             large_blocks_begin_in_different_lines,
	                             garbage_does_not_make_the_heap_grow,
	                             exhaustion_jumps_and_the_space_is_usable_after,
	                             the_limit_is_never_passed,
	                             huge_requests_jump_at_once,
	                             collecting_at_every_allocation_changes_nothing,
	                             blocks_of_lists_that_are_given_up_have_no_links,
	                             spaces_on_several_threads_share_the_collector,
	                             NULL,
	                         });
}
