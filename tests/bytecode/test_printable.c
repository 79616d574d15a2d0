/* Names and messages as they are shown to people. */
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"
#include "support.h"
#include "volt/error.h"

static volt_text text_of(const char *text) {
	return (volt_text){text, (uint32_t)strlen(text)};
}

static const struct {
	const char *name, *shown;
} names[] = {
    {"", ""},
    {"main", "main"},
    {"a b\\c\"d", "a b\\c\"d"},
    {"größe \xe6\x97\xa5", "größe \xe6\x97\xa5"},
    {"\x1b[31m", "\\x1b[31m"},
    {"\x01\n\t\x7f", "\\x01\\x0a\\x09\\x7f"},
    {"\xc2\x9b", "\\xc2\\x9b"}, /* U+009B, a control sequence's beginning */
    {"\xc2\xa0", "\xc2\xa0"},
    {"\xd8\x9c", "\\xd8\\x9c"}, /* U+061C, a mark of direction */
    {"\xe2\x80\xad\xe2\x80\xac",
     "\\xe2\\x80\\xad\\xe2\\x80\\xac"},  /* U+202D, one that turns it, and its end */
    {"\xe2\x80\xaf", "\xe2\x80\xaf"},    /* its neighbour, a space */
    {"\xe2\x81\xa9", "\\xe2\\x81\\xa9"}, /* U+2069 */
    {"\xe2\x80\xa8", "\\xe2\\x80\\xa8"}, /* U+2028, an end of line */
    {"\xff\x80 \xe2\x80", "\\xff\\x80 \\xe2\\x80"},
};

static void check_shown(printable shown, const char *expected) {
	ck_assert_str_eq(shown.text, expected);
}

START_TEST(what_a_terminal_obeys_is_escaped) {
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		check_shown(volt_printable(text_of(names[i].name)), names[i].shown);
	check_shown(volt_printable((volt_text){"a\0b", 3}), "a\\x00b");
	check_shown(volt_printable((volt_text){NULL, 0}), "");
}
END_TEST

START_TEST(long_names_are_cut_between_characters) {
	check_shown(volt_printable_within(text_of("abcdef"), 6), "abcdef");
	check_shown(volt_printable_within(text_of("abcdefg"), 6), "abc...");
	check_shown(volt_printable_within(text_of("ab\xe6\x97\xa5\xe6\x97\xa5"), 6), "ab...");
	check_shown(volt_printable_within(text_of("\x1b\x1b"), 7), "\\x1b...");
	check_shown(volt_printable_within(text_of("\x1b\x1b"), 6), "...");
	check_shown(volt_printable_within(text_of("abcd"), 3), "...");
	char name[2000];
	for (size_t length = 1; length < sizeof name; length++) {
		memset(name, length % 2 ? 'n' : '\x01', length);
		const printable shown = volt_printable((volt_text){name, (uint32_t)length});
		ck_assert_uint_lt(strlen(shown.text), PRINTABLE_BYTES);
		ck_assert((strstr(shown.text, "...") != NULL) == (length * (length % 2 ? 1 : 4) >= PRINTABLE_BYTES));
	}
}
END_TEST

START_TEST(whole_names_are_never_cut) {
	char name[PRINTABLE_BYTES], expected[4 * PRINTABLE_BYTES + 1];
	for (size_t i = 0; i < sizeof name; i++) {
		name[i] = '\x1b';
		memcpy(expected + 4 * i, "\\x1b", 5);
	}
	char *shown = volt_printable_whole((volt_text){name, sizeof name});
	ck_assert_str_eq(shown, expected);
	free(shown);
	shown = volt_printable_whole((volt_text){NULL, 0});
	ck_assert_str_eq(shown, "");
	free(shown);
}
END_TEST

/* Lines stay lines. What a program panics with is not a message of ours. */
START_TEST(messages_can_be_shown) {
	volt_error *error =
	    volt_error_new(VOLT_ERROR_LINK, "%s:\n\t%s", "\x1b]0;title\x07", "\xc2\x85 größe\xff");
	ck_assert_str_eq(volt_error_message(error), "\\x1b]0;title\\x07:\n\t\\xc2\\x85 größe\\xff");
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_LINK);
	error = volt_error_prefix(error, "%s", "\r");
	ck_assert_str_eq(volt_error_message(error), "\\x0d: \\x1b]0;title\\x07:\n\t\\xc2\\x85 größe\\xff");
	volt_error_free(error);
	error = volt_error_new(VOLT_ERROR_PANIC, "%s", "\x1b[1mbold\x1b[0m\xff");
	ck_assert_str_eq(volt_error_message(error), "\x1b[1mbold\x1b[0m\xff");
	volt_error_free(error);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("printable");
	TCase *tests = tcase_create("printable");
	tcase_add_test(tests, what_a_terminal_obeys_is_escaped);
	tcase_add_test(tests, long_names_are_cut_between_characters);
	tcase_add_test(tests, whole_names_are_never_cut);
	tcase_add_test(tests, messages_can_be_shown);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
