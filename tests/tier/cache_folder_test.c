/* The folder of kept code, as several processes at once use it. */
#include "cache/folder.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROCESSES = 8, ROUNDS = 100, FILE_BYTES = 1000, LIMIT = 64 * FILE_BYTES, LOOKS_TO_LIMIT = 16 };

static char path[] = "/tmp/volt-folder-XXXXXX";

static uint64_t kept_bytes(void) {
	uint64_t bytes = 0;
	DIR *folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	for (const struct dirent *entry; (entry = readdir(folder));) {
		struct stat status;
		if (fstatat(dirfd(folder), entry->d_name, &status, 0) == 0 && S_ISREG(status.st_mode))
			bytes += (uint64_t)status.st_size;
	}
	closedir(folder);
	return bytes;
}

static void write_one(cache_folder *folder, int number) {
	static const char bytes[FILE_BYTES];
	char name[FOLDER_NAME_LENGTH + 1];
	snprintf(name, sizeof name, "%064x", (unsigned)number);
	ck_assert_ptr_null(folder_write(folder, name, bytes, sizeof bytes));
}

static void remove_all(void) {
	DIR *folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	for (const struct dirent *entry; (entry = readdir(folder));)
		unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
	rmdir(path);
}

/* None of them knows of the others but by what lies there. */
START_TEST(many_processes_keep_to_the_limit) {
	cache_folder folders[PROCESSES];
	ck_assert_ptr_nonnull(mkdtemp(path));
	for (int i = 0; i < PROCESSES; i++)
		ck_assert(folder_start(&folders[i], path, LIMIT));
	uint64_t most = 0;
	for (int i = 0; i < ROUNDS * PROCESSES; i++) {
		write_one(&folders[i % PROCESSES], i);
		const uint64_t now = kept_bytes();
		most = now > most ? now : most;
	}
	for (int i = 0; i < PROCESSES; i++)
		folder_end(&folders[i]);
	remove_all();
	ck_assert_uint_gt(most, LIMIT / 2);
	ck_assert_uint_le(most, LIMIT + PROCESSES * LIMIT / LOOKS_TO_LIMIT);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("cache folder");
	TCase *cases = tcase_create("processes at once");
	tcase_add_test(cases, many_processes_keep_to_the_limit);
	suite_add_tcase(suite, cases);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	const int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
