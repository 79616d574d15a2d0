/*
 * The form of the dump is described in Linux's tools/perf/Documentation/jitdump-specification.txt. Times are
 * those of CLOCK_MONOTONIC: `perf record -k mono`.
 */
#include "jit/perf_files.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "jit/line_table.h"

enum { MAGIC = 0x4A695444, VERSION = 1, CODE_LOAD = 0, CODE_DEBUG_INFO = 2 };

#if defined(__aarch64__)
enum { MACHINE = EM_AARCH64 };
#else
enum { MACHINE = EM_X86_64 };
#endif

typedef struct {
	uint32_t magic, version, size, machine, padding, process;
	uint64_t time, flags;
} dump_header;

typedef struct {
	uint32_t kind, size;
	uint64_t time;
} record_header;

typedef struct {
	record_header header;
	uint32_t process, thread;
	uint64_t virtual_address, address, size, index;
} code_load;

typedef struct {
	record_header header;
	uint64_t address, count;
} debug_info;

typedef struct {
	uint64_t address;
	uint32_t line, discriminator;
} debug_entry;

/* All rows of an object's table, by address. */
typedef struct {
	line_row *rows;
	size_t count;
} object_lines;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *dump, *map;
static pid_t owner; /* of the two: a child of a fork has files of its own */
static uint64_t functions;

/*
 * A host keeps forks out of compilations, so nothing is locked here while one is under way; should another
 * host not, the child begins with a lock of its own, and leaves the parent's files alone.
 */
static pthread_once_t forks_are_watched = PTHREAD_ONCE_INIT;

static void begin_anew(void) {
	lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	dump = map = NULL;
}

static void watch_forks(void) {
	pthread_atfork(NULL, NULL, begin_anew);
}

static uint64_t now(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* ---- Opening ---- */

/* Not through a link that another user may have left in a folder like /tmp. */
static volt_error *open_file(const char *path, FILE **file) {
	const int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	*file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
	if (*file)
		return NULL;
	volt_error *error = volt_error_new(VOLT_ERROR_FILE, "%s: %s", path, strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return error;
}

/* perf learns of the dump by a mapping of it that could be executed. It stays. */
static volt_error *mark(const char *path) {
	const void *marker =
	    mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE, fileno(dump), 0);
	return marker == MAP_FAILED ? volt_error_new(VOLT_ERROR_FILE, "%s: %s", path, strerror(errno)) : NULL;
}

static void close_both(void) {
	if (dump)
		fclose(dump);
	if (map)
		fclose(map);
	dump = map = NULL;
}

static volt_error *open_both(const char *folder) {
	char dump_path[4096], map_path[64];
	const int length = snprintf(dump_path, sizeof dump_path, "%s/jit-%d.dump", folder, (int)getpid());
	if (length < 0 || (size_t)length >= sizeof dump_path)
		return volt_error_new(VOLT_ERROR_FILE, "%s: the path is too long", folder);
	snprintf(map_path, sizeof map_path, "/tmp/perf-%d.map", (int)getpid());
	volt_error *error = open_file(map_path, &map);
	if (!error)
		error = open_file(dump_path, &dump);
	if (!error)
		error = mark(dump_path);
	if (error) {
		if (map)
			unlink(map_path);
		return error;
	}
	const dump_header header = {MAGIC, VERSION, sizeof header, MACHINE, 0, (uint32_t)getpid(), now(), 0};
	fwrite(&header, sizeof header, 1, dump);
	fflush(dump);
	return NULL;
}

volt_error *perf_files_start(const char *folder) {
	volt_error *error = NULL;
	pthread_once(&forks_are_watched, watch_forks);
	pthread_mutex_lock(&lock);
	if (!dump || owner != getpid()) {
		functions = 0;
		owner = getpid();
		error = open_both(folder);
		if (error)
			close_both();
	}
	pthread_mutex_unlock(&lock);
	return error;
}

/* ---- Functions ---- */

static size_t text_size(const char *text) {
	return strlen(text) + 1;
}

static int by_address(const void *left, const void *right) {
	const line_row *one = left, *other = right;
	return (one->address > other->address) - (one->address < other->address);
}

/* The first of the sorted rows that does not lie in front of the address. */
static size_t first_row(const object_lines *lines, uint64_t address) {
	size_t low = 0, high = lines->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (lines->rows[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void write_lines(const object_lines *lines, const loaded_function *function) {
	const size_t first = first_row(lines, function->address);
	const size_t end = first_row(lines, function->address + function->size);
	size_t size = sizeof(debug_info);
	for (size_t i = first; i < end; i++)
		size += sizeof(debug_entry) + text_size(lines->rows[i].file);
	const debug_info info = {{CODE_DEBUG_INFO, (uint32_t)size, now()}, function->address, end - first};
	if (end > first)
		fwrite(&info, sizeof info, 1, dump);
	for (size_t i = first; i < end; i++) {
		const debug_entry entry = {lines->rows[i].address, lines->rows[i].line, 0};
		fwrite(&entry, sizeof entry, 1, dump);
		fwrite(lines->rows[i].file, text_size(lines->rows[i].file), 1, dump);
	}
}

static void write_code(const loaded_function *function) {
	const size_t name_size = text_size(function->name);
	const code_load load = {
	    .header = {CODE_LOAD, (uint32_t)(sizeof load + name_size + function->size), now()},
	    .process = (uint32_t)getpid(),
	    .thread = (uint32_t)syscall(SYS_gettid),
	    .virtual_address = function->address,
	    .address = function->address,
	    .size = function->size,
	    .index = functions++,
	};
	fwrite(&load, sizeof load, 1, dump);
	fwrite(function->name, name_size, 1, dump);
	fwrite(function->code, function->size, 1, dump);
}

void perf_files_add(const loaded_object *object) {
	size_t cursor = 0;
	object_lines lines = {NULL, 0};
	lines.count = line_table_read(object, &lines.rows);
	if (lines.count > 0)
		qsort(lines.rows, lines.count, sizeof *lines.rows, by_address);
	pthread_mutex_lock(&lock);
	for (loaded_function function; dump && loaded_object_next(object, &cursor, &function);) {
		write_lines(&lines, &function);
		write_code(&function);
		fprintf(map, "%llx %llx %s\n", (unsigned long long)function.address,
		        (unsigned long long)function.size, function.name);
	}
	if (dump) {
		fflush(dump);
		fflush(map);
	}
	pthread_mutex_unlock(&lock);
	free(lines.rows);
}
