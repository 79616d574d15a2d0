/* Interfaces: conversion, assertion, tables, equality; types. */
#include "fixture.h"
#include "object/arrays.h"
#include "object/error_values.h"
#include "object/interfaces.h"

static volt_slot point(volt_slot x, volt_slot y) {
	return boxed(STRUCT_POINT, 2, (volt_slot[]){x, y});
}

static void to_interface(volt_slot result[2], volt_kind kind, volt_slot value, uint32_t rttid,
                         uint32_t itab) {
	interface_assign(space, result, kind, &value, (uint64_t)rttid << 32 | itab);
}

START_TEST(a_concrete_value_becomes_type_word_and_payload) {
	volt_slot value[2];
	to_interface(value, VOLT_KIND_INT, 42, VOLT_KIND_INT, 7);
	ck_assert_uint_eq(value[0], 7ull << 32 | 2 << 8 | 2);
	ck_assert_uint_eq(value[1], 42);
	to_interface(value, VOLT_KIND_POINTER, 0, TYPE_POINT_POINTER, 0);
	ck_assert_uint_ne(value[0], 0);
	to_interface(value, VOLT_KIND_VOID, 5, 3, 3);
	ck_assert_uint_eq(value[0], 0);
	ck_assert_uint_eq(value[1], 0);
}
END_TEST

START_TEST(struct_payloads_are_private_copies) {
	volt_slot original = point(1, 2), value[2], again[2];
	to_interface(value, VOLT_KIND_STRUCT, original, TYPE_POINT, 0);
	((volt_slot *)volt_slot_pointer(original))[0] = 9;
	ck_assert_uint_eq(((volt_slot *)volt_slot_pointer(value[1]))[0], 1);
	interface_assign(space, again, VOLT_KIND_INTERFACE, value, INTERFACE_ANY);
	ck_assert_uint_ne(again[1], value[1]);
	to_interface(value, VOLT_KIND_STRUCT, 0, TYPE_POINT, 0);
	ck_assert_uint_eq(value[1], 0);
}
END_TEST

START_TEST(an_interface_source_gets_the_table_of_its_target) {
	volt_slot value[2], shape[2];
	uint32_t function;
	to_interface(value, VOLT_KIND_STRUCT, point(1, 2), TYPE_POINT, 0);
	interface_assign(space, shape, VOLT_KIND_INTERFACE, value, INTERFACE_SHAPE);
	ck_assert_int_eq(interface_method(space, shape[0], 0, &function).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(function, FUNCTION_NAME);
	ck_assert_int_eq(interface_method(space, shape[0], 1, &function).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(function, FUNCTION_AREA);
	interface_assign(space, shape, VOLT_KIND_INTERFACE, shape, INTERFACE_ANY);
	ck_assert_uint_eq(volt_interface_itab(shape[0]), 0);
	ck_assert_uint_eq(volt_interface_rttid(shape[0]), TYPE_POINT);
	interface_assign(space, shape, VOLT_KIND_INTERFACE, (volt_slot[]){0, 0}, INTERFACE_SHAPE);
	ck_assert_uint_eq(shape[0], 0);
}
END_TEST

START_TEST(tables_are_built_once_and_follow_the_modules) {
	uint32_t first, second, other, function;
	ck_assert(interface_itab(space, TYPE_POINT, INTERFACE_SHAPE, &first));
	ck_assert(interface_itab(space, TYPE_POINT, INTERFACE_SHAPE, &second));
	ck_assert(interface_itab(space, TYPE_POINT, INTERFACE_AREA, &other));
	ck_assert_uint_ge(first, test_module.itabs.count);
	ck_assert_uint_eq(first, second);
	ck_assert_uint_ne(first, other);
	ck_assert(!interface_itab(space, TYPE_PERSON, INTERFACE_AREA, &other));
	ck_assert(interface_itab(space, TYPE_PERSON_POINTER, INTERFACE_AREA, &other));
	ck_assert_uint_eq(other, 1); /* the module has the same one */
	ck_assert(!interface_itab(space, VOLT_KIND_INT, INTERFACE_AREA, &other));
	ck_assert(!interface_itab(space, 0xffffff, INTERFACE_AREA, &other));
	ck_assert(!interface_itab(space, TYPE_POINT, 999, &other));
	volt_slot type = volt_interface_type(0, TYPE_POINT, VOLT_KIND_STRUCT);
	ck_assert_int_eq(interface_method(space, type, 0, &function).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(function, FUNCTION_MODULE_TABLE);
	assert_trap(interface_method(space, type, 1, &function), "runtime error: nil pointer dereference");
	assert_trap(interface_method(space, 0, 0, &function), "runtime error: nil pointer dereference");
	type = volt_interface_type(0xffffffff, TYPE_POINT, VOLT_KIND_STRUCT);
	assert_trap(interface_method(space, type, 0, &function), "runtime error: nil pointer dereference");
}
END_TEST

START_TEST(implementing_needs_every_method_with_its_signature) {
	ck_assert(interface_implements(space, any_type(TYPE_POINT, VOLT_KIND_STRUCT), INTERFACE_SHAPE));
	ck_assert(interface_implements(space, any_type(TYPE_POINT_POINTER, VOLT_KIND_POINTER), INTERFACE_SHAPE));
	ck_assert(!interface_implements(space, any_type(TYPE_PERSON, VOLT_KIND_STRUCT), INTERFACE_AREA));
	ck_assert(interface_implements(space, any_type(TYPE_PERSON_POINTER, VOLT_KIND_POINTER), INTERFACE_AREA));
	ck_assert(
	    !interface_implements(space, any_type(TYPE_PERSON_POINTER, VOLT_KIND_POINTER), INTERFACE_SHAPE));
	ck_assert(interface_implements(space, any_type(VOLT_KIND_INT, VOLT_KIND_INT), INTERFACE_ANY));
	ck_assert(!interface_implements(space, 0, INTERFACE_ANY));
	ck_assert(!interface_implements(space, any_type(0xffffff, VOLT_KIND_STRUCT), INTERFACE_SHAPE));
	ck_assert(!interface_implements(space, any_type(TYPE_POINT, VOLT_KIND_STRUCT), 0xffff));
}
END_TEST

static const char *const failed_assertion = "runtime error: interface conversion: interface is nil, not";

START_TEST(asserting_a_scalar) {
	volt_slot value[2], result[2] = {9, 9};
	to_interface(value, VOLT_KIND_INT, 42, VOLT_KIND_INT, 0);
	ck_assert_int_eq(interface_assert(space, result, value, VOLT_KIND_INT, 0, true, 0).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(result[0], 42);
	ck_assert_uint_eq(result[1], 1);
	ck_assert_int_eq(interface_assert(space, result, value, VOLT_KIND_STRING, 0, true, 1).kind,
	                 VOLT_TRAP_None);
	ck_assert_uint_eq(result[0], 0);
	ck_assert_uint_eq(result[1], 0);
	assert_trap(interface_assert(space, result, value, VOLT_KIND_STRING, 0, false, 1), failed_assertion);
	assert_trap(interface_assert(space, result, (volt_slot[]){0, 0}, 0, 0, false, 1), failed_assertion);
}
END_TEST

START_TEST(asserting_a_struct_copies_its_words) {
	volt_slot value[2], result[4] = {9, 9, 9, 9};
	to_interface(value, VOLT_KIND_STRUCT, point(3, 4), TYPE_POINT, 0);
	ck_assert_int_eq(interface_assert(space, result, value, TYPE_POINT, 0, true, 2).kind, VOLT_TRAP_None);
	ck_assert_mem_eq(result, ((volt_slot[]){3, 4, 1, 9}), sizeof result);
	ck_assert_int_eq(interface_assert(space, result, value, TYPE_PERSON, 0, true, 2).kind, VOLT_TRAP_None);
	ck_assert_mem_eq(result, ((volt_slot[]){0, 0, 0, 9}), sizeof result);
	ck_assert_int_eq(interface_assert(space, result, value, TYPE_POINT, 0, false, 3).kind, VOLT_TRAP_None);
	ck_assert_mem_eq(result, ((volt_slot[]){3, 4, 0, 9}), sizeof result);
}
END_TEST

static volt_slot small_array(void) {
	volt_slot array;
	ck_assert_int_eq(array_new(space, VOLT_KIND_INT16, 4, 2, &array).kind, VOLT_TRAP_None);
	memcpy(((volt_array *)volt_slot_pointer(array))->data, (int16_t[]){1, -2, 3, 4}, 8);
	return array;
}

START_TEST(asserting_an_array_unpacks_its_elements) {
	volt_slot value[2], result[5] = {9, 9, 9, 9, 9};
	to_interface(value, VOLT_KIND_ARRAY, small_array(), TYPE_SMALL_ARRAY, 0);
	ck_assert_int_eq(interface_assert(space, result, value, TYPE_SMALL_ARRAY, 0, true, 4).kind,
	                 VOLT_TRAP_None);
	ck_assert_mem_eq(result, ((volt_slot[]){1, (volt_slot)-2, 3, 4, 1}), sizeof result);
	volt_slot raw = heap_new_untyped(space, VOLT_KIND_ARRAY, 4);
	memcpy(volt_slot_pointer(raw), (volt_slot[]){1, (volt_slot)-2, 3, 4}, 32);
	volt_slot headerless[2] = {value[0], raw};
	memset(result, 0, sizeof result);
	ck_assert_int_eq(interface_assert(space, result, headerless, TYPE_SMALL_ARRAY, 0, false, 4).kind, 0);
	ck_assert_mem_eq(result, ((volt_slot[]){1, (volt_slot)-2, 3, 4, 0}), sizeof result);
	bool equal;
	ck_assert_int_eq(interface_equal(space, value, headerless, &equal).kind, VOLT_TRAP_None);
	ck_assert(equal);
}
END_TEST

START_TEST(asserting_to_an_interface_gives_the_new_table) {
	volt_slot value[2], result[3];
	uint32_t function;
	to_interface(value, VOLT_KIND_STRUCT, point(3, 4), TYPE_POINT, 0);
	ck_assert_int_eq(interface_assert(space, result, value, INTERFACE_AREA, 1, true, 0).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(result[2], 1);
	ck_assert_int_eq(interface_method(space, result[0], 0, &function).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(function, FUNCTION_AREA);
	ck_assert_int_eq(interface_assert(space, result, value, INTERFACE_ERROR, 1, true, 0).kind,
	                 VOLT_TRAP_None);
	ck_assert_mem_eq(result, ((volt_slot[]){0, 0, 0}), sizeof result);
	assert_trap(interface_assert(space, result, value, INTERFACE_ERROR, 1, false, 0), failed_assertion);
	ck_assert_int_eq(interface_assert(space, value, value, INTERFACE_AREA, 1, false, 0).kind, VOLT_TRAP_None);
}
END_TEST

static bool equal_values(volt_slot left_type, volt_slot left, volt_slot right_type, volt_slot right) {
	bool equal = false;
	volt_trap trap =
	    interface_equal(space, (volt_slot[]){left_type, left}, (volt_slot[]){right_type, right}, &equal);
	ck_assert_int_eq(trap.kind, VOLT_TRAP_None);
	return equal;
}

START_TEST(equality_is_by_type_and_content) {
	volt_slot string = any_type(VOLT_KIND_STRING, VOLT_KIND_STRING), integer = any_type(2, VOLT_KIND_INT);
	volt_slot person = any_type(TYPE_PERSON, VOLT_KIND_STRUCT);
	ck_assert(equal_values(string, text("a"), string, text("a")));
	ck_assert(!equal_values(string, text("a"), string, text("b")));
	ck_assert(!equal_values(string, 0, any_type(0, VOLT_KIND_STRING), 0));
	ck_assert(equal_values(integer | 5ull << 32, 1, integer | 6ull << 32, 1));
	ck_assert(equal_values(0, 1, 0, 2));
	volt_slot nan = 0x7ff8000000000000u, minus_zero = 1ull << 63, real = any_type(13, VOLT_KIND_FLOAT64);
	ck_assert(equal_values(real, nan, real, nan));
	ck_assert(equal_values(real, nan, real, nan | minus_zero | 77));
	ck_assert(!equal_values(real, nan, real, 0x7ff0000000000000u));
	ck_assert(!equal_values(real, 0, real, minus_zero));
	volt_slot single = any_type(12, VOLT_KIND_FLOAT32);
	ck_assert(equal_values(single, 0x7fc00000, single, 0xff800001));
	ck_assert(!equal_values(single, 0x7f800000, single, 0xff800000));
	volt_slot ada = boxed(STRUCT_PERSON, 2, (volt_slot[]){text("Ada"), 36});
	volt_slot other = boxed(STRUCT_PERSON, 2, (volt_slot[]){text("Ada"), 36});
	volt_slot older = boxed(STRUCT_PERSON, 2, (volt_slot[]){text("Ada"), 37});
	ck_assert(equal_values(person, ada, person, other));
	ck_assert(!equal_values(person, ada, person, older));
	ck_assert(!equal_values(person, ada, person, 0));
	volt_slot grid = any_type(TYPE_GRID, VOLT_KIND_STRUCT);
	ck_assert(equal_values(grid, boxed(STRUCT_GRID, 2, (volt_slot[]){text("x"), text("y")}), grid,
	                       boxed(STRUCT_GRID, 2, (volt_slot[]){text("x"), text("y")})));
}
END_TEST

START_TEST(comparing_uncomparable_types_traps_but_not_inside_of_structs) {
	static const volt_kind kinds[] = {VOLT_KIND_SLICE, VOLT_KIND_MAP, VOLT_KIND_CLOSURE};
	bool equal;
	for (int index = 0; index < 3; index++) {
		volt_slot value[2] = {any_type(TYPE_INT_SLICE, kinds[index]), 0};
		assert_trap(interface_equal(space, value, value, &equal),
		            "runtime error: comparing uncomparable type in interface value");
		volt_slot holder = boxed(STRUCT_HOLDER, 2, value);
		volt_slot type = any_type(TYPE_HOLDER, VOLT_KIND_STRUCT);
		ck_assert(!equal_values(type, holder, type, holder));
	}
}
END_TEST

START_TEST(deep_and_broken_values_end) {
	volt_slot type = any_type(TYPE_HOLDER, VOLT_KIND_STRUCT);
	volt_slot left = 0, right = 0;
	for (int depth = 0; depth < 100000; depth++) {
		left = boxed(STRUCT_HOLDER, 2, (volt_slot[]){type, left});
		right = boxed(STRUCT_HOLDER, 2, (volt_slot[]){type, right});
	}
	ck_assert(!equal_values(type, left, type, right));
	ck_assert(equal_values(any_type(0xffffff, VOLT_KIND_STRUCT), point(1, 2),
	                       any_type(0xffffff, VOLT_KIND_STRUCT), point(1, 2)));
	volt_slot empty, strings = any_type(TYPE_STRING_ARRAY, VOLT_KIND_ARRAY);
	ck_assert_int_eq(array_new(space, VOLT_KIND_STRING, UINT64_MAX, 0, &empty).kind, VOLT_TRAP_None);
	ck_assert(equal_values(strings, empty, strings, empty));
	ck_assert_uint_eq(type_slots(space, TYPE_LOOP), 1);
	ck_assert_uint_eq(type_slots(space, 0xffffff), 1);
	ck_assert_int_eq(type_kind(space, 0xffffff), VOLT_KIND_VOID);
}
END_TEST

START_TEST(types_know_kind_size_and_name) {
	uint32_t named;
	bool through_pointer;
	ck_assert_uint_eq(type_slots(space, VOLT_KIND_INT), 1);
	ck_assert_uint_eq(type_slots(space, TYPE_ERROR), 3);
	ck_assert_uint_eq(type_slots(space, TYPE_SMALL_ARRAY), 4);
	ck_assert_uint_eq(type_slots(space, TYPE_POINT_ARRAY), 4);
	ck_assert_int_eq(type_kind(space, TYPE_CELSIUS), VOLT_KIND_INT);
	ck_assert_int_eq(type_kind(space, TYPE_POINT_POINTER), VOLT_KIND_POINTER);
	ck_assert(type_named(space, TYPE_PERSON_POINTER, &named, &through_pointer));
	ck_assert(through_pointer);
	ck_assert_uint_eq(named, test_module.runtime_types.items[TYPE_PERSON].id);
	ck_assert(type_named(space, TYPE_PERSON, &named, &through_pointer));
	ck_assert(!through_pointer);
	ck_assert(!type_named(space, VOLT_KIND_INT, &named, &through_pointer));
}
END_TEST

START_TEST(error_values_have_message_cause_and_a_working_table) {
	volt_slot cause[2], error[2], sentinel[2], again[2];
	uint32_t function;
	error_value_format(space, cause, "cause %d", 7);
	error_value_new(space, error, "message", 7, cause);
	const volt_slot *words = volt_slot_pointer(error[1]);
	ck_assert_uint_eq(string_get(words[0]).length, 7);
	ck_assert_mem_eq(words + 1, cause, sizeof cause);
	ck_assert_uint_eq(volt_interface_rttid(error[0]), TYPE_ERROR_POINTER);
	ck_assert_int_eq(volt_interface_kind(error[0]), VOLT_KIND_POINTER);
	ck_assert_int_eq(interface_method(space, error[0], 0, &function).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(function, FUNCTION_ERROR);
	error_value_sentinel(space, sentinel, "io", 0, "EOF");
	for (unsigned index = 1; index < 100; index++)
		error_value_sentinel(space, again, "io", index, "other");
	error_value_sentinel(space, again, "io", 0, "EOF");
	ck_assert_mem_eq(again, sentinel, sizeof again);
	error_value_sentinel(space, again, "os", 0, "EOF");
	ck_assert_uint_ne(again[1], sentinel[1]);
}
END_TEST

int main(void) {
	return run_suite("interfaces", (test_list){
	                                   a_concrete_value_becomes_type_word_and_payload,
	                                   struct_payloads_are_private_copies,
	                                   an_interface_source_gets_the_table_of_its_target,
	                                   tables_are_built_once_and_follow_the_modules,
	                                   implementing_needs_every_method_with_its_signature,
	                                   asserting_a_scalar,
	                                   asserting_a_struct_copies_its_words,
	                                   asserting_an_array_unpacks_its_elements,
	                                   asserting_to_an_interface_gives_the_new_table,
	                                   equality_is_by_type_and_content,
	                                   comparing_uncomparable_types_traps_but_not_inside_of_structs,
	                                   deep_and_broken_values_end,
	                                   types_know_kind_size_and_name,
	                                   error_values_have_message_cause_and_a_working_table,
	                                   NULL,
	                               });
}
