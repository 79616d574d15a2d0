/* The loop that runs fibers until all are dead, a slice each. */
#include "interpreter/blocked.h"
#include "interpreter/interpreter.h"
#include "interpreter/panic.h"
#include "interpreter/replay.h"
#include "interpreter/stack_trace.h"
#include "island/island.h"
#include "state/give_way.h"
#include "tier/run.h"
#include "vm/host_entry.h"
#include "vm/parts.h"
#include "vm/sampler.h"

/* With natives asleep, the event loop is looked at after a full slice, or after so many shorter ones. */
enum { SLICES_BETWEEN_POLLS = 16 };

/* Of all islands, for what the host has asked for. */
static uint64_t steps_so_far(const volt_vm *vm) {
	return vm->island ? island_steps(vm->island) : vm->slices.steps - vm->slices.steps_before;
}

/* The budget of the next slice; 0: the limit of steps is reached. */
static int64_t slice_budget(volt_vm *vm) {
	int64_t budget = time_slice_length(&vm->slices, vm->options.testing.schedule_seed != 0);
	const uint64_t limit = vm->options.max_steps;
	if (limit) {
		const uint64_t used = steps_so_far(vm);
		const uint64_t left = limit > used ? limit - used : 0;
		vm->slices.left = left;
		budget = (uint64_t)budget < left ? budget : (int64_t)left;
	}
	return budget;
}

/*
 * The error that ends the program comes between slices: it meets the fiber that ran last, or, if that waits
 * or has ended, the one whose turn it is; or all of them where they wait.
 */
static void note_where(volt_vm *vm, const volt_fiber *following) {
	const volt_fiber *last = vm->fibers.last;
	const volt_fiber *met = last && last->state == FIBER_READY ? last : following;
	if (met)
		stack_trace_note(vm, met, STACK_TOP_BEFORE);
	else if (vm->trace.length == 0) /* another error may have come before it */
		describe_blocked_fibers(vm, &vm->trace);
}

/* On an island other than 0, nobody hears of it (SEMANTICS.md, "Islands and ports"). */
static void end_by_panic(volt_vm *vm, volt_fiber *fiber) {
	if (!vm->island || !island_outlives_fibers(vm->island))
		panic_report(vm, fiber);
	if (vm->called && vm->called->fiber == fiber)
		vm->called->fiber = NULL;
	fiber_kill(&vm->fibers, fiber);
}

/* The function that the host has called hands over its results. */
static void end_by_return(volt_vm *vm, volt_fiber *fiber) {
	called_function *called = vm->called;
	if (called && called->fiber == fiber) {
		replay_take_results(fiber, called->results, called->result_slots);
		called->has_returned = true;
		called->fiber = NULL;
	}
	fiber_kill(&vm->fibers, fiber);
}

/* After an error of its own it cannot go on, even if the host calls another function. */
static void end_slice(volt_vm *vm, volt_fiber *fiber) {
	if (vm->error)
		vm_end_fiber(vm, fiber);
	else
		fiber_make_ready(&vm->fibers, fiber);
}

/*
 * Somebody may have asked the fiber to give way: it has. If that was volt_vm_interrupt(), its note is seen
 * after this, or the request comes again after it. False: nobody has.
 */
static bool answer_request(volt_vm *vm) {
	if (!give_way_is_asked(&vm->context))
		return false;
	give_way_forget(&vm->context);
	atomic_thread_fence(memory_order_seq_cst);
	return true;
}

/*
 * Steps are counted and time is not, so that a program that is run again is profiled in the same places; and
 * slices are not, since those that end by channel operations are short, and many. The first slice, which
 * starts the program, is only profiled if all are.
 */
static bool is_profiled(volt_vm *vm) {
	time_slices *slices = &vm->slices;
	if (slices->steps < slices->next_profiled)
		return false;
	slices->next_profiled = slices->steps + (slices->profile_period - 1) * SLICE_STEPS + 1;
	return true;
}

static interpreter_result interpret(volt_vm *vm, volt_fiber *fiber) {
	if (!vm->context.heat)
		return interpreter_run(vm, fiber);
	return is_profiled(vm) ? interpreter_run_profiled(vm, fiber) : interpreter_run_counting(vm, fiber);
}

/*
 * How many slices may follow the next one without us: none if they are not as long as each other, or somebody
 * is to look at each; else as many as there may be until the event loop is looked at.
 */
static uint32_t hand_overs(const volt_vm *vm) {
	if (vm->options.testing.schedule_seed || vm->options.max_steps || vm->sampler)
		return 0;
	const uint64_t passed = wait_any_parked(vm->waits) ? vm->slices.count - vm->slices.polled : 0;
	return passed < SLICES_BETWEEN_POLLS ? SLICES_BETWEEN_POLLS - 1 - (uint32_t)passed : 0;
}

/* And those of fibers that it hands over to. */
static void run_slice(volt_vm *vm, volt_fiber *fiber) {
	const int64_t budget = slice_budget(vm);
	if (budget == 0) {
		fiber_make_ready(&vm->fibers, fiber);
		vm_fail_at_step_limit(vm);
		note_where(vm, fiber);
		return;
	}
	vm->slices.hand_overs = hand_overs(vm);
	time_slice_begin(&vm->slices);
	vm->context.budget = budget;
	fiber_activate(&vm->fibers, fiber);
	const interpreter_result result = interpret(vm, fiber);
	fiber = vm->fibers.current; /* others may have run since */
	const bool was_asked = answer_request(vm);
	const uint64_t steps = time_slice_end(&vm->slices, budget, vm->context.budget);
	if (was_asked)
		vm->slices.rest = 0; /* compiled code counts no steps: its slice was as long as it may be */
	if (vm->island)
		island_count_steps(vm->island, steps);
	if (result == INTERPRETER_YIELD || result == INTERPRETER_PARKED)
		fiber_weigh(&vm->fibers, fiber);
	vm->fibers.current = NULL;
	vm->fibers.last = fiber;
	if (__builtin_expect(vm->error != NULL, 0))
		stack_trace_note(vm, fiber, STACK_TOP_BEHIND);
	if (vm->sampler)
		sampler_look(vm, fiber);
	switch (result) {
	case INTERPRETER_DONE: end_by_return(vm, fiber); break;
	case INTERPRETER_YIELD: end_slice(vm, fiber); break;
	case INTERPRETER_PARKED: fiber_shrink(&vm->fibers, fiber); break;
	case INTERPRETER_PANIC: end_by_panic(vm, fiber); break;
	}
}

static void poll_between_slices(volt_vm *vm) {
	time_slices *slices = &vm->slices;
	if (!wait_any_parked(vm->waits))
		return;
	if (slices->rest <= 0 || slices->count - slices->polled >= SLICES_BETWEEN_POLLS) {
		slices->polled = slices->count;
		wait_poll(vm->waits, &vm->fibers, false);
	}
}

static bool goes_on(volt_vm *vm) {
	if (vm_is_inherited(vm)) { /* the host has forked where it was called, and this is the child */
		vm_fail(vm, vm_inherited_error());
		return false;
	}
	if (vm->island)
		island_receive(vm->island);
	if (vm_fail_if_interrupted(vm)) {
		note_where(vm, vm->fibers.ready_first);
		return false;
	}
	if (vm->called && vm->called->has_returned)
		return false;
	return !vm->stopping &&
	       (vm->fibers.live_count != 0 || (vm->island && island_outlives_fibers(vm->island)));
}

/* Ends the program with the report of blocked fibers. */
static void report_deadlock(volt_vm *vm) {
	describe_blocked_fibers(vm, &vm->trace);
	if (vm->island)
		island_report_blocked(vm->island, &vm->trace);
	vm_fail(vm, volt_error_new(VOLT_ERROR_DEADLOCK, "deadlock: all fibers are blocked"));
}

/* Nobody is ready: until somebody is, or never. */
static void sleep_until_ready(volt_vm *vm) {
	if (vm->island) {
		if (!island_sleep(vm->island))
			report_deadlock(vm);
	} else if (wait_any_parked(vm->waits)) {
		vm_flush(vm);
		wait_poll(vm->waits, &vm->fibers, true);
	} else {
		report_deadlock(vm);
	}
	if (vm->sampler)
		sampler_forget(vm->sampler);
}

void scheduler_run(volt_vm *vm) {
	while (goes_on(vm)) {
		volt_fiber *fiber = fiber_take_ready(&vm->fibers);
		if (fiber) {
			run_slice(vm, fiber);
			poll_between_slices(vm);
		} else {
			sleep_until_ready(vm);
		}
	}
}
