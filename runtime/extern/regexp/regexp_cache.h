/* Compiled patterns, kept per thread, and searching with them. */
#ifndef EXTERN_REGEXP_REGEXP_CACHE_H
#define EXTERN_REGEXP_REGEXP_CACHE_H

#include "object/strings.h"

typedef struct regexp_pattern regexp_pattern;

/* The compiled pattern; NULL if it is refused. Valid until the thread's next call of this function. */
regexp_pattern *regexp_get(string_view pattern);

typedef enum {
	REGEXP_NONE,
	REGEXP_FOUND,
	REGEXP_FOUND_SOMEWHERE, /* a limit ended the search, but there is a match */
	REGEXP_TOO_MUCH_WORK,   /* a limit ended the search */
} regexp_outcome;

/* The leftmost match that starts at `from` or later. */
regexp_outcome regexp_search(regexp_pattern *pattern, string_view subject, size_t from);

/* Groups of the last match, 0 being the whole; false if the group took no part. */
unsigned regexp_group_count(const regexp_pattern *pattern);
bool regexp_group(const regexp_pattern *pattern, unsigned group, size_t *start, size_t *end);

/* The number of a named group, or -1. */
int regexp_group_by_name(const regexp_pattern *pattern, const char *name, size_t length);

#endif
