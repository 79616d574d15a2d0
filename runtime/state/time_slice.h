/*
 * The time slice of the running fiber: how many steps (interpreted calls and taken backward jumps) it may
 * still take.
 */
#ifndef STATE_TIME_SLICE_H
#define STATE_TIME_SLICE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	uint64_t random;         /* state of the generator of slice lengths and select's choices */
	int64_t rest;            /* of the slice that has ended: steps that it did not take */
	uint64_t left;           /* of the limit of steps, if there is one, when the slice began */
	uint64_t of_natives;     /* steps that natives counted in this slice */
	uint64_t steps;          /* in finished slices */
	uint64_t steps_before;   /* those of what the host has run before, which its limit does not count */
	uint64_t count;          /* of slices */
	uint64_t polled;         /* of them, when the event loop was looked at last */
	uint64_t profile_period; /* the tier's: PROFILE_PERIOD, 1 or, for none, 0 */
	uint64_t next_profiled;  /* not before so many steps of finished slices; UINT64_MAX: none */
	bool is_cut;             /* the slice ended before an instruction that takes no step */
	uint32_t hand_overs;     /* slices that may still follow without the scheduler: interpreter/hand_over.h */
} time_slices;

/* Before the first slice: seeds the generator. */
void time_slices_start(time_slices *slices, uint64_t seed);

/* A number below `bound`, from the generator. */
uint32_t time_slice_random(time_slices *slices, uint32_t bound);

enum { SLICE_STEPS = 500 };

/* The length of a slice: the usual one, or one from the generator. */
static inline int64_t time_slice_length(time_slices *slices, bool is_random) {
	return is_random ? 1 + (int64_t)time_slice_random(slices, SLICE_STEPS) : SLICE_STEPS;
}

static inline void time_slice_begin(time_slices *slices) {
	slices->of_natives = 0;
	slices->is_cut = false;
	slices->count++;
}

/*
 * A slice of so many steps is over, and this is what is left of them: -1 if it is used up. Returns how many
 * it took with those of natives. One without steps counts as one: a goroutine that only starts another one is
 * a loop, too. If it was cut, what it would have counted for is still to come.
 */
static inline uint64_t time_slice_end(time_slices *slices, int64_t steps, int64_t budget) {
	slices->rest = budget > 0 ? budget : 0;
	const uint64_t taken = (uint64_t)(steps - slices->rest) + slices->of_natives;
	const uint64_t counted = taken || slices->is_cut ? taken : 1;
	slices->steps += counted;
	return counted;
}

#endif
