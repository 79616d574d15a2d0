/* Builtins: printing, assertions, copies, conversions (NATIVES.md, "Built-in functions"). */
#include <string.h>

#include "host.h"

START_TEST(print_joins_with_spaces) {
	CALL("vo_print", 0, ANY_STRING("a"), ANY_INT(-2), ANY(BOOL, 1), ANY_NIL);
	ck_assert_str_eq(host_output(), "a -2 true <nil>");
	CALL("vo_println", 0, ANY_INT(1), ANY_FLOAT(2.5));
	ck_assert_str_eq(host_output(), "1 2.5\n");
}
END_TEST

START_TEST(print_puts_no_space_behind_leading_empty_text) {
	CALL("vo_print", 0, ANY_STRING(""), ANY_STRING(""), ANY_STRING("x"), ANY_STRING(""), ANY_STRING("y"));
	ck_assert_str_eq(host_output(), "x  y");
}
END_TEST

START_TEST(print_of_nothing) {
	host_call("vo_print", 0, NULL, 0);
	ck_assert_str_eq(host_output(), "");
	host_call("vo_println", 0, NULL, 0);
	ck_assert_str_eq(host_output(), "\n");
}
END_TEST

START_TEST(assert_panics_only_when_false) {
	ck_assert_int_eq(CALL("vo_assert", 0, ANY(BOOL, 1), ANY_STRING("no")).ended, VOLT_NATIVE_OK);
	ck_assert_int_eq(CALL("vo_assert", 0, ANY(BOOL, 0)).ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(host_panic(), "assertion failed");
	ck_assert_int_eq(CALL("vo_assert", 0, ANY(BOOL, 0), ANY_STRING("x is"), ANY_INT(3)).ended,
	                 VOLT_NATIVE_PANIC);
	ck_assert_str_eq(host_panic(), "assertion failed: x is 3");
}
END_TEST

START_TEST(panic_with_error_shows_the_value) {
	ck_assert_int_eq(CALL("panic_with_error", 0, ANY_STRING("why")).ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(host_panic(), "panic: why");
	CALL("panic_with_error", 0, ANY_NIL);
	ck_assert_str_eq(host_panic(), "panic: <nil>");
}
END_TEST

START_TEST(copy_takes_the_shorter_length) {
	volt_slot to = host_bytes("abcdef", 6);
	ck_assert_uint_eq(CALL("vo_copy", 1, to, host_string("XY")).results[0], 2);
	ck_assert_mem_eq(slice_data(to), "XYcdef", 6);
	ck_assert_uint_eq(CALL("vo_copy", 1, to, host_bytes("12345678", 8)).results[0], 6);
	ck_assert_mem_eq(slice_data(to), "123456", 6);
	ck_assert_uint_eq(CALL("vo_copy", 1, to, 0).results[0], 0);
	ck_assert_uint_eq(CALL("vo_copy", 1, 0, to).results[0], 0);
}
END_TEST

START_TEST(append_slice_grows_as_specified) {
	volt_slot meta = volt_meta_make(0, VOLT_KIND_UINT8);
	volt_slot abc = host_bytes("abc", 3);
	ck_assert_uint_eq(CALL("vo_slice_append_slice", 1, abc, 0, meta).results[0], abc);
	volt_slot grown = CALL("vo_slice_append_slice", 1, 0, host_string("xyz"), meta).results[0];
	ck_assert_uint_eq(slice_length(grown), 3);
	ck_assert_uint_eq(slice_capacity(grown), 4); /* max(3, 4) */
	volt_slot fits = CALL("vo_slice_append_slice", 1, grown, host_string("!"), meta).results[0];
	ck_assert_uint_eq(slice_length(fits), 4);
	ck_assert_ptr_eq(slice_data(fits), slice_data(grown)); /* in place, below a new header */
	ck_assert_uint_eq(slice_length(grown), 3);
	volt_slot full = CALL("vo_slice_append_slice", 1, fits, host_string("12"), meta).results[0];
	ck_assert_uint_eq(slice_capacity(full), 12); /* twice the new length */
	ck_assert_mem_eq(slice_data(full), "xyz!12", 6);
}
END_TEST

START_TEST(interface_equality_is_shallow) {
	volt_slot one = volt_interface_type(0, 7, VOLT_KIND_STRUCT);
	volt_slot other = volt_interface_type(0, 8, VOLT_KIND_STRUCT);
	volt_slot object = host_string("any object");
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, ANY_NIL, ANY_NIL).results[0], 1);
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, ANY_INT(1), ANY_INT(1)).results[0], 1);
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, ANY_INT(1), ANY_INT(2)).results[0], 0);
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, ANY_INT(1), ANY(INT64, 1)).results[0], 0);
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, ANY_STRING("a"), ANY_STRING("a")).results[0], 1);
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, ANY_STRING("a"), ANY_STRING("b")).results[0], 0);
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, one, object, one, object).results[0], 1);
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, one, object, other, object).results[0], 0);
	/* type ids do not count elsewhere */
	volt_slot named = volt_interface_type(3, 99, VOLT_KIND_INT);
	ck_assert_uint_eq(CALL("vo_iface_eq", 1, ANY_INT(5), named, 5).results[0], 1);
}
END_TEST

START_TEST(code_points_to_strings) {
	static const struct {
		int64_t rune;
		const char *text;
	} cases[] = {
	    {65, "A"},      {0xe9, "é"},        {0x4e16, "世"},       {0x1f600, "😀"},
	    {-1, "\uFFFD"}, {0xd800, "\uFFFD"}, {0x110000, "\uFFFD"}, {0x100000041, "A"}, /* low 32 bits */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_expect_string(cases[i].text, CALL("vo_conv_int_str", 1, (volt_slot)cases[i].rune).results[0],
		                   cases[i].text);
	}
	string_view zero = host_view(CALL("vo_conv_int_str", 1, 0).results[0]);
	ck_assert_uint_eq(zero.length, 1);
	ck_assert_int_eq(zero.bytes[0], 0);
}
END_TEST

START_TEST(bytes_and_strings) {
	volt_slot bytes = CALL("vo_conv_str_bytes", 1, host_string("share")).results[0];
	volt_slot text = CALL("vo_conv_bytes_str", 1, bytes).results[0];
	slice_data(bytes)[0] = 'X';
	host_expect_string("a copy", text, "share");
	ck_assert_uint_eq(CALL("vo_conv_str_bytes", 1, 0).results[0], 0);
	ck_assert_uint_eq(CALL("vo_conv_bytes_str", 1, 0).results[0], 0);
}
END_TEST

START_TEST(runes_and_strings) {
	volt_slot runes = CALL("vo_conv_str_runes", 1, host_string("a\xff世")).results[0];
	ck_assert_uint_eq(slice_length(runes), 3);
	int32_t expected[] = {'a', 0xfffd, 0x4e16};
	ck_assert_mem_eq(slice_data(runes), expected, sizeof expected);
	expected[1] = -5;
	memcpy(slice_data(runes), expected, sizeof expected);
	host_expect_string("back", CALL("vo_conv_runes_str", 1, runes).results[0], "a\uFFFD世");
	ck_assert_uint_eq(CALL("vo_conv_str_runes", 1, 0).results[0], 0);
	ck_assert_uint_eq(CALL("vo_conv_runes_str", 1, 0).results[0], 0);
}
END_TEST

HOST_MAIN("builtins", print_joins_with_spaces, print_puts_no_space_behind_leading_empty_text,
          print_of_nothing, assert_panics_only_when_false, panic_with_error_shows_the_value,
          copy_takes_the_shorter_length, append_slice_grows_as_specified, interface_equality_is_shallow,
          code_points_to_strings, bytes_and_strings, runes_and_strings)
