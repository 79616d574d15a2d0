/* Estimating what of the process's heap belongs to a VM. */
#include "object/heap_account.h"

#define GC_THREADS
#include <gc/gc.h>
#include <gc/gc_mark.h>
#include <stdlib.h>

enum {
	SAMPLES_OF_A_LIMIT = 1024, /* whose share that lives is then known to some three percent */
	LEAST_INTERVAL = 4096,     /* what the collector gives at once, of small blocks */
	LARGEST_INTERVAL = 1 << 20,
	FIRST_CAPACITY = 64,
};

static size_t interval_of(size_t limit) {
	const size_t interval = limit / SAMPLES_OF_A_LIMIT;
	if (limit == 0 || interval > LARGEST_INTERVAL)
		return LARGEST_INTERVAL;
	return interval < LEAST_INTERVAL ? LEAST_INTERVAL : interval;
}

bool heap_samples_start(heap_samples *samples, size_t limit) {
	heap_account *account = calloc(1, sizeof *account);
	if (!account)
		return false;
	account->spaces = 1;
	*samples = (heap_samples){.account = account, .interval = interval_of(limit), .random = 1};
	return true;
}

/* ---- With the collector's lock held ---- */

/* Without memory for it, the sample is left out, and its bytes stay pending. */
static bool make_room(heap_samples *samples) {
	if (samples->count < samples->capacity)
		return true;
	const size_t capacity = samples->capacity ? 2 * samples->capacity : FIRST_CAPACITY;
	heap_sample *items = reallocarray(samples->items, capacity, sizeof *items);
	if (!items)
		return false;
	samples->items = items;
	samples->capacity = capacity;
	return true;
}

typedef struct {
	heap_samples *samples;
	const void *block;
	heap_account *account;
} change;

static void *add(void *argument) {
	const change *self = argument;
	heap_samples *samples = self->samples;
	if (!make_room(samples))
		return NULL;
	samples->items[samples->count++] = (heap_sample){self->block, samples->pending};
	atomic_fetch_add(&samples->account->bytes, samples->pending);
	samples->pending = 0;
	return NULL;
}

void heap_samples_forget_dead(heap_samples *samples) {
	size_t kept = 0, dead = 0;
	for (size_t i = 0; i < samples->count; i++)
		if (GC_is_marked(samples->items[i].block))
			samples->items[kept++] = samples->items[i];
		else
			dead += samples->items[i].bytes;
	samples->count = kept;
	atomic_fetch_sub(&samples->account->bytes, dead);
}

static size_t bytes_of(const heap_samples *samples) {
	size_t bytes = 0;
	for (size_t i = 0; i < samples->count; i++)
		bytes += samples->items[i].bytes;
	return bytes;
}

/* The samples are `account`'s from here on, or, if that is NULL, nobody's. */
static void *move(void *argument) {
	const change *self = argument;
	heap_samples *samples = self->samples;
	const size_t bytes = bytes_of(samples);
	heap_account *before = samples->account;
	atomic_fetch_sub(&before->bytes, bytes);
	samples->account = self->account;
	if (self->account) {
		atomic_fetch_add(&self->account->bytes, bytes);
		atomic_fetch_add(&self->account->spaces, 1);
	} else {
		samples->count = 0;
	}
	return before;
}

/* ---- Without it ---- */

static void leave(heap_account *account) {
	if (atomic_fetch_sub(&account->spaces, 1) == 1)
		free(account);
}

void heap_samples_join(heap_samples *samples, heap_account *account) {
	leave(GC_call_with_alloc_lock(move, &(change){samples, NULL, account}));
}

void heap_samples_end(heap_samples *samples) {
	if (!samples->account)
		return;
	leave(GC_call_with_alloc_lock(move, &(change){samples, NULL, NULL}));
	free(samples->items);
	samples->items = NULL;
}

void heap_samples_take(heap_samples *samples, const void *block, size_t bytes) {
	samples->pending += bytes;
	if (samples->pending >= samples->interval)
		GC_call_with_alloc_lock(add, &(change){samples, block, NULL});
}

/* A program that takes long-lived and short-lived objects in turn must not have all samples of one kind. */
static uint32_t next_random(heap_samples *samples) {
	return (samples->random = samples->random * 1664525 + 1013904223) >> 16;
}

void heap_samples_take_list(heap_samples *samples, void *first, size_t bytes) {
	size_t count = 0;
	for (void **block = first; block; block = *block)
		count++;
	samples->pending += (count ? count - 1 : 0) * bytes;
	void **sample = first;
	for (size_t skipped = count ? next_random(samples) % count : 0; skipped; skipped--)
		sample = *sample;
	heap_samples_take(samples, sample, count ? bytes : 0);
}
