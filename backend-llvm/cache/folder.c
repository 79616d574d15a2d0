/* Files by their names below a descriptor of the folder, which was looked at after it was opened. */
#include "cache/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEMPORARY_PREFIX ".volt-"
enum { TEMPORARY_NAME_SIZE = 64, TEMPORARY_TRIES = 8, STALE_SECONDS = 3600, LOOKS_TO_LIMIT = 16 };

bool folder_start(cache_folder *folder, const char *path, uint64_t limit) {
	*folder = (cache_folder){.path = strdup(path), .limit = limit};
	if (!folder->path)
		return false;
	/* With a slash at its end a path leads through a symbolic link. */
	for (size_t length = strlen(folder->path); length > 1 && folder->path[length - 1] == '/';)
		folder->path[--length] = 0;
	pthread_mutex_init(&folder->lock, NULL);
	return true;
}

void folder_end(cache_folder *folder) {
	pthread_mutex_destroy(&folder->lock);
	free(folder->path);
}

static volt_error *failure(const cache_folder *folder, const char *what) {
	return volt_error_new(VOLT_ERROR_FILE, "%s: %s: %s", folder->path, what, strerror(errno));
}

/* ---- The folder itself ---- */

/* With those that it stands in. What goes wrong shows when it is opened. */
static void make_folder(const cache_folder *folder) {
	char *path = strdup(folder->path);
	char *slash = path ? strchr(path + 1, '/') : NULL;
	while (slash) {
		*slash = 0;
		mkdir(path, S_IRWXU);
		*slash = '/';
		slash = strchr(slash + 1, '/');
	}
	free(path);
	mkdir(folder->path, S_IRWXU);
}

static const char *objection(const struct stat *status) {
	if (status->st_uid != geteuid())
		return "belongs to another user";
	if (status->st_mode & (S_IWGRP | S_IWOTH))
		return "others than its owner may write to it";
	return NULL;
}

/* *descriptor is -1 after an error, and if there is no such folder. */
static volt_error *open_folder(const cache_folder *folder, int *descriptor) {
	*descriptor = -1;
	if (*folder->path != '/')
		return volt_error_new(VOLT_ERROR_FILE, "%s: the path of a code cache must be absolute", folder->path);
	const int opened = open(folder->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (opened < 0)
		return errno == ENOENT ? NULL : failure(folder, "cannot be opened");
	struct stat status;
	const char *wrong = fstat(opened, &status) ? "cannot be looked at" : objection(&status);
	if (wrong) {
		close(opened);
		return volt_error_new(VOLT_ERROR_FILE, "%s: %s, so no code is taken from there", folder->path, wrong);
	}
	*descriptor = opened;
	return NULL;
}

/* ---- Reading ---- */

static bool is_own_file(const struct stat *status) {
	return S_ISREG(status->st_mode) && !objection(status);
}

/* Files only get replaced, never changed: one that is shorter than it was is not whole. */
static unsigned char *read_all(int file, size_t size) {
	unsigned char *bytes = malloc(size + 1);
	size_t done = 0;
	while (bytes && done < size) {
		const ssize_t count = read(file, bytes + done, size - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		done += (size_t)count;
	}
	if (done == size)
		return bytes;
	free(bytes);
	return NULL;
}

/* A pipe would have its reader wait. */
static unsigned char *read_file(const cache_folder *folder, int descriptor, const char *name, size_t *size) {
	const int file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return NULL;
	struct stat status;
	unsigned char *bytes = NULL;
	if (fstat(file, &status) == 0 && is_own_file(&status) && (uint64_t)status.st_size <= folder->limit) {
		*size = (size_t)status.st_size;
		bytes = read_all(file, *size);
		futimens(file, NULL);
	}
	close(file);
	return bytes;
}

volt_error *folder_read(cache_folder *folder, const char *name, unsigned char **bytes, size_t *size) {
	int descriptor;
	*bytes = NULL;
	volt_error *error = open_folder(folder, &descriptor);
	if (descriptor < 0)
		return error;
	*bytes = read_file(folder, descriptor, name, size);
	close(descriptor);
	return NULL;
}

/* ---- The limit ---- */

typedef struct {
	char name[TEMPORARY_NAME_SIZE + 1];
	struct timespec used;
	uint64_t bytes;
} kept_file;

typedef struct {
	kept_file *items;
	size_t count, capacity;
	uint64_t bytes;
} kept_files;

static bool is_entry_name(const char *name) {
	return strlen(name) == FOLDER_NAME_LENGTH && strspn(name, "0123456789abcdef") == FOLDER_NAME_LENGTH;
}

static bool is_temporary_name(const char *name) {
	return strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) == 0 &&
	       strlen(name) < TEMPORARY_NAME_SIZE;
}

/* Without memory for all of them, some stay. */
static void add_file(kept_files *files, const char *name, const struct stat *status) {
	if (files->count == files->capacity) {
		const size_t capacity = files->capacity ? 2 * files->capacity : 256;
		kept_file *grown = reallocarray(files->items, capacity, sizeof *grown);
		if (!grown)
			return;
		files->items = grown;
		files->capacity = capacity;
	}
	kept_file *added = &files->items[files->count++];
	strcpy(added->name, name);
	added->used = status->st_mtim;
	added->bytes = (uint64_t)status->st_size;
}

/* A process that has ended in the middle leaves a temporary file. */
static bool is_left_over(const char *name, const struct stat *status) {
	return is_temporary_name(name) && status->st_mtim.tv_sec < time(NULL) - STALE_SECONDS;
}

static void visit_file(kept_files *files, int descriptor, const char *name) {
	struct stat status;
	if ((!is_entry_name(name) && !is_temporary_name(name)) ||
	    fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (is_left_over(name, &status) && unlinkat(descriptor, name, 0) == 0)
		return;
	files->bytes += (uint64_t)status.st_size;
	if (is_entry_name(name))
		add_file(files, name, &status);
}

static kept_files list_files(int descriptor) {
	kept_files files = {0};
	const int copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = copy < 0 ? NULL : fdopendir(copy);
	if (!folder) {
		if (copy >= 0)
			close(copy);
		return files;
	}
	const struct dirent *entry;
	while ((entry = readdir(folder)))
		visit_file(&files, descriptor, entry->d_name);
	closedir(folder);
	return files;
}

static int compare_use(const void *left, const void *right) {
	const struct timespec *a = &((const kept_file *)left)->used, *b = &((const kept_file *)right)->used;
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

/* Looks at what is there; what is used least goes until there is room for a quarter, so that this is rare. */
static void look_after(cache_folder *folder, int descriptor, size_t needed) {
	kept_files files = list_files(descriptor);
	const uint64_t most = folder->limit - folder->limit / 4;
	if (files.bytes + needed > folder->limit) {
		if (files.count > 1)
			qsort(files.items, files.count, sizeof *files.items, compare_use);
		for (size_t i = 0; i < files.count && files.bytes > 0 && files.bytes + needed > most; i++)
			if (unlinkat(descriptor, files.items[i].name, 0) == 0)
				files.bytes -= files.items[i].bytes;
	}
	folder->bytes = files.bytes;
	folder->added = 0;
	folder->is_measured = true;
	free(files.items);
}

/* Others add files, too: each process looks again so often that together they hardly exceed the limit. */
static bool must_be_looked_after(const cache_folder *folder, size_t needed) {
	return !folder->is_measured || folder->bytes + needed > folder->limit ||
	       folder->added + needed > folder->limit / LOOKS_TO_LIMIT;
}

static void make_room(cache_folder *folder, int descriptor, size_t needed) {
	pthread_mutex_lock(&folder->lock);
	if (must_be_looked_after(folder, needed))
		look_after(folder, descriptor, needed);
	folder->bytes += needed;
	folder->added += needed;
	pthread_mutex_unlock(&folder->lock);
}

/* ---- Writing ---- */

static bool write_all(int file, const unsigned char *bytes, size_t size) {
	while (size > 0) {
		const ssize_t count = write(file, bytes, size);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		bytes += count;
		size -= (size_t)count;
	}
	return true;
}

/* A name that nobody else has: of this process, or left by one with the same number. */
static int open_temporary(int descriptor, char name[TEMPORARY_NAME_SIZE]) {
	static atomic_uint count;
	int file = -1;
	for (int i = 0; i < TEMPORARY_TRIES && file < 0; i++) {
		snprintf(name, TEMPORARY_NAME_SIZE, TEMPORARY_PREFIX "%ld-%u", (long)getpid(),
		         atomic_fetch_add(&count, 1));
		file =
		    openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
		if (file < 0 && errno != EEXIST)
			break;
	}
	return file;
}

static volt_error *write_file(const cache_folder *folder, int descriptor, const char *name, const void *bytes,
                              size_t size) {
	char temporary[TEMPORARY_NAME_SIZE];
	const int file = open_temporary(descriptor, temporary);
	if (file < 0)
		return failure(folder, "no file can be made there");
	bool is_written = write_all(file, bytes, size);
	is_written &= close(file) == 0;
	if (is_written && renameat(descriptor, temporary, descriptor, name) == 0)
		return NULL;
	volt_error *error = failure(folder, "a file cannot be written");
	unlinkat(descriptor, temporary, 0);
	return error;
}

/* Beyond this limit of the process a write would be a signal that ends it. */
static bool may_be_written(size_t size) {
	struct rlimit largest;
	return getrlimit(RLIMIT_FSIZE, &largest) != 0 || largest.rlim_cur == RLIM_INFINITY ||
	       size <= largest.rlim_cur;
}

volt_error *folder_write(cache_folder *folder, const char *name, const void *bytes, size_t size) {
	int descriptor;
	if (size > folder->limit || !may_be_written(size))
		return NULL;
	volt_error *error = open_folder(folder, &descriptor);
	if (!error && descriptor < 0) {
		make_folder(folder);
		error = open_folder(folder, &descriptor);
	}
	if (descriptor < 0)
		return error ? error : volt_error_new(VOLT_ERROR_FILE, "%s: cannot be made", folder->path);
	make_room(folder, descriptor, size);
	error = write_file(folder, descriptor, name, bytes, size);
	close(descriptor);
	return error;
}
