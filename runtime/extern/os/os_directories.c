/* Package os: directories and trees of them (NATIVES.md, "Files and processes"). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extern/os/file_status.h"
#include "extern/os/native_paths.h"
#include "extern/os/system_errors.h"
#include "extern/reflect/native_structs.h"
#include "extern/registry.h"
#include "object/heap.h"
#include "process/stack_room.h"

/* ---- Making ---- */

static int make_directory(const char *path, mode_t mode) {
	if (mkdir(path, mode) == 0)
		return 0;
	struct stat status;
	int error = errno;
	if (error == EEXIST && stat(path, &status) == 0)
		return S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
	return error;
}

/*
 * Every prefix that ends before a slash, then the whole; what is there already may refuse to be made
 * otherwise.
 */
static int make_directories(char *path, mode_t mode) {
	for (char *end = path + 1; *path != '\0' && *end != '\0'; end++) {
		if (*end != '/' || end[-1] == '/')
			continue;
		*end = '\0';
		int error = make_directory(path, mode);
		*end = '/';
		if (error != 0)
			return error;
	}
	return make_directory(path, mode);
}

/* (name string, perm int) -> error */
static volt_native_result mkdir_one(volt_native_call *call) {
	native_path path;
	int error = native_path_get(call, 0, &path);
	if (error == 0 && mkdir(path.text, file_mode_to_host(native_uint(call, 1))) != 0)
		error = errno;
	return os_return_error(call, error);
}

/* (name string, perm int) -> error */
static volt_native_result mkdir_all(volt_native_call *call) {
	native_path path;
	int error = native_path_get(call, 0, &path);
	if (error == 0)
		error = make_directories(path.text, file_mode_to_host(native_uint(call, 1)));
	return os_return_error(call, error);
}

/* ---- Removing trees ---- */

static int remove_tree(int parent, const char *name);

static bool is_dot_name(const char *name) {
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int remove_entries(DIR *directory) {
	int error = 0;
	errno = 0;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL; errno = 0) {
		if (!is_dot_name(entry->d_name)) {
			int failed = remove_tree(dirfd(directory), entry->d_name);
			error = error == 0 ? failed : error;
		}
	}
	return error == 0 ? errno : error;
}

/*
 * By descriptors and without following links, so that nobody can lead it elsewhere meanwhile. Each level
 * holds one descriptor, and some of the stack: whichever the process has less of ends the recursion.
 */
static int remove_tree(int parent, const char *name) {
	enum { STACK_OF_A_LEVEL = 64 << 10 }; /* with what the C library needs */
	if (native_stack_left() < STACK_OF_A_LEVEL)
		return ENOMEM;
	// NOLINTNEXTLINE(clang-analyzer-unix.StdCLibraryFunctions): an open directory has a descriptor
	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return 0;
	int unlink_error = errno;
	int file = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (file < 0)
		return errno == ENOTDIR || errno == ELOOP ? unlink_error : errno;
	DIR *directory = fdopendir(file);
	if (directory == NULL) {
		int error = errno;
		close(file);
		return error;
	}
	int error = remove_entries(directory);
	closedir(directory);
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	return error != 0 ? error : errno;
}

/* (name string) -> error; what does not exist is no error, and the empty name does nothing */
static volt_native_result remove_all(volt_native_call *call) {
	native_path path;
	int error = native_path_get(call, 0, &path);
	string_view base = error == 0 ? path_base(path.text) : (string_view){"", 0};
	if (error == 0 && path.text[0] != '\0') {
		bool is_dot = base.length == 1 && base.bytes[0] == '.';
		error = is_dot ? EINVAL : remove_tree(AT_FDCWD, path.text);
	}
	return os_return_error(call, error);
}

/* ---- Reading ---- */

enum { ENTRY_SLOTS = 3 };

/* One entry in the scratch buffer: its mode, then its name with the zero. */
static void append_entry(buffer *entries, DIR *directory, const struct dirent *entry) {
	struct stat status;
	mode_t mode = DTTOIF(entry->d_type);
	// NOLINTNEXTLINE(clang-analyzer-unix.StdCLibraryFunctions): an open directory has a descriptor
	if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
		mode = status.st_mode;
	buffer_append(entries, &mode, sizeof mode);
	buffer_append(entries, entry->d_name, strlen(entry->d_name) + 1);
}

static int collect_entries(const char *path, buffer *entries, size_t *count) {
	DIR *directory = opendir(path);
	if (directory == NULL)
		return errno;
	errno = 0;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL; errno = 0) {
		if (!is_dot_name(entry->d_name)) {
			append_entry(entries, directory, entry);
			++*count;
		}
	}
	int error = errno;
	closedir(directory);
	return error;
}

/* A slice with the collected entries; entries and slice stay reachable from this frame meanwhile. */
static volt_trap entries_slice(object_space *space, const buffer *entries, size_t count, volt_slot *slice) {
	volt_trap trap = slice_new(space, native_struct_meta(space, "os.DirEntry"), (int64_t)count,
	                           (int64_t)count, ENTRY_SLOTS * sizeof(volt_slot), slice);
	const char *next = entries->bytes;
	for (size_t i = 0; trap.kind == VOLT_TRAP_None && i < count; i++) {
		mode_t mode;
		memcpy(&mode, next, sizeof mode);
		next += sizeof mode;
		size_t length = strlen(next);
		volt_slot *entry = (volt_slot *)(void *)slice_data(*slice) + i * ENTRY_SLOTS;
		entry[0] = string_new(space, next, length);
		entry[1] = S_ISDIR(mode);
		entry[2] = file_mode_from_host(mode);
		next += length + 1;
	}
	return trap;
}

/* (name string) -> ([]DirEntry: name string, isDir bool, mode int; error); in the order of the directory */
static volt_native_result read_directory(volt_native_call *call) {
	native_path path;
	size_t count = 0;
	volt_slot slice = 0;
	buffer *entries = native_scratch();
	int error = native_path_get(call, 0, &path);
	error = error == 0 ? collect_entries(path.text, entries, &count) : error;
	if (error == 0) {
		volt_trap trap = entries_slice(native_space(call), entries, count, &slice);
		if (trap.kind != VOLT_TRAP_None)
			return volt_native_trap(call, trap);
	}
	native_set(call, 0, slice);
	os_set_error(call, 1, error);
	return VOLT_NATIVE_OK;
}

static const native_row rows[] = {
    {"os_nativeMkdir", mkdir_one, VOLT_PERMIT_FILES, "(name string, perm int) -> error"},
    {"os_nativeMkdirAll", mkdir_all, VOLT_PERMIT_FILES, "(name string, perm int) -> error"},
    {"os_nativeReadDir", read_directory, VOLT_PERMIT_FILES, "(name string) -> ([]DirEntry, error)"},
    {"os_nativeRemoveAll", remove_all, VOLT_PERMIT_FILES, "(name string) -> error"},
};

const native_package os_directories_package = NATIVE_PACKAGE(rows);
