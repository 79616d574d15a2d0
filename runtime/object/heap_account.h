/*
 * What of the process's one heap belongs to a VM. The collector does not know owners, so this is an estimate:
 * of what a space takes, one block in so many bytes is a sample, which stands for them until a collection
 * finds it dead. Blocks of that size and more all are samples. So an account counts what its VM has taken and
 * no collection has found dead, with an error of a few percent of the limit, whatever other VMs do.
 */
#ifndef OBJECT_HEAP_ACCOUNT_H
#define OBJECT_HEAP_ACCOUNT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of all spaces of one VM: its own and those of its islands. Ends with the last of them. */
typedef struct {
	_Atomic size_t bytes;
	_Atomic size_t outside; /* of the heap, exactly: see object_space_count_outside() */
	_Atomic unsigned spaces;
} heap_account;

typedef struct {
	const void *block;
	size_t bytes; /* that it stands for */
} heap_sample;

/* Of one space. Changed with the collector's lock held, but for `pending`, which is its thread's. */
typedef struct {
	heap_account *account;
	heap_sample *items;
	size_t count, capacity;
	size_t interval; /* bytes for each sample */
	size_t pending;  /* taken since the last one */
	uint32_t random;
} heap_samples;

/* False: no memory. `limit` of the VM in bytes, or 0: what is a few percent depends on it. */
bool heap_samples_start(heap_samples *samples, size_t limit);

/* From here on they count for another account. */
void heap_samples_join(heap_samples *samples, heap_account *account);

/* Not with the lock held. */
void heap_samples_end(heap_samples *samples);

/* A list of blocks, linked by their first words, of so many bytes each, or one block, has been taken. */
void heap_samples_take_list(heap_samples *samples, void *first, size_t bytes);
void heap_samples_take(heap_samples *samples, const void *block, size_t bytes);

/* The collector has marked what lives: others are forgotten. With its lock held. */
void heap_samples_forget_dead(heap_samples *samples);

static inline size_t heap_samples_bytes(const heap_samples *samples) {
	const heap_account *account = samples->account;
	return atomic_load_explicit(&account->bytes, memory_order_relaxed) +
	       atomic_load_explicit(&account->outside, memory_order_relaxed) + samples->pending;
}

#endif
