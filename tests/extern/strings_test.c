/* Package strings: searches, pieces, replacements and case, with empty arguments and beyond ASCII. */
#include <stdlib.h>
#include <string.h>

#include "host.h"

static int64_t integer(const char *name, const char *text, const char *pattern) {
	return (int64_t)CALL(name, 1, host_string(text), host_string(pattern)).results[0];
}

START_TEST(searches) {
	static const struct {
		const char *text, *pattern;
		int64_t first, last, count;
	} cases[] = {
	    {"the cat sat on the mat", "at", 5, 20, 3},
	    {"the cat", "dog", -1, -1, 0},
	    {"", "", 0, 0, 1},
	    {"abc", "", 0, 3, 4},
	    {"", "a", -1, -1, 0},
	    {"aaaa", "aa", 0, 2, 2},
	    {"abc", "abcd", -1, -1, 0},
	    {"abc", "abc", 0, 0, 1},
	    {"héllo", "", 0, 6, 6},
	    {"世界世", "世", 0, 6, 2},
	    {"x", "x", 0, 0, 1},
	    {"ab", "b", 1, 1, 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert_int_eq(integer("strings_Index", cases[i].text, cases[i].pattern), cases[i].first);
		ck_assert_int_eq(integer("strings_LastIndex", cases[i].text, cases[i].pattern), cases[i].last);
		ck_assert_int_eq(integer("strings_Count", cases[i].text, cases[i].pattern), cases[i].count);
	}
}
END_TEST

/* Against the definition, over all texts of a small alphabet. */
START_TEST(searches_agree_with_the_definition) {
	char text[8] = {0};
	for (unsigned pattern_bits = 2; pattern_bits < 16; pattern_bits++) {
		char pattern[5] = {0};
		size_t pattern_length = 0;
		for (unsigned bits = pattern_bits; bits > 1; bits >>= 1)
			pattern[pattern_length++] = bits & 1 ? 'a' : 'b';
		for (unsigned text_bits = 0; text_bits < 128; text_bits++) {
			int64_t first = -1;
			int64_t last = -1;
			for (unsigned i = 0; i < 7; i++)
				text[i] = text_bits >> i & 1 ? 'a' : 'b';
			for (size_t i = 0; i + pattern_length <= 7; i++) {
				if (memcmp(text + i, pattern, pattern_length) == 0) {
					first = first < 0 ? (int64_t)i : first;
					last = (int64_t)i;
				}
			}
			ck_assert_int_eq(integer("strings_Index", text, pattern), first);
			ck_assert_int_eq(integer("strings_LastIndex", text, pattern), last);
		}
	}
}
END_TEST

/* Tells apart linear from quadratic: this would be 10^10 steps. */
START_TEST(searches_from_the_end_are_linear) {
	size_t length = 200000;
	char *text = calloc(1, length + 1);
	memset(text, 'a', length);
	char *pattern = strdup(text + length / 2);
	pattern[0] = 'b';
	ck_assert_int_eq(integer("strings_LastIndex", text, pattern), -1);
	ck_assert_int_eq(integer("strings_Index", text, pattern), -1);
	free(text);
	free(pattern);
}
END_TEST

#define LIST(...) \
	(const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

static volt_slot pieces(const char *name, const char *text, const char *separator) {
	return CALL(name, 1, host_string(text), host_string(separator)).results[0];
}

static volt_slot pieces_n(const char *name, const char *text, const char *separator, int64_t limit) {
	return CALL(name, 1, host_string(text), host_string(separator), (volt_slot)limit).results[0];
}

START_TEST(split) {
	host_expect_strings("commas", pieces("strings_Split", "a,b,,c", ","), LIST("a", "b", "", "c"));
	host_expect_strings("empty", pieces("strings_Split", "", ","), LIST(""));
	host_expect_strings("ends", pieces("strings_Split", ",a,", ","), LIST("", "a", ""));
	host_expect_strings("long", pieces("strings_Split", "a--b---c", "--"), LIST("a", "b", "-c"));
	host_expect_strings("none", pieces("strings_Split", "abc", "x"), LIST("abc"));
	host_expect_strings("characters", pieces("strings_Split", "xé世", ""), LIST("x", "é", "世"));
	volt_slot nothing = pieces("strings_Split", "", "");
	host_expect_strings("nothing", nothing, NULL, 0);
	ck_assert_uint_ne(nothing, 0);
}
END_TEST

START_TEST(split_n) {
	host_expect_strings("2", pieces_n("strings_SplitN", "k=v=w", "=", 2), LIST("k", "v=w"));
	host_expect_strings("1", pieces_n("strings_SplitN", "k=v=w", "=", 1), LIST("k=v=w"));
	host_expect_strings("9", pieces_n("strings_SplitN", "k=v=w", "=", 9), LIST("k", "v", "w"));
	host_expect_strings("0", pieces_n("strings_SplitN", "k=v=w", "=", 0), NULL, 0);
	host_expect_strings("-1", pieces_n("strings_SplitN", "k=v=w", "=", -1), LIST("k", "v", "w"));
	host_expect_strings("first characters", pieces_n("strings_SplitN", "xyz", "", 2), LIST("x", "y"));
	host_expect_strings("all characters", pieces_n("strings_SplitN", "xyz", "", -1), LIST("x", "y", "z"));
	host_expect_strings("no characters", pieces_n("strings_SplitN", "xyz", "", 0), NULL, 0);
	host_expect_strings("empty", pieces_n("strings_SplitN", "", "=", 3), LIST(""));
}
END_TEST

START_TEST(split_after) {
	host_expect_strings("kept", pieces("strings_SplitAfter", "a;b;c", ";"), LIST("a;", "b;", "c"));
	host_expect_strings("trailing", pieces("strings_SplitAfter", "a;b;", ";"), LIST("a;", "b;"));
	host_expect_strings("doubled", pieces("strings_SplitAfter", ";;a", ";"), LIST(";", ";", "a"));
	host_expect_strings("empty", pieces("strings_SplitAfter", "", ";"), NULL, 0);
	host_expect_strings("characters", pieces("strings_SplitAfter", "aé", ""), LIST("a", "é"));
	host_expect_strings("2", pieces_n("strings_SplitAfterN", "a;b;c", ";", 2), LIST("a;", "b;c"));
	host_expect_strings("2 trailing", pieces_n("strings_SplitAfterN", "a;", ";", 2), LIST("a;"));
	host_expect_strings("0", pieces_n("strings_SplitAfterN", "a;b", ";", 0), NULL, 0);
	host_expect_strings("-1", pieces_n("strings_SplitAfterN", "a;b", ";", -1), LIST("a;", "b"));
	host_expect_strings("rest", pieces_n("strings_SplitAfterN", "abc", "", 2), LIST("a", "bc"));
	host_expect_strings("exact", pieces_n("strings_SplitAfterN", "abc", "", 3), LIST("a", "b", "c"));
}
END_TEST

START_TEST(many_pieces) {
	char text[2001];
	memset(text, ',', 2000);
	text[2000] = '\0';
	volt_slot slice = pieces("strings_Split", text, ",");
	ck_assert_uint_eq(slice_length(slice), 2001);
}
END_TEST

START_TEST(fields) {
	static const struct {
		const char *text;
		const char *fields[4];
		size_t count;
	} cases[] = {
	    {"  lots   of\tspace \n here ", {"lots", "of", "space", "here"}, 4},
	    {"", {NULL}, 0},
	    {" \t ", {NULL}, 0},
	    {"one", {"one"}, 1},
	    {"a\u00a0b\u3000c\u2028d", {"a", "b", "c", "d"}, 4},
	    {"a\u200bb", {"a\u200bb"}, 1},
	    {"a\x1c"
	     "b",
	     {"a\x1c"
	      "b"},
	     1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		volt_slot slice = CALL("strings_Fields", 1, host_string(cases[i].text)).results[0];
		host_expect_strings(cases[i].text, slice, cases[i].fields, cases[i].count);
	}
}
END_TEST

START_TEST(replace) {
	static const struct {
		const char *text, *pattern, *replacement;
		int64_t limit;
		const char *expected;
	} cases[] = {
	    {"the cat sat on the mat", "at", "og", 2, "the cog sog on the mat"},
	    {"aaa", "a", "bb", -1, "bbbbbb"},
	    {"aaa", "a", "", -1, ""},
	    {"aaa", "a", "b", 0, "aaa"},
	    {"aaaa", "aa", "b", -1, "bb"},
	    {"abc", "x", "y", -1, "abc"},
	    {"", "x", "y", -1, ""},
	    {"", "", "y", -1, "y"},
	    {"ab", "", "-", -1, "-a-b-"},
	    {"ab", "", "-", 2, "-a-b"},
	    {"ab", "", "-", 3, "-a-b-"},
	    {"é世", "", ".", -1, ".é.世."},
	    {"the cat", "", "-", 3, "-t-h-e cat"},
	    {"ab", "", "-", 0, "ab"},
	    {"x.y.z", ".", "::", 1, "x::y.z"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_outcome outcome =
		    CALL("strings_Replace", 1, host_string(cases[i].text), host_string(cases[i].pattern),
		         host_string(cases[i].replacement), (volt_slot)cases[i].limit);
		host_expect_string(cases[i].text, outcome.results[0], cases[i].expected);
	}
}
END_TEST

START_TEST(letter_case) {
	static const struct {
		const char *text, *lower, *upper;
	} cases[] = {
	    {"", "", ""},
	    {"Mixed 12 [`{@", "mixed 12 [`{@", "MIXED 12 [`{@"},
	    {"héLLo", "héllo", "HÉLLO"},
	    {"ÀÖÿ", "àöÿ", "ÀÖŸ"},
	    {"straße", "straße", "STRASSE"},
	    {"\uFB03", "\uFB03", "FFI"},
	    {"İ", "i\u0307", "İ"},
	    {"ŉ", "ŉ", "\u02BCN"},
	    {"ΑΣ", "ας", "ΑΣ"},
	    {"ΑΣΑ", "ασα", "ΑΣΑ"},
	    {"Σ", "σ", "Σ"},
	    {"ΑΣ.", "ας.", "ΑΣ."},
	    {"ΑΣ Β", "ας β", "ΑΣ Β"},
	    {"ΑΣ\u0301Β", "ασ\u0301β", "ΑΣ\u0301Β"},
	    {"ǆ", "ǆ", "Ǆ"},
	    {"ǅ", "ǆ", "Ǆ"},
	    {"\U00010400", "\U00010428", "\U00010400"},
	    {"世", "世", "世"},
	    {"É\xff", "é\uFFFD", "É\uFFFD"},
	    {"ΑΣ'Β", "ασ'β", "ΑΣ'Β"},
	    {"Α'Σ", "α'ς", "Α'Σ"},
	    {"Α\u2019Σ\u2019", "α\u2019ς\u2019", "Α\u2019Σ\u2019"},
	    {"\u02B0Σ", "\u02B0σ", "\u02B0Σ"},
	    {"1Σ", "1σ", "1Σ"},
	    {"Α\xffΣ", "α\uFFFDσ", "Α\uFFFDΣ"},
	    {"ΣΣΣ", "σσς", "ΣΣΣ"},
	    {"I", "i", "I"},
	    {"ı", "ı", "I"},
	    {"\u1E9E", "ß", "\u1E9E"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		volt_slot text = host_string(cases[i].text);
		host_expect_string(cases[i].text, CALL("strings_ToLower", 1, text).results[0], cases[i].lower);
		host_expect_string(cases[i].text, CALL("strings_ToUpper", 1, text).results[0], cases[i].upper);
		host_expect_string(cases[i].text, CALL("strings_ToTitle", 1, text).results[0], cases[i].upper);
	}
}
END_TEST

START_TEST(equal_fold) {
	static const struct {
		const char *left, *right;
		bool equal;
	} cases[] = {
	    {"Go", "GO", true},    {"Go", "Goo", false}, {"", "", true},      {"", "a", false},
	    {"a", "", false},      {"É", "é", true},     {"ß", "SS", false},  {"\u1E9E", "ß", true},
	    {"\u212A", "k", true}, {"ΑΣ", "ας", true},   {"ΑΣ", "ασ", false}, {"a-b", "A-B", true},
	    {"a", "b", false},     {"É", "Ee", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool equal = integer("strings_EqualFold", cases[i].left, cases[i].right) != 0;
		ck_assert_msg(equal == cases[i].equal, "%s and %s", cases[i].left, cases[i].right);
	}
}
END_TEST

HOST_MAIN("strings", searches, searches_agree_with_the_definition, searches_from_the_end_are_linear, split,
          split_n, split_after, many_pieces, fields, replace, letter_case, equal_fold)
