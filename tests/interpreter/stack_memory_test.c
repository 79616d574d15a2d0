/* Memory of stacks: what it holds, how far it reaches, and what happens where there are no addresses. */
#include "fiber/stack_memory.h"

#include <sys/resource.h>

#include "machine.h"

enum { SMALL = 1 << 10, LARGE = 1 << 19, MOST = 1 << 22 };

static void check_zero(const volt_slot *stack, uint64_t first, uint64_t end) {
	uint64_t slot = first;
	while (slot < end && stack[slot] == 0)
		slot++;
	ck_assert_uint_eq(slot, end);
}

START_TEST(a_small_one_has_what_was_asked_for) {
	volt_slot *stack = stack_memory_new(SMALL, MOST);
	check_zero(stack, 0, SMALL);
	ck_assert(stack_memory_extends_to(stack, SMALL));
	ck_assert(!stack_memory_extends_to(stack, SMALL + 1));
	stack_memory_free(stack);
}
END_TEST

START_TEST(a_large_one_grows_where_it_is) {
	volt_slot *stack = stack_memory_new(LARGE, MOST);
	stack[LARGE - 1] = 7;
	ck_assert(stack_memory_extends_to(stack, MOST));
	ck_assert(!stack_memory_extends_to(stack, MOST + 1));
	check_zero(stack, LARGE, MOST);
	stack[MOST - 1] = 8;
	ck_assert_uint_eq(stack[LARGE - 1], 7);
	stack_memory_free(stack);
}
END_TEST

/* What compiled code lays out may lie beyond the limit. */
START_TEST(one_beyond_the_limit_has_what_was_asked_for) {
	volt_slot *stack = stack_memory_new(LARGE, SMALL);
	stack[LARGE - 1] = 7;
	ck_assert(!stack_memory_extends_to(stack, LARGE + 1));
	stack_memory_free(stack);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* the sanitizer has taken more addresses than any limit leaves */
START_TEST(without_addresses_for_the_most_there_is_what_was_asked_for) {
	const struct rlimit gibibyte = {1 << 30, 1 << 30};
	const uint64_t most = (uint64_t)1 << 28; /* two of them */
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &gibibyte), 0);
	ck_assert_ptr_null(stack_memory_new(most, most));
	volt_slot *stack = stack_memory_new(LARGE, most);
	ck_assert_ptr_nonnull(stack);
	stack[LARGE - 1] = 7;
	ck_assert(!stack_memory_extends_to(stack, LARGE + 1));
	stack_memory_free(stack);
}
END_TEST
#endif

int main(void) {
	return run_suite("stack_memory",
	                 (const named_test[]){
	                     {"small", a_small_one_has_what_was_asked_for},
	                     {"large", a_large_one_grows_where_it_is},
	                     {"beyond", one_beyond_the_limit_has_what_was_asked_for},
#ifndef __SANITIZE_ADDRESS__
	                     {"no_addresses", without_addresses_for_the_most_there_is_what_was_asked_for},
#endif
	                     {0},
	                 });
}
