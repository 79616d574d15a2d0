/* Compiled patterns, kept per thread, and searching with them. */
#ifndef EXTERN_REGEXP_REGEXP_CACHE_H
#define EXTERN_REGEXP_REGEXP_CACHE_H

#include "extern/regexp/regexp_parse.h"
#include "extern/regexp/regexp_search.h"

typedef struct regexp_pattern regexp_pattern;

/*
 * The compiled pattern in *pattern, if the verdict is good. Valid until the thread's next call of this
 * function. The searches until then are one task.
 */
regexp_verdict regexp_get(string_view text, regexp_leave leave, const regexp_pattern **pattern);

/* The leftmost match that starts at `from` or later. */
regexp_outcome regexp_search(const regexp_pattern *pattern, string_view text, size_t from, size_t *start,
                             size_t *end);

/* The groups of the match that was found from start to end. */
regexp_outcome regexp_find_groups(const regexp_pattern *pattern, string_view text, size_t start, size_t end);

/* Of the groups that were found last, 0 being the whole; false if the group took no part, or there is none.
 */
unsigned regexp_group_count(const regexp_pattern *pattern);
bool regexp_group(const regexp_pattern *pattern, size_t group, size_t *start, size_t *end);

/* The number of a named group, or -1. */
int regexp_group_by_name(const regexp_pattern *pattern, const char *name, size_t length);

#endif
