/* Names of files as arguments. */
#ifndef EXTERN_OS_NATIVE_PATHS_H
#define EXTERN_OS_NATIVE_PATHS_H

#include <limits.h>

#include "extern/support.h"

typedef struct {
	char text[PATH_MAX];
} native_path;

/* Copies the string argument; 0, or the errno of a name that no system has: too long, or with a zero byte. */
int native_path_get(const volt_native_call *call, uint32_t index, native_path *path);

/* Copies into `size` bytes with a terminating zero. Errors as above. */
int native_text_copy(string_view text, char *copy, size_t size);

/* The part behind the last slash, slashes at the end left out: "/" for the root, "." for nothing. */
string_view path_base(const char *path);

#endif
