/* What volt/tier.h promises of the order in which modules and functions are compiled, any, and of code that
 * is kept. */
#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"
#include "tier/library.h"

enum { ADD, TWICE, MAIN, FUNCTION_COUNT };

static const char program[] = "fn add params=2 locals=3 results=1 {\n"
                              "	AddI r2, r0, r1\n"
                              "	Return r2, 1\n"
                              "}\n"
                              "fn twice params=2 locals=4 results=1 {\n"
                              "	LoadInt r2, 2\n"
                              "	Copy r3, r0\n"
                              "	MulI r3, r3, r2\n"
                              "	Copy r0, r3\n"
                              "	Call @add, r0 args=2 results=1\n"
                              "	Return r0, 1\n"
                              "}\n"
                              "fn main params=0 locals=1 results=0 {\n"
                              "	Return r0, 0\n"
                              "}\n";

static volt_module *bytecode;
static const volt_tier_interface *interface;
static volt_tier_host host;
static volt_tier *tier;
static volt_slot stack[1024];

static void load_program(void) {
	bytecode = assemble(program);
	host = host_of_volt();
	fail_on(tier_library_open(VOLT_TIER_LIBRARY, &interface));
}

static void free_program(void) {
	volt_module_free(bytecode);
}

static void make_tier(const char *preset) {
	fail_on(interface->create(&host, bytecode, &(volt_tier_options){.preset = preset}, &tier));
}

/* Nothing is called that needs a fiber. */
static volt_slot call(volt_compiled_function entry, volt_slot left, volt_slot right) {
	volt_context context = {.stack = stack, .stack_capacity = 1024, .stack_pointer = 4};
	volt_slot arguments[] = {left, right}, results[1] = {0};
	ck_assert_ptr_nonnull((void *)(uintptr_t)entry);
	ck_assert_int_eq(entry(&context, arguments, results), VOLT_STATUS_OK);
	return results[0];
}

static void compile_module(volt_compiled compiled[FUNCTION_COUNT]) {
	memset(compiled, 0, FUNCTION_COUNT * sizeof *compiled);
	fail_on(interface->compile_module(tier, compiled));
	for (int i = 0; i < FUNCTION_COUNT; i++)
		ck_assert_ptr_null(compiled[i].reason);
}

static volt_compiled compile(uint32_t function, volt_form form, volt_level level) {
	volt_compiled compiled;
	fail_on(interface->compile(tier, &(volt_compile_request){function, form, level, NULL}, &compiled));
	ck_assert_ptr_null(compiled.reason);
	ck_assert_ptr_nonnull((void *)(uintptr_t)compiled.entry);
	return compiled;
}

/* Every form and level, twice. */
static void compile_in_every_way(void) {
	volt_compiled_function entries[2][2];
	for (int round = 0; round < 2; round++) {
		for (int level = VOLT_LEVEL_QUICK; level <= VOLT_LEVEL_OPTIMISED; level++) {
			entries[round][level - 1] = compile(ADD, VOLT_FORM_CALL, (volt_level)level).entry;
			compile(ADD, VOLT_FORM_RESUME, (volt_level)level);
			ck_assert_uint_eq(call(compile(TWICE, VOLT_FORM_CALL, (volt_level)level).entry, 20, 2), 42);
		}
	}
	/* What was replaced is still there. */
	for (int i = 0; i < 4; i++)
		ck_assert_uint_eq(call(entries[i / 2][i % 2], 40, 2), 42);
	ck_assert(entries[0][0] != entries[1][0] && entries[0][0] != entries[0][1]);
}

START_TEST(functions_after_the_module) {
	volt_compiled compiled[FUNCTION_COUNT];
	make_tier(presets[_i]);
	compile_module(compiled);
	ck_assert_uint_eq(call(compiled[TWICE].entry, 20, 2), 42);
	compile_in_every_way();
	ck_assert_uint_eq(call(compiled[TWICE].entry, 20, 2), 42);
	ck_assert_uint_eq(call(compiled[ADD].entry, 40, 2), 42);
	interface->destroy(tier);
}
END_TEST

START_TEST(the_module_twice_and_after_functions) {
	volt_compiled first[FUNCTION_COUNT], second[FUNCTION_COUNT];
	make_tier(presets[_i]);
	compile_in_every_way();
	compile_module(first);
	compile_module(second);
	ck_assert_uint_eq(call(first[TWICE].entry, 20, 2), 42);
	ck_assert_uint_eq(call(second[TWICE].entry, 20, 2), 42);
	ck_assert(first[TWICE].entry != second[TWICE].entry);
	compile_in_every_way();
	interface->destroy(tier);
}
END_TEST

/* ---- With a cache ---- */

static char folder[] = "/tmp/volt-cache-XXXXXX";

static void make_folder(void) {
	strcpy(strchr(folder, 'X'), "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	load_program();
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place) {
	(void)status, (void)kind, (void)place;
	return remove(path);
}

static void remove_folder(void) {
	nftw(folder, remove_one, 4, FTW_DEPTH | FTW_PHYS);
	free_program();
}

static void make_tier_with_cache(void) {
	fail_on(interface->create(&host, bytecode, &(volt_tier_options){.cache_folder = folder}, &tier));
}

/* Every form and level: found, or not, and the second time what the first one gave. */
static void compile_each_twice(volt_cache_use expected) {
	for (int form = VOLT_FORM_CALL; form < VOLT_FORM_COUNT; form++)
		for (int level = VOLT_LEVEL_QUICK; level <= VOLT_LEVEL_OPTIMISED; level++) {
			volt_compiled first = compile(ADD, (volt_form)form, (volt_level)level);
			volt_compiled second = compile(ADD, (volt_form)form, (volt_level)level);
			ck_assert_int_eq(first.cache, expected);
			ck_assert_int_eq(second.cache, VOLT_CACHE_HIT);
			ck_assert(first.entry == second.entry);
			ck_assert_uint_gt(first.code_bytes, 0);
			ck_assert_uint_eq(first.code_bytes, second.code_bytes);
			ck_assert_ptr_null(first.cache_failure);
			if (form == VOLT_FORM_CALL)
				ck_assert_uint_eq(call(first.entry, 40, 2), 42);
		}
}

START_TEST(functions_that_are_kept) {
	for (int round = 0; round < 2; round++) {
		make_tier_with_cache();
		compile_each_twice(round == 0 ? VOLT_CACHE_MISS : VOLT_CACHE_HIT);
		interface->destroy(tier);
	}
}
END_TEST

START_TEST(a_module_that_is_kept) {
	volt_compiled compiled[FUNCTION_COUNT];
	uint64_t bytes[FUNCTION_COUNT] = {0};
	for (int round = 0; round < 2; round++) {
		make_tier_with_cache();
		compile_module(compiled);
		for (int i = 0; i < FUNCTION_COUNT; i++) {
			ck_assert_int_eq(compiled[i].cache, round == 0 ? VOLT_CACHE_MISS : VOLT_CACHE_HIT);
			ck_assert(round == 0 || compiled[i].code_bytes == bytes[i]);
			bytes[i] = compiled[i].code_bytes;
		}
		ck_assert_uint_eq(call(compiled[TWICE].entry, 20, 2), 42);
		/* Whoever compiles it again gets what there is. */
		compile_module(compiled);
		ck_assert_int_eq(compiled[ADD].cache, VOLT_CACHE_HIT);
		ck_assert_uint_eq(call(compiled[TWICE].entry, 20, 2), 42);
		interface->destroy(tier);
	}
}
END_TEST

/* Counts differ a little from run to run; what never happened is another matter. */
START_TEST(profiles_that_say_the_same) {
	static const struct {
		uint32_t taken;
		volt_cache_use expected;
	} rounds[] = {
	    {1000, VOLT_CACHE_MISS}, {1010, VOLT_CACHE_HIT}, {0, VOLT_CACHE_MISS}, {990, VOLT_CACHE_HIT}};
	for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
		volt_branch_profile profile[8] = {[4].taken = rounds[i].taken, [5].taken = 1000};
		volt_compiled compiled;
		make_tier_with_cache();
		const volt_compile_request request = {TWICE, VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED, profile};
		fail_on(interface->compile(tier, &request, &compiled));
		ck_assert_int_eq(compiled.cache, rounds[i].expected);
		interface->destroy(tier);
	}
}
END_TEST

static void make_tier_that_counts(bool count_heat) {
	const volt_tier_options options = {.cache_folder = folder, .count_heat = count_heat};
	fail_on(interface->create(&host, bytecode, &options, &tier));
}

static void check_level(volt_form form, volt_level asked, volt_level given, volt_cache_use use) {
	const volt_compiled compiled = compile(TWICE, form, asked);
	ck_assert_int_eq(compiled.level, given);
	ck_assert_int_eq(compiled.cache, use);
	if (form == VOLT_FORM_CALL && given == VOLT_LEVEL_OPTIMISED)
		ck_assert_uint_eq(call(compiled.entry, 20, 2), 42);
}

/* Which of the two is asked for first is a matter of counters; each form is on its own. */
START_TEST(optimised_code_that_is_kept_comes_at_once) {
	const volt_branch_profile profile[8] = {[4].taken = 1000};
	volt_compiled compiled;
	make_tier_that_counts(true);
	check_level(VOLT_FORM_CALL, VOLT_LEVEL_QUICK, VOLT_LEVEL_QUICK, VOLT_CACHE_MISS);
	const volt_compile_request request = {TWICE, VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED, profile};
	fail_on(interface->compile(tier, &request, &compiled));
	ck_assert_int_eq(compiled.cache, VOLT_CACHE_MISS);
	interface->destroy(tier);
	for (int round = 0; round < 2; round++) {
		make_tier_that_counts(true);
		check_level(VOLT_FORM_CALL, VOLT_LEVEL_QUICK, VOLT_LEVEL_OPTIMISED, VOLT_CACHE_HIT);
		check_level(VOLT_FORM_RESUME, VOLT_LEVEL_QUICK, VOLT_LEVEL_QUICK,
		            round == 0 ? VOLT_CACHE_MISS : VOLT_CACHE_HIT);
		interface->destroy(tier);
	}
	make_tier_that_counts(false);
	check_level(VOLT_FORM_CALL, VOLT_LEVEL_QUICK, VOLT_LEVEL_QUICK, VOLT_CACHE_MISS);
	interface->destroy(tier);
}
END_TEST

START_TEST(a_path_that_is_not_absolute) {
	volt_compiled compiled;
	fail_on(interface->create(&host, bytecode, &(volt_tier_options){.cache_folder = "here"}, &tier));
	compiled = compile(ADD, VOLT_FORM_CALL, VOLT_LEVEL_QUICK);
	ck_assert_int_eq(compiled.cache, VOLT_CACHE_MISS);
	ck_assert_ptr_nonnull(strstr(compiled.cache_failure, "must be absolute"));
	interface->destroy(tier);
}
END_TEST

/* ---- What hosts say of their heap ---- */

START_TEST(code_for_another_heap_is_other_code) {
	make_tier_with_cache();
	ck_assert_int_eq(compile(ADD, VOLT_FORM_CALL, VOLT_LEVEL_QUICK).cache, VOLT_CACHE_MISS);
	interface->destroy(tier);
	host.heap.closure_captures += 4;
	make_tier_with_cache();
	ck_assert_int_eq(compile(ADD, VOLT_FORM_CALL, VOLT_LEVEL_QUICK).cache, VOLT_CACHE_MISS);
	interface->destroy(tier);
	host.heap = volt_heap_layout_of_volt();
	make_tier_with_cache();
	ck_assert_int_eq(compile(ADD, VOLT_FORM_CALL, VOLT_LEVEL_QUICK).cache, VOLT_CACHE_HIT);
	interface->destroy(tier);
}
END_TEST

static void expect_refusal(volt_heap_layout heap, const char *reason) {
	host.heap = heap;
	volt_error *error = interface->create(&host, bytecode, NULL, &tier);
	ck_assert_ptr_nonnull(error);
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_ARGUMENT);
	ck_assert_ptr_nonnull(strstr(volt_error_message(error), reason));
	volt_error_free(error);
	host.heap = volt_heap_layout_of_volt();
}

START_TEST(heaps_that_cannot_be) {
	const volt_heap_layout heap = volt_heap_layout_of_volt();
	volt_heap_layout wrong = {0};
	expect_refusal(wrong, "overlap");
	wrong = heap, wrong.interface_table = 33;
	expect_refusal(wrong, "outside");
	wrong = heap, wrong.interface_kind = -8;
	expect_refusal(wrong, "outside");
	wrong = heap, wrong.interface_type = 7;
	expect_refusal(wrong, "overlap");
	wrong = heap, wrong.slice_capacity = 12;
	expect_refusal(wrong, "not aligned");
	wrong = heap, wrong.closure_function = -2;
	expect_refusal(wrong, "not aligned");
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier compile");
	TCase *cases = tcase_create("every preset");
	tcase_set_timeout(cases, 120);
	tcase_add_checked_fixture(cases, load_program, free_program);
	tcase_add_loop_test(cases, functions_after_the_module, 0, preset_count());
	tcase_add_loop_test(cases, the_module_twice_and_after_functions, 0, preset_count());
	tcase_add_test(cases, heaps_that_cannot_be);
	suite_add_tcase(suite, cases);
	TCase *kept = tcase_create("code that is kept");
	tcase_add_checked_fixture(kept, make_folder, remove_folder);
	tcase_add_test(kept, functions_that_are_kept);
	tcase_add_test(kept, a_module_that_is_kept);
	tcase_add_test(kept, profiles_that_say_the_same);
	tcase_add_test(kept, optimised_code_that_is_kept_comes_at_once);
	tcase_add_test(kept, a_path_that_is_not_absolute);
	tcase_add_test(kept, code_for_another_heap_is_other_code);
	suite_add_tcase(suite, kept);
	return run_suite(suite);
}
