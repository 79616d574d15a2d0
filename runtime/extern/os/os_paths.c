/* Package os: files and links by name (NATIVES.md, "Files and processes"). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extern/os/file_status.h"
#include "extern/os/native_paths.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"

/* ---- One name ---- */

typedef int (*on_path)(const volt_native_call *call, const char *path);

/* The native does one thing to one file: an action that gives 0, or -1 and errno. */
static volt_native_result act_on_path(volt_native_call *call, on_path action) {
	native_path path;
	int error = native_path_get(call, 0, &path);
	if (error == 0 && action(call, path.text) != 0)
		error = errno;
	return os_return_error(call, error);
}

/* Like the original, a file first, then a directory; the more telling error of the two. */
static int remove_file_or_directory(const volt_native_call *call, const char *path) {
	(void)call;
	if (unlink(path) == 0)
		return 0;
	int error = errno;
	if (rmdir(path) == 0)
		return 0;
	errno = errno == ENOTDIR ? error : errno;
	return -1;
}

static int change_mode(const volt_native_call *call, const char *path) {
	return chmod(path, file_mode_to_host(native_uint(call, 1)));
}

static int change_owner(const volt_native_call *call, const char *path) {
	return chown(path, (uid_t)native_uint(call, 1), (gid_t)native_uint(call, 2));
}

static int truncate_file(const volt_native_call *call, const char *path) {
	return truncate(path, native_int(call, 1));
}

/*
 * Unix seconds, as in FileInfo, or nanoseconds: the language does not say, and no number is a likely
 * time in both (the limit is year 31 million in seconds, January 1970 in nanoseconds).
 */
static struct timespec time_of(int64_t time) {
	const int64_t limit = 1000000000000000;
	const int64_t second = 1000000000;
	if (time > -limit && time < limit)
		return (struct timespec){.tv_sec = time};
	int64_t rest = (time % second + second) % second;
	return (struct timespec){.tv_sec = time / second - (time % second < 0), .tv_nsec = rest};
}

static int change_times(const volt_native_call *call, const char *path) {
	const struct timespec times[2] = {time_of(native_int(call, 1)), time_of(native_int(call, 2))};
	return utimensat(AT_FDCWD, path, times, 0);
}

static int change_directory(const volt_native_call *call, const char *path) {
	(void)call;
	return chdir(path);
}

/* (name string) -> error */
static volt_native_result remove_one(volt_native_call *call) {
	return act_on_path(call, remove_file_or_directory);
}
/* (name string, mode int) -> error */
static volt_native_result chmod_one(volt_native_call *call) {
	return act_on_path(call, change_mode);
}
/* (name string, uid int, gid int) -> error; -1 leaves one as it is */
static volt_native_result chown_one(volt_native_call *call) {
	return act_on_path(call, change_owner);
}
/* (name string, size int) -> error */
static volt_native_result truncate_one(volt_native_call *call) {
	return act_on_path(call, truncate_file);
}
/* (name string, access time int, change time int) -> error */
static volt_native_result chtimes_one(volt_native_call *call) {
	return act_on_path(call, change_times);
}
/* (name string) -> error */
static volt_native_result change_dir(volt_native_call *call) {
	return act_on_path(call, change_directory);
}

/* ---- Two names ---- */

static volt_native_result act_on_two(volt_native_call *call, int (*action)(const char *, const char *)) {
	native_path first;
	native_path second;
	int error = native_path_get(call, 0, &first);
	error = error == 0 ? native_path_get(call, 1, &second) : error;
	if (error == 0 && action(first.text, second.text) != 0)
		error = errno;
	return os_return_error(call, error);
}

/* (old string, new string) -> error, all three */
static volt_native_result rename_one(volt_native_call *call) {
	return act_on_two(call, rename);
}
static volt_native_result link_one(volt_native_call *call) {
	return act_on_two(call, link);
}
static volt_native_result symlink_one(volt_native_call *call) {
	return act_on_two(call, symlink);
}

/* ---- Questions ---- */

static volt_native_result status_of(volt_native_call *call, int (*ask)(const char *, struct stat *)) {
	native_path path;
	struct stat status = {0};
	int error = native_path_get(call, 0, &path);
	if (error == 0 && ask(path.text, &status) != 0)
		error = errno;
	return file_status_return(call, error == 0 ? path_base(path.text) : (string_view){"", 0}, &status, error);
}

/* (name string) -> (FileInfo: name string, size int, mode int, mtime int, isDir bool; error), both */
static volt_native_result stat_one(volt_native_call *call) {
	return status_of(call, stat);
}
static volt_native_result lstat_one(volt_native_call *call) {
	return status_of(call, lstat);
}

/* (name string) -> (string, error) */
static volt_native_result read_link(volt_native_call *call) {
	native_path path;
	native_path target;
	int error = native_path_get(call, 0, &path);
	ssize_t length = error == 0 ? readlink(path.text, target.text, sizeof target.text) : 0;
	error = length < 0 ? errno : error;
	return os_return_text(call, target.text, length > 0 ? (size_t)length : 0, error);
}

/* () -> (string, error) */
static volt_native_result get_directory(volt_native_call *call) {
	native_path path = {""};
	int error = getcwd(path.text, sizeof path.text) == NULL ? errno : 0;
	return os_return_text(call, path.text, strlen(path.text), error);
}

/* () -> (string, error) */
static volt_native_result get_executable(volt_native_call *call) {
	native_path path;
	ssize_t length = readlink("/proc/self/exe", path.text, sizeof path.text);
	return os_return_text(call, path.text, length > 0 ? (size_t)length : 0, length < 0 ? errno : 0);
}

static const native_row rows[] = {
    {"os_nativeChdir", change_dir, VOLT_PERMIT_FILES, "(name string) -> error"},
    {"os_nativeChmod", chmod_one, VOLT_PERMIT_FILES, "(name string, mode int) -> error"},
    {"os_nativeChown", chown_one, VOLT_PERMIT_FILES, "(name string, uid int, gid int) -> error"},
    {"os_nativeChtimes", chtimes_one, VOLT_PERMIT_FILES,
     "(name string, access time int, change time int) -> error"},
    {"os_nativeExecutable", get_executable, VOLT_PERMIT_ENVIRONMENT, "() -> (string, error)"},
    {"os_nativeGetwd", get_directory, VOLT_PERMIT_ENVIRONMENT, "() -> (string, error)"},
    {"os_nativeLink", link_one, VOLT_PERMIT_FILES, "(old string, new string) -> error"},
    {"os_nativeLstat", lstat_one, VOLT_PERMIT_FILES,
     "(name string) -> (name string, size int, mode int, mtime int, isDir bool, error)"},
    {"os_nativeReadlink", read_link, VOLT_PERMIT_FILES, "(name string) -> (string, error)"},
    {"os_nativeRemove", remove_one, VOLT_PERMIT_FILES, "(name string) -> error"},
    {"os_nativeRename", rename_one, VOLT_PERMIT_FILES, "(old string, new string) -> error"},
    {"os_nativeStat", stat_one, VOLT_PERMIT_FILES,
     "(name string) -> (name string, size int, mode int, mtime int, isDir bool, error)"},
    {"os_nativeSymlink", symlink_one, VOLT_PERMIT_FILES, "(old string, new string) -> error"},
    {"os_nativeTruncate", truncate_one, VOLT_PERMIT_FILES, "(name string, size int) -> error"},
};

const native_package os_paths_package = NATIVE_PACKAGE(rows);
