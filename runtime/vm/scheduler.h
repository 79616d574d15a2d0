/*
 * The scheduler: the ready queue, first come first served, and the loop that runs fibers until all are
 * dead.
 */
#ifndef VM_SCHEDULER_H
#define VM_SCHEDULER_H

#include <stdbool.h>
#include <stdint.h>

#include "object/buffer.h"
#include "volt/vm.h"

typedef struct volt_fiber volt_fiber;

typedef struct {
	volt_fiber **fibers; /* by id; dead ones stay, to be used again */
	uint32_t fiber_count;
	uint32_t fiber_capacity;
	uint32_t live_count;
	volt_fiber *dead; /* last in, first out */
	volt_fiber *ready_first;
	volt_fiber *ready_last;
	uint64_t random; /* state of the generator of slice lengths and select's choices */
	int64_t slice;   /* steps that this slice began with */
	int64_t rest;    /* of the slice, beyond the budget that is being used up */
	/*
	 * Steps between looks at what is hot; 0: nobody looks. `tick_rest` is what is left of one beyond the
	 * budget: ticks go on from slice to slice.
	 */
	int64_t tick;
	int64_t tick_rest;
	uint64_t steps; /* in finished slices */
	uint64_t slices;
	uint64_t profile_period; /* the tier's: one slice of so many is profiled; 0: none */
	uint64_t fibers_started;
} scheduler;

void scheduler_start(volt_vm *vm);

/* Appends a fiber to the ready queue. */
void scheduler_ready(volt_vm *vm, volt_fiber *fiber);

/* Runs until every fiber is dead or the VM stops. */
void scheduler_run(volt_vm *vm);

/* Is it time to look at what is hot? To be asked when the budget is used up, before scheduler_refill(). */
static inline bool scheduler_tick_is_over(const scheduler *sched) {
	return sched->tick && sched->tick_rest <= 0;
}

/*
 * The budget (context.budget) is used up. True: the slice goes on, with a new one. `counted`: the step that
 * found this out has been taken and counts.
 */
bool scheduler_refill(volt_vm *vm, bool counted);

/* A number below `bound`, from the VM's generator. */
uint32_t scheduler_random(volt_vm *vm, uint32_t bound);

/* Interpreted calls and taken backward jumps so far. */
uint64_t scheduler_steps(const volt_vm *vm);

/* Where each fiber of the VM is blocked. */
void scheduler_describe_blocked(volt_vm *vm, buffer *out);

/* Ends the program with the report of blocked fibers. */
void scheduler_report_deadlock(volt_vm *vm);

#endif
