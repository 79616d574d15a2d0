/* Elements, arrays and slices. */
#include "fixture.h"
#include "object/arrays.h"

static volt_slot round_trip(uint8_t flags, volt_slot value) {
	uint64_t memory = 0x5555555555555555u;
	volt_slot loaded = 1;
	element_store(&memory, &value, flags, element_bytes(flags, 0));
	element_load(&loaded, &memory, flags, element_bytes(flags, 0));
	return loaded;
}

START_TEST(elements_truncate_and_extend) {
	ck_assert_uint_eq(round_trip(1, 0x1ff), 0xff);
	ck_assert_uint_eq(round_trip(0x81, 0x80), (uint64_t)-128);
	ck_assert_uint_eq(round_trip(0x81, 0x17f), 127);
	ck_assert_uint_eq(round_trip(2, 0x1ffff), 0xffff);
	ck_assert_uint_eq(round_trip(0x82, 0x8000), (uint64_t)-32768);
	ck_assert_uint_eq(round_trip(4, 0x1ffffffff), 0xffffffff);
	ck_assert_uint_eq(round_trip(0x84, 0x80000000), (uint64_t)INT32_MIN);
	ck_assert_uint_eq(round_trip(0x84, (uint64_t)-1), (uint64_t)-1);
	ck_assert_uint_eq(round_trip(0x44, 0xffffffff80000000u), 0x80000000);
	ck_assert_uint_eq(round_trip(8, UINT64_MAX), UINT64_MAX);
}
END_TEST

START_TEST(elements_of_several_slots_are_copied_whole) {
	volt_slot from[10], memory[10], to[11];
	for (int index = 0; index < 10; index++)
		from[index] = (volt_slot)index + 1;
	element_store(memory, from, 24, 24);
	element_load(to, memory, 24, 24);
	ck_assert_mem_eq(to, from, 24);
	element_store(memory, from, 0, 80);
	to[10] = 77;
	element_load(to, memory, 0, 80);
	ck_assert_mem_eq(to, from, 80);
	ck_assert_uint_eq(to[10], 77);
	to[1] = 99;
	element_load(to, memory, 9, 9);
	ck_assert_uint_eq(to[1], 2);
}
END_TEST

START_TEST(kinds_have_the_sizes_of_the_specification) {
	ck_assert_uint_eq(element_bytes_of_kind(VOLT_KIND_BOOL, 1), 1);
	ck_assert_uint_eq(element_bytes_of_kind(VOLT_KIND_UINT16, 1), 2);
	ck_assert_uint_eq(element_bytes_of_kind(VOLT_KIND_FLOAT32, 1), 4);
	ck_assert_uint_eq(element_bytes_of_kind(VOLT_KIND_FLOAT64, 1), 8);
	ck_assert_uint_eq(element_bytes_of_kind(VOLT_KIND_STRUCT, 9), 72);
	ck_assert_uint_eq(element_flags_of_kind(VOLT_KIND_INT32, 1), 0x84);
	ck_assert_uint_eq(element_flags_of_kind(VOLT_KIND_UINT8, 1), 1);
	ck_assert_uint_eq(element_flags_of_kind(VOLT_KIND_FLOAT32, 1), 0x44);
	ck_assert_uint_eq(element_flags_of_kind(VOLT_KIND_INTERFACE, 2), 16);
	ck_assert_uint_eq(element_flags_of_kind(VOLT_KIND_STRUCT, 8), 0);
}
END_TEST

START_TEST(an_array_is_zeroed_and_knows_its_layout) {
	volt_slot reference;
	ck_assert_int_eq(array_new(space, VOLT_KIND_UINT16, 5, 2, &reference).kind, VOLT_TRAP_None);
	const volt_array *array = volt_slot_pointer(reference);
	ck_assert_uint_eq(array->length, 5);
	ck_assert_uint_eq(array->element_bytes, 2);
	ck_assert_uint_eq(object_slots(reference), 2 + 2);
	ck_assert_mem_eq(array->data, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_trap(array_new(space, VOLT_KIND_INT, 1ull << 61, 8, &reference),
	            "runtime error: makeslice: cap out of range");
	assert_trap(array_new(space, VOLT_KIND_INT, UINT64_MAX, 1, &reference),
	            "runtime error: makeslice: cap out of range");
	ck_assert_uint_eq(array_length(0), 0);
}
END_TEST

START_TEST(making_a_slice_checks_in_order) {
	volt_slot slice;
	assert_trap(slice_new(space, 2, -1, -1, 8, &slice), "runtime error: makeslice: len out of range");
	assert_trap(slice_new(space, 2, 1, -1, 8, &slice), "runtime error: makeslice: cap out of range");
	assert_trap(slice_new(space, 2, 2, 1, 8, &slice), "runtime error: makeslice: len larger than cap");
	assert_trap(slice_new(space, 2, 0, INT64_MAX, 8, &slice), "runtime error: makeslice: cap out of range");
	ck_assert_int_eq(slice_new(space, 2, 0, 0, 8, &slice).kind, VOLT_TRAP_None);
	ck_assert_uint_ne(slice, 0);
	ck_assert_uint_eq(slice_capacity(slice), 0);
}
END_TEST

static volt_slot numbers(volt_slot count) {
	volt_slot slice = 0;
	for (volt_slot index = 0; index < count; index++)
		ck_assert_int_eq(slice_append(space, slice, VOLT_KIND_INT, 8, 8, &index, &slice).kind,
		                 VOLT_TRAP_None);
	return slice;
}

START_TEST(appending_grows_by_doubling_from_four) {
	static const uint64_t capacities[] = {4, 4, 4, 4, 8, 8, 8, 8, 16};
	for (volt_slot count = 1; count <= 9; count++) {
		volt_slot slice = numbers(count);
		ck_assert_uint_eq(slice_length(slice), count);
		ck_assert_uint_eq(slice_capacity(slice), capacities[count - 1]);
		ck_assert_uint_eq(((volt_slot *)(void *)slice_data(slice))[count - 1], count - 1);
	}
	volt_slot empty, one = 5;
	ck_assert_int_eq(slice_new(space, VOLT_KIND_UINT8, 0, 0, 1, &empty).kind, VOLT_TRAP_None);
	ck_assert_int_eq(slice_append(space, empty, VOLT_KIND_VOID, 1, 1, &one, &empty).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(slice_capacity(empty), 4);
	const volt_slice *header = volt_slot_pointer(empty);
	ck_assert_uint_eq(((volt_array *)volt_slot_pointer(header->array))->element_meta, VOLT_KIND_UINT8);
}
END_TEST

START_TEST(appending_writes_in_place_and_leaves_old_headers_alone) {
	volt_slot three = numbers(3), left, right, value = 100;
	ck_assert_int_eq(slice_append(space, three, VOLT_KIND_INT, 8, 8, &value, &left).kind, VOLT_TRAP_None);
	value = 200;
	ck_assert_int_eq(slice_append(space, three, VOLT_KIND_INT, 8, 8, &value, &right).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(slice_length(three), 3);
	ck_assert_uint_ne(left, right);
	ck_assert_ptr_eq(slice_data(left), slice_data(right));
	ck_assert_uint_eq(((volt_slot *)(void *)slice_data(left))[3], 200);
	volt_slot grown;
	ck_assert_int_eq(slice_append(space, right, VOLT_KIND_INT, 8, 8, &value, &grown).kind, VOLT_TRAP_None);
	ck_assert_ptr_ne(slice_data(grown), slice_data(right));
}
END_TEST

START_TEST(slicing_is_bounded_by_capacity) {
	volt_slot slice = numbers(5), part;
	uint64_t maximum = 6;
	ck_assert_int_eq(slice_of_slice(space, slice, 2, 8, NULL, &part).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(slice_length(part), 6);
	ck_assert_uint_eq(slice_capacity(part), 6);
	ck_assert_ptr_eq(slice_data(part), slice_data(slice) + 16);
	ck_assert_int_eq(slice_of_slice(space, slice, 1, 3, &maximum, &part).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(slice_capacity(part), 5);
	assert_trap(slice_of_slice(space, slice, 0, 9, NULL, &part),
	            "runtime error: slice bounds out of range [0:9]");
	assert_trap(slice_of_slice(space, slice, 3, 2, NULL, &part),
	            "runtime error: slice bounds out of range [3:2]");
	assert_trap(slice_of_slice(space, slice, 0, 7, &maximum, &part),
	            "runtime error: slice bounds out of range [0:7]");
	maximum = 9;
	assert_trap(slice_of_slice(space, slice, 0, 2, &maximum, &part),
	            "runtime error: slice bounds out of range [0:2]");
	ck_assert_int_eq(slice_of_slice(space, 0, 5, 1, NULL, &part).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(part, 0);
}
END_TEST

START_TEST(slicing_an_array_aliases_it) {
	volt_slot array, part;
	ck_assert_int_eq(array_new(space, VOLT_KIND_INT16, 4, 2, &array).kind, VOLT_TRAP_None);
	ck_assert_int_eq(slice_of_array(space, array, 1, 3, NULL, &part).kind, VOLT_TRAP_None);
	slice_data(part)[0] = 9;
	ck_assert_uint_eq(((volt_array *)volt_slot_pointer(array))->data[2], 9);
	ck_assert_uint_eq(slice_capacity(part), 3);
	assert_trap(slice_of_array(space, array, 0, 5, NULL, &part),
	            "runtime error: slice bounds out of range [0:5]");
	assert_trap(slice_of_array(space, 0, 0, 1, NULL, &part),
	            "runtime error: slice bounds out of range [0:1]");
}
END_TEST

START_TEST(appending_a_slice_follows_its_own_growth_rule) {
	volt_slot result, two = numbers(2);
	ck_assert_int_eq(slice_append_slice(space, two, 0, VOLT_KIND_INT, &result).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(result, two);
	ck_assert_int_eq(slice_append_slice(space, 0, two, VOLT_KIND_INT, &result).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(slice_capacity(result), 4);
	ck_assert_uint_eq(slice_length(result), 2);
	ck_assert_int_eq(slice_append_slice(space, result, two, VOLT_KIND_INT, &result).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(slice_length(result), 4);
	ck_assert_uint_eq(slice_capacity(result), 4);
	ck_assert_int_eq(slice_append_slice(space, result, numbers(3), VOLT_KIND_INT, &result).kind,
	                 VOLT_TRAP_None);
	ck_assert_uint_eq(slice_capacity(result), 14);
	ck_assert_mem_eq(slice_data(result), ((volt_slot[]){0, 1, 0, 1, 0, 1, 2}), 56);
	ck_assert_int_eq(slice_append_slice(space, result, result, VOLT_KIND_INT, &result).kind, VOLT_TRAP_None);
	ck_assert_mem_eq(slice_data(result) + 56, ((volt_slot[]){0, 1, 0, 1, 0, 1, 2}), 56);
	ck_assert_int_eq(slice_append_slice(space, 0, text("hello"), VOLT_KIND_UINT8, &result).kind,
	                 VOLT_TRAP_None);
	ck_assert_mem_eq(slice_data(result), "hello", 5);
	ck_assert_int_eq(slice_append_slice(space, two, text("hello"), VOLT_KIND_INT, &result).kind,
	                 VOLT_TRAP_None);
	ck_assert_uint_eq(result, two);
}
END_TEST

START_TEST(copying_moves_overlapping_elements) {
	volt_slot slice = numbers(5), tail;
	ck_assert_int_eq(slice_of_slice(space, slice, 1, 5, NULL, &tail).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(slice_copy(tail, slice), 4);
	ck_assert_mem_eq(slice_data(slice), ((volt_slot[]){0, 0, 1, 2, 3}), 40);
	ck_assert_uint_eq(slice_copy(0, slice), 0);
	ck_assert_uint_eq(slice_copy(slice, 0), 0);
	volt_slot bytes = slice_from_bytes(space, "....", 4);
	ck_assert_uint_eq(slice_copy(bytes, text("ab")), 2);
	ck_assert_mem_eq(slice_data(bytes), "ab..", 4);
}
END_TEST

START_TEST(conveniences_choose_nil_as_documented) {
	ck_assert_uint_eq(slice_from_bytes(space, "", 0), 0);
	ck_assert_uint_ne(slice_from_strings(space, NULL, 0), 0);
	volt_slot strings[] = {text("a"), text("b")};
	volt_slot slice = slice_from_strings(space, strings, 2);
	ck_assert_uint_eq(slice_length(slice), 2);
	ck_assert_mem_eq(slice_data(slice), strings, 16);
}
END_TEST

START_TEST(trap_messages_show_their_numbers) {
	char small[10];
	assert_trap((volt_trap){VOLT_TRAP_IndexOutOfRange, UINT64_MAX, 3},
	            "runtime error: index out of range [18446744073709551615] with length 3");
	assert_trap((volt_trap){VOLT_TRAP_NilMapWrite, 0, 0}, "runtime error: assignment to entry in nil map");
	ck_assert_uint_eq(volt_trap_format((volt_trap){VOLT_TRAP_StackOverflow, 0, 0}, small, sizeof small), 29);
	ck_assert_str_eq(small, "runtime e");
	ck_assert_uint_eq(volt_trap_format((volt_trap){VOLT_TRAP_StackOverflow, 0, 0}, NULL, 0), 29);
}
END_TEST

int main(void) {
	return run_suite("arrays", (test_list){
	                               elements_truncate_and_extend,
	                               elements_of_several_slots_are_copied_whole,
	                               kinds_have_the_sizes_of_the_specification,
	                               an_array_is_zeroed_and_knows_its_layout,
	                               making_a_slice_checks_in_order,
	                               appending_grows_by_doubling_from_four,
	                               appending_writes_in_place_and_leaves_old_headers_alone,
	                               slicing_is_bounded_by_capacity,
	                               slicing_an_array_aliases_it,
	                               appending_a_slice_follows_its_own_growth_rule,
	                               copying_moves_overlapping_elements,
	                               conveniences_choose_nil_as_documented,
	                               trap_messages_show_their_numbers,
	                               NULL,
	                           });
}
