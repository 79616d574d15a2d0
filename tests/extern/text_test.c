/* Packages bytes and unicode. */
#include <string.h>

#include "host.h"

static volt_slot bytes(const char *text) {
	return host_bytes(text, strlen(text));
}

START_TEST(byte_searches) {
	static const struct {
		const char *text, *pattern;
		int64_t first, last, count;
	} cases[] = {
	    {"the quick brown fox", "o", 12, 17, 2},
	    {"abc", "", 0, 3, 4},
	    {"", "", 0, 0, 1},
	    {"é", "", 0, 2, 3},
	    {"abc", "zz", -1, -1, 0},
	    {"aaaa", "aa", 0, 2, 2},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		volt_slot text = bytes(cases[i].text);
		volt_slot pattern = bytes(cases[i].pattern);
		ck_assert_int_eq((int64_t)CALL("bytes_Index", 1, text, pattern).results[0], cases[i].first);
		ck_assert_int_eq((int64_t)CALL("bytes_LastIndex", 1, text, pattern).results[0], cases[i].last);
		ck_assert_int_eq((int64_t)CALL("bytes_Count", 1, text, pattern).results[0], cases[i].count);
	}
}
END_TEST

START_TEST(byte_case_is_ascii) {
	volt_slot text = bytes("MiXed Ä[`{@ é\xff");
	host_expect_string("lower", CALL("bytes_ToLower", 1, text).results[0], "mixed Ä[`{@ é\xff");
	host_expect_string("upper", CALL("bytes_ToUpper", 1, text).results[0], "MIXED Ä[`{@ é\xff");
	host_expect_string("unchanged", text, "MiXed Ä[`{@ é\xff");
	ck_assert_uint_eq(CALL("bytes_ToLower", 1, 0).results[0], 0);
}
END_TEST

START_TEST(byte_replacements) {
	static const struct {
		const char *text, *pattern, *replacement;
		int64_t limit;
		const char *expected;
	} cases[] = {
	    {"foo boo", "o", "0", 1, "f0o boo"}, {"foo boo", "o", "", -1, "f b"},
	    {"foo", "x", "y", -1, "foo"},        {"foo", "", "-", -1, "foo"},
	    {"foo", "o", "0", 0, "foo"},         {"aa", "a", "bcd", -1, "bcdbcd"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		volt_slot text = bytes(cases[i].text);
		volt_slot result = CALL("bytes_Replace", 1, text, bytes(cases[i].pattern),
		                        bytes(cases[i].replacement), (volt_slot)cases[i].limit)
		                       .results[0];
		host_expect_string(cases[i].text, result, cases[i].expected);
		ck_assert_ptr_ne(slice_data(result), slice_data(text)); /* always a copy */
	}
}
END_TEST

/* ---- unicode ---- */

typedef struct {
	const char *name;
	const int32_t *yes; /* ends with 0 */
	const int32_t *no;
} class_case;

#define RUNES(...) \
	(const int32_t[]) { \
		__VA_ARGS__, 0 \
	}

static void expect_class(const char *name, const int32_t *runes, bool expected) {
	for (; *runes != 0; runes++) {
		uint64_t got = CALL(name, 1, (volt_slot)(int64_t)*runes).results[0];
		ck_assert_msg(got == expected, "%s(U+%04X) is %llu", name, (unsigned)*runes, (unsigned long long)got);
	}
}

START_TEST(rune_classes) {
	const class_case cases[] = {
	    {"unicode_IsLetter", RUNES('a', 'Z', 0xe9, 0x4e16, 0x3b1, 0x10400, 0xaa, 0x2160),
	     RUNES('1', ' ', '_', 0xbd, 0x301, -1, 0xd800, 0x110000)},
	    {"unicode_IsDigit", RUNES('0', '9'), RUNES('a', 0x660, 0xbd, '/', ':')},
	    {"unicode_IsNumber", RUNES('0', 0x660, 0xbd, 0xb2, 0x2160), RUNES('a', '.', 0x4e00, -1)},
	    {"unicode_IsSpace", RUNES(' ', '\t', '\n', '\r', 0xb, 0xc, 0x85, 0xa0, 0x1680, 0x2028, 0x3000),
	     RUNES('a', 0x200b, 0x1c, 0xfeff, -1)},
	    {"unicode_IsUpper", RUNES('A', 0xc4, 0x1c4, 0x2160), RUNES('a', '1', 0x1c5, 0xdf, 0x4e16)},
	    {"unicode_IsLower", RUNES('a', 0xdf, 0xaa, 0x2170), RUNES('A', '1', 0x1c5, 0x4e16)},
	    {"unicode_IsControl", RUNES(1, '\n', 0x7f, 0x85, 0x9f), RUNES(' ', 'a', 0xad, 0x200b, 0xa0)},
	    {"unicode_IsPrint", RUNES('a', ' ', 0xe9, 0x4e16, 0xa0, 0x200b, 0xe000),
	     RUNES('\n', 0x7f, 0xfffd, -1, 0xd800)},
	    {"unicode_IsPunct", RUNES('!', ',', '-', '_', '(', 0xa1, 0xbd, 0xbf, 0x2014, 0x3001),
	     RUNES('a', '1', ' ', 0xe9)},
	    {"unicode_IsGraphic", RUNES('a', ' ', '!', '+', '1', 0x301, 0xa0, 0x3000),
	     RUNES('\n', 0x200b, 0x2028, 0xe000, 0xad)},
	    {"unicode_IsMark", RUNES(0x300, 0x301, 0x20dd, 0x903), RUNES('a', '^', '`', 0xa8)},
	    {"unicode_IsSymbol", RUNES('+', '$', '<', '^', '`', '|', '~', 0x20ac, 0x2200, 0xa9),
	     RUNES('a', '!', '-', '1', 0x301)},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		expect_class(cases[i].name, cases[i].yes, true);
		expect_class(cases[i].name, cases[i].no, false);
	}
	ck_assert_uint_eq(CALL("unicode_IsControl", 1, 0).results[0], 1);
}
END_TEST

START_TEST(rune_case) {
	static const struct {
		int32_t rune, lower, upper;
	} cases[] = {
	    {'a', 'a', 'A'},
	    {'Z', 'z', 'Z'},
	    {'1', '1', '1'},
	    {0xe9, 0xe9, 0xc9},
	    {0xc4, 0xe4, 0xc4},
	    {0xdf, 0xdf, 'S'},
	    /* the first character of SS */ {0x130, 'i', 0x130},
	    {0x1c5, 0x1c6, 0x1c4},
	    {0x3a3, 0x3c3, 0x3a3},
	    {0x149, 0x149, 0x2bc},
	    {0x10428, 0x10428, 0x10400},
	    {-1, -1, -1},
	    {0xd800, 0xd800, 0xd800},
	    {0x110000, 0x110000, 0x110000},
	    {0x4e16, 0x4e16, 0x4e16},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		volt_slot rune = (volt_slot)(int64_t)cases[i].rune;
		ck_assert_int_eq((int64_t)CALL("unicode_ToLower", 1, rune).results[0], cases[i].lower);
		ck_assert_int_eq((int64_t)CALL("unicode_ToUpper", 1, rune).results[0], cases[i].upper);
		ck_assert_int_eq((int64_t)CALL("unicode_ToTitle", 1, rune).results[0], cases[i].upper);
	}
}
END_TEST

/* The orbits that the documentation of Go's package gives as examples, and some of its larger ones. */
START_TEST(simple_fold) {
	static const int32_t steps[][2] = {
	    {'A', 'a'},     {'a', 'A'},     {'K', 'k'},     {'k', 0x212a},   {0x212a, 'K'},
	    {'1', '1'},     {-2, -2},       {'S', 's'},     {'s', 0x17f},    {0x17f, 'S'},
	    {0x3a3, 0x3c2}, {0x3c2, 0x3c3}, {0x3c3, 0x3a3}, {0x1c4, 0x1c5},  {0x1c5, 0x1c6},
	    {0x1c6, 0x1c4}, {0x345, 0x399}, {0x399, 0x3b9}, {0x3b9, 0x1fbe}, {0x1fbe, 0x345},
	    {0xdf, 0x1e9e}, {0x1e9e, 0xdf}, {'I', 'i'},     {'i', 'I'},      {0x130, 0x130},
	    {0x131, 0x131}, {0xb5, 0x39c},  {0x39c, 0x3bc}, {0x3bc, 0xb5},   {0x110000, 0x110000},
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		int64_t next = (int64_t)CALL("unicode_SimpleFold", 1, (volt_slot)(int64_t)steps[i][0]).results[0];
		ck_assert_msg(next == steps[i][1], "U+%04X: U+%04llX", (unsigned)steps[i][0],
		              (unsigned long long)next);
	}
}
END_TEST

HOST_MAIN("text", byte_searches, byte_case_is_ascii, byte_replacements, rune_classes, rune_case, simple_fold)
