/* The process's environment, which islands on several threads read and change: guarded by a mutex. */
#ifndef EXTERN_OS_ENVIRONMENT_H
#define EXTERN_OS_ENVIRONMENT_H

#include "extern/support.h"

/* Appends the value of a variable and a zero that `length` counts not; false if it is not set. */
bool environment_get(string_view name, buffer *value);

/* Appends every entry "NAME=value" with its zero, in the environment's order; their number. */
size_t environment_copy(buffer *entries);

/* 0, or EINVAL for a name or value that cannot be. A NULL value removes the variable. */
int environment_set(string_view name, const string_view *value);
void environment_clear(void);

/* The result slice []string from `count` texts that end in zeros. */
volt_slot strings_from_texts(object_space *space, const char *texts, size_t count);

#endif
