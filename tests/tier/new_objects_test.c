/*
 * Optimised code takes new objects out of the lists that a host describes (volt/tier.h, volt_free_block), and
 * asks the host where a list is empty, or where there are none.
 */
#include <check.h>

#include "support.h"
#include "tier/library.h"

enum { MAKE, PUSH };
enum { WORDS = 3, HEADER = 0x1111, SLICE_HEADER = 0x2222, JUNK = 0x7777, BY_HOST = 0x5550 };

/* make(v): an object that ends with v. push(s, v): append(s, v), where others may know s. */
static const char program[] = "module test\n"
                              "entry @main\n"
                              "struct types=vrv\n"
                              "fn make params=1 locals=4 results=1 types=vrvv {\n"
                              "	LoadInt r2, struct:0\n"
                              "	PtrNew r1, r2, 3\n"
                              "	PtrSet r1, 2, r0\n"
                              "	Return r1, 1\n"
                              "}\n"
                              "fn push params=2 locals=5 results=1 types=rvrvv {\n"
                              "	LoadInt r3, 2\n"
                              "	Copy r4, r1\n"
                              "	SliceAppend r2, r0, r3 bytes=8\n"
                              "	Return r2, 1\n"
                              "}\n"
                              "fn main locals=1 {\n"
                              "	Return r0, 0\n"
                              "}\n";

/* What the context's field leads to, laid out unlike Volt's own. */
typedef struct {
	uint64_t slice_header;
	volt_slot *slices, *objects;
	uint64_t header;
} free_lists;

static free_lists allocator;

static volt_slot blocks[2][1 + WORDS], headers[2][1 + sizeof(volt_slice) / sizeof(volt_slot)];
static unsigned made, appended;

static volt_slot make_object(volt_context *context, volt_slot meta, uint32_t slots, uint32_t meta_slot) {
	static volt_slot object[WORDS];
	(void)context;
	ck_assert_uint_eq(meta, volt_meta_make(0, VOLT_KIND_STRUCT));
	ck_assert_uint_eq(slots, WORDS);
	ck_assert_uint_ne(meta_slot, 0);
	made++;
	return volt_slot_reference(object);
}

static volt_pair append(volt_context *context, uint32_t pc, volt_slot slice, volt_slot meta, uint32_t flags,
                        volt_slot bytes, const volt_slot *element) {
	(void)context, (void)pc, (void)slice, (void)meta, (void)flags, (void)bytes, (void)element;
	appended++;
	return (volt_pair){BY_HOST, VOLT_STATUS_OK};
}

/* ---- The lists ---- */

static void fill(volt_slot *first, volt_slot *second, size_t words) {
	for (size_t i = 1; i <= words; i++)
		first[i] = second[i] = JUNK;
	first[0] = volt_slot_reference(second);
	second[0] = 0;
}

static void fill_lists(void) {
	fill(blocks[0], blocks[1], WORDS);
	fill(headers[0], headers[1], sizeof(volt_slice) / sizeof(volt_slot));
	allocator.slice_header = SLICE_HEADER;
	allocator.header = HEADER;
	allocator.objects = blocks[0];
	allocator.slices = headers[0];
	made = appended = 0;
}

static const volt_free_block *describe(bool is_clear) {
	static volt_free_block kinds[2];
	kinds[0] = (volt_free_block){
	    .list = offsetof(free_lists, objects),
	    .header = offsetof(free_lists, header),
	    .words = WORDS,
	    .is_clear = is_clear,
	};
	kinds[1] = (volt_free_block){
	    .list = offsetof(free_lists, slices),
	    .words = sizeof(volt_slice) / sizeof(volt_slot),
	};
	return kinds;
}

/* ---- The tier ---- */

static volt_module *bytecode;
static const volt_tier_interface *interface;
static volt_tier_host host;
static volt_tier *tier;

static void load_program(void) {
	bytecode = assemble(program);
	host = host_of_volt();
	fail_on(tier_library_open(VOLT_TIER_LIBRARY, &interface));
	host.helpers[VOLT_HELPER_object_new] = (void (*)(void))make_object;
	host.helpers[VOLT_HELPER_slice_append] = (void (*)(void))append;
	fill_lists();
}

static void free_program(void) {
	interface->destroy(tier);
	volt_module_free(bytecode);
}

static volt_compiled_function compile(uint32_t function) {
	volt_compiled compiled;
	const volt_compile_request request = {function, VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED, NULL};
	if (!tier)
		fail_on(interface->create(&host, bytecode, NULL, &tier));
	fail_on(interface->compile(tier, &request, &compiled));
	ck_assert_ptr_null(compiled.reason);
	return compiled.entry;
}

static volt_slot call(volt_compiled_function entry, volt_slot left, volt_slot right) {
	static volt_slot stack[64];
	volt_context context = {
	    .stack = stack, .stack_capacity = 64, .stack_pointer = 8, .allocator = &allocator};
	volt_slot arguments[] = {left, right}, results[1] = {0};
	ck_assert_int_eq(entry(&context, arguments, results), VOLT_STATUS_OK);
	return results[0];
}

/* ---- What is expected ---- */

static void expect_object(volt_slot object, volt_slot *block, volt_slot untouched, volt_slot last) {
	const volt_slot expected[] = {HEADER, untouched, untouched, last};
	ck_assert_uint_eq(object, volt_slot_reference(block + 1));
	ck_assert_mem_eq(block, expected, sizeof expected);
}

/* Words that are said to be clear are left alone. */
static void objects_come_from_the_list(bool is_clear) {
	host.free_blocks = describe(is_clear);
	volt_compiled_function make = compile(MAKE);
	expect_object(call(make, 10, 0), blocks[0], is_clear ? JUNK : 0, 10);
	ck_assert_ptr_eq(allocator.objects, blocks[1]);
	expect_object(call(make, 20, 0), blocks[1], is_clear ? JUNK : 0, 20);
	ck_assert_ptr_null(allocator.objects);
	ck_assert_uint_eq(made, 0);
	const volt_slot *object = volt_slot_pointer(call(make, 30, 0));
	ck_assert_uint_eq(object[2], 30);
	ck_assert_uint_eq(made, 1);
}

START_TEST(clear_objects) {
	objects_come_from_the_list(true);
}
END_TEST

START_TEST(objects_that_are_not_clear) {
	objects_come_from_the_list(false);
}
END_TEST

START_TEST(another_header_comes_from_the_list) {
	volt_slot elements[4] = {1, 2};
	volt_slice old = {.array = 0x4440, .data = (uint8_t *)elements, .length = 2, .capacity = 3};
	const volt_slice before = old;
	host.free_blocks = describe(true);
	volt_compiled_function push = compile(PUSH);
	ck_assert_uint_eq(call(push, volt_slot_reference(&old), 30), volt_slot_reference(headers[0] + 1));
	const volt_slice *made_slice = (const volt_slice *)(headers[0] + 1);
	ck_assert_uint_eq(headers[0][0], SLICE_HEADER);
	ck_assert_uint_eq(made_slice->array, 0x4440);
	ck_assert_ptr_eq(made_slice->data, elements);
	ck_assert_uint_eq(made_slice->length, 3);
	ck_assert_uint_eq(made_slice->capacity, 3);
	ck_assert_uint_eq(elements[2], 30);
	ck_assert_mem_eq(&old, &before, sizeof old);
	ck_assert_ptr_eq(allocator.slices, headers[1]);
	ck_assert_uint_eq(appended, 0);
}
END_TEST

START_TEST(the_host_appends_to_nil_and_to_what_is_full_and_without_a_header) {
	volt_slot elements[4] = {1, 2};
	volt_slice slice = {.data = (uint8_t *)elements, .length = 2, .capacity = 2};
	host.free_blocks = describe(true);
	volt_compiled_function push = compile(PUSH);
	ck_assert_uint_eq(call(push, 0, 30), BY_HOST);
	ck_assert_uint_eq(call(push, volt_slot_reference(&slice), 30), BY_HOST);
	ck_assert_ptr_eq(allocator.slices, headers[0]);
	slice.capacity = 4;
	allocator.slices = NULL;
	ck_assert_uint_eq(call(push, volt_slot_reference(&slice), 30), BY_HOST);
	ck_assert_uint_eq(appended, 3);
	ck_assert_uint_eq(elements[2], 0);
}
END_TEST

START_TEST(a_host_without_lists_makes_everything) {
	volt_slot elements[4] = {1, 2};
	volt_slice slice = {.data = (uint8_t *)elements, .length = 2, .capacity = 4};
	call(compile(MAKE), 10, 0);
	ck_assert_uint_eq(call(compile(PUSH), volt_slot_reference(&slice), 30), BY_HOST);
	ck_assert_uint_eq(made, 1);
	ck_assert_uint_eq(appended, 1);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier new objects");
	TCase *cases = tcase_create("lists of free blocks");
	tcase_set_timeout(cases, 120);
	tcase_add_checked_fixture(cases, load_program, free_program);
	tcase_add_test(cases, clear_objects);
	tcase_add_test(cases, objects_that_are_not_clear);
	tcase_add_test(cases, another_header_comes_from_the_list);
	tcase_add_test(cases, the_host_appends_to_nil_and_to_what_is_full_and_without_a_header);
	tcase_add_test(cases, a_host_without_lists_makes_everything);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
