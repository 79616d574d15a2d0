/* Package strconv: which texts are floats and what they are, and every form of floats as text. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "host.h"

static host_outcome parse(const char *text, int bits) {
	return CALL("strconv_ParseFloat", 2, host_string(text), (volt_slot)bits);
}

START_TEST(valid_floats) {
	static const struct {
		const char *text;
		double value;
	} cases[] = {
	    {"0", 0.0},
	    {"-0", -0.0},
	    {"3.25", 3.25},
	    {"-1e3", -1000},
	    {"+2.5E-1", 0.25},
	    {".5", 0.5},
	    {"5.", 5},
	    {"5.e1", 50},
	    {"0.1", 0.1},
	    {"  7\t\n", 7},
	    {"\u00a08\u3000", 8},
	    {"1e400", HUGE_VAL},
	    {"-1e400", -HUGE_VAL},
	    {"1e-400", 0},
	    {"4.9e-324", 4.9e-324},
	    {"1.7976931348623157e308", DBL_MAX},
	    {"inf", HUGE_VAL},
	    {"-INF", -HUGE_VAL},
	    {"+Infinity", HUGE_VAL},
	    {"1e+2", 100},
	    {"000000000000000000000001", 1},
	    {"1e99999999999999999999", HUGE_VAL},
	    {"9007199254740993", 9007199254740992.0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_outcome outcome = parse(cases[i].text, 64);
		ck_assert_msg(outcome.results[0] == FLOAT(cases[i].value), "%s: %g", cases[i].text,
		              volt_slot_float(outcome.results[0]));
		ck_assert_msg(outcome.results[1] == 1, "%s: refused", cases[i].text);
	}
	ck_assert_double_nan(volt_slot_float(parse("nan", 64).results[0]));
	ck_assert_uint_eq(parse("-NaN", 64).results[1], 1);
}
END_TEST

START_TEST(invalid_floats) {
	static const char *const texts[] = {
	    "",      " ",   "abc", ".",   "+",     "-",  "e5",   ".e5",   "1e",  "1e+",  "1e5x",  "1 2",  "0x10",
	    "1_000", "--1", "+-1", "+ 1", "infin", "in", "nano", "1.2.3", "1,5", "\xff", "1\xff", "inf1", "0x1p3",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		host_outcome outcome = parse(texts[i], 64);
		ck_assert_msg(outcome.results[1] == 0, "\"%s\" was accepted", texts[i]);
		ck_assert_msg(outcome.results[0] == 0, "\"%s\" has a value", texts[i]);
	}
}
END_TEST

START_TEST(zero_byte_ends_no_number) {
	volt_slot text = string_new(host_space(), "1\0", 2);
	ck_assert_uint_eq(CALL("strconv_ParseFloat", 2, text, 64).results[1], 0);
}
END_TEST

START_TEST(single_precision) {
	ck_assert_uint_eq(parse("0.1", 32).results[0], FLOAT((double)0.1f));
	ck_assert_uint_eq(parse("16777217", 32).results[0], FLOAT(16777216.0));
	host_outcome outcome = parse("1e39", 32); /* beyond the largest single */
	ck_assert_uint_eq(outcome.results[1], 0);
	ck_assert_uint_eq(outcome.results[0], FLOAT(1e39)); /* refused, and still there */
	outcome = parse("-3.5e38", 32);
	ck_assert_uint_eq(outcome.results[1], 0);
	ck_assert_uint_eq(outcome.results[0], FLOAT(-3.5e38));
	ck_assert_uint_eq(parse("inf", 32).results[1], 1);
	ck_assert_uint_eq(parse("1e38", 32).results[1], 1);
}
END_TEST

static void check_format(double value, char form, int64_t precision, int bits, const char *expected) {
	host_outcome outcome =
	    CALL("strconv_FormatFloat", 1, FLOAT(value), (volt_slot)form, (volt_slot)precision, (volt_slot)bits);
	char where[64];
	snprintf(where, sizeof where, "%g '%c' %lld %d", value, form, (long long)precision, bits);
	host_expect_string(where, outcome.results[0], expected);
}

START_TEST(exponent_form) {
	static const struct {
		double value;
		int64_t precision;
		const char *text;
	} cases[] = {
	    {1.5, -1, "1.5e0"},      {0, -1, "0e0"},
	    {-0.0, -1, "-0e0"},      {1, -1, "1e0"},
	    {10, -1, "1e1"},         {123456, -1, "1.23456e5"},
	    {100200, -1, "1.002e5"}, {0.00012, -1, "1.2e-4"},
	    {-1e300, -1, "-1e300"},  {5e-324, -1, "5e-324"},
	    {1e21, -1, "1e21"},      {DBL_MAX, -1, "1.7976931348623157e308"},
	    {0.1, -1, "1e-1"},       {0.000123, 3, "1.230e-4"},
	    {0, 2, "0.00e0"},        {1, 0, "1e0"},
	    {25, 0, "2e1"},          {35, 0, "4e1"},
	    {99.99, 1, "1.0e2"},     {-2.5e-10, 2, "-2.50e-10"},
	    {1e100, 0, "1e100"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		check_format(cases[i].value, 'e', cases[i].precision, 64, cases[i].text);
		check_format(cases[i].value, 'x', cases[i].precision, 64, cases[i].text);
	}
	check_format(1.5e10, 'E', -1, 64, "1.5E10");
	check_format(1.5e-10, 'X', 2, 64, "1.50E-10");
	check_format(HUGE_VAL, 'e', -1, 64, "inf");
	check_format(-HUGE_VAL, 'E', 3, 64, "-inf");
	check_format(NAN, 'E', 3, 64, "NaN");
}
END_TEST

START_TEST(positional_forms) {
	check_format(3.14159, 'f', 2, 64, "3.14");
	check_format(1234.5, 'f', -1, 64, "1234.5");
	check_format(1e21, 'g', -1, 64, "1000000000000000000000"); /* g has no exponent */
	check_format(1e-7, 'G', -1, 64, "0.0000001");
	check_format(1.5, 'g', 3, 64, "1.500");
	check_format(2.5, 'F', 0, 64, "2");
	check_format(HUGE_VAL, 'f', 3, 64, "inf");
	check_format(-HUGE_VAL, 'F', -1, 64, "-inf");
	check_format(HUGE_VAL, 'G', -1, 64, "INF");
	check_format(NAN, 'G', 2, 64, "NAN");
	check_format(NAN, 'g', 2, 64, "NaN");
	check_format(0.1, 'q', 2, 64, "0.1"); /* any other letter: shortest */
	/* Halfway between two shortest forms: up, not to the even digit. */
	check_format(562949953421313.25, 'f', -1, 64, "562949953421313.3");
	check_format(-562949953421313.75, 'e', -1, 64, "-5.629499534213138e14");
	check_format(562949953421313.25, 'f', 1, 64, "562949953421313.2");
	check_format(-0.0, 'f', 1, 64, "-0.0");
}
END_TEST

START_TEST(single_precision_rounds_first) {
	check_format(0.1, 'f', 12, 32, "0.100000001490");
	check_format(1e39, 'f', -1, 32, "inf");
	check_format(0.5, 'e', -1, 32, "5e-1");
}
END_TEST

START_TEST(binary_form_is_the_bit_pattern) {
	check_format(0, 'b', -1, 64, "0");
	check_format(5e-324, 'b', -1, 64, "1");
	/* 1.0 is 0x3ff0000000000000 */
	check_format(1, 'b', -1, 64, "11111111110000000000000000000000000000000000000000000000000000");
	check_format(-0.0, 'b', 5, 64, "1000000000000000000000000000000000000000000000000000000000000000");
	check_format(-NAN, 'b', -1, 64, "111111111111000000000000000000000000000000000000000000000000000");
}
END_TEST

START_TEST(long_precisions_are_zeros) {
	host_outcome outcome = CALL("strconv_FormatFloat", 1, FLOAT(1.5), 'e', 3000, 64);
	string_view text = host_view(outcome.results[0]);
	ck_assert_uint_eq(text.length, 3004);
	ck_assert_mem_eq(text.bytes, "1.500", 5);
	ck_assert_mem_eq(text.bytes + 3000, "00e0", 4);
	text = host_view(CALL("strconv_FormatFloat", 1, FLOAT(-1.5), 'f', 3000, 64).results[0]);
	ck_assert_uint_eq(text.length, 3003);
}
END_TEST

/* More digits than any text has are no reason to end the program. */
START_TEST(precisions_beyond_reason) {
	static const int64_t precisions[] = {(int64_t)INT32_MAX + 1, 99999999999, INT64_MAX};
	static const char forms[] = "eEfFgGxX";
	for (size_t i = 0; i < sizeof precisions / sizeof *precisions; i++) {
		for (const char *form = forms; *form != 0; form++) {
			host_outcome outcome =
			    CALL("strconv_FormatFloat", 1, FLOAT(1.5), (volt_slot)*form, (volt_slot)precisions[i], 64);
			ck_assert_int_eq(outcome.ended, VOLT_NATIVE_PANIC);
			char expected[96];
			snprintf(expected, sizeof expected, "strconv: FormatFloat: precision %lld is too large",
			         (long long)precisions[i]);
			ck_assert_str_eq(host_panic(), expected);
		}
		/* What shows no digits behind a point does not ask. */
		check_format(1, 'b', precisions[i], 64,
		             "11111111110000000000000000000000000000000000000000000000000000");
		check_format((double)INFINITY, 'f', precisions[i], 64, "inf");
	}
	check_format(1.5, 'f', INT64_MIN, 64, "1.5");
}
END_TEST

HOST_MAIN("strconv", valid_floats, invalid_floats, zero_byte_ends_no_number, single_precision, exponent_form,
          positional_forms, single_precision_rounds_first, binary_form_is_the_bit_pattern,
          long_precisions_are_zeros, precisions_beyond_reason)
