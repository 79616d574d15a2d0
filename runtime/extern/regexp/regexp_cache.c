/* Compiled patterns of a thread, the least recently used of which makes way for a new one. */
#include "extern/regexp/regexp_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
	CACHE_SIZE = 32,
	LARGE_SIZE = 1 << 18, /* a pattern of more bytes is kept until the next one only */
};

struct regexp_pattern {
	char *text; /* NULL: there is no pattern */
	size_t length;
	regexp_verdict verdict;
	regexp_program program;
	uint64_t last_use;
};

typedef struct {
	regexp_pattern patterns[CACHE_SIZE];
	uint64_t uses;
	regexp_machine machine;
} pattern_cache;

static pthread_once_t cache_once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key;

static void clear_pattern(regexp_pattern *pattern) {
	free(pattern->text);
	regexp_program_free(&pattern->program);
	*pattern = (regexp_pattern){0};
}

static void free_cache(void *pointer) {
	pattern_cache *cache = pointer;
	for (unsigned i = 0; i < CACHE_SIZE; i++)
		clear_pattern(&cache->patterns[i]);
	regexp_machine_free(&cache->machine);
	free(cache);
}

/* The main thread ends without its destructors. */
static void free_main_cache(void) {
	void *cache = pthread_getspecific(cache_key);
	if (cache != NULL) {
		pthread_setspecific(cache_key, NULL);
		free_cache(cache);
	}
}

static void make_cache_key(void) {
	if (pthread_key_create(&cache_key, free_cache) != 0)
		abort();
	atexit(free_main_cache);
}

static pattern_cache *thread_cache(void) {
	pthread_once(&cache_once, make_cache_key);
	pattern_cache *cache = pthread_getspecific(cache_key);
	if (cache != NULL)
		return cache;
	cache = calloc(1, sizeof *cache);
	if (cache != NULL && pthread_setspecific(cache_key, cache) != 0) {
		free(cache);
		return NULL;
	}
	return cache;
}

static void fill_pattern(regexp_pattern *slot, string_view text) {
	slot->text = malloc(text.length + 1);
	if (slot->text == NULL)
		return;
	memcpy(slot->text, text.bytes, text.length);
	slot->length = text.length;
	slot->verdict = regexp_parse(text, &slot->program);
	if (slot->verdict != REGEXP_GOOD)
		regexp_program_free(&slot->program);
}

/* So that the heap of a program, which patterns are no part of, is most of what it takes. */
static void drop_large(pattern_cache *cache) {
	bool any = false;
	for (unsigned i = 0; i < CACHE_SIZE; i++) {
		regexp_pattern *pattern = &cache->patterns[i];
		if (pattern->length + pattern->program.size > LARGE_SIZE) {
			clear_pattern(pattern);
			any = true;
		}
	}
	if (any)
		regexp_machine_free(&cache->machine);
}

regexp_verdict regexp_get(string_view text, regexp_leave leave, const regexp_pattern **pattern) {
	pattern_cache *cache = thread_cache();
	if (cache == NULL)
		return REGEXP_REFUSED;
	regexp_pattern *oldest = &cache->patterns[0];
	regexp_pattern *found = NULL;
	for (unsigned i = 0; i < CACHE_SIZE && found == NULL; i++) {
		regexp_pattern *candidate = &cache->patterns[i];
		if (candidate->text != NULL && candidate->length == text.length &&
		    memcmp(candidate->text, text.bytes, text.length) == 0)
			found = candidate;
		oldest = candidate->last_use < oldest->last_use ? candidate : oldest;
	}
	if (found == NULL) {
		drop_large(cache);
		clear_pattern(oldest);
		fill_pattern(oldest, text);
		found = oldest;
	}
	found->last_use = ++cache->uses;
	regexp_begin_task(&cache->machine, leave);
	*pattern = found;
	return found->text != NULL ? found->verdict : REGEXP_REFUSED;
}

regexp_outcome regexp_search(const regexp_pattern *pattern, string_view text, size_t from, size_t *start,
                             size_t *end) {
	regexp_machine *machine = &thread_cache()->machine;
	regexp_request request = {&pattern->program, text, from, text.length, false, 2};
	regexp_outcome outcome = regexp_run(machine, &request);
	if (outcome == REGEXP_FOUND) {
		*start = machine->found[0];
		*end = machine->found[1];
	}
	return outcome;
}

regexp_outcome regexp_find_groups(const regexp_pattern *pattern, string_view text, size_t start, size_t end) {
	regexp_request request = {&pattern->program, text, start, end, true, 2 * pattern->program.group_count};
	return regexp_run(&thread_cache()->machine, &request);
}

unsigned regexp_group_count(const regexp_pattern *pattern) {
	return pattern->program.group_count;
}

bool regexp_group(const regexp_pattern *pattern, size_t group, size_t *start, size_t *end) {
	const size_t *slots = thread_cache()->machine.found;
	if (group >= pattern->program.group_count || slots[2 * group + 1] == (size_t)REGEXP_NO_POSITION)
		return false;
	*start = slots[2 * group];
	*end = slots[2 * group + 1];
	return true;
}

int regexp_group_by_name(const regexp_pattern *pattern, const char *name, size_t length) {
	return regexp_find_name(&pattern->program, (string_view){name, length});
}
