/* Package os: whole files and temporary ones (NATIVES.md, "Files and processes"). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extern/os/descriptors.h"
#include "extern/os/file_status.h"
#include "extern/os/native_paths.h"
#include "extern/os/open_file.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"

/* ---- Reading ---- */

/* Step of reading, and what a file that does not tell its size (a device, /proc) may give at most. */
enum { READ_STEP_BYTES = 1 << 16, UNSIZED_LIMIT_BYTES = 1 << 30 };

static int read_step(int file, buffer *content, char *step, size_t *count) {
	ssize_t length;
	do {
		length = read(file, step, READ_STEP_BYTES);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return errno;
	*count = (size_t)length;
	buffer_append(content, step, *count);
	return 0;
}

/* The heap's limit is asked each time that the content has doubled; this may jump out of the native. */
static int read_content(volt_native_call *call, const descriptor *opened, buffer *content) {
	struct stat status;
	if (fstat(opened->file, &status) != 0)
		return errno;
	char step[READ_STEP_BYTES];
	size_t reserved = status.st_size > 0 ? (size_t)status.st_size : 0;
	size_t limit = reserved > UNSIZED_LIMIT_BYTES ? reserved : UNSIZED_LIMIT_BYTES;
	native_reserve(call, reserved);
	for (size_t count = 1; count > 0;) {
		int error = read_step(opened->file, content, step, &count);
		if (error != 0 || content->length > limit)
			return error != 0 ? error : EFBIG;
		if (content->length > reserved) {
			reserved = content->length * 2;
			native_reserve(call, reserved);
		}
	}
	return 0;
}

/* (name string) -> ([]byte, error) */
static volt_native_result read_file(volt_native_call *call) {
	native_path path;
	int error = native_path_get(call, 0, &path);
	int file = error == 0 ? open_file(path.text, OPEN_READ_ONLY, 0, &error) : -1;
	buffer *content = native_scratch();
	if (file >= 0) {
		/* In the table, so that it is closed when the heap is exhausted meanwhile and the VM ends. */
		const descriptor *opened = descriptor_add(call, file, DESCRIPTOR_FILE);
		error = opened != NULL ? read_content(call, opened, content) : ENOMEM;
		(void)descriptor_close(call, opened != NULL ? opened->number : -1, DESCRIPTOR_FILE);
	}
	native_set(call, 0,
	           slice_from_bytes(native_space(call), content->bytes, error == 0 ? content->length : 0));
	os_set_error(call, 1, error);
	return VOLT_NATIVE_OK;
}

/* ---- Writing ---- */

static int write_content(int file, string_view content) {
	for (size_t done = 0; done < content.length;) {
		ssize_t count = write(file, content.bytes + done, content.length - done);
		if (count < 0 && errno != EINTR)
			return errno;
		done += count > 0 ? (size_t)count : 0;
	}
	return 0;
}

/* (name string, data []byte, perm int) -> error */
static volt_native_result write_file(volt_native_call *call) {
	native_path path;
	int error = native_path_get(call, 0, &path);
	int64_t flags = OPEN_WRITE_ONLY | OPEN_CREATE | OPEN_TRUNCATE;
	int file = error == 0 ? open_file(path.text, flags, native_uint(call, 2), &error) : -1;
	if (file >= 0) {
		error = write_content(file, native_string(call, 1));
		error = close(file) != 0 && error == 0 ? errno : error;
	}
	return os_return_error(call, error);
}

/* ---- Temporary files and directories ---- */

enum { ATTEMPTS = 1000 };

/* The directory for temporary files, without a slash at its end unless it is the root. */
static int temporary_directory(const volt_native_call *call, native_path *directory) {
	int error = native_path_get(call, 0, directory);
	if (error != 0 || directory->text[0] != '\0')
		return error;
	const char *variable = getenv("TMPDIR");
	string_view text = {"/tmp", 4};
	if (variable != NULL && *variable != '\0')
		text = (string_view){variable, strlen(variable)};
	return native_text_copy(text, directory->text, sizeof directory->text);
}

/*
 * A name from a pattern, whose last `*` stands for a random number; without one, the number comes at the
 * end.
 */
static int temporary_name(const native_path *directory, string_view pattern, native_path *path) {
	uint32_t random = 0;
	if (getrandom(&random, sizeof random, 0) < 0)
		return errno;
	const char *star = memrchr(pattern.bytes, '*', pattern.length);
	size_t before = star != NULL ? (size_t)(star - pattern.bytes) : pattern.length;
	size_t behind = star != NULL ? before + 1 : pattern.length;
	size_t directory_length = strlen(directory->text);
	bool slash = directory_length > 0 && directory->text[directory_length - 1] == '/';
	if (directory_length + pattern.length + 16 > sizeof path->text)
		return ENAMETOOLONG;
	int length =
	    snprintf(path->text, sizeof path->text, "%s%s%.*s%" PRIu32 "%.*s", directory->text, slash ? "" : "/",
	             (int)before, pattern.bytes, random, (int)(pattern.length - behind), pattern.bytes + behind);
	return length < (int)sizeof path->text ? 0 : ENAMETOOLONG;
}

/*
 * Makes something new under names that differ until one is free: a descriptor, or 0 for a directory; or
 * -1.
 */
static int make_temporary(const volt_native_call *call, int (*make)(const char *path, int *error),
                          native_path *path, int *error) {
	native_path directory;
	string_view pattern = native_string(call, 1);
	*error = temporary_directory(call, &directory);
	if (*error == 0 && memchr(pattern.bytes, '\0', pattern.length) != NULL)
		*error = EINVAL;
	for (int attempt = 0; *error == 0 && attempt < ATTEMPTS; attempt++) {
		*error = temporary_name(&directory, pattern, path);
		int made = *error == 0 ? make(path->text, error) : -1;
		if (made >= 0)
			return made;
		*error = *error == EEXIST && attempt + 1 < ATTEMPTS ? 0 : *error;
	}
	return -1;
}

static int make_file(const char *path, int *error) {
	return open_file(path, OPEN_READ_WRITE | OPEN_CREATE | OPEN_EXCLUSIVE, 0600, error);
}

static int make_directory(const char *path, int *error) {
	*error = mkdir(path, 0700) != 0 ? errno : 0;
	return *error == 0 ? 0 : -1;
}

static bool has_separator(const volt_native_call *call) {
	string_view pattern = native_string(call, 1);
	return memchr(pattern.bytes, '/', pattern.length) != NULL;
}

/* (dir string, pattern string) -> (fd int, path string, error) */
static volt_native_result create_temporary(volt_native_call *call) {
	native_path path = {""};
	int error = 0;
	int64_t number = -1;
	bool refused = has_separator(call);
	int file = refused ? -1 : make_temporary(call, make_file, &path, &error);
	if (file >= 0) {
		const descriptor *opened = descriptor_add(call, file, DESCRIPTOR_FILE);
		number = opened != NULL ? opened->number : -1;
		error = opened != NULL ? 0 : ENOMEM;
	}
	native_set_int(call, 0, number);
	native_set_string(call, 1, path.text, number >= 0 ? strlen(path.text) : 0);
	os_set_error(call, 2, error);
	if (refused)
		native_set_error(call, 2, "pattern contains path separator");
	return VOLT_NATIVE_OK;
}

/* (dir string, pattern string) -> (path string, error) */
static volt_native_result make_temporary_directory(volt_native_call *call) {
	native_path path = {""};
	int error = 0;
	if (has_separator(call)) {
		native_set(call, 0, 0);
		native_set_error(call, 1, "pattern contains path separator");
		return VOLT_NATIVE_OK;
	}
	make_temporary(call, make_directory, &path, &error);
	return os_return_text(call, path.text, strlen(path.text), error);
}

static const native_row rows[] = {
    {"os_nativeCreateTemp", create_temporary, VOLT_PERMIT_FILES,
     "(dir string, pattern string) -> (fd int, path string, error)"},
    {"os_nativeMkdirTemp", make_temporary_directory, VOLT_PERMIT_FILES,
     "(dir string, pattern string) -> (path string, error)"},
    {"os_nativeReadFile", read_file, VOLT_PERMIT_FILES, "(name string) -> ([]byte, error)"},
    {"os_nativeWriteFile", write_file, VOLT_PERMIT_FILES, "(name string, data []byte, perm int) -> error"},
};

const native_package os_whole_files_package = NATIVE_PACKAGE(rows);
