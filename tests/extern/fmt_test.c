/* Package fmt: every verb, flag, width and precision, and the texts for operands that do not fit. */
#include <math.h>
#include <string.h>

#include "host.h"

/* Sprintf of a format with type word and payload of each operand. */
static void check(const char *expected, const char *format, const volt_slot *words, size_t count) {
	volt_slot operands = host_operands(words, count / 2);
	host_outcome outcome = CALL("fmt_nativeSprintf", 1, host_string(format), operands);
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
	host_expect_string(format, outcome.results[0], expected);
}
#define SPRINTF(expected, format, ...) \
	check((expected), (format), (const volt_slot[]){__VA_ARGS__}, \
	      sizeof((const volt_slot[]){__VA_ARGS__}) / sizeof(volt_slot))

static volt_slot float32_bits(float value) {
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	return bits;
}

START_TEST(sprint_separates_always) {
	volt_slot operands = OPERANDS(ANY_STRING(""), ANY_STRING("b"), ANY_INT(1), ANY_STRING(""));
	host_expect_string("Sprint", CALL("fmt_nativeSprint", 1, operands).results[0], " b 1 ");
	host_expect_string("Sprintln", CALL("fmt_nativeSprintln", 1, operands).results[0], " b 1 \n");
	ck_assert_uint_eq(CALL("fmt_nativeSprint", 1, 0).results[0], 0);
	host_expect_string("Sprintln", CALL("fmt_nativeSprintln", 1, 0).results[0], "\n");
}
END_TEST

START_TEST(write_goes_to_standard_output) {
	host_outcome outcome = CALL("fmt_nativeWrite", 0, host_string("as it is\n"));
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
	ck_assert_str_eq(host_output(), "as it is\n");
	CALL("fmt_nativeWrite", 0, 0);
	ck_assert_str_eq(host_output(), "");
}
END_TEST

START_TEST(percent_signs) {
	SPRINTF("100%", "%d%%", ANY_INT(100));
	SPRINTF("%", "%", ANY_INT(1));
	SPRINTF("a%", "a%", ANY_INT(1));
	SPRINTF("x%", "x%-08.3", ANY_INT(1));
	SPRINTF("%%", "%%%%", ANY_INT(1));
	SPRINTF("%!%(7)", "%5%", ANY_INT(7)); /* only immediately doubled ones are literal */
}
END_TEST

START_TEST(missing_and_extra_operands) {
	SPRINTF("1 %!s(MISSING)", "%d %s", ANY_INT(1));
	SPRINTF("1", "%d", ANY_INT(1), ANY_INT(2));
	SPRINTF("1%!世(MISSING)", "%d%5世", ANY_INT(1));
	host_outcome outcome = CALL("fmt_nativeSprintf", 1, host_string("%v|"), 0);
	host_expect_string("nil slice", outcome.results[0], "%!v(MISSING)|");
	ck_assert_uint_eq(CALL("fmt_nativeSprintf", 1, 0, 0).results[0], 0);
}
END_TEST

START_TEST(unknown_verbs) {
	SPRINTF("%!g(1.5)", "%g", ANY_FLOAT(1.5));
	SPRINTF("%!c(65)", "%c", ANY_INT(65));
	SPRINTF("%! (42)d", "% d", ANY_INT(42)); /* a space is no flag */
	SPRINTF("%!#(42)x", "%#x", ANY_INT(42));
	SPRINTF("%!*(42)d", "%*d", ANY_INT(42));
	SPRINTF("%!世(42)", "%世", ANY_INT(42));
}
END_TEST

START_TEST(values) {
	SPRINTF("-7 true s 1.5 <nil>", "%v %v %v %v %v", ANY_INT(-7), ANY(BOOL, 1), ANY_STRING("s"),
	        ANY_FLOAT(1.5), ANY_NIL);
	SPRINTF("7|7", "%9v|%-9v", ANY_INT(7), ANY_INT(7)); /* width and flags are ignored */
	SPRINTF("18446744073709551615", "%v", ANY(UINT64, -1));
	SPRINTF("36674.813 36674.438 0.1", "%v %v %v", ANY(FLOAT32, float32_bits(36674.8125f)),
	        ANY(FLOAT32, float32_bits(36674.4375f)), ANY(FLOAT32, float32_bits(0.1f)));
}
END_TEST

START_TEST(decimals) {
	SPRINTF("42|   42|42   |00042|+42", "%d|%5d|%-5d|%05d|%+d", ANY_INT(42), ANY_INT(42), ANY_INT(42),
	        ANY_INT(42), ANY_INT(42));
	SPRINTF("-42|  -42|-42  |-0042|-42", "%d|%5d|%-5d|%05d|%+d", ANY_INT(-42), ANY_INT(-42), ANY_INT(-42),
	        ANY_INT(-42), ANY_INT(-42));
	SPRINTF("1234|1234|1234", "%3d|%-3d|%03d", ANY_INT(1234), ANY_INT(1234), ANY_INT(1234));
	SPRINTF("+0042|42   |+42  ", "%+05d|%-05d|%-+05d", ANY_INT(42), ANY_INT(42), ANY_INT(42));
	SPRINTF("007|-007|   -007|0|0", "%.3d|%.3d|%7.3d|%.d|%.0d", ANY_INT(7), ANY_INT(-7), ANY_INT(-7),
	        ANY_INT(0), ANY_INT(0));
	SPRINTF("-0000007", "%08.3d", ANY_INT(-7));
	SPRINTF("-9223372036854775808", "%d", ANY_INT(INT64_MIN));
	SPRINTF("-1", "%d", ANY(UINT64, -1)); /* the slot as a signed number */
	SPRINTF("-1 255", "%d %d", ANY(INT8, -1), ANY(UINT8, 255));
	SPRINTF("%!d(x) %!d(1.5) %!d(<nil>) %!d(true)", "%d %d %d %d", ANY_STRING("x"), ANY_FLOAT(1.5), ANY_NIL,
	        ANY(BOOL, 1));
}
END_TEST

START_TEST(strings) {
	SPRINTF("str|     str|str     |00000str|str     ", "%s|%8s|%-8s|%08s|%-08s", ANY_STRING("str"),
	        ANY_STRING("str"), ANY_STRING("str"), ANY_STRING("str"), ANY_STRING("str"));
	SPRINTF("hé| hé||héllo", "%.2s|%3.2s|%.s|%.9s", ANY_STRING("héllo"), ANY_STRING("héllo"),
	        ANY_STRING("héllo"), ANY_STRING("héllo"));
	SPRINTF("  世界|世界  ", "%4s|%-4s", ANY_STRING("世界"), ANY_STRING("世界")); /* characters, not bytes */
	SPRINTF("    5|true |1.5", "%5s|%-5s|%.1s", ANY_INT(5), ANY(BOOL, 1), ANY_FLOAT(1.5));
	SPRINTF("<nil>", "%s", ANY_NIL);
}
END_TEST

START_TEST(floats) {
	SPRINTF("3.141590|3.14|   3.142|3.1     |-003.142|+2.0", "%f|%.2f|%8.3f|%-8.1f|%08.3f|%+.1f",
	        ANY_FLOAT(3.14159), ANY_FLOAT(3.14159), ANY_FLOAT(3.14159), ANY_FLOAT(3.14159),
	        ANY_FLOAT(-3.14159), ANY_FLOAT(2.0));
	SPRINTF("2|4|0|-0|1", "%.0f|%.f|%.0f|%.0f|%.0f", ANY_FLOAT(2.5), ANY_FLOAT(3.5), ANY_FLOAT(0.5),
	        ANY_FLOAT(-0.5), ANY_FLOAT(0.51));
	SPRINTF("-0.000000", "%f", ANY_FLOAT(-0.0));
	SPRINTF("0.1000000015", "%.10f", ANY(FLOAT32, float32_bits(0.1f)));
	SPRINTF("1000000000000000019884624838656.0", "%.1f", ANY_FLOAT(1e30));
	SPRINTF("inf|-inf|NaN|+inf", "%f|%f|%f|%+f", ANY_FLOAT(HUGE_VAL), ANY_FLOAT(-HUGE_VAL), ANY_FLOAT(NAN),
	        ANY_FLOAT(HUGE_VAL));
	SPRINTF("   inf|  -inf|NaN   ", "%6f|%06f|%-6f", ANY_FLOAT(HUGE_VAL), ANY_FLOAT(-HUGE_VAL),
	        ANY_FLOAT(NAN));
	SPRINTF("%!f(1) %!f(s)", "%f %f", ANY_INT(1), ANY_STRING("s"));
}
END_TEST

START_TEST(long_precisions_are_zeros) {
	volt_slot operands = OPERANDS(ANY_FLOAT(0.5));
	string_view text = host_view(CALL("fmt_nativeSprintf", 1, host_string("%.5000f"), operands).results[0]);
	ck_assert_uint_eq(text.length, 5002);
	ck_assert_mem_eq(text.bytes, "0.5000", 6);
	ck_assert_int_eq(text.bytes[5001], '0');
	text = host_view(CALL("fmt_nativeSprintf", 1, host_string("%100000d"), OPERANDS(ANY_INT(7))).results[0]);
	ck_assert_uint_eq(text.length, 100000);
	ck_assert_int_eq(text.bytes[0], ' ');
	ck_assert_int_eq(text.bytes[99999], '7');
}
END_TEST

/* Widths and precisions that no text can have are said, and the operand is shown without them. */
START_TEST(numbers_that_are_too_large) {
	SPRINTF("%!(BADWIDTH)7", "%99999999999d", ANY_INT(7));
	SPRINTF("%!(BADWIDTH)7", "%2147483648d", ANY_INT(7));
	SPRINTF("%!(BADWIDTH)-7", "%-99999999999d", ANY_INT(-7));
	SPRINTF("%!(BADWIDTH)+7", "%+099999999999d", ANY_INT(7));
	/* 2^64 + 1, and a number that is longer than any integer */
	SPRINTF("%!(BADWIDTH)7", "%18446744073709551617d", ANY_INT(7));
	SPRINTF("%!(BADWIDTH)7", "%9999999999999999999999999999999999999999d", ANY_INT(7));
	SPRINTF("%!(BADPREC)7", "%.99999999999d", ANY_INT(7));
	SPRINTF("%!(BADWIDTH)%!(BADPREC)7|", "%99999999999.99999999999d|", ANY_INT(7));
	SPRINTF("%!(BADPREC)    7", "%5.99999999999d", ANY_INT(7));
	SPRINTF("%!(BADPREC)1.500000", "%.99999999999f", ANY_FLOAT(1.5));
	SPRINTF("%!(BADWIDTH)1.5", "%99999999999.1f", ANY_FLOAT(1.5));
	SPRINTF("%!(BADWIDTH)inf", "%99999999999.99999999999f", ANY_FLOAT(HUGE_VAL));
	SPRINTF("%!(BADWIDTH)ab", "%99999999999s", ANY_STRING("ab"));
	SPRINTF("%!(BADWIDTH)<nil>", "%099999999999s", ANY_NIL);
	SPRINTF("a%!(BADWIDTH)1b%!(BADWIDTH)2c", "a%99999999999db%99999999999dc", ANY_INT(1), ANY_INT(2));
	/* A precision that cuts does not care, nor do verbs that ignore both. */
	SPRINTF("ab", "%.99999999999s", ANY_STRING("ab"));
	SPRINTF("7|true|\"a\"|7|0x7|int",
	        "%99999999999v|%99999999999t|%99999999999q|%.99999999999x|%99999999999p"
	        "|%99999999999T",
	        ANY_INT(7), ANY(BOOL, 1), ANY_STRING("a"), ANY_INT(7), ANY(POINTER, 7), ANY_INT(7));
	SPRINTF("%!d(ab)", "%99999999999d", ANY_STRING("ab"));
}
END_TEST

START_TEST(truth) {
	SPRINTF("true|false|true", "%t|%t|%5t", ANY(BOOL, 1), ANY(BOOL, 0), ANY(BOOL, 1));
	SPRINTF("%!t(1)", "%t", ANY_INT(1));
}
END_TEST

START_TEST(hexadecimals) {
	SPRINTF("bee|BEE|bee", "%x|%X|%8x", ANY_INT(3054), ANY_INT(3054), ANY_INT(3054));
	SPRINTF("ffffffffffffffff ff ffff fffffffe", "%x %x %x %x", ANY_INT(-1), ANY(INT8, -1), ANY(INT16, -1),
	        ANY(INT32, -2));
	SPRINTF("0 ff FF", "%x %x %X", ANY_INT(0), ANY(UINT8, 255), ANY(UINT64, 255));
	SPRINTF("68c3a9|68C3A9|", "%x|%X|%x", ANY_STRING("hé"), ANY_STRING("hé"), ANY_STRING(""));
	SPRINTF("%!x(1.5) %!X(true)", "%x %X", ANY_FLOAT(1.5), ANY(BOOL, 1));
}
END_TEST

START_TEST(pointers) {
	SPRINTF("0x1f|0x0|0xabc", "%p|%p|%p", ANY(POINTER, 0x1f), ANY_NIL, ANY_INT(0xabc));
}
END_TEST

START_TEST(quotes) {
	SPRINTF("\"q\\\"x\"", "%q", ANY_STRING("q\"x"));
	SPRINTF("\"a\\n\\r\\t\\\\'é世\"", "%q", ANY_STRING("a\n\r\t\\'é世"));
	SPRINTF("\"\\u{1}\\u{7f}\\u{200b}\\u{e000}\\u{301}\"", "%q",
	        ANY_STRING("\x01\x7f\u200b\xee\x80\x80\u0301"));
	SPRINTF("\"\"", "%q", ANY_STRING(""));
	SPRINTF("%!q(1)", "%q", ANY_INT(1));
	volt_slot zero = string_new(host_space(), "a\0b", 3);
	SPRINTF("\"a\\0b\"", "%q", ANY(STRING, zero));
}
END_TEST

START_TEST(type_names) {
	SPRINTF("<nil> bool int int8 int16 int32 int64", "%T %T %T %T %T %T %T", ANY_NIL, ANY(BOOL, 0),
	        ANY_INT(0), ANY(INT8, 0), ANY(INT16, 0), ANY(INT32, 0), ANY(INT64, 0));
	SPRINTF("uint uint8 uint16 uint32 uint64 float32 float64 string", "%T %T %T %T %T %T %T %T", ANY(UINT, 0),
	        ANY(UINT8, 0), ANY(UINT16, 0), ANY(UINT32, 0), ANY(UINT64, 0), ANY(FLOAT32, 0), ANY_FLOAT(0),
	        ANY_STRING("x"));
	SPRINTF("[]...|map[...]...|chan ...|func(...)|*...|[...]...|struct{...}|port ...|island",
	        "%T|%T|%T|%T|%T|%T|%T|%T|%T", ANY(SLICE, 0), ANY(MAP, 0), ANY(CHANNEL, 0), ANY(CLOSURE, 0),
	        ANY(POINTER, 0), ANY(ARRAY, 0), ANY(STRUCT, 0), ANY(PORT, 0), ANY(ISLAND, 0));
}
END_TEST

HOST_MAIN("fmt", sprint_separates_always, write_goes_to_standard_output, percent_signs,
          missing_and_extra_operands, unknown_verbs, values, decimals, strings, floats,
          long_precisions_are_zeros, numbers_that_are_too_large, truth, hexadecimals, pointers, quotes,
          type_names)
