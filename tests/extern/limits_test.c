/*
 * Small arguments that ask for huge results: the heap limit answers, and before ordinary memory is used
 * up.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "host.h"

enum { HEAP_LIMIT = 32 << 20, MOST_PROCESS_MEMORY_KIB = 512 << 10 };

static volt_slot string_of(size_t length) {
	char *text = malloc(length);
	memset(text, 'a', length);
	volt_slot string = string_new(host_space(), text, length);
	free(text);
	return string;
}

static void expect_little_memory(void) {
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	ck_assert_int_lt(usage.ru_maxrss, MOST_PROCESS_MEMORY_KIB);
}

START_TEST(widths_and_precisions) {
	static const char *const formats[] = {"%2000000000d", "%-2000000000d", "%02000000000d", "%.2000000000d",
	                                      "%2147483647d"};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		ck_assert(EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprintf", host_string(formats[i]), OPERANDS(ANY_INT(1))));
	ck_assert(
	    EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprintf", host_string("%.2000000000f"), OPERANDS(ANY_FLOAT(1))));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprintf", host_string("%2000000000s"), OPERANDS(ANY_NIL)));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "strconv_FormatFloat", FLOAT(1), 'e', INT32_MAX, 64));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "strconv_FormatFloat", FLOAT(1), 'f', INT32_MAX, 64));
	expect_little_memory();
}
END_TEST

/* Many operands that each fit, many directives that do, and a document that is larger than its values. */
START_TEST(sums) {
	enum { COPIES = 64 };
	volt_slot words[2 * COPIES];
	for (size_t i = 0; i < COPIES; i++) {
		words[2 * i] = volt_interface_type(0, 1, VOLT_KIND_STRING);
		words[2 * i + 1] = i == 0 ? string_of(1 << 20) : words[1];
	}
	volt_slot operands = host_operands(words, COPIES);
	ck_assert(EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprint", operands));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprintln", operands));
	char format[(size_t)8 * COPIES + 1];
	for (char *at = format, *end = format + (size_t)8 * COPIES; at < end;)
		at = stpcpy(at, "%999999d");
	for (size_t i = 0; i < COPIES; i++) {
		words[2 * i] = volt_interface_type(0, 1, VOLT_KIND_INT);
		words[2 * i + 1] = i;
	}
	operands = host_operands(words, COPIES);
	ck_assert(EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprintf", host_string(format), operands));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "strings_ToUpper", string_of(HEAP_LIMIT)));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "regexp_replaceAllString", host_string("a"), string_of(1 << 14),
	                   string_of(1 << 14)));
	expect_little_memory();
}
END_TEST

START_TEST(many_results) {
	ck_assert(
	    !EXHAUSTS(HEAP_LIMIT, "regexp_findAllString", host_string("a"), string_of(1 << 10), (volt_slot)-1));
	ck_assert(
	    EXHAUSTS(HEAP_LIMIT, "regexp_findAllString", host_string("a"), string_of(1 << 21), (volt_slot)-1));
	expect_little_memory();
}
END_TEST

/* No machine's memory is asked for what no text can be, with a limit or without. */
START_TEST(texts_have_a_largest_length) {
	volt_slot text = string_of(1 << 16);
	volt_slot replacement = string_of(1 << 16);
	ck_assert(EXHAUSTS(0, "strings_Replace", text, host_string("a"), replacement, (volt_slot)-1));
	ck_assert(EXHAUSTS(0, "bytes_Replace", text, host_string("a"), replacement, (volt_slot)-1));
	expect_little_memory();
}
END_TEST

START_TEST(replacements) {
	volt_slot text = string_of(1 << 16);
	volt_slot replacement = string_of(1 << 16);
	ck_assert(EXHAUSTS(HEAP_LIMIT, "strings_Replace", text, host_string("a"), replacement, (volt_slot)-1));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "strings_Replace", text, 0, replacement, (volt_slot)-1));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "bytes_Replace", text, host_string("a"), replacement, (volt_slot)-1));
	expect_little_memory();
}
END_TEST

START_TEST(pieces) {
	volt_slot text = string_of(1 << 22);
	ck_assert(EXHAUSTS(HEAP_LIMIT, "strings_Split", text, 0));
	expect_little_memory();
}
END_TEST

HOST_MAIN("limits", many_results, /* first: what the others left counts, too */
          widths_and_precisions, sums, texts_have_a_largest_length, replacements, pieces)
