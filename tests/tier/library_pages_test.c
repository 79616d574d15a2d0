/* The library's code is mapped when it is loaded: the kernel says how much of a mapping is there. */
#include <check.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "support.h"

/* In KiB, of the library's executable mapping. */
typedef struct {
	unsigned long whole, there;
} mapping_size;

static mapping_size size_of_code(const char *library) {
	mapping_size found = {0, 0};
	char line[4096];
	bool is_code = false;
	FILE *maps = fopen("/proc/self/smaps", "r");
	ck_assert_ptr_nonnull(maps);
	while (fgets(line, sizeof line, maps)) {
		if (strchr(line, '/'))
			is_code = strstr(line, library) && strstr(line, " r-xp ");
		if (is_code && !sscanf(line, "Size: %lu", &found.whole))
			(void)sscanf(line, "Rss: %lu", &found.there);
	}
	fclose(maps);
	return found;
}

/* Linux before 5.14 does not know the request. */
static bool kernel_maps_at_once(void) {
	return madvise((void *)((uintptr_t)size_of_code / 4096 * 4096), 4096, MADV_POPULATE_READ) == 0;
}

START_TEST(all_code_is_there_before_any_is_executed) {
	ck_assert_uint_eq(size_of_code("libvolt-llvm").whole, 0);
	void *library = dlopen(VOLT_TIER_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	ck_assert_msg(library != NULL, "%s", dlerror());
	const mapping_size code = size_of_code("libvolt-llvm");
	ck_assert_uint_gt(code.whole, 1024);
	if (kernel_maps_at_once())
		ck_assert_uint_eq(code.there, code.whole);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier library pages");
	TCase *test_case = tcase_create("code");
	tcase_add_test(test_case, all_code_is_there_before_any_is_executed);
	suite_add_tcase(suite, test_case);
	SRunner *runner = srunner_create(suite); /* not run_suite(), which opens the library */
	srunner_run_all(runner, CK_NORMAL);
	const int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
