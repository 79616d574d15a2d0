/* The ready queue and the loop around it. */
#include "vm/scheduler.h"

#include "interpreter/interpreter.h"
#include "interpreter/panic.h"
#include "tier/give_way.h"
#include "tier/run.h"
#include "vm/vm.h"

enum {
	/* Calls and taken backward jumps in a time slice. */
	SLICE_STEPS = 500,
	/* With natives asleep, the event loop is looked at after a full slice, or after so many shorter ones. */
	SLICES_BETWEEN_POLLS = 16,
};

void scheduler_start(volt_vm *vm) {
	vm->scheduler.random = vm->options.schedule_seed ? vm->options.schedule_seed : 0x9e3779b97f4a7c15;
}

/* splitmix64: any seed will do, and one multiplication more or less does not matter here. */
static uint64_t next_random(scheduler *sched) {
	uint64_t z = sched->random += 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint32_t scheduler_random(volt_vm *vm, uint32_t bound) {
	return (uint32_t)(next_random(&vm->scheduler) % bound);
}

void scheduler_ready(volt_vm *vm, volt_fiber *fiber) {
	scheduler *sched = &vm->scheduler;
	fiber->state = FIBER_READY;
	fiber->next = NULL;
	if (sched->ready_last)
		sched->ready_last->next = fiber;
	else
		sched->ready_first = fiber;
	sched->ready_last = fiber;
}

static volt_fiber *take_ready(scheduler *sched) {
	volt_fiber *fiber = sched->ready_first;
	if (fiber) {
		sched->ready_first = fiber->next;
		if (!sched->ready_first)
			sched->ready_last = NULL;
		fiber->next = NULL;
	}
	return fiber;
}

uint64_t scheduler_steps(const volt_vm *vm) {
	return vm->island ? island_steps(vm->island) : vm->scheduler.steps;
}

/* The budget of the next slice; 0: the limit of steps is reached. */
static int64_t slice_budget(volt_vm *vm) {
	scheduler *sched = &vm->scheduler;
	int64_t budget =
	    vm->options.schedule_seed ? 1 + (int64_t)(next_random(sched) % SLICE_STEPS) : SLICE_STEPS;
	const uint64_t limit = vm->options.max_steps;
	if (limit) {
		const uint64_t used = scheduler_steps(vm);
		const uint64_t left = limit > used ? limit - used : 0;
		budget = (uint64_t)budget < left ? budget : (int64_t)left;
	}
	return budget;
}

static int64_t smaller(int64_t left, int64_t right) {
	return left < right ? left : right;
}

/* The next budget ends with the tick or with the slice, whichever comes first. */
static void take_budget(volt_vm *vm) {
	scheduler *sched = &vm->scheduler;
	int64_t budget = sched->rest;
	if (sched->tick) {
		budget = smaller(sched->tick_rest, budget);
		sched->tick_rest -= budget;
	}
	vm->context.budget = budget;
	sched->rest -= budget;
}

/* What the slice has not used goes back. */
static void return_budget(volt_vm *vm) {
	scheduler *sched = &vm->scheduler;
	const int64_t left = vm->context.budget > 0 ? vm->context.budget : 0;
	sched->rest += left;
	if (sched->tick)
		sched->tick_rest += left;
}

bool scheduler_refill(volt_vm *vm, bool counted) {
	scheduler *sched = &vm->scheduler;
	if (scheduler_tick_is_over(sched))
		sched->tick_rest = sched->tick;
	if (sched->rest <= 0)
		return false;
	take_budget(vm);
	vm->context.budget -= counted;
	return true;
}

/* On an island other than 0, nobody hears of it (specification, runtime model, section 14). */
static void end_by_panic(volt_vm *vm, volt_fiber *fiber) {
	if (vm->island && island_outlives_fibers(vm->island))
		fiber_kill(vm, fiber);
	else
		panic_report(vm, fiber);
}

/* Somebody may have asked the fiber to give way: it has. */
static void answer_request(volt_vm *vm, const volt_fiber *fiber) {
	if (!give_way_is_asked(&vm->context))
		return;
	give_way_forget(&vm->context);
	tier_sample(vm, fiber);
}

/*
 * Slices are counted and not timed, so that a program that is run again is profiled in the same places. The
 * first slice, which starts the program, is only profiled if all are.
 */
static bool is_profiled(const volt_vm *vm) {
	const uint64_t period = vm->scheduler.profile_period;
	return vm->tier && period && vm->scheduler.slices % period == 0;
}

static void run_slice(volt_vm *vm, volt_fiber *fiber) {
	scheduler *sched = &vm->scheduler;
	const int64_t budget = slice_budget(vm);
	if (budget == 0) {
		vm_fail(vm, volt_error_new(VOLT_ERROR_LIMIT, "limit of %llu steps reached",
		                           (unsigned long long)vm->options.max_steps));
		return;
	}
	sched->slice = sched->rest = budget;
	take_budget(vm);
	sched->slices++;
	fiber_activate(vm, fiber);
	const interpreter_result result =
	    is_profiled(vm) ? interpreter_run_profiled(vm, fiber) : interpreter_run(vm, fiber);
	answer_request(vm, fiber);
	/*
	 * The budget of a slice that it used up stands at -1. A slice without steps counts as one: a goroutine
	 * that only starts another one is a loop, too.
	 */
	return_budget(vm);
	const uint64_t taken = (uint64_t)(budget - sched->rest);
	const uint64_t steps = taken ? taken : 1;
	sched->steps += steps;
	if (vm->island)
		island_count_steps(vm->island, steps);
	vm->current = NULL;
	switch (result) {
	case INTERPRETER_DONE: fiber_kill(vm, fiber); break;
	case INTERPRETER_YIELD: scheduler_ready(vm, fiber); break;
	case INTERPRETER_PARKED: fiber_shrink(vm, fiber); break;
	case INTERPRETER_PANIC: end_by_panic(vm, fiber); break;
	}
}

static void poll_between_slices(volt_vm *vm, unsigned *slices) {
	if (!wait_any_parked(vm->waits))
		return;
	const bool full_slice = vm->scheduler.rest <= 0;
	if (full_slice || ++*slices >= SLICES_BETWEEN_POLLS) {
		*slices = 0;
		wait_poll(vm, vm->waits, false);
	}
}

static bool goes_on(volt_vm *vm) {
	if (vm->island)
		island_receive(vm->island);
	return !vm->stopping &&
	       (vm->scheduler.live_count != 0 || (vm->island && island_outlives_fibers(vm->island)));
}

void scheduler_run(volt_vm *vm) {
	unsigned slices = 0;
	while (goes_on(vm)) {
		volt_fiber *fiber = take_ready(&vm->scheduler);
		if (fiber) {
			run_slice(vm, fiber);
			poll_between_slices(vm, &slices);
		} else if (vm->island) {
			if (!island_sleep(vm->island))
				scheduler_report_deadlock(vm);
		} else if (wait_any_parked(vm->waits)) {
			vm_flush(vm);
			wait_poll(vm, vm->waits, true);
		} else {
			scheduler_report_deadlock(vm);
		}
	}
}
