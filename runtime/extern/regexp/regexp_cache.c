/* Compiled patterns. Searches have limits, so that no pattern makes the program hang. */
#include "extern/regexp/regexp_cache.h"

#include <pthread.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "extern/regexp/regexp_translate.h"

enum {
	CACHE_SIZE = 32,
	MATCH_LIMIT = 10000000, /* steps of one search: well below a second */
	HEAP_LIMIT_KIB = 256 * 1024,
	PATTERN_MAXIMUM = 1 << 20,
	NAME_MAXIMUM = 64,
};

struct regexp_pattern {
	char *text;
	size_t length;
	pcre2_code *code;   /* NULL: refused */
	pcre2_code *strict; /* for valid UTF-8 only, as searching without backtracking asks; made when needed */
	pcre2_match_data *match;
	uint64_t last_use;
};

typedef struct {
	regexp_pattern patterns[CACHE_SIZE];
	uint64_t uses;
	pcre2_match_context *limits;
	pcre2_compile_context *compiling;
} pattern_cache;

static pthread_once_t cache_once = PTHREAD_ONCE_INIT;
static pthread_key_t cache_key;

static void clear_pattern(regexp_pattern *pattern) {
	free(pattern->text);
	pcre2_match_data_free(pattern->match);
	pcre2_code_free(pattern->code);
	pcre2_code_free(pattern->strict);
	*pattern = (regexp_pattern){0};
}

static void free_cache(void *pointer) {
	pattern_cache *cache = pointer;
	for (unsigned i = 0; i < CACHE_SIZE; i++)
		clear_pattern(&cache->patterns[i]);
	pcre2_match_context_free(cache->limits);
	pcre2_compile_context_free(cache->compiling);
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
	if (cache == NULL)
		return NULL;
	cache->limits = pcre2_match_context_create(NULL);
	cache->compiling = pcre2_compile_context_create(NULL);
	if (cache->limits == NULL || cache->compiling == NULL || pthread_setspecific(cache_key, cache) != 0) {
		free_cache(cache);
		return NULL;
	}
	pcre2_set_match_limit(cache->limits, MATCH_LIMIT);
	pcre2_set_heap_limit(cache->limits, HEAP_LIMIT_KIB);
	pcre2_set_newline(cache->compiling, PCRE2_NEWLINE_LF);
	return cache;
}

/*
 * A flag character that PCRE2 would read inside the pattern's start, as (*UTF), cannot come out of the
 * translation.
 */
static pcre2_code *compile(pattern_cache *cache, string_view pattern, uint32_t more_options) {
	const uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_CIRCUMFLEX |
	                         PCRE2_NEVER_BACKSLASH_C | more_options;
	buffer translated = {0};
	pcre2_code *code = NULL;
	buffer_append_text(&translated, "");
	if (pattern.length <= PATTERN_MAXIMUM && regexp_translate(pattern, &translated)) {
		int error;
		PCRE2_SIZE offset;
		code = pcre2_compile((PCRE2_SPTR)translated.bytes, translated.length, options, &error, &offset,
		                     cache->compiling);
	}
	buffer_free(&translated);
	return code;
}

static void fill_pattern(pattern_cache *cache, regexp_pattern *slot, string_view pattern) {
	slot->text = malloc(pattern.length + 1);
	if (slot->text == NULL)
		return;
	memcpy(slot->text, pattern.bytes, pattern.length);
	slot->length = pattern.length;
	slot->code = compile(cache, pattern, PCRE2_MATCH_INVALID_UTF);
	slot->match = slot->code != NULL ? pcre2_match_data_create_from_pattern(slot->code, NULL) : NULL;
}

regexp_pattern *regexp_get(string_view pattern) {
	pattern_cache *cache = thread_cache();
	if (cache == NULL)
		return NULL;
	regexp_pattern *oldest = &cache->patterns[0];
	regexp_pattern *found = NULL;
	for (unsigned i = 0; i < CACHE_SIZE && found == NULL; i++) {
		regexp_pattern *candidate = &cache->patterns[i];
		if (candidate->text != NULL && candidate->length == pattern.length &&
		    memcmp(candidate->text, pattern.bytes, pattern.length) == 0)
			found = candidate;
		oldest = candidate->last_use < oldest->last_use ? candidate : oldest;
	}
	if (found == NULL) {
		clear_pattern(oldest);
		fill_pattern(cache, oldest, pattern);
		found = oldest;
	}
	found->last_use = ++cache->uses;
	return found->match != NULL ? found : NULL;
}

/* Whether there is a match, by PCRE2's other algorithm: it does not backtrack, and knows no groups. */
static regexp_outcome search_without_backtracking(regexp_pattern *pattern, string_view subject, size_t from) {
	enum { WORKSPACE = 10000 };
	int workspace[WORKSPACE];
	if (pattern->strict == NULL) {
		string_view text = {pattern->text, pattern->length};
		pattern->strict = compile(thread_cache(), text, 0);
	}
	if (pattern->strict == NULL)
		return REGEXP_TOO_MUCH_WORK;
	int result =
	    pcre2_dfa_match(pattern->strict, (PCRE2_SPTR)subject.bytes, subject.length, from, PCRE2_DFA_SHORTEST,
	                    pattern->match, thread_cache()->limits, workspace, WORKSPACE);
	if (result == PCRE2_ERROR_NOMATCH)
		return REGEXP_NONE;
	return result >= 0 ? REGEXP_FOUND_SOMEWHERE : REGEXP_TOO_MUCH_WORK;
}

regexp_outcome regexp_search(regexp_pattern *pattern, string_view subject, size_t from) {
	int result = pcre2_match(pattern->code, (PCRE2_SPTR)subject.bytes, subject.length, from, 0,
	                         pattern->match, thread_cache()->limits);
	if (result == PCRE2_ERROR_NOMATCH)
		return REGEXP_NONE;
	return result > 0 ? REGEXP_FOUND : search_without_backtracking(pattern, subject, from);
}

unsigned regexp_group_count(const regexp_pattern *pattern) {
	return pcre2_get_ovector_count(pattern->match);
}

bool regexp_group(const regexp_pattern *pattern, unsigned group, size_t *start, size_t *end) {
	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(pattern->match);
	if (group >= regexp_group_count(pattern) || offsets[(size_t)2 * group] == PCRE2_UNSET)
		return false;
	*start = offsets[(size_t)2 * group];
	*end = offsets[(size_t)2 * group + 1];
	return true;
}

int regexp_group_by_name(const regexp_pattern *pattern, const char *name, size_t length) {
	char copy[NAME_MAXIMUM];
	if (length >= sizeof copy)
		return -1;
	memcpy(copy, name, length);
	copy[length] = 0;
	int number = pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR)copy);
	return number > 0 ? number : -1;
}
