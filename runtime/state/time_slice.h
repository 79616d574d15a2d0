/*
 * The time slice of the running fiber: how many steps (interpreted calls and taken backward jumps) it may
 * still take.
 */
#ifndef STATE_TIME_SLICE_H
#define STATE_TIME_SLICE_H

#include <stdbool.h>
#include <stdint.h>

#include "volt/native.h"

typedef struct {
	uint64_t random;         /* state of the generator of slice lengths and select's choices */
	int64_t rest;            /* of the slice that has ended: steps that it did not take */
	uint64_t left;           /* of the limit of steps, if there is one, when the slice began */
	uint64_t of_natives;     /* steps that natives counted in this slice */
	uint64_t steps;          /* in finished slices */
	uint64_t steps_before;   /* those of what the host has run before, which its limit does not count */
	uint64_t count;          /* of slices */
	uint64_t profile_period; /* the tier's: one slice of so many is profiled; 0: none */
	uint64_t next_profiled;  /* the number of the next one */
} time_slices;

/* Before the first slice: seeds the generator. */
void time_slices_start(time_slices *slices, uint64_t seed);

/* The length of a slice: the usual one, or one from the generator. */
int64_t time_slice_length(time_slices *slices, bool is_random);

/* A slice of so many steps begins; context.budget counts them down. */
void time_slice_begin(volt_vm *vm, int64_t steps);

/* The slice is over. Returns how many steps it took with those of natives, counted as at least one. */
uint64_t time_slice_end(volt_vm *vm, int64_t steps);

/* A number below `bound`, from the generator. */
uint32_t time_slice_random(time_slices *slices, uint32_t bound);

#endif
