/* Opening files with the flags of package os. */
#ifndef EXTERN_OS_OPEN_FILE_H
#define EXTERN_OS_OPEN_FILE_H

#include <stdint.h>

/* As programs see them, from os_getOsConsts. */
enum {
	OPEN_READ_ONLY = 0,
	OPEN_WRITE_ONLY = 1,
	OPEN_READ_WRITE = 2,
	OPEN_APPEND = 8,
	OPEN_CREATE = 16,
	OPEN_EXCLUSIVE = 32,
	OPEN_SYNC = 64,
	OPEN_TRUNCATE = 128,
};

/*
 * Opens without ever waiting. A file that this call creates gets exactly the permissions of `mode`, whatever
 * the process masks ("perm applied after create"). The host's descriptor, or -1 with the cause in *error.
 */
int open_file(const char *path, int64_t flags, uint64_t mode, int *error);

#endif
