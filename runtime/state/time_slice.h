/*
 * The time slice of the running fiber: how many steps (interpreted calls and taken backward jumps) it may
 * still take, in budgets that end with the slice or with a tick, whichever comes first.
 */
#ifndef STATE_TIME_SLICE_H
#define STATE_TIME_SLICE_H

#include <stdbool.h>
#include <stdint.h>

#include "volt/native.h"

typedef struct {
	uint64_t random; /* state of the generator of slice lengths and select's choices */
	int64_t rest;    /* of the slice, beyond the budget that is being used up */
	/*
	 * Steps between looks at what is hot, usually; 0: nobody looks. `tick_length` is how many the tick that
	 * goes on has, `tick_rest` what is left of them beyond the budget: ticks go on from slice to slice.
	 */
	int64_t tick;
	int64_t tick_length;
	int64_t tick_rest;
	uint64_t tick_random;    /* state of the generator of their lengths */
	uint64_t left;           /* of the limit of steps, if there is one, when the slice began */
	uint64_t of_natives;     /* steps that natives counted in this slice */
	uint64_t steps;          /* in finished slices */
	uint64_t count;          /* of slices */
	uint64_t profile_period; /* the tier's: one slice of so many is profiled; 0: none */
} time_slices;

/* Looks at what is hot begin, the first after `steps` and one more. */
void time_slices_start_ticks(time_slices *slices, int64_t steps);

/* Before the first slice: seeds the generator. */
void time_slices_start(time_slices *slices, uint64_t seed);

/* The length of a slice: the usual one, or one from the generator. */
int64_t time_slice_length(time_slices *slices, bool is_random);

/* A slice of so many steps begins; its first budget is context.budget. */
void time_slice_begin(volt_vm *vm, int64_t steps);

/* The slice is over. Returns how many steps it took with those of natives, counted as at least one. */
uint64_t time_slice_end(volt_vm *vm, int64_t steps);

/* Is it time to look at what is hot? To be asked when the budget is used up, before time_slice_refill(). */
static inline bool time_slice_tick_is_over(const time_slices *slices) {
	return slices->tick && slices->tick_rest <= 0;
}

/*
 * The budget (context.budget) is used up. True: the slice goes on, with a new one. `counted`: the step that
 * found this out has been taken and counts.
 */
bool time_slice_refill(volt_vm *vm, bool counted);

/* A number below `bound`, from the generator. */
uint32_t time_slice_random(time_slices *slices, uint32_t bound);

#endif
