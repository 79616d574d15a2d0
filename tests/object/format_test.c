/* Values as text: floats, kinds, error chains. */
#include <inttypes.h>
#include <math.h>

#include "fixture.h"
#include "object/arrays.h"
#include "object/error_values.h"
#include "object/format.h"

static buffer out;

static const char *formatted(void) {
	static char kept[4096];
	ck_assert_uint_lt(out.length, sizeof kept);
	memcpy(kept, out.bytes ? out.bytes : "", out.length + (out.bytes != NULL));
	kept[out.length] = 0;
	buffer_free(&out);
	return kept;
}

static const char *float64_text(double value) {
	format_float64(&out, value);
	return formatted();
}

static const char *float32_text(float value) {
	format_float32(&out, value);
	return formatted();
}

static const char *fixed_text(double value, unsigned precision) {
	format_float_fixed(&out, value, precision);
	return formatted();
}

static const char *value_text(volt_slot type, volt_slot payload) {
	format_interface(space, &out, (volt_slot[]){type, payload}, true);
	return formatted();
}

START_TEST(float64_is_shortest_and_positional) {
	static const struct {
		double value;
		const char *expected;
	} rows[] = {
	    {1, "1"},
	    {-1, "-1"},
	    {0, "0"},
	    {-0.0, "-0"},
	    {0.1, "0.1"},
	    {0.1 + 0.2, "0.30000000000000004"},
	    {1.5, "1.5"},
	    {100, "100"},
	    {123456.789, "123456.789"},
	    {1e21, "1000000000000000000000"},
	    {1e-7, "0.0000001"},
	    {-0x1p63, "-9223372036854776000"},
	    {9007199254740991, "9007199254740991"},
	    {9007199254740992, "9007199254740992"},
	    {9007199254740994.0, "9007199254740994"},
	    {1.0 / 3, "0.3333333333333333"},
	    {2.0 / 3, "0.6666666666666666"},
	    {5e-324 * 0 + INFINITY, "inf"},
	    {-INFINITY, "-inf"},
	    {NAN, "NaN"},
	    {-NAN, "NaN"},
	    {0x1p-44, "0.00000000000005684341886080802"},
	};
	for (size_t index = 0; index < sizeof rows / sizeof *rows; index++)
		ck_assert_str_eq(float64_text(rows[index].value), rows[index].expected);
}
END_TEST

START_TEST(float64_reaches_its_limits) {
	char expected[400];
	memset(expected, '0', sizeof expected);
	expected[1] = '.';
	strcpy(expected + 325, "5");
	ck_assert_str_eq(float64_text(5e-324), expected);
	memset(expected, '0', sizeof expected);
	memcpy(expected, "17976931348623157", 17);
	expected[309] = 0;
	ck_assert_str_eq(float64_text(0x1.fffffffffffffp1023), expected);
}
END_TEST

START_TEST(float32_is_shortest) {
	ck_assert_str_eq(float32_text(0.1f), "0.1");
	ck_assert_str_eq(float32_text(3.0f / 7), "0.42857143");
	ck_assert_str_eq(float32_text(16777216.0f), "16777216");
	ck_assert_str_eq(float32_text(1e10f), "10000000000");
	ck_assert_str_eq(float32_text(3.4028235e38f), "340282350000000000000000000000000000000");
	ck_assert_str_eq(float32_text(1e-45f), "0.000000000000000000000000000000000000000000001");
	ck_assert_str_eq(float32_text(-0.0f), "-0");
	ck_assert_str_eq(float32_text(INFINITY), "inf");
	ck_assert_str_eq(float32_text(33554432.0f), "33554432");
}
END_TEST

/* Digits from the first that is not zero to the last that is not zero. */
static int significant_digits(const char *number) {
	int first = -1, last = -1, count = 0;
	for (; *number; number++) {
		if (*number < '0' || *number > '9')
			continue;
		if (*number != '0') {
			first = first < 0 ? count : first;
			last = count;
		}
		count++;
	}
	return last - first + 1;
}

/* The fewest digits with which printf's rounding reads back: never fewer than the shortest. */
static int printf_digits(double value) {
	char digits[64];
	for (int count = 1; count < 17; count++) {
		snprintf(digits, sizeof digits, "%.*e", count - 1, value);
		if (strtod(digits, NULL) == value)
			return count;
	}
	return 17;
}

START_TEST(random_float64_bits_read_back_with_the_fewest_digits) {
	uint64_t state = 1;
	for (int round = 0; round < 4000; round++) {
		uint64_t bits = next_random(&state);
		if (round % 4 == 0)
			bits &= 0xfff0000000000000u; /* powers of two: unequal neighbours */
		if (round % 7 == 0)
			bits &= 0x800fffffffffffffu; /* subnormal */
		double value = volt_slot_float(bits);
		if (!isfinite(value) || value == 0)
			continue;
		const char *shown = float64_text(value);
		ck_assert_msg(strtod(shown, NULL) == value, "%a is shown as %s", value, shown);
		ck_assert_msg(significant_digits(shown) <= printf_digits(value), "%a is shown as %s", value, shown);
	}
}
END_TEST

/* Up to fifteen digits, the last one behind the point, if there is one, not 0: what is read is what is shown.
 */
START_TEST(decimals_of_few_digits_are_shown_as_they_are) {
	uint64_t state = 3, size = 1;
	for (int round = 0; round < 6000; round++) {
		size = round % 15 == 0 ? 10 : size * 10;
		uint64_t places = 1, number = next_random(&state) % size;
		const int behind = round / 15 % 13;
		for (int place = 0; place < behind; place++)
			places *= 10;
		if (number % 10 == 0)
			number++;
		char written[64];
		if (behind)
			snprintf(written, sizeof written, "-%" PRIu64 ".%0*" PRIu64, number / places, behind,
			         number % places);
		else
			snprintf(written, sizeof written, "-%" PRIu64, number);
		ck_assert_str_eq(float64_text(strtod(written, NULL)), written);
		ck_assert_str_eq(float64_text(strtod(written + 1, NULL)), written + 1);
	}
}
END_TEST

START_TEST(random_float32_bits_read_back) {
	uint64_t state = 2;
	for (int round = 0; round < 4000; round++) {
		uint32_t bits = (uint32_t)next_random(&state);
		float value;
		memcpy(&value, &bits, sizeof value);
		if (!isfinite(value) || value == 0)
			continue;
		const char *shown = float32_text(value);
		ck_assert_msg(strtof(shown, NULL) == value, "%a is shown as %s", (double)value, shown);
		ck_assert_int_le(significant_digits(shown), 9);
	}
}
END_TEST

START_TEST(fixed_digits_round_half_even_on_the_exact_value) {
	ck_assert_str_eq(fixed_text(0.5, 0), "0");
	ck_assert_str_eq(fixed_text(1.5, 0), "2");
	ck_assert_str_eq(fixed_text(2.5, 0), "2");
	ck_assert_str_eq(fixed_text(0.125, 2), "0.12");
	ck_assert_str_eq(fixed_text(1.005, 2), "1.00");
	ck_assert_str_eq(fixed_text(-3.14159, 3), "-3.142");
	ck_assert_str_eq(fixed_text(-0.0, 1), "-0.0");
	ck_assert_str_eq(fixed_text(INFINITY, 6), "inf");
	ck_assert_str_eq(fixed_text(NAN, 6), "NaN");
	ck_assert_str_eq(fixed_text(1e21, 1), "1000000000000000000000.0");
	format_float_fixed(&out, 0.5, 3000);
	ck_assert_uint_eq(out.length, 3002);
	ck_assert_str_eq(formatted() + 2990, "000000000000");
}
END_TEST

START_TEST(scalars_by_kind) {
	ck_assert_str_eq(value_text(0, 5), "<nil>");
	ck_assert_str_eq(value_text(VOLT_KIND_BOOL, 1), "true");
	ck_assert_str_eq(value_text(VOLT_KIND_BOOL, 0), "false");
	ck_assert_str_eq(value_text(VOLT_KIND_INT, UINT64_MAX), "-1");
	ck_assert_str_eq(value_text(VOLT_KIND_INT64, 1ull << 63), "-9223372036854775808");
	ck_assert_str_eq(value_text(VOLT_KIND_UINT64, UINT64_MAX), "18446744073709551615");
	ck_assert_str_eq(value_text(VOLT_KIND_INT8, 0x1ff), "-1");
	ck_assert_str_eq(value_text(VOLT_KIND_UINT8, 0x1ff), "255");
	ck_assert_str_eq(value_text(VOLT_KIND_INT16, 0x18000), "-32768");
	ck_assert_str_eq(value_text(VOLT_KIND_UINT16, 0x18000), "32768");
	ck_assert_str_eq(value_text(VOLT_KIND_INT32, 0xffffffff), "-1");
	ck_assert_str_eq(value_text(VOLT_KIND_UINT32, 0xffffffff), "4294967295");
	ck_assert_str_eq(value_text(VOLT_KIND_FLOAT32, 0xffffffff3dcccccdu), "0.1");
	ck_assert_str_eq(value_text(VOLT_KIND_FLOAT64, volt_slot_from_float(2.5)), "2.5");
	ck_assert_str_eq(value_text(VOLT_KIND_STRING, text("raw \n")), "raw \n");
	ck_assert_str_eq(value_text(VOLT_KIND_STRING, 0), "");
}
END_TEST

START_TEST(compound_kinds) {
	volt_slot ints = 0, one = 1;
	ck_assert_int_eq(slice_append(space, 0, VOLT_KIND_INT, 8, 8, &one, &ints).kind, VOLT_TRAP_None);
	ck_assert_str_eq(value_text(VOLT_KIND_SLICE, 0), "[]");
	ck_assert_str_eq(value_text(VOLT_KIND_SLICE, ints), "[len=1]");
	ck_assert_str_eq(value_text(VOLT_KIND_SLICE, slice_from_bytes(space, "\1\2\3", 3)), "[1, 2, 3]");
	ck_assert_str_eq(value_text(VOLT_KIND_SLICE, slice_from_bytes(space, "12345678", 8)),
	                 "[49, 50, 51, 52, 53, 54, 55, 56]");
	ck_assert_str_eq(value_text(VOLT_KIND_SLICE, slice_from_bytes(space, "123456789", 9)),
	                 "[49, 50, 51, 52, 53, 54, 55, 56]...");
	ck_assert_str_eq(value_text(VOLT_KIND_ARRAY, 0), "[...]");
	ck_assert_str_eq(value_text(VOLT_KIND_MAP, 0), "map[...]");
	ck_assert_str_eq(value_text(VOLT_KIND_STRUCT, 0), "{...}");
	ck_assert_str_eq(value_text(VOLT_KIND_POINTER, 0), "0x0");
	ck_assert_str_eq(value_text(VOLT_KIND_POINTER, 0xABCDEF), "0xabcdef");
	ck_assert_str_eq(value_text(VOLT_KIND_CHANNEL, 0x10), "0x10");
	ck_assert_str_eq(value_text(VOLT_KIND_CLOSURE, 0), "0x0");
	ck_assert_str_eq(value_text(VOLT_KIND_PORT, 0), "<port>");
	ck_assert_str_eq(value_text(VOLT_KIND_ISLAND, 0), "<island>");
}
END_TEST

static const char *error_text(const volt_slot error[2]) {
	return value_text(error[0], error[1]);
}

START_TEST(errors_show_message_and_causes) {
	volt_slot root[2], middle[2], top[2];
	error_value_format(space, root, "root");
	error_value_new(space, middle, "middle", 6, root);
	error_value_new(space, top, "top", 3, middle);
	ck_assert_str_eq(error_text(top), "top: middle: root");
	format_interface(space, &out, top, false);
	ck_assert_str_eq(strncmp(formatted(), "0x", 2) ? "chain" : "pointer", "pointer");
	error_value_new(space, middle, "", 0, NULL);
	error_value_new(space, top, "top", 3, middle);
	ck_assert_str_eq(error_text(top), "top");
	error_value_new(space, top, "top", 3, (volt_slot[]){any_type(17, VOLT_KIND_STRING), text("<nil>")});
	ck_assert_str_eq(error_text(top), "top");
	error_value_new(space, top, "top", 3, (volt_slot[]){any_type(17, VOLT_KIND_STRING), text("text")});
	ck_assert_str_eq(error_text(top), "top: text");
	ck_assert_str_eq(value_text(any_type(TYPE_ERROR_POINTER, VOLT_KIND_POINTER), 0), "0x0");
}
END_TEST

START_TEST(circular_causes_end) {
	volt_slot error[2];
	error_value_format(space, error, "again");
	memcpy((volt_slot *)volt_slot_pointer(error[1]) + 1, error, sizeof error);
	const char *shown = error_text(error);
	ck_assert_int_eq(strncmp(shown, "again: again: again", 19), 0);
	ck_assert_uint_lt(strlen(shown), 1000);
}
END_TEST

/* Only circles end early: a chain may be long, and of several causes that show nothing none is shown. */
START_TEST(long_chains_are_complete) {
	volt_slot error[2] = {0, 0};
	error_value_format(space, error, "<nil>");
	for (int depth = 0; depth < 3; depth++)
		error_value_new(space, error, "", 0, (volt_slot[]){error[0], error[1]});
	for (int depth = 0; depth < 500; depth++)
		error_value_new(space, error, "deep", 4, (volt_slot[]){error[0], error[1]});
	const char *shown = error_text(error);
	ck_assert_uint_eq(strlen(shown), 500 * strlen("deep: ") - strlen(": "));
	ck_assert_str_eq(shown + strlen(shown) - 10, "deep: deep");
}
END_TEST

START_TEST(a_space_stands_between_only_if_there_is_text_before) {
	volt_slot string = any_type(17, VOLT_KIND_STRING),
	          empty[] = {string, 0, string, text("a"), string, 0, 2, 7};
	format_interfaces(space, &out, empty, 4);
	ck_assert_str_eq(formatted(), "a  7");
	format_interfaces(space, &out, empty, 0);
	ck_assert_str_eq(formatted(), "");
}
END_TEST

int main(void) {
	return run_suite("format", (test_list){
	                               float64_is_shortest_and_positional,
	                               float64_reaches_its_limits,
	                               float32_is_shortest,
	                               random_float64_bits_read_back_with_the_fewest_digits,
	                               decimals_of_few_digits_are_shown_as_they_are,
	                               random_float32_bits_read_back,
	                               fixed_digits_round_half_even_on_the_exact_value,
	                               scalars_by_kind,
	                               compound_kinds,
	                               errors_show_message_and_causes,
	                               circular_causes_end,
	                               long_chains_are_complete,
	                               a_space_stands_between_only_if_there_is_text_before,
	                               NULL,
	                           });
}
