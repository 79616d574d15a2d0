/* Package regexp: how large patterns may be, and how searches grow with the text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

static volt_slot repeated(const char *text, size_t times, const char *end) {
	size_t length = strlen(text);
	size_t end_length = strlen(end);
	char *bytes = malloc(length * times + end_length);
	for (size_t i = 0; i < times; i++)
		memcpy(bytes + i * length, text, length);
	memcpy(bytes + length * times, end, end_length);
	volt_slot string = string_new(host_space(), bytes, length * times + end_length);
	free(bytes);
	return string;
}

static volt_slot joined(volt_slot left, volt_slot right) {
	string_view first = host_view(left);
	string_view second = host_view(right);
	char *bytes = malloc(first.length + second.length);
	memcpy(bytes, first.bytes, first.length);
	memcpy(bytes + first.length, second.bytes, second.length);
	volt_slot string = string_new(host_space(), bytes, first.length + second.length);
	free(bytes);
	return string;
}

/* ---- Patterns ---- */

static void expect_match(volt_slot pattern, const char *text, bool good) {
	host_outcome outcome = CALL("regexp_matchString", 2, pattern, host_string(text));
	ck_assert_int_eq(outcome.ended, VOLT_NATIVE_OK);
	ck_assert_uint_eq(outcome.results[1], good);
	ck_assert_uint_eq(outcome.results[0], good);
}

START_TEST(large_patterns_are_good) {
	expect_match(repeated("foo|", 20000, "bar"), "bar", true);
	expect_match(repeated("(?:é|x)?", 5000, "bar"), "bar", true);
	expect_match(joined(repeated("(", 240, "a"), repeated(")", 240, "")), "a", true);
	expect_match(joined(repeated("[", 240, "a"), repeated("]", 240, "")), "a", true);
	expect_match(host_string("^a{0,1001}$"), "aaa", true);
	expect_match(host_string("(?:a{100}){0,100}$"), "aaa", true);
	expect_match(host_string("(?:a{0}){4000000000}b"), "b", true); /* nothing, however often */
	expect_match(host_string("(?:^){4000000000}b"), "b", true);
	expect_match(repeated("(a)?", 10000, "b"), "b", true);
}
END_TEST

/* In little time, and without the C stack growing with the pattern. */
START_TEST(patterns_beyond_the_limits_are_refused) {
	static const char *const parts[] = {"(", "[", "(?:", "(?i)[", "a*|(", "[a&&[", "((?x) "};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		expect_match(repeated(parts[i], 100000, ""), "a", false);
	expect_match(joined(repeated("(", 300, "a"), repeated(")", 300, "")), "a", false);
	expect_match(joined(repeated("[", 300, "a"), repeated("]", 300, "")), "a", false);
	expect_match(repeated("a", 1, "*?*?*?"), "a", true);
	expect_match(joined(host_string("a"), repeated("{2}", 300, "")), "a", false);
	expect_match(joined(host_string("a"), repeated("*", 300, "")), "a", false);
	expect_match(joined(host_string("["), repeated("a&&", 300, "a]")), "a", false);
	expect_match(host_string("(?:a{1000}){1000}"), "a", false);
	expect_match(host_string("((a{1000}){1000}){1000}"), "a", false);
	expect_match(host_string("a{4294967295}"), "a", false);
	expect_match(host_string("(?:a{0,1000}){0,1000}"), "a", false);
	expect_match(host_string("\\pL{1000}"), "a", false);
	expect_match(repeated("a", 1000000, ""), "a", false);
}
END_TEST

/* A pattern of many parts must not make reading it take the square of their number. */
START_TEST(long_patterns_are_read_in_little_time) {
	expect_match(repeated("(?i)[a]", 20000, "|a"), "a", true);
	expect_match(joined(host_string("["), repeated("\\w", 4000, "]")), "a", true);
	expect_match(joined(host_string("(?i)["), repeated("\\pL", 4000, "]")), "a", true);
	expect_match(joined(host_string("(?x)"), repeated("# x\n ", 20000, "a")), "a", true);
	char *names = malloc((size_t)16 * 10000 + 1);
	char *at = names;
	for (unsigned i = 0; i < 10000; i++)
		at += sprintf(at, "(?P<n%u>b)?", i);
	strcpy(at, "a");
	expect_match(host_string(names), "a", true);
	strcpy(at, "(?P<n0>)a");
	expect_match(host_string(names), "a", false);
	free(names);
}
END_TEST

/* ---- Texts ---- */

typedef struct {
	const char *native, *pattern, *part, *end;
} growing_case;

static uint64_t steps_of(const growing_case *item, size_t parts) {
	host_limit_steps(0);
	host_outcome outcome = CALL(item->native, 1, host_string(item->pattern),
	                            repeated(item->part, parts, item->end), host_string(""));
	ck_assert_msg(outcome.ended == VOLT_NATIVE_OK, "%s on %s", item->pattern, item->part);
	return host_steps();
}

/* What is less than a unit of steps is not counted. */
START_TEST(time_grows_with_the_text) {
	static const growing_case cases[] = {
	    {"regexp_replaceAllLiteralString", "a", "a", ""},
	    {"regexp_replaceAllLiteralString", "", "a", ""},
	    {"regexp_replaceAllLiteralString", "é", "é", ""},
	    {"regexp_replaceAllLiteralString", "", "é", ""},
	    {"regexp_replaceAllLiteralString", "[^x]", "世", ""},
	    {"regexp_replaceAllString", "(?P<x>a)", "a", ""},
	    {"regexp_replaceAllLiteralString", "\\w+@", "word ", ""},
	    {"regexp_findString", "(a+)+$", "a", "b"},
	    {"regexp_findString", "(é+)+$", "é", "b"},
	    {"regexp_findString", "(a*)*b", "a", ""},
	    {"regexp_findString", "(a|a)*b", "a", ""},
	    {"regexp_findString", "(a|aa)+$", "a", "b"},
	    {"regexp_findString", "(.*)(.*)(.*)(.*)x", "a", ""},
	    {"regexp_findString", "a*a*a*a*c", "a", ""},
	    {"regexp_findString", "(?:a?){20}a{20}b", "a", ""},
	    {"regexp_findString", "\\b\\w+\\b.*!", "a ", ""},
	};
	enum { PARTS = 40000, UNIT = 1024 };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t few = steps_of(&cases[i], PARTS);
		uint64_t many = steps_of(&cases[i], 4 * PARTS);
		ck_assert_msg(many > 0, "%s was not counted", cases[i].pattern);
		ck_assert_msg(many <= 4 * (few + UNIT) + UNIT, "%s: %llu steps, and for four times the text %llu",
		              cases[i].pattern, (unsigned long long)few, (unsigned long long)many);
	}
}
END_TEST

/* Both ways of searching say the same, where one match is longer than what backtracking keeps notes for. */
START_TEST(matches_of_any_length) {
	enum { LENGTH = 150000 };
	volt_slot pattern = host_string("x(a|aa)*(b)");
	volt_slot text = repeated("a", LENGTH, "bab");
	volt_slot whole = joined(host_string("-x"), text);
	host_outcome outcome = CALL("regexp_findStringIndex", 2, pattern, whole);
	ck_assert_int_eq((int64_t)outcome.results[0], 1);
	ck_assert_int_eq((int64_t)outcome.results[1], LENGTH + 3);
	outcome = CALL("regexp_replaceAllString", 1, pattern, whole, host_string("$1$2"));
	host_expect_string("groups", outcome.results[0], "-abab");
	/* Three matches: before, across and behind. */
	whole = joined(host_string("xb"), joined(whole, host_string("xaab")));
	outcome = CALL("regexp_replaceAllString", 1, pattern, whole, host_string("<$1$2>"));
	host_expect_string("groups", outcome.results[0], "<b>-<ab>ab<ab>");
	/* Many candidates, each of which fails far behind it. */
	outcome = CALL("regexp_findStringIndex", 2, host_string("(?:a{0,30}c|b)"), text);
	ck_assert_int_eq((int64_t)outcome.results[0], LENGTH);
}
END_TEST

START_TEST(a_limit_of_steps_ends_a_search) {
	struct {
		const char *native;
		volt_slot last_argument;
	} const natives[] = {
	    {"regexp_matchString", 0},
	    {"regexp_findString", 0},
	    {"regexp_findAllString", (volt_slot)-1},
	    {"regexp_splitString", (volt_slot)-1},
	    {"regexp_replaceAllString", host_string("x")},
	};
	/* Backtracking; and more alternatives with repetitions than it keeps notes for. */
	volt_slot patterns[] = {host_string("(?:a|ab|abc)*d"), repeated("(?:a?b|a)*c|", 2000, "d")};
	volt_slot text = repeated("a", 1 << 20, "");
	for (size_t i = 0; i < sizeof natives / sizeof *natives; i++) {
		for (size_t j = 0; j < sizeof patterns / sizeof *patterns; j++) {
			enum { LIMIT = 10000, STEPS_AT_ONCE = 2000 };
			host_limit_steps(LIMIT);
			host_outcome outcome = CALL(natives[i].native, 2, patterns[j], text, natives[i].last_argument);
			ck_assert_int_eq(outcome.ended, VOLT_NATIVE_EXIT);
			ck_assert_uint_ge(host_steps(), LIMIT);
			ck_assert_uint_lt(host_steps(), LIMIT + STEPS_AT_ONCE);
		}
	}
}
END_TEST

HOST_MAIN("regexp limits", large_patterns_are_good, patterns_beyond_the_limits_are_refused,
          long_patterns_are_read_in_little_time, time_grows_with_the_text, matches_of_any_length,
          a_limit_of_steps_ends_a_search)
