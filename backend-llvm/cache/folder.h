/*
 * A folder of files that are worth keeping. What is wrong with it is an error, what is not there is none. Any
 * thread; other processes may use the same folder.
 */
#ifndef CACHE_FOLDER_H
#define CACHE_FOLDER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/error.h"

/* Names of files are 64 hexadecimal digits; others in the folder are left alone. */
enum { FOLDER_NAME_LENGTH = 64 };

typedef struct {
	char *path;
	uint64_t limit; /* bytes of all files together */
	pthread_mutex_t lock;
	bool is_measured;
	uint64_t bytes; /* what is there, as far as this process knows */
	uint64_t added; /* of them, since it has looked; what others have added meanwhile it does not know */
} cache_folder;

/* False: no memory. */
bool folder_start(cache_folder *folder, const char *path, uint64_t limit);
void folder_end(cache_folder *folder);

/* *bytes is the caller's, for free(); NULL if there is no such file of this user. It counts as used now. */
volt_error *folder_read(cache_folder *folder, const char *name, unsigned char **bytes, size_t *size);

/* Makes the folder if there is none. The file is there as a whole or not at all. */
volt_error *folder_write(cache_folder *folder, const char *name, const void *bytes, size_t size);

#endif
