/* Strings, UTF-8 and the byte buffer. */
#include "fixture.h"
#include "object/buffer.h"

static void assert_text(volt_slot string, const char *expected) {
	string_view view = string_get(string);
	ck_assert_uint_eq(view.length, strlen(expected));
	ck_assert_mem_eq(view.bytes, expected, view.length);
}

START_TEST(the_empty_string_is_the_null_reference) {
	ck_assert_uint_eq(string_new(space, "x", 0), 0);
	ck_assert_uint_eq(string_get(0).length, 0);
	ck_assert_str_eq(string_get(0).bytes, "");
	ck_assert_uint_eq(string_concatenate(space, 0, 0), 0);
}
END_TEST

START_TEST(a_string_has_the_layout_of_a_byte_slice) {
	volt_slot string = text("abc");
	const volt_slice *slice = volt_slot_pointer(string);
	const volt_array *array = volt_slot_pointer(slice->array);
	ck_assert_uint_eq(slice->length, 3);
	ck_assert_uint_eq(array->length, 3);
	ck_assert_uint_eq(array->element_bytes, 1);
	ck_assert_uint_eq(array->element_meta, VOLT_KIND_UINT8);
	ck_assert_ptr_eq(slice->data, array->data);
	ck_assert_uint_eq(object_slots(string), 4);
	ck_assert_uint_eq(object_meta(string), VOLT_KIND_STRING);
	ck_assert_uint_eq(object_slots(slice->array), 3);
}
END_TEST

START_TEST(concatenation_joins_and_keeps_an_empty_side_unchanged) {
	volt_slot left = text("left"), right = text("right");
	assert_text(string_concatenate(space, left, right), "leftright");
	ck_assert_uint_eq(string_concatenate(space, left, 0), left);
	ck_assert_uint_eq(string_concatenate(space, 0, right), right);
	assert_text(left, "left");
}
END_TEST

START_TEST(two_strings_that_grow_from_one_do_not_disturb_each_other) {
	volt_slot base = 0;
	for (int index = 0; index < 100; index++)
		base = string_concatenate(space, base, text("0123456789"));
	volt_slot first = string_concatenate(space, base, text("first"));
	volt_slot second = string_concatenate(space, base, text("second"));
	volt_slot third = string_concatenate(space, first, text("!"));
	volt_slot doubled = string_concatenate(space, first, first);
	ck_assert_uint_eq(string_get(base).length, 1000);
	ck_assert_mem_eq(string_get(first).bytes + 1000, "first", 5);
	ck_assert_mem_eq(string_get(second).bytes + 1000, "second", 6);
	ck_assert_mem_eq(string_get(third).bytes + 1000, "first!", 6);
	ck_assert_mem_eq(string_get(doubled).bytes + 1000, "first0123", 9);
	ck_assert_mem_eq(string_get(doubled).bytes + 2005, "first", 5);
	ck_assert_mem_eq(string_get(base).bytes + 990, "0123456789", 10);
}
END_TEST

START_TEST(a_prefix_that_grows_does_not_overwrite_the_whole) {
	volt_slot whole = 0, prefix;
	for (int index = 0; index < 30; index++)
		whole = string_concatenate(space, whole, text("0123456789"));
	ck_assert_int_eq(string_slice(space, whole, 0, 290, &prefix).kind, VOLT_TRAP_None);
	volt_slot longer = string_concatenate(space, prefix, text("X"));
	ck_assert_int_eq(string_get(longer).bytes[290], 'X');
	ck_assert_int_eq(string_get(whole).bytes[290], '0');
}
END_TEST

START_TEST(slicing_shares_bytes_and_checks_bounds) {
	volt_slot string = text("hello"), part;
	ck_assert_int_eq(string_slice(space, string, 1, 4, &part).kind, VOLT_TRAP_None);
	assert_text(part, "ell");
	ck_assert_ptr_eq(string_get(part).bytes, string_get(string).bytes + 1);
	ck_assert_int_eq(string_slice(space, string, 5, 5, &part).kind, VOLT_TRAP_None);
	ck_assert_uint_eq(part, 0);
	ck_assert_int_eq(string_slice(space, 0, 0, 0, &part).kind, VOLT_TRAP_None);
	assert_trap(string_slice(space, string, 0, 6, &part), "runtime error: slice bounds out of range [0:6]");
	assert_trap(string_slice(space, string, 3, 2, &part), "runtime error: slice bounds out of range [3:2]");
	assert_trap(string_slice(space, 0, 0, 1, &part), "runtime error: slice bounds out of range [0:1]");
	assert_trap(string_slice(space, string, UINT64_MAX, 2, &part),
	            "runtime error: slice bounds out of range [18446744073709551615:2]");
}
END_TEST

START_TEST(comparison_is_by_unsigned_bytes) {
	ck_assert(string_equal(text("same"), text("same")));
	ck_assert(!string_equal(text("same"), text("sam")));
	ck_assert(!string_equal(text("a"), 0));
	ck_assert(string_equal(0, 0));
	ck_assert_int_lt(string_compare(text("a"), text("b")), 0);
	ck_assert_int_gt(string_compare(text("\xff"), text("a")), 0);
	ck_assert_int_lt(string_compare(text("ab"), text("abc")), 0);
	ck_assert_int_lt(string_compare(0, text("a")), 0);
	ck_assert_int_eq(string_compare(text("x"), text("x")), 0);
}
END_TEST

START_TEST(every_scalar_value_survives_encoding) {
	for (int32_t rune = 0; rune <= 0x10FFFF; rune++) {
		char bytes[4];
		unsigned width, written = utf8_encode(rune, bytes);
		int32_t expected = rune >= 0xD800 && rune <= 0xDFFF ? 0xFFFD : rune;
		unsigned expected_width = expected < 0x80 ? 1 : expected < 0x800 ? 2 : expected < 0x10000 ? 3 : 4;
		if (utf8_decode(bytes, written, 0, &width) != expected || width != written ||
		    written != expected_width)
			ck_abort_msg("rune %d: width %u, written %u", rune, width, written);
	}
	char bytes[4];
	ck_assert_uint_eq(utf8_encode(-1, bytes), 3);
	ck_assert_mem_eq(bytes, "\xEF\xBF\xBD", 3);
	ck_assert_uint_eq(utf8_encode(0x110000, bytes), 3);
}
END_TEST

START_TEST(invalid_bytes_decode_to_the_replacement_with_width_one) {
	static const char *const invalid[] = {
	    "\x80",
	    "\xBF",
	    "\xC0\x80",
	    "\xC1\xBF",
	    "\xC2",
	    "\xC2\x41",
	    "\xE0\x80\x80",
	    "\xE0\x9F\xBF",
	    "\xE1\x80",
	    "\xED\xA0\x80",
	    "\xED\xBF\xBF",
	    "\xF0\x80\x80\x80",
	    "\xF0\x8F\xBF\xBF",
	    "\xF4\x90\x80\x80",
	    "\xF5\x80\x80\x80",
	    "\xF1\x80\x80",
	    "\xFE",
	    "\xFF",
	};
	for (size_t index = 0; index < sizeof invalid / sizeof *invalid; index++) {
		unsigned width;
		ck_assert_int_eq(utf8_decode(invalid[index], strlen(invalid[index]), 0, &width), 0xFFFD);
		ck_assert_uint_eq(width, 1);
	}
}
END_TEST

START_TEST(each_rune_is_decoded_by_itself) {
	unsigned width;
	ck_assert_int_eq(utf8_decode("a\xFF"
	                             "b",
	                             3, 0, &width),
	                 'a');
	ck_assert_uint_eq(width, 1);
	ck_assert_int_eq(utf8_decode("\xC3\xA9\xFF", 3, 0, &width), 0xE9);
	ck_assert_uint_eq(width, 2);
	ck_assert_int_eq(utf8_decode("a", 1, 1, &width), 0xFFFD);
	ck_assert_uint_eq(width, 0);
	ck_assert_int_eq(utf8_decode("a", 1, SIZE_MAX, &width), 0xFFFD);
	ck_assert_uint_eq(width, 0);
}
END_TEST

START_TEST(a_buffer_grows_and_stays_terminated) {
	buffer out = {0};
	for (int index = 0; index < 1000; index++)
		buffer_append_format(&out, "%03d,", index);
	ck_assert_uint_eq(out.length, 4000);
	ck_assert_str_eq(out.bytes + 3996, "999,");
	buffer_append_repeated(&out, '-', 3);
	buffer_append_byte(&out, '\n');
	buffer_append(&out, NULL, 0);
	ck_assert_str_eq(out.bytes + 4000, "---\n");
	buffer_free(&out);
	ck_assert_ptr_null(out.bytes);
}
END_TEST

int main(void) {
	return run_suite("strings", (test_list){
	                                the_empty_string_is_the_null_reference,
	                                a_string_has_the_layout_of_a_byte_slice,
	                                concatenation_joins_and_keeps_an_empty_side_unchanged,
	                                two_strings_that_grow_from_one_do_not_disturb_each_other,
	                                a_prefix_that_grows_does_not_overwrite_the_whole,
	                                slicing_shares_bytes_and_checks_bounds,
	                                comparison_is_by_unsigned_bytes,
	                                every_scalar_value_survives_encoding,
	                                invalid_bytes_decode_to_the_replacement_with_width_one,
	                                each_rune_is_decoded_by_itself,
	                                a_buffer_grows_and_stays_terminated,
	                                NULL,
	                            });
}
