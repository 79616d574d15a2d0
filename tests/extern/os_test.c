/* Package os, io and path/filepath: files, directories, links, errors, permissions. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extern/os/descriptors.h"
#include "outside_host.h"

enum {
	READ_ONLY = 0,
	WRITE_ONLY = 1,
	READ_WRITE = 2,
	APPEND = 8,
	CREATE = 16,
	EXCLUSIVE = 32,
	TRUNCATE = 128
};

static int64_t open_path(const char *path, int flags, int mode) {
	const volt_slot *result = CALL("os_openFile", string(path), (volt_slot)flags, (volt_slot)mode);
	ASSERT_NO_ERROR(result + 1);
	return (int64_t)result[0];
}

static void close_file(int64_t file) {
	ASSERT_NO_ERROR(CALL("os_fileClose", (volt_slot)file));
}

static void write_path(const char *path, const char *content) {
	ASSERT_NO_ERROR(CALL("os_nativeWriteFile", string(path), bytes(content), 0644));
}

static const char *read_path(const char *path) {
	const volt_slot *result = CALL("os_nativeReadFile", string(path));
	ASSERT_NO_ERROR(result + 1);
	return text_of(result[0]);
}

static void write_file(int64_t file, const char *content) {
	const volt_slot *result = CALL("os_blocking_fileWrite", (volt_slot)file, bytes(content));
	ck_assert_int_eq(result[0], strlen(content));
	ASSERT_NO_ERROR(result + 1);
}

/* ---- Constants ---- */

START_TEST(os_sentinels) {
	static const char *const expected[] = {
	    "file does not exist", "file already exists", "permission denied", "invalid argument",
	    "operation timed out", "file already closed", "not a directory",   "is a directory"};
	volt_slot first[16];
	memcpy(first, CALL0("os_getOsErrors"), sizeof first);
	const volt_slot *again = CALL0("os_getOsErrors");
	for (size_t i = 0; i < 8; i++) {
		ASSERT_ERROR(first + 2 * i, expected[i]);
		ck_assert(same_error(first + 2 * i, again + 2 * i));
	}
}
END_TEST

START_TEST(io_sentinels) {
	static const char *const expected[] = {"EOF",
	                                       "unexpected EOF",
	                                       "short write",
	                                       "short buffer",
	                                       "multiple Read calls return no data or error",
	                                       "io: read/write on closed pipe",
	                                       "invalid write result",
	                                       "invalid whence",
	                                       "invalid offset",
	                                       "negative read count",
	                                       "negative count"};
	const volt_slot *errors = CALL0("io_getIoErrors");
	for (size_t i = 0; i < 11; i++)
		ASSERT_ERROR(errors + 2 * i, expected[i]);
}
END_TEST

START_TEST(open_flags) {
	static const volt_slot expected[] = {0, 1, 2, 8, 16, 32, 64, 128};
	ck_assert_mem_eq(CALL0("os_getOsConsts"), expected, sizeof expected);
}
END_TEST

/* ---- Descriptors ---- */

START_TEST(writes_then_reads) {
	const char *path = path_in(temporary_directory(), "file");
	int64_t file = open_path(path, READ_WRITE | CREATE, 0640);
	ck_assert_int_ge(file, 100);
	write_file(file, "hello, world");
	const volt_slot *result = CALL("os_fileSeek", (volt_slot)file, 7, 0);
	ck_assert_int_eq(result[0], 7);
	ASSERT_NO_ERROR(result + 1);
	volt_slot target = zero_bytes(64);
	result = CALL("os_blocking_fileRead", (volt_slot)file, target);
	ck_assert_int_eq(result[0], 5);
	ASSERT_NO_ERROR(result + 1);
	ck_assert_mem_eq(slice_data(target), "world", 6);
	result = CALL("os_blocking_fileRead", (volt_slot)file, target);
	ck_assert_int_eq(result[0], 0);
	ASSERT_ERROR(result + 1, "EOF");
	ck_assert(!same_error(result + 1, CALL0("io_getIoErrors")));
	close_file(file);
}
END_TEST

START_TEST(reads_and_writes_at_offsets) {
	int64_t file = open_path(path_in(temporary_directory(), "file"), READ_WRITE | CREATE, 0600);
	const volt_slot *result = CALL("os_blocking_fileWriteAt", (volt_slot)file, bytes("abc"), 5);
	ck_assert_int_eq(result[0], 3);
	ASSERT_NO_ERROR(result + 1);
	volt_slot target = zero_bytes(4);
	result = CALL("os_blocking_fileReadAt", (volt_slot)file, target, 4);
	ck_assert_int_eq(result[0], 4);
	ck_assert_mem_eq(slice_data(target), "\0abc", 4);
	result = CALL("os_blocking_fileReadAt", (volt_slot)file, target, 8);
	ASSERT_ERROR(result + 1, "EOF");
	ASSERT_ERROR(CALL("os_blocking_fileReadAt", (volt_slot)file, target, (volt_slot)-1) + 1,
	             "invalid argument");
	ASSERT_ERROR(CALL("os_blocking_fileReadAt", (volt_slot)file, target, (volt_slot)INT64_MAX) + 1,
	             "invalid argument");
	result = CALL("os_fileSeek", (volt_slot)file, 0, 1);
	ck_assert_int_eq(result[0], 0);
	close_file(file);
}
END_TEST

/* More than the host moves at once on some systems; and no other fiber runs meanwhile. */
START_TEST(large_transfers_are_complete) {
	size_t length = (40u << 20) + 12345;
	volt_slot source = zero_bytes(length);
	for (size_t i = 0; i < length; i += 4096)
		slice_data(source)[i] = (uint8_t)(i >> 12);
	int64_t file = open_path(path_in(temporary_directory(), "large"), READ_WRITE | CREATE, 0600);
	ck_assert_int_eq(CALL("os_blocking_fileWrite", (volt_slot)file, source)[0], length);
	CALL("os_fileSeek", (volt_slot)file, 0, 0);
	volt_slot target = zero_bytes(length + 100);
	const volt_slot *result = CALL("os_blocking_fileRead", (volt_slot)file, target);
	ck_assert_int_eq(result[0], length);
	ASSERT_NO_ERROR(result + 1);
	ck_assert_mem_eq(slice_data(source), slice_data(target), length);
	close_file(file);
}
END_TEST

START_TEST(appends_and_truncates) {
	const char *path = path_in(temporary_directory(), "log");
	write_path(path, "one ");
	int64_t file = open_path(path, WRITE_ONLY | APPEND, 0);
	write_file(file, "two");
	close_file(file);
	ck_assert_str_eq(read_path(path), "one two");
	file = open_path(path, READ_WRITE, 0);
	ASSERT_NO_ERROR(CALL("os_fileTruncate", (volt_slot)file, 3));
	ASSERT_NO_ERROR(CALL("os_fileSync", (volt_slot)file));
	ASSERT_ERROR(CALL("os_fileTruncate", (volt_slot)file, (volt_slot)-1), "invalid argument");
	close_file(file);
	ck_assert_str_eq(read_path(path), "one");
	ASSERT_NO_ERROR(CALL("os_nativeTruncate", string(path), 1));
	ck_assert_str_eq(read_path(path), "o");
	file = open_path(path, WRITE_ONLY | TRUNCATE, 0);
	close_file(file);
	ck_assert_str_eq(read_path(path), "");
}
END_TEST

START_TEST(seek_refuses_bad_origins) {
	int64_t file = open_path(path_in(temporary_directory(), "file"), READ_WRITE | CREATE, 0600);
	ASSERT_ERROR(CALL("os_fileSeek", (volt_slot)file, 0, 3) + 1, "invalid argument");
	ASSERT_ERROR(CALL("os_fileSeek", (volt_slot)file, 0, (volt_slot)-1) + 1, "invalid argument");
	ASSERT_ERROR(CALL("os_fileSeek", (volt_slot)file, (volt_slot)-1, 0) + 1, "invalid argument");
	close_file(file);
}
END_TEST

START_TEST(closed_descriptors) {
	int64_t file = open_path(path_in(temporary_directory(), "file"), READ_WRITE | CREATE, 0600);
	close_file(file);
	const volt_slot closed[2] = {CALL0("os_getOsErrors")[10], CALL0("os_getOsErrors")[11]};
	ck_assert(same_error(CALL("os_fileClose", (volt_slot)file), closed));
	ck_assert(same_error(CALL("os_fileSync", (volt_slot)file), closed));
	ck_assert(same_error(CALL("os_fileSeek", (volt_slot)file, 0, 0) + 1, closed));
	ck_assert(same_error(CALL("os_fileStat", (volt_slot)file) + 5, closed));
	ck_assert(same_error(CALL("os_fileTruncate", (volt_slot)file, 0), closed));
	ck_assert(same_error(CALL("os_blocking_fileRead", (volt_slot)file, zero_bytes(4)) + 1, closed));
	ck_assert(same_error(CALL("os_blocking_fileWrite", (volt_slot)file, bytes("x")) + 1, closed));
	ck_assert(same_error(CALL("os_blocking_fileReadAt", (volt_slot)-5, zero_bytes(4), 0) + 1, closed));
	ck_assert(same_error(CALL("os_blocking_fileWriteAt", 99999999, bytes("x"), 0) + 1, closed));
}
END_TEST

START_TEST(numbers_are_not_used_again) {
	const char *path = path_in(temporary_directory(), "file");
	int64_t first = open_path(path, WRITE_ONLY | CREATE, 0600);
	close_file(first);
	int64_t second = open_path(path, WRITE_ONLY, 0);
	ck_assert_int_ne(first, second);
	close_file(second);
}
END_TEST

START_TEST(many_descriptors) {
	int64_t files[300];
	const char *path = path_in(temporary_directory(), "file");
	for (size_t i = 0; i < 300; i++)
		files[i] = open_path(path, WRITE_ONLY | CREATE, 0600);
	ck_assert_uint_eq(descriptors_open(), 300);
	for (size_t i = 0; i < 300; i++)
		close_file(files[i]);
}
END_TEST

START_TEST(a_vm_closes_what_it_leaves_open) {
	outside_call made;
	const char *path = path_in(temporary_directory(), "file");
	open_path(path, WRITE_ONLY | CREATE, 0600);
	BEGIN(&made, "os_openFile", string(path), WRITE_ONLY, 0);
	ck_assert_uint_eq(descriptors_open(), 2);
	descriptors_close_owned(made.call.vm);
	ck_assert_uint_eq(descriptors_open(), 0);
}
END_TEST

START_TEST(standard_streams) {
	ck_assert_int_eq(CALL("os_blocking_fileWrite", 1, bytes("out"))[0], 3);
	ck_assert_int_eq(CALL("os_blocking_fileWrite", 2, bytes("err"))[0], 3);
	ck_assert_str_eq(outside_output(1), "out");
	ck_assert_str_eq(outside_output(2), "err");
	for (volt_slot file = 0; file < 3; file++)
		ASSERT_NO_ERROR(CALL("os_fileClose", file));
	ck_assert_int_eq(CALL("os_blocking_fileWrite", 1, bytes("more"))[0], 4);
	ASSERT_ERROR(CALL("os_blocking_fileWrite", 0, bytes("x")) + 1, "Bad file descriptor (os error 9)");
	ASSERT_ERROR(CALL("os_blocking_fileRead", 1, zero_bytes(1)) + 1, "Bad file descriptor (os error 9)");
	ASSERT_ERROR(CALL("os_fileTruncate", 1, 0), "invalid argument");
}
END_TEST

static int replace_standard_input(int with) {
	int before = dup(0);
	dup2(with, 0);
	close(with);
	return before;
}

/* A pipe: waits for input, and its end is no error. */
START_TEST(standard_input) {
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	int before = replace_standard_input(ends[0]);
	outside_call reading;
	volt_slot target = zero_bytes(8);
	BEGIN(&reading, "os_blocking_fileRead", 0, target);
	ck_assert(outside_still_waits(&reading));
	ck_assert_int_eq(write(ends[1], "in", 2), 2);
	outside_finish(&reading);
	ck_assert_int_eq(reading.results[0], 2);
	ck_assert_mem_eq(slice_data(target), "in", 2);
	/* Others have it open too: the wait has not changed how it blocks. */
	ck_assert_int_eq(fcntl(0, F_GETFL) & O_NONBLOCK, 0);
	close(ends[1]);
	const volt_slot *result = CALL("os_blocking_fileRead", 0, target);
	ck_assert_int_eq(result[0], 0);
	ASSERT_NO_ERROR(result + 1);
	dup2(before, 0);
	close(before);
}
END_TEST

START_TEST(terminals) {
	const volt_slot *pipes = CALL0("os_nativePipe");
	volt_slot ends[2] = {pipes[0], pipes[1]};
	ck_assert_int_eq(CALL("os_nativeIsTerminal", ends[0])[0], 0);
	ck_assert_int_eq(CALL("os_nativeIsTerminal", 98765)[0], 0);
	ck_assert_int_eq(CALL("os_nativeIsTerminal", 0)[0], (volt_slot)isatty(0));
	close_file((int64_t)ends[0]);
	close_file((int64_t)ends[1]);
}
END_TEST

/* ---- Pipes ---- */

START_TEST(a_reader_waits_for_a_writer) {
	volt_slot ends[2];
	const volt_slot *made = CALL0("os_nativePipe");
	ASSERT_NO_ERROR(made + 2);
	memcpy(ends, made, sizeof ends);
	outside_call reading;
	volt_slot target = zero_bytes(16);
	BEGIN(&reading, "os_blocking_fileRead", ends[0], target);
	ck_assert(outside_still_waits(&reading));
	write_file((int64_t)ends[1], "ping");
	outside_finish(&reading);
	ck_assert_int_eq(reading.results[0], 4);
	ck_assert_mem_eq(slice_data(target), "ping", 4);
	close_file((int64_t)ends[1]);
	ASSERT_ERROR(CALL("os_blocking_fileRead", ends[0], target) + 1, "EOF");
	close_file((int64_t)ends[0]);
}
END_TEST

/* More than a pipe holds, so that the writer waits in between and still writes all. */
START_TEST(a_writer_waits_for_a_reader) {
	size_t length = 300000;
	size_t received = 0;
	volt_slot ends[2];
	memcpy(ends, CALL0("os_nativePipe"), sizeof ends);
	outside_call writing;
	BEGIN(&writing, "os_blocking_fileWrite", ends[1], zero_bytes(length));
	ck_assert(outside_still_waits(&writing));
	volt_slot target = zero_bytes(50000);
	while (received < length) {
		const volt_slot *result = CALL("os_blocking_fileRead", ends[0], target);
		ASSERT_NO_ERROR(result + 1);
		received += result[0];
		outside_still_waits(&writing);
	}
	outside_finish(&writing);
	ck_assert_int_eq(writing.results[0], length);
	ASSERT_NO_ERROR(writing.results + 1);
	close_file((int64_t)ends[0]);
	close_file((int64_t)ends[1]);
}
END_TEST

START_TEST(a_pipe_without_reader_is_an_error_only) {
	volt_slot ends[2];
	memcpy(ends, CALL0("os_nativePipe"), sizeof ends);
	close_file((int64_t)ends[0]);
	ASSERT_ERROR(CALL("os_blocking_fileWrite", ends[1], bytes("x")) + 1, "Broken pipe (os error 32)");
	close_file((int64_t)ends[1]);
}
END_TEST

START_TEST(closing_wakes_a_reader) {
	volt_slot ends[2];
	memcpy(ends, CALL0("os_nativePipe"), sizeof ends);
	outside_call reading;
	BEGIN(&reading, "os_blocking_fileRead", ends[0], zero_bytes(4));
	ck_assert(outside_still_waits(&reading));
	close_file((int64_t)ends[0]);
	outside_finish(&reading);
	ASSERT_ERROR(reading.results + 1, "file already closed");
	close_file((int64_t)ends[1]);
}
END_TEST

START_TEST(waits_may_be_given_up) {
	volt_slot ends[2];
	volt_slot full[2];
	memcpy(ends, CALL0("os_nativePipe"), sizeof ends);
	memcpy(full, CALL0("os_nativePipe"), sizeof full);
	outside_call reading;
	outside_call writing;
	BEGIN(&reading, "os_blocking_fileRead", ends[0], zero_bytes(4));
	BEGIN(&writing, "os_blocking_fileWrite", full[1], zero_bytes(1 << 20));
	ck_assert_int_eq(reading.ended, VOLT_NATIVE_WAIT);
	ck_assert_int_eq(writing.ended, VOLT_NATIVE_WAIT);
	outside_abandon(&reading);
	outside_abandon(&writing);
	for (int i = 0; i < 2; i++) {
		close_file((int64_t)ends[i]);
		close_file((int64_t)full[i]);
	}
}
END_TEST

/* Otherwise other fibers would run in between, and a program could see it. */
START_TEST(regular_files_do_not_wait) {
	int64_t file = open_path(path_in(temporary_directory(), "file"), READ_WRITE | CREATE, 0600);
	outside_call writing;
	outside_call reading;
	BEGIN(&writing, "os_blocking_fileWrite", (volt_slot)file, zero_bytes(1 << 20));
	ck_assert_int_eq(writing.ended, VOLT_NATIVE_OK);
	ck_assert_int_eq(writing.results[0], 1 << 20);
	BEGIN(&reading, "os_blocking_fileReadAt", (volt_slot)file, zero_bytes(4), 7);
	ck_assert_int_eq(reading.ended, VOLT_NATIVE_OK);
	ck_assert_int_eq(reading.results[0], 4);
	close_file(file);
}
END_TEST

/* ---- Errors of the host ---- */

START_TEST(errors_become_sentinels) {
	const char *directory = temporary_directory();
	const char *file = path_in(directory, "file");
	write_path(file, "x");
	ASSERT_ERROR(CALL("os_openFile", string(path_in(directory, "none")), READ_ONLY, 0) + 1,
	             "file does not exist");
	ck_assert_int_eq((int64_t)CALL("os_openFile", string(path_in(directory, "none")), READ_ONLY, 0)[0], -1);
	ASSERT_ERROR(CALL("os_openFile", string(file), WRITE_ONLY | CREATE | EXCLUSIVE, 0600) + 1,
	             "file already exists");
	ASSERT_ERROR(CALL("os_openFile", string(directory), WRITE_ONLY, 0) + 1, "is a directory");
	ASSERT_ERROR(CALL("os_openFile", string(path_in(file, "below")), READ_ONLY, 0) + 1, "not a directory");
	ASSERT_ERROR(CALL("os_nativeReadFile", string(directory)) + 1, "is a directory");
	ASSERT_ERROR(CALL("os_nativeMkdir", string(directory), 0755), "file already exists");
	ASSERT_ERROR(CALL("os_nativeChmod", string(path_in(directory, "none")), 0644), "file does not exist");
	volt_slot zero_inside = slice_from_bytes(vm_object_space(NULL), "a\0b", 3);
	ASSERT_ERROR(CALL("os_nativeStat", zero_inside) + 5, "invalid argument");
	volt_slot long_name = zero_bytes(5000);
	memset(slice_data(long_name), 'a', 5000);
	ASSERT_ERROR(CALL("os_nativeRemove", long_name), "File name too long (os error 36)");
	const volt_slot *sentinels = CALL0("os_getOsErrors");
	const volt_slot not_exist[2] = {sentinels[0], sentinels[1]};
	ck_assert(same_error(CALL("os_nativeReadFile", string(path_in(directory, "none"))) + 1, not_exist));
}
END_TEST

START_TEST(permission_denied) {
	/* Nobody links directories, the superuser neither. */
	const char *directory = temporary_directory();
	ASSERT_ERROR(CALL("os_nativeLink", string(directory), string(path_in(directory, "x"))),
	             "permission denied");
	if (geteuid() == 0)
		return;
	const char *path = path_in(temporary_directory(), "locked");
	write_path(path, "x");
	ASSERT_NO_ERROR(CALL("os_nativeChmod", string(path), 0));
	ASSERT_ERROR(CALL("os_nativeReadFile", string(path)) + 1, "permission denied");
}
END_TEST

/* ---- Names ---- */

START_TEST(file_info) {
	const char *path = path_in(temporary_directory(), "info");
	write_path(path, "12345");
	ASSERT_NO_ERROR(CALL("os_nativeChmod", string(path), 0604));
	/* Nanoseconds, as a time.Time holds them. */
	ASSERT_NO_ERROR(CALL("os_nativeChtimes", string(path), 0, 1700000000123456789));
	ck_assert_int_eq(CALL("os_nativeStat", string(path))[3], 1700000000);
	ASSERT_NO_ERROR(CALL("os_nativeChtimes", string(path), 0, (volt_slot)-1700000000123456789));
	ck_assert_int_eq(CALL("os_nativeStat", string(path))[3], -1700000001);
	ASSERT_NO_ERROR(CALL("os_nativeChtimes", string(path), 1000, 1234567890));
	const volt_slot *info = CALL("os_nativeStat", string(path));
	ASSERT_NO_ERROR(info + 5);
	ck_assert_str_eq(text_of(info[0]), "info");
	ck_assert_int_eq(info[1], 5);
	ck_assert_uint_eq(info[2], 0604);
	ck_assert_int_eq(info[3], 1234567890);
	ck_assert_int_eq(info[4], 0);
	info = CALL("os_nativeStat", string(temporary_directory()));
	ck_assert_uint_eq(info[2], 1u << 31 | 0700);
	ck_assert_int_eq(info[4], 1);
	int64_t file = open_path(path, READ_ONLY, 0);
	info = CALL("os_fileStat", (volt_slot)file);
	ck_assert_str_eq(text_of(info[0]), "");
	ck_assert_int_eq(info[1], 5);
	close_file(file);
}
END_TEST

/* "perm applied after create": the mask of the process does not take part. */
START_TEST(permissions_at_creation) {
	mode_t mask = umask(077);
	const char *path = path_in(temporary_directory(), "shared");
	close_file(open_path(path, WRITE_ONLY | CREATE, 0666));
	ck_assert_uint_eq(CALL("os_nativeStat", string(path))[2], 0666);
	close_file(open_path(path, WRITE_ONLY | CREATE, 0600));
	ck_assert_uint_eq(CALL("os_nativeStat", string(path))[2], 0666);
	umask(mask);
}
END_TEST

START_TEST(links) {
	const char *directory = temporary_directory();
	const char *file = path_in(directory, "file");
	const char *symbolic = path_in(directory, "symbolic");
	const char *hard = path_in(directory, "hard");
	write_path(file, "content");
	ASSERT_NO_ERROR(CALL("os_nativeSymlink", string("file"), string(symbolic)));
	ASSERT_NO_ERROR(CALL("os_nativeLink", string(file), string(hard)));
	const volt_slot *target = CALL("os_nativeReadlink", string(symbolic));
	ASSERT_NO_ERROR(target + 1);
	ck_assert_str_eq(text_of(target[0]), "file");
	ASSERT_ERROR(CALL("os_nativeReadlink", string(file)) + 1, "invalid argument");
	ck_assert_uint_eq(CALL("os_nativeLstat", string(symbolic))[2] >> 27, 1);
	ck_assert_uint_eq(CALL("os_nativeStat", string(symbolic))[1], 7);
	const volt_slot *resolved = CALL("path_filepath_evalSymlinks", string(symbolic));
	ASSERT_NO_ERROR(resolved + 1);
	char *real = realpath(file, NULL);
	ck_assert_str_eq(text_of(resolved[0]), real);
	free(real);
	ASSERT_ERROR(CALL("path_filepath_evalSymlinks", string(path_in(directory, "none"))) + 1,
	             "file does not exist");
	ASSERT_NO_ERROR(CALL("os_nativeRename", string(hard), string(path_in(directory, "moved"))));
	ck_assert_str_eq(read_path(path_in(directory, "moved")), "content");
}
END_TEST

START_TEST(working_directory) {
	const char *directory = temporary_directory();
	char *before = getcwd(NULL, 0);
	char *real = realpath(directory, NULL);
	ASSERT_NO_ERROR(CALL("os_nativeChdir", string(directory)));
	const volt_slot *current = CALL0("os_nativeGetwd");
	ASSERT_NO_ERROR(current + 1);
	ck_assert_str_eq(text_of(current[0]), real);
	ASSERT_NO_ERROR(CALL("os_nativeMkdirAll", string("a//b/c/"), 0755));
	char *below = realpath("a/b", NULL);
	ck_assert_str_eq(text_of(CALL("path_filepath_evalSymlinks", string("a/../a/b"))[0]), below);
	free(below);
	ASSERT_ERROR(CALL("path_filepath_evalSymlinks", string("")) + 1, "file does not exist");
	ASSERT_NO_ERROR(CALL("os_nativeMkdirAll", string("a/b"), 0755));
	write_path("a/file", "");
	ASSERT_ERROR(CALL("os_nativeMkdirAll", string("a/file/x"), 0755), "not a directory");
	ASSERT_ERROR(CALL("os_nativeRemoveAll", string("a/.")), "invalid argument");
	ASSERT_NO_ERROR(CALL("os_nativeChdir", string(before)));
	free(before);
	free(real);
}
END_TEST

START_TEST(removing) {
	const char *directory = temporary_directory();
	const char *tree = path_in(directory, "tree");
	const char *outside = path_in(directory, "outside");
	write_path(outside, "stays");
	ASSERT_NO_ERROR(CALL("os_nativeMkdirAll", string(path_in(tree, "a/b/c")), 0700));
	write_path(path_in(tree, "a/b/file"), "x");
	ASSERT_NO_ERROR(CALL("os_nativeSymlink", string(directory), string(path_in(tree, "a/up"))));
	ASSERT_ERROR(CALL("os_nativeRemove", string(tree)), "Directory not empty (os error 39)");
	ASSERT_NO_ERROR(CALL("os_nativeRemoveAll", string(tree)));
	ASSERT_ERROR(CALL("os_nativeStat", string(tree)) + 5, "file does not exist");
	ck_assert_str_eq(read_path(outside), "stays");
	ASSERT_NO_ERROR(CALL("os_nativeRemoveAll", string(tree)));
	ASSERT_NO_ERROR(CALL("os_nativeRemove", string(outside)));
	ASSERT_ERROR(CALL("os_nativeRemove", string(outside)), "file does not exist");
	ASSERT_NO_ERROR(CALL("os_nativeMkdir", string(tree), 0700));
	ASSERT_NO_ERROR(CALL("os_nativeRemove", string(tree)));
}
END_TEST

START_TEST(reading_directories) {
	const char *directory = temporary_directory();
	const volt_slot *result = CALL("os_nativeReadDir", string(directory));
	ASSERT_NO_ERROR(result + 1);
	ck_assert_uint_eq(slice_length(result[0]), 0);
	write_path(path_in(directory, "file"), "x");
	ASSERT_NO_ERROR(CALL("os_nativeMkdir", string(path_in(directory, "sub")), 0750));
	result = CALL("os_nativeReadDir", string(directory));
	ck_assert_uint_eq(slice_length(result[0]), 2);
	const volt_slot *entries = (const volt_slot *)(void *)slice_data(result[0]);
	size_t sub = strcmp(text_of(entries[0]), "sub") == 0 ? 0 : 3;
	ck_assert_str_eq(text_of(entries[sub]), "sub");
	ck_assert_uint_eq(entries[sub + 1], 1);
	ck_assert_uint_eq(entries[sub + 2], 1u << 31 | 0750);
	ck_assert_str_eq(text_of(entries[3 - sub]), "file");
	ck_assert_uint_eq(entries[3 - sub + 1], 0);
	ck_assert_uint_eq(entries[3 - sub + 2], 0644);
	ASSERT_ERROR(CALL("os_nativeReadDir", string(path_in(directory, "file"))) + 1, "not a directory");
}
END_TEST

START_TEST(temporary_files) {
	const char *directory = temporary_directory();
	const volt_slot *made = CALL("os_nativeCreateTemp", string(directory), string("a*.txt"));
	ASSERT_NO_ERROR(made + 2);
	int64_t file = (int64_t)made[0];
	const char *path = text_of(made[1]);
	ck_assert_msg(strncmp(path, path_in(directory, "a"), strlen(directory) + 2) == 0, "%s", path);
	ck_assert_str_eq(path + strlen(path) - 4, ".txt");
	ck_assert_uint_eq(CALL("os_nativeStat", string(path))[2], 0600);
	write_file(file, "x");
	close_file(file);
	made = CALL("os_nativeMkdirTemp", string(directory), string("dir"));
	ASSERT_NO_ERROR(made + 1);
	ck_assert_uint_eq(CALL("os_nativeStat", made[0])[2], 1u << 31 | 0700);
	ASSERT_ERROR(CALL("os_nativeCreateTemp", string(directory), string("a/b")) + 2,
	             "pattern contains path separator");
	ASSERT_ERROR(CALL("os_nativeMkdirTemp", string(path_in(directory, "none")), string("")) + 1,
	             "file does not exist");
}
END_TEST

START_TEST(files_without_a_size) {
	const volt_slot *result = CALL("os_nativeReadFile", string("/proc/self/status"));
	ASSERT_NO_ERROR(result + 1);
	ck_assert_ptr_nonnull(strstr(text_of(result[0]), "Pid:"));
}
END_TEST

/* ---- Standard input from a file ---- */

START_TEST(standard_input_from_a_file) {
	const char *path = path_in(temporary_directory(), "input");
	write_path(path, "abc");
	int before = replace_standard_input(open(path, O_RDONLY | O_CLOEXEC));
	volt_slot target = zero_bytes(8);
	ck_assert_int_eq(CALL("os_blocking_fileRead", 0, target)[0], 3);
	const volt_slot *end = CALL("os_blocking_fileRead", 0, target);
	ck_assert_int_eq(end[0], 0);
	ASSERT_NO_ERROR(end + 1);
	dup2(before, 0);
	close(before);
}
END_TEST

/* ---- Modules that do not keep to the signatures ---- */

/*
 * Arity is not checked by the binding: what is missing reads as zero, and results without a slot are
 * dropped.
 */
static void call_without_arguments(const native_package *package) {
	for (size_t i = 0; i < package->count; i++) {
		const char *name = package->rows[i].name;
		if (strstr(name, "Temp") != NULL)
			continue; /* would leave something in the system's directory */
		outside_call made;
		BEGIN(&made, name, 0);
		outside_finish(&made);
		ck_assert_msg(made.ended == VOLT_NATIVE_OK || made.ended == VOLT_NATIVE_EXIT, "%s", name);
		descriptors_close_owned(made.call.vm);
		outside_without_results(name);
	}
}

START_TEST(missing_arguments_and_results) {
	static const native_package *const all[] = {
	    &io_package,
	    &net_dial_package,
	    &net_packets_package,
	    &net_resolve_package,
	    &net_streams_package,
	    &os_descriptors_package,
	    &os_directories_package,
	    &os_environment_package,
	    &os_exec_package,
	    &os_paths_package,
	    &os_process_package,
	    &os_transfers_package,
	    &os_whole_files_package,
	    &path_filepath_package,
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		call_without_arguments(all[i]);
}
END_TEST

/* ---- Permissions ---- */

START_TEST(refused_without_permission) {
	outside_allow(VOLT_PERMIT_ALL & ~(unsigned)VOLT_PERMIT_FILES);
	outside_call made;
	BEGIN(&made, "os_nativeReadFile", string("/etc/passwd"));
	ck_assert_int_eq(made.ended, VOLT_NATIVE_PANIC);
	ck_assert_str_eq(outside_panic(), "os_nativeReadFile: access to files is not allowed (--allow=fs)");
	BEGIN(&made, "path_filepath_evalSymlinks", string("/"));
	ck_assert_int_eq(made.ended, VOLT_NATIVE_PANIC);
	outside_allow(VOLT_PERMIT_NOTHING);
	BEGIN(&made, "os_blocking_fileWrite", 1, bytes("allowed"));
	ck_assert_int_eq(made.ended, VOLT_NATIVE_OK);
	ASSERT_ERROR(CALL0("os_getOsErrors"), "file does not exist");
	BEGIN(&made, "os_nativeGetenv", string("HOME"));
	ck_assert_int_eq(made.ended, VOLT_NATIVE_PANIC);
	BEGIN(&made, "net_listen", string("tcp"), string("127.0.0.1:0"));
	ck_assert_int_eq(made.ended, VOLT_NATIVE_PANIC);
	BEGIN(&made, "os_nativeKillProcess", 1, 0);
	ck_assert_int_eq(made.ended, VOLT_NATIVE_PANIC);
}
END_TEST

OUTSIDE_MAIN("os", os_sentinels, io_sentinels, open_flags, writes_then_reads, reads_and_writes_at_offsets,
             large_transfers_are_complete, appends_and_truncates, seek_refuses_bad_origins,
             closed_descriptors, numbers_are_not_used_again, many_descriptors,
             a_vm_closes_what_it_leaves_open, standard_streams, standard_input, terminals,
             a_reader_waits_for_a_writer, a_writer_waits_for_a_reader, a_pipe_without_reader_is_an_error_only,
             closing_wakes_a_reader, waits_may_be_given_up, regular_files_do_not_wait,
             errors_become_sentinels, permission_denied, file_info, permissions_at_creation, links,
             working_directory, removing, reading_directories, temporary_files, files_without_a_size,
             standard_input_from_a_file, missing_arguments_and_results, refused_without_permission)
