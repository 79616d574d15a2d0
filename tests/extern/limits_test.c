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
	                                      "%99999999999999999999999d"};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		ck_assert(EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprintf", host_string(formats[i]), OPERANDS(ANY_INT(1))));
	ck_assert(
	    EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprintf", host_string("%.2000000000f"), OPERANDS(ANY_FLOAT(1))));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "fmt_nativeSprintf", host_string("%2000000000s"), OPERANDS(ANY_NIL)));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "strconv_FormatFloat", FLOAT(1), 'e', INT64_MAX, 64));
	ck_assert(EXHAUSTS(HEAP_LIMIT, "strconv_FormatFloat", FLOAT(1), 'f', INT64_MAX, 64));
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

HOST_MAIN("limits", widths_and_precisions, replacements, pieces)
