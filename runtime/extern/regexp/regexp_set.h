/* Sets of characters: what one character class of a pattern takes. */
#ifndef EXTERN_REGEXP_REGEXP_SET_H
#define EXTERN_REGEXP_REGEXP_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REGEXP_LAST_RUNE = 0x10ffff, REGEXP_LAST_BYTE = 0xff };

typedef struct {
	int32_t first;
	int32_t last;
} regexp_range;

/* Zero-initialise it: the empty set. */
typedef struct {
	regexp_range *ranges; /* ascending and apart from one another, after regexp_set_order() */
	size_t count;
	size_t capacity;
	bool unordered;
	bool failed; /* memory ran out: what it holds means nothing */
} regexp_set;

void regexp_set_add(regexp_set *set, int32_t first, int32_t last);
void regexp_set_add_all(regexp_set *set, const regexp_set *other);
void regexp_set_free(regexp_set *set);

/* Needed before the ranges are looked at; the functions below do it themselves. */
void regexp_set_order(regexp_set *set);
/* Of an ordered set. */
bool regexp_set_contains(const regexp_set *set, int32_t rune);

/* The others of 0 to `last`. */
void regexp_set_negate(regexp_set *set, int32_t last);

/* These leave their result in `set`, and may order `other`. */
void regexp_set_intersect(regexp_set *set, regexp_set *other);
void regexp_set_subtract(regexp_set *set, regexp_set *other);
void regexp_set_keep_either(regexp_set *set, regexp_set *other); /* in one of the two, not in both */

/* Adds what differs from a member in case only: of ASCII, or of all characters. */
void regexp_set_ignore_case(regexp_set *set, bool ascii_only);

/* Room for one more item in an array; false if memory ran out. */
bool regexp_make_room(void **items, size_t *capacity, size_t count, size_t item_size);

#endif
