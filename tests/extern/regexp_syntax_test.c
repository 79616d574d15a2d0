/* Package regexp: what patterns mean, and which are refused. */
#include "host.h"

typedef struct {
	const char *pattern, *text, *match; /* NULL: none */
} meaning;

static void expect_meanings(const meaning *cases, size_t count) {
	for (size_t i = 0; i < count; i++) {
		volt_slot pattern = host_string(cases[i].pattern);
		volt_slot text = host_string(cases[i].text);
		host_outcome outcome = CALL("regexp_matchString", 2, pattern, text);
		ck_assert_msg(outcome.results[1] == 1, "%s was refused", cases[i].pattern);
		ck_assert_msg(outcome.results[0] == (cases[i].match != NULL), "%s on %s", cases[i].pattern,
		              cases[i].text);
		outcome = CALL("regexp_findString", 1, pattern, text);
		host_expect_string(cases[i].pattern, outcome.results[0],
		                   cases[i].match != NULL ? cases[i].match : "");
	}
}
#define EXPECT_MEANINGS(cases) expect_meanings((cases), sizeof(cases) / sizeof *(cases))

START_TEST(repetitions_and_alternatives) {
	static const meaning cases[] = {
	    {"a|ab", "ab", "a"}, /* the first that matches, not the longest */
	    {"b+", "abbbc", "bbb"},
	    {"b+?", "abbbc", "b"},
	    {"(?U)b+", "abbbc", "b"},
	    {"(?U)b+?", "abbbc", "bbb"},
	    {"a{2,3}", "aaaa", "aaa"},
	    {"a{2}", "aaaa", "aa"},
	    {"a{ 2 , 3 }?", "aaaa", "aa"},
	    {"a{0}b", "ab", "b"},
	    {"(a*)*b", "aab", "aab"},
	    {"(|a)+", "aaa", ""}, /* the empty alternative comes first */
	    {"(a|)+", "aaa", "aaa"},
	    {"a**", "baa", ""},
	    {"a{2}{3}", "aaaaaaa", "aaaaaa"},
	    {"a?+", "aa", "aa"},
	    {"a*+", "aa", "aa"},
	    {"(?:a+)+?b", "aab", "aab"},
	    {"^*", "a", ""},
	    {"", "abc", ""},
	    {"a||b", "b", ""},
	};
	EXPECT_MEANINGS(cases);
}
END_TEST

START_TEST(assertions) {
	static const meaning cases[] = {
	    {"a$", "a\n", NULL}, /* the end of the text only */
	    {"(?m)a$", "a\nb", "a"},
	    {"(?m)^b", "a\nb", "b"},
	    {"(?mR)a$", "a\r\n", "a"},
	    {"(?mR)^$", "\r\n", ""},
	    {"(?mR)a^", "a\r\n", NULL},
	    {"\\Aab\\z", "ab", "ab"},
	    {"b\\z", "b\n", NULL},
	    {"\\bfoo\\b", "a foo b", "foo"},
	    {"\\Boo\\b", "a foo b", "oo"},
	    {"\\b.", "ä", "ä"},
	    {"(?-u:\\b)a", "äa", "a"}, /* words of ASCII: ä is no part of one */
	    {"\\ba", "äa", NULL},
	    {"\\b{start}.", "- ab", "a"},
	    {".\\b{end}", "- ab", "b"},
	    {"\\<.", "- ab", "a"},
	    {".\\>", "- ab", "b"},
	    {"\\b{start-half}-", "a--", "-"},
	    {"a\\b{end-half}.", "ab a-", "a-"},
	    {"\\b{2}a", "a", "a"}, /* a repetition of \b */
	};
	EXPECT_MEANINGS(cases);
}
END_TEST

START_TEST(classes) {
	static const meaning cases[] = {
	    {".", "\n", NULL},
	    {"(?s).", "\n", "\n"},
	    {"(?R).", "\r", NULL},
	    {"\\pL+", "12äö3", "äö"},
	    {"\\p{Greek}+", "abγδ", "γδ"},
	    {"\\p{Grek}+", "abγδ", "γδ"},
	    {"\\p{Letter}+", "1ab", "ab"},
	    {"\\p{script=latin}+", "βab", "ab"},
	    {"\\p{space}+", "a\t b", "\t "},
	    {"\\p{STerm}", "a.", "."},
	    {"\\p{gc!=Lu}+", "Aab", "ab"},
	    {"\\p{ is_Alphabetic }+", "1ab", "ab"},
	    {"\\P{L}+", "ab12", "12"},
	    {"\\d+", "a٣4", "٣4"},
	    {"[[:alpha:]]+", "äab1", "ab"}, /* classes of POSIX are ASCII */
	    {"[[:^alpha:]]+", "ab12ä", "12ä"},
	    {"[^a-c]+", "abcxyz", "xyz"},
	    {"[]a]+", "x]a", "]a"},
	    {"[a\\]b]+", "x]ab", "]ab"},
	    {"[-a]+", "b-a", "-a"},
	    {"[a-]+", "b-a", "-a"},
	    {"[\\w-]+", "+a-b", "a-b"},
	    {"[a[bc]]+", "xabc", "abc"},
	    {"[a[^b]]+", "bac", "ac"},
	    {"[a-e&&[^c]]+", "cab", "ab"},
	    {"[a-z&&\\pL&&[^x]]+", "xyz", "yz"},
	    {"[\\w--\\d]+", "1ab2", "ab"},
	    {"[a-c~~b-d]+", "bcad", "ad"},
	    {"[a&b~c]+", "x&~", "&~"}, /* once is no operation */
	    {"[^a-z&&b-y]+", "bza", "za"},
	    {"[a&&b]", "ab", NULL},
	    {"(?i)[a-c&&B]+", "abB", "bB"},
	    {"(?x)[ a b ]+", " ab", "ab"},
	};
	EXPECT_MEANINGS(cases);
}
END_TEST

START_TEST(characters) {
	static const meaning cases[] = {
	    {"\\x41\\x{42}", "AB", "AB"},
	    {"\\u0041\\u{42}", "AB", "AB"},
	    {"\\U00000041\\U{1F600}", "A😀", "A😀"},
	    {"\\xe4", "ä", "ä"}, /* a character, not a byte */
	    {"\\v\\t\\n\\r\\f\\a", "\v\t\n\r\f\a", "\v\t\n\r\f\a"},
	    {"\\.\\*\\#\\-\\&\\~\\ ", ".*#-&~ ", ".*#-&~ "},
	    {"世.", "a世界", "世界"},
	    {"(?i)STRASSE", "Strasse", "Strasse"},
	    {"(?i)k", "\u212a", "\u212a"}, /* the sign of the kelvin */
	    {"(?i)σ", "ς", "ς"},
	    {"(?i-u)k", "K", "K"},
	    {"(?i-u)k", "\u212a", NULL},
	    {"(?i:a)B", "AB", "AB"},
	    {"(?i)a(?-i)B", "Ab AB", "AB"},
	    {"(?P<year>\\d+)", "in 2024", "2024"},
	    {"(?<year>\\d+)", "in 2024", "2024"},
	    {"(?<ä.x[0]>a)", "a", "a"},
	    {"(?x) a b  # and so on\n c", "abc", "abc"},
	    {"(?x)a\\ b", "a b", "a b"},
	    /* A byte that is no UTF-8 is no character. */
	    {"a.c",
	     "a\xff"
	     "c",
	     NULL},
	    {"c+",
	     "\xff\xfe"
	     "cc",
	     "cc"},
	};
	EXPECT_MEANINGS(cases);
}
END_TEST

START_TEST(what_is_no_pattern_is_refused) {
	static const char *const patterns[] = {
	    "(",
	    ")",
	    "[",
	    "[a",
	    "a)",
	    "(a",
	    "*",
	    "+a",
	    "|*",
	    "(?:*)",
	    "(?:",
	    "(?",
	    "(?i",
	    "a\\",
	    /* What backtracking libraries have. */
	    "(a)\\1",
	    "\\k<n>",
	    "(?=a)",
	    "(?!a)",
	    "(?<=a)",
	    "(?<!a)",
	    "(?>a)",
	    "(?#c)",
	    "(?R)a(?R)(",
	    "(?1)",
	    "(?P>n)",
	    "(?P=n)",
	    "(?|a)",
	    "(?(1)a)",
	    "(*ACCEPT)",
	    "(*UTF8)a",
	    "\\Z",
	    "\\G",
	    "\\K",
	    "\\X",
	    "\\C",
	    "\\h",
	    "\\N",
	    "\\Qa\\E",
	    "\\Q",
	    "\\E",
	    "\\101",
	    "\\8",
	    "\\y",
	    "[a\\b]",
	    "[z-a]",
	    "[a-\\d]",
	    "[\\d-a]",
	    "[[a]+",
	    "[a&&",
	    "[]",
	    "[^]",
	    "\\p{Nonsense}",
	    "\\p{script=Nonsense}",
	    "\\p{nonsense=L}",
	    "\\p",
	    "\\p{",
	    "\\p{L",
	    "\\pé",
	    "\\x",
	    "\\x{",
	    "\\x{}",
	    "\\xZZ",
	    "\\x{110000}",
	    "\\ud800",
	    "\\u12",
	    "\\U0000004",
	    "a{2,1}",
	    "a{",
	    "a{}",
	    "a{,2}",
	    "a{1,",
	    "a{x}",
	    "a{99999999999}",
	    "x{",
	    "(?P<1a>b)",
	    "(?P<>b)",
	    "(?P<a",
	    "(?P<a>b)(?<a>c)",
	    "(?y)a",
	    "(?ii)a",
	    "(?i-)a",
	    "(?--i)a",
	    "(?)",
	    "(?-u).",
	    "(?-u)\\W",
	    "(?-u)\\xff",
	    "(?-u)[^a]", /* these would take parts of characters */
	    "\\b{nonsense}",
	    "\\b{start",
	    "\xff",
	    "a\xc3",
	};
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		host_outcome outcome = CALL("regexp_matchString", 2, host_string(patterns[i]), host_string("a"));
		ck_assert_msg(outcome.ended == VOLT_NATIVE_OK, "%s ended with a panic", patterns[i]);
		ck_assert_msg(outcome.results[0] == 0 && outcome.results[1] == 0, "%s was accepted", patterns[i]);
	}
}
END_TEST

/* Good in the original: to say that they are refused, or that nothing matches, would be wrong. */
START_TEST(what_there_are_no_tables_for_is_a_panic) {
	static const char *const patterns[] = {"\\p{scx=Greek}", "\\p{Age=6.0}", "[\\p{wb=Extend}]"};
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		host_outcome outcome = CALL("regexp_findString", 1, host_string(patterns[i]), host_string("a"));
		ck_assert_int_eq(outcome.ended, VOLT_NATIVE_PANIC);
		ck_assert_str_eq(host_panic(), "regexp: findString: the pattern names a property of characters that "
		                               "there are no tables for");
	}
}
END_TEST

HOST_MAIN("regexp syntax", repetitions_and_alternatives, assertions, classes, characters,
          what_is_no_pattern_is_refused, what_there_are_no_tables_for_is_a_panic)
