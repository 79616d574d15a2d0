/* Sets of characters as ranges. Additions at the end are cheap; anything else is put in order when needed. */
#include "extern/regexp/regexp_set.h"

#include <stdlib.h>

#include "extern/text/letter_case.h"

bool regexp_make_room(void **items, size_t *capacity, size_t count, size_t item_size) {
	if (*items != NULL && count < *capacity)
		return true;
	size_t larger = *capacity > 0 ? *capacity * 2 : 8;
	void *grown = realloc(*items, larger * item_size);
	if (grown == NULL)
		return false;
	*items = grown;
	*capacity = larger;
	return true;
}

static void push(regexp_set *set, int32_t first, int32_t last) {
	if (set->unordered && set->count == set->capacity)
		regexp_set_order(set); /* what was added twice needs no room */
	void *ranges = set->ranges;
	if (!regexp_make_room(&ranges, &set->capacity, set->count, sizeof *set->ranges)) {
		set->failed = true;
		return;
	}
	set->ranges = ranges;
	set->ranges[set->count++] = (regexp_range){first, last};
}

void regexp_set_add(regexp_set *set, int32_t first, int32_t last) {
	regexp_range *end = set->count > 0 ? &set->ranges[set->count - 1] : NULL;
	if (end == NULL || first > end->last + 1) {
		push(set, first, last);
	} else if (first >= end->first) {
		end->last = last > end->last ? last : end->last;
	} else {
		push(set, first, last);
		set->unordered = true;
	}
}

void regexp_set_free(regexp_set *set) {
	free(set->ranges);
	*set = (regexp_set){0};
}

static int compare_ranges(const void *left, const void *right) {
	int32_t a = ((const regexp_range *)left)->first;
	int32_t b = ((const regexp_range *)right)->first;
	return (a > b) - (a < b);
}

void regexp_set_order(regexp_set *set) {
	if (!set->unordered)
		return;
	qsort(set->ranges, set->count, sizeof *set->ranges, compare_ranges);
	size_t count = set->count;
	set->count = 0;
	set->unordered = false;
	for (size_t i = 0; i < count; i++) /* never grows: an item goes to its own place or before it */
		regexp_set_add(set, set->ranges[i].first, set->ranges[i].last);
}

/* Both in order. The result is a new array, or the set fails. */
static void merge(regexp_set *set, const regexp_set *other) {
	regexp_set both = {.failed = set->failed};
	size_t i = 0;
	size_t j = 0;
	while (i < set->count || j < other->count) {
		bool from_set =
		    j == other->count || (i < set->count && set->ranges[i].first <= other->ranges[j].first);
		regexp_range range = from_set ? set->ranges[i++] : other->ranges[j++];
		regexp_set_add(&both, range.first, range.last);
	}
	regexp_set_free(set);
	*set = both;
}

/* Merging costs as much as both together. One range after another is better where the other set is small. */
void regexp_set_add_all(regexp_set *set, const regexp_set *other) {
	enum { SMALL = 16, SMALL_PART = 8 };
	set->failed |= other->failed;
	if (!other->unordered && other->count > SMALL && other->count > set->count / SMALL_PART) {
		regexp_set_order(set);
		merge(set, other);
		return;
	}
	for (size_t i = 0; i < other->count; i++)
		regexp_set_add(set, other->ranges[i].first, other->ranges[i].last);
}

bool regexp_set_contains(const regexp_set *set, int32_t rune) {
	size_t low = 0;
	size_t high = set->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (rune > set->ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < set->count && set->ranges[low].first <= rune;
}

static void replace(regexp_set *set, regexp_set with) {
	with.failed |= set->failed;
	regexp_set_free(set);
	*set = with;
}

void regexp_set_negate(regexp_set *set, int32_t last) {
	regexp_set others = {0};
	int32_t next = 0;
	regexp_set_order(set);
	for (size_t i = 0; i < set->count; i++) {
		if (set->ranges[i].first > next)
			regexp_set_add(&others, next, set->ranges[i].first - 1);
		next = set->ranges[i].last + 1;
	}
	if (next <= last)
		regexp_set_add(&others, next, last);
	replace(set, others);
}

void regexp_set_intersect(regexp_set *set, regexp_set *other) {
	regexp_set both = {.failed = other->failed};
	regexp_set_order(set);
	regexp_set_order(other);
	size_t i = 0;
	size_t j = 0;
	while (i < set->count && j < other->count) {
		regexp_range a = set->ranges[i];
		regexp_range b = other->ranges[j];
		int32_t first = a.first > b.first ? a.first : b.first;
		int32_t last = a.last < b.last ? a.last : b.last;
		if (first <= last)
			regexp_set_add(&both, first, last);
		if (a.last < b.last)
			i++;
		else
			j++;
	}
	replace(set, both);
}

void regexp_set_subtract(regexp_set *set, regexp_set *other) {
	regexp_set others = {0};
	regexp_set_add_all(&others, other);
	regexp_set_negate(&others, REGEXP_LAST_RUNE);
	regexp_set_intersect(set, &others);
	regexp_set_free(&others);
}

void regexp_set_keep_either(regexp_set *set, regexp_set *other) {
	regexp_set both = {0};
	regexp_set_add_all(&both, set);
	regexp_set_intersect(&both, other);
	regexp_set_add_all(set, other);
	regexp_set_subtract(set, &both);
	regexp_set_free(&both);
}

static void ignore_ascii_case(regexp_set *set) {
	regexp_set_order(set);
	for (int32_t upper = 'A'; upper <= 'Z'; upper++) {
		bool has_upper = regexp_set_contains(set, upper);
		bool has_lower = regexp_set_contains(set, upper | 0x20);
		if (has_upper != has_lower) {
			int32_t other = has_upper ? upper | 0x20 : upper;
			regexp_set_add(set, other, other);
			regexp_set_order(set);
		}
	}
}

/*
 * Adds `to` of each pair whose `from` is in the set. The pairs are in the order of `from`, so that both are
 * walked through once.
 */
static void add_partners(regexp_set *set, const letter_case_pair *pairs, size_t count) {
	regexp_set partners = {0};
	size_t range = 0;
	regexp_set_order(set);
	for (size_t i = 0; i < count && range < set->count; i++) {
		while (range < set->count && set->ranges[range].last < pairs[i].from)
			range++;
		if (range < set->count && set->ranges[range].first <= pairs[i].from)
			regexp_set_add(&partners, pairs[i].to, pairs[i].to);
	}
	regexp_set_order(&partners);
	regexp_set_add_all(set, &partners);
	regexp_set_free(&partners);
	regexp_set_order(set);
}

void regexp_set_ignore_case(regexp_set *set, bool ascii_only) {
	if (ascii_only) {
		ignore_ascii_case(set);
		return;
	}
	size_t count;
	const letter_case_pair *pairs = letter_case_pairs_to_key(&count);
	add_partners(set, pairs, count);
	pairs = letter_case_pairs_from_key(&count);
	add_partners(set, pairs, count);
}
