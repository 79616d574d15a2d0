/* Package regexp: how matches are found, walked, split and replaced. */
#include <stdio.h>
#include <string.h>

#include "host.h"

START_TEST(positions) {
	host_outcome outcome = CALL("regexp_findStringIndex", 2, host_string("b+"), host_string("aäbbc"));
	ck_assert_int_eq((int64_t)outcome.results[0], 3);
	ck_assert_int_eq((int64_t)outcome.results[1], 5);
	outcome = CALL("regexp_matchBytes", 2, host_string("^\\w+$"), host_bytes("word", 4));
	ck_assert_uint_eq(outcome.results[0], 1);
	/* Functions that cannot say that a pattern is refused find nothing. */
	ck_assert_uint_eq(CALL("regexp_findString", 1, host_string("("), host_string("(")).results[0], 0);
	outcome = CALL("regexp_findStringIndex", 2, host_string("("), host_string("("));
	ck_assert_int_eq((int64_t)outcome.results[0], -1);
	ck_assert_int_eq((int64_t)outcome.results[1], -1);
}
END_TEST

#define STRINGS(...) {__VA_ARGS__}, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)

START_TEST(all_matches) {
	static const struct {
		const char *pattern, *text;
		int limit;
		const char *matches[8];
		size_t count;
	} cases[] = {
	    {"a", "banana", -1, STRINGS("a", "a", "a")},
	    {"a", "banana", 2, STRINGS("a", "a")},
	    {"a", "banana", 0, {0}, 0},
	    {"x", "banana", -1, {0}, 0},
	    {"a*", "baaau", -1, STRINGS("", "aaa", "")}, /* no empty match right behind another */
	    {"", "äb", -1, STRINGS("", "", "")},         /* between characters, not bytes */
	    {"a*?", "aa", -1, STRINGS("", "", "")},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_outcome outcome = CALL("regexp_findAllString", 1, host_string(cases[i].pattern),
		                            host_string(cases[i].text), (volt_slot)(int64_t)cases[i].limit);
		host_expect_strings(cases[i].pattern, outcome.results[0], cases[i].matches, cases[i].count);
	}
}
END_TEST

START_TEST(splitting) {
	static const struct {
		const char *pattern, *text;
		int limit;
		const char *parts[8];
		size_t count;
	} cases[] = {
	    {",", "a,b,c", -1, STRINGS("a", "b", "c")},
	    {",", "a,b,c", 2, STRINGS("a", "b,c")},
	    {",", "a,b,c", 1, STRINGS("a,b,c")},
	    {",", "a,b,c", 0, {0}, 0},
	    {",", "", -1, STRINGS("")},
	    {",", ",", -1, STRINGS("", "")},
	    {",", ",a,", -1, STRINGS("", "a", "")},
	    {",", "a", 2, STRINGS("a")},
	    {"", "abc", -1, STRINGS("", "a", "b", "c", "")}, /* Rust splits at both ends, Go does not */
	    {"", "abc", 2, STRINGS("", "abc")},
	    {"", "", -1, STRINGS("", "")},
	    {"(", "abc", -1, {0}, 0}, /* a refused pattern */
	    {"a*", "abaabaccadaaae", 5, STRINGS("", "b", "b", "c", "cadaaae")},
	    {"z+", "pizza", -1, STRINGS("pi", "a")},
	    {"x", "abc", -1, STRINGS("abc")},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		host_outcome outcome = CALL("regexp_splitString", 1, host_string(cases[i].pattern),
		                            host_string(cases[i].text), (volt_slot)(int64_t)cases[i].limit);
		host_expect_strings(cases[i].pattern, outcome.results[0], cases[i].parts, cases[i].count);
	}
}
END_TEST

START_TEST(groups) {
	static const char *const expected[] = {"axxb", "xx", ""};
	host_outcome outcome =
	    CALL("regexp_findStringSubmatch", 1, host_string("a(x*)b(y)?"), host_string("-axxb-"));
	host_expect_strings("groups", outcome.results[0], expected, 3);
	outcome = CALL("regexp_findStringSubmatch", 1, host_string("a(x)"), host_string("b"));
	ck_assert_uint_eq(outcome.results[0], 0); /* nil, for `== nil` */
	outcome = CALL("regexp_findAllString", 1, host_string("a"), host_string("b"), (volt_slot)-1);
	ck_assert_uint_eq(outcome.results[0], 0);
}
END_TEST

START_TEST(replacing) {
	static const struct {
		const char *pattern, *text, *template, *expanded, *literal;
	} cases[] = {
	    {"a(x*)b", "-ab-axxb-", "T", "-T-T-", "-T-T-"},
	    {"a(x*)b", "-ab-axxb-", "$1", "--xx-", "-$1-$1-"},
	    {"a(x*)b", "-ab-axxb-", "$1W", "---", "-$1W-$1W-"}, /* the name is 1W */
	    {"a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-", "-${1}W-${1}W-"},
	    {"(?P<k>\\w+)=(?P<v>\\w+)", "a=b", "$v:${k}", "b:a", "$v:${k}"},
	    {"a", "a", "$$", "$", "$$"},
	    {"a", "a", "$", "$", "$"},
	    {"a", "a", "${", "${", "${"},
	    {"a", "a", "$0$0", "aa", "$0$0"},
	    {"a", "a", "$9", "", "$9"},
	    {"a*", "baaac", "x", "xbxcx", "xbxcx"},
	    {"", "äb", "-", "-ä-b-", "-ä-b-"},
	    {"b", "abc", "", "ac", "ac"},
	    {"(", "abc", "x", "abc", "abc"}, /* a refused pattern matches nothing */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		volt_slot pattern = host_string(cases[i].pattern);
		volt_slot text = host_string(cases[i].text);
		volt_slot template = host_string(cases[i].template);
		host_expect_string(cases[i].template,
		                   CALL("regexp_replaceAllString", 1, pattern, text, template).results[0],
		                   cases[i].expanded);
		host_expect_string(cases[i].template,
		                   CALL("regexp_replaceAllLiteralString", 1, pattern, text, template).results[0],
		                   cases[i].literal);
	}
}
END_TEST

START_TEST(quoting) {
	host_expect_string("quoteMeta", CALL("regexp_quoteMeta", 1, host_string("a.b*[ä]-$")).results[0],
	                   "a\\.b\\*\\[ä\\]-\\$");
	host_expect_string("quoteMeta", CALL("regexp_quoteMeta", 1, host_string("")).results[0], "");
}
END_TEST

/* More patterns than the cache holds, each used again. */
START_TEST(many_patterns) {
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 100; i++) {
			char pattern[16];
			char text[16];
			snprintf(pattern, sizeof pattern, "^x{%u}$", i);
			snprintf(text, sizeof text, "%.*s", (int)(i < 15 ? i : 15), "xxxxxxxxxxxxxxx");
			ck_assert_uint_eq(
			    CALL("regexp_matchString", 2, host_string(pattern), host_string(text)).results[0], i <= 15);
		}
	}
}
END_TEST

HOST_MAIN("regexp", positions, all_matches, splitting, groups, replacing, quoting, many_patterns)
