/* Package os: files by descriptor (NATIVES.md, "Files and processes"). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extern/os/descriptors.h"
#include "extern/os/file_status.h"
#include "extern/os/native_paths.h"
#include "extern/os/open_file.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"

/* () -> 8 errors */
static volt_native_result get_os_errors(volt_native_call *call) {
	for (unsigned i = 0; i < OS_SENTINEL_COUNT; i++)
		os_set_sentinel(call, 2 * i, (os_sentinel)i);
	return VOLT_NATIVE_OK;
}

/* () -> 8 ints */
static volt_native_result get_os_constants(volt_native_call *call) {
	static const int constants[] = {OPEN_READ_ONLY, OPEN_WRITE_ONLY, OPEN_READ_WRITE, OPEN_APPEND,
	                                OPEN_CREATE,    OPEN_EXCLUSIVE,  OPEN_SYNC,       OPEN_TRUNCATE};
	for (uint32_t i = 0; i < sizeof constants / sizeof *constants; i++)
		native_set_int(call, i, constants[i]);
	return VOLT_NATIVE_OK;
}

/* (name string, flag int, perm int) -> (fd int, error) */
static volt_native_result open_named(volt_native_call *call) {
	native_path path;
	int error = native_path_get(call, 0, &path);
	int file = error == 0 ? open_file(path.text, native_int(call, 1), native_uint(call, 2), &error) : -1;
	if (file < 0)
		return os_return_int(call, -1, error);
	const descriptor *opened = descriptor_add(call, file, DESCRIPTOR_FILE);
	return opened != NULL ? os_return_int(call, opened->number, 0) : os_return_int(call, -1, ENOMEM);
}

/* (fd int) -> error */
static volt_native_result file_close(volt_native_call *call) {
	return os_return_error(call, descriptor_close(call, native_int(call, 0), DESCRIPTOR_FILE));
}

/* The host's descriptor behind the argument, to be released; -1 if it is closed. */
static int acquire_file(const volt_native_call *call, descriptor **opened) {
	*opened = descriptor_acquire(call, native_int(call, 0), DESCRIPTOR_FILE);
	return *opened != NULL ? (*opened)->file : -1;
}

/* The errno of a call that failed, ERROR_CLOSED without a descriptor; releases it. */
static int finish(descriptor *opened, bool failed) {
	int error = opened == NULL ? ERROR_CLOSED : failed ? errno : 0;
	descriptor_release(opened);
	return error;
}

/* (fd int, offset int, whence int) -> (position int, error) */
static volt_native_result file_seek(volt_native_call *call) {
	static const int origins[] = {SEEK_SET, SEEK_CUR, SEEK_END};
	uint64_t whence = native_uint(call, 2);
	descriptor *opened;
	int file = acquire_file(call, &opened);
	off_t position = -1;
	errno = EINVAL;
	if (file >= 0 && whence < sizeof origins / sizeof *origins)
		position = lseek(file, native_int(call, 1), origins[whence]);
	int error = finish(opened, position < 0);
	return os_return_int(call, error == 0 ? position : 0, error);
}

/* (fd int) -> error */
static volt_native_result file_sync(volt_native_call *call) {
	descriptor *opened;
	int file = acquire_file(call, &opened);
	bool failed = file >= 0 && fsync(file) != 0;
	return os_return_error(call, finish(opened, failed));
}

/* (fd int) -> (FileInfo: name string, size int, mode int, mtime int, isDir bool; error) */
static volt_native_result file_stat(volt_native_call *call) {
	struct stat status = {0};
	descriptor *opened;
	int file = acquire_file(call, &opened);
	bool failed = file >= 0 && fstat(file, &status) != 0;
	return file_status_return(call, (string_view){"", 0}, &status, finish(opened, failed));
}

/*
 * (fd int, size int) -> error. The standard streams belong to the host, who did not allow to write over
 * its files.
 */
static volt_native_result file_truncate(volt_native_call *call) {
	if (native_uint(call, 0) < STANDARD_STREAMS)
		return os_return_error(call, EINVAL);
	descriptor *opened;
	int file = acquire_file(call, &opened);
	bool failed = file >= 0 && ftruncate(file, native_int(call, 1)) != 0;
	return os_return_error(call, finish(opened, failed));
}

/* (fd int) -> bool */
static volt_native_result is_terminal(volt_native_call *call) {
	descriptor *opened;
	int file = acquire_file(call, &opened);
	bool terminal = file >= 0 && isatty(file);
	descriptor_release(opened);
	return native_return_bool(call, terminal);
}

/* The number of a new descriptor; -1 when there is no memory. */
static int64_t add_file(const volt_native_call *call, int file) {
	const descriptor *opened = descriptor_add(call, file, DESCRIPTOR_FILE);
	return opened != NULL ? opened->number : -1;
}

/* () -> (read fd int, write fd int, error) */
static volt_native_result make_pipe(volt_native_call *call) {
	int ends[2];
	int64_t numbers[2] = {-1, -1};
	int error = pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0 ? errno : 0;
	if (error == 0) {
		numbers[0] = add_file(call, ends[0]);
		numbers[1] = add_file(call, ends[1]);
		error = numbers[0] < 0 || numbers[1] < 0 ? ENOMEM : 0;
	}
	if (error != 0) {
		for (int i = 0; i < 2; i++) {
			(void)descriptor_close(call, numbers[i], DESCRIPTOR_FILE);
			numbers[i] = -1;
		}
	}
	native_set_int(call, 0, numbers[0]);
	native_set_int(call, 1, numbers[1]);
	os_set_error(call, 2, error);
	return VOLT_NATIVE_OK;
}

static const native_row rows[] = {
    {"os_fileClose", file_close, VOLT_PERMIT_NOTHING, "(fd int) -> error"},
    {"os_fileSeek", file_seek, VOLT_PERMIT_NOTHING,
     "(fd int, offset int, whence int) -> (position int, error)"},
    {"os_fileStat", file_stat, VOLT_PERMIT_NOTHING,
     "(fd int) -> (name string, size int, mode int, mtime int, isDir bool, error)"},
    {"os_fileSync", file_sync, VOLT_PERMIT_NOTHING, "(fd int) -> error"},
    {"os_fileTruncate", file_truncate, VOLT_PERMIT_NOTHING, "(fd int, size int) -> error"},
    {"os_getOsConsts", get_os_constants, VOLT_PERMIT_NOTHING, "() -> 8 ints"},
    {"os_getOsErrors", get_os_errors, VOLT_PERMIT_NOTHING, "() -> 8 errors"},
    {"os_nativeIsTerminal", is_terminal, VOLT_PERMIT_NOTHING, "(fd int) -> bool"},
    {"os_nativePipe", make_pipe, VOLT_PERMIT_NOTHING, "() -> (read fd int, write fd int, error)"},
    {"os_openFile", open_named, VOLT_PERMIT_FILES, "(name string, flag int, perm int) -> (fd int, error)"},
};

const native_package os_descriptors_package = NATIVE_PACKAGE(rows);
