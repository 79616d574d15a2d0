/* Entering a VM, and what becomes of it when what the host wanted is done. */
#include "vm/host_entry.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "extern/registry.h"
#include "interpreter/native_aftermath.h"
#include "interpreter/stack_trace.h"
#include "island/island.h"
#include "island/port.h"
#include "process/standard_streams.h"
#include "state/give_way.h"
#include "tier/run.h"
#include "tier/stack_limit.h"
#include "vm/sampler.h"

/* ---- Entering ---- */

typedef struct {
	vm_work work;
	void *user;
} entry;

static volt_error *enter_here(volt_vm *vm, void *user) {
	const entry *self = user;
	if (vm_is_inherited(vm))
		return vm_inherited_error();
	if (atomic_exchange(&vm->is_inside, true))
		return volt_error_new(VOLT_ERROR_ARGUMENT,
		                      "the VM is running: one of its natives, or another thread, "
		                      "must wait until it has returned");
	heap_enter_thread();
	volt_error *error = self->work(vm, self->user);
	if (!vm_is_inherited(vm))
		atomic_store(&vm->is_inside, false);
	heap_leave_thread();
	return error;
}

volt_error *vm_enter(volt_vm *vm, vm_work work, void *user) {
	entry self = {work, user};
	return own_stack_is_needed() ? own_stack_run(vm, enter_here, &self) : enter_here(vm, &self);
}

/*
 * What the fiber has begun it cannot end; what it has noted for the interpreter is half of the truth. It may
 * have been about to start another one.
 */
static void abandon_running_fibers(volt_vm *vm) {
	volt_fiber *current = vm->fibers.current;
	tier_forget_exit(vm);
	if (current)
		stack_trace_note(vm, current, STACK_TOP_UNKNOWN);
	vm->fibers.current = NULL;
	if (current && current->state != FIBER_DEAD) /* its turn may have ended, and what it needs was too much */
		vm_end_fiber(vm, current);
	for (uint32_t i = 0; i < vm->fibers.fiber_count; i++) {
		volt_fiber *fiber = fiber_find_live(&vm->fibers, i);
		if (fiber && fiber->state == FIBER_RUNNING)
			vm_end_fiber(vm, fiber);
	}
}

/*
 * What the frames that a jump has left still hold would count as references wherever later frames do not
 * write: a list of megabytes could live on, and the next call would meet the limit again.
 */
static __attribute__((noinline)) void forget_left_frames(void) {
	unsigned char left[128 << 10];
	explicit_bzero(left, sizeof left);
}

void vm_guard(volt_vm *vm, void (*run)(volt_vm *vm, void *user), void *user) {
	vm->thread = pthread_self();
	if (setjmp(vm->exhausted) == 0) {
		object_space_on_exhaustion(vm->space, &vm->exhausted);
		vm->context.native_stack_end = tier_native_stack_limit();
		give_way_forget(&vm->context);
		atomic_thread_fence(memory_order_seq_cst); /* before an interrupt is looked for, see scheduler.c */
		run(vm, user);
	} else {
		forget_left_frames();
		native_abandon(vm);
		vm_fail(vm, object_space_exhaustion_error(vm->space));
		abandon_running_fibers(vm);
	}
	object_space_on_exhaustion(vm->space, NULL);
}

/* ---- Beginning ---- */

/* A reader that has gone away is an error of write(), not a signal: only for the process's own streams. */
static void ignore_broken_pipes(const volt_vm *vm) {
	struct sigaction action;
	if (!vm->options.output && sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
		action.sa_handler = SIG_IGN;
		sigaction(SIGPIPE, &action, NULL);
	}
}

/* The host has seen why it failed, in statistics as well, and may have set right what was wrong or missing.
 */
static void forget_failed_start(volt_vm *vm) {
	vm->start_failed = false;
	tier_detach(vm);
	free(vm->natives);
	vm->natives = NULL;
}

volt_error *vm_start(volt_vm *vm) {
	if (vm->ran)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "the program has been run already");
	if (vm->start_failed)
		forget_failed_start(vm);
	standard_streams_occupy();
	volt_error *error =
	    native_table_bind(vm->native_table, vm->module, vm->options.permissions, &vm->natives);
	if (!error)
		error = tier_attach(vm);
	vm->start_failed = error != NULL;
	if (error)
		return error;
	ignore_broken_pipes(vm);
	sampler_start(vm);
	vm->ran = vm->started = true;
	return NULL;
}

void vm_forget_trace(volt_vm *vm) {
	vm->trace.length = 0;
	if (vm->trace.bytes)
		vm->trace.bytes[0] = '\0';
}

void vm_begin(volt_vm *vm) {
	if (vm->sampler)
		sampler_forget(vm->sampler); /* the time since the last run was the host's */
	vm->stopping = vm->exited;
	vm->slices.steps_before = vm->slices.steps;
	vm->fibers.last = NULL;
	if (vm->island)
		island_forget_steps(vm->island);
	vm_forget_trace(vm);
}

/* ---- Ending ---- */

void vm_end_fiber(volt_vm *vm, volt_fiber *fiber) {
	fiber_parking *parking = &fiber->parking;
	if (vm->called && vm->called->fiber == fiber)
		vm->called->fiber = NULL;
	if (fiber->state == FIBER_READY)
		fiber_unqueue(&vm->fibers, fiber);
	if (vm->island)
		port_leave(vm->island, fiber);
	for (uint32_t i = 0; i < parking->waiter_count; i++)
		channel_dequeue(&parking->waiters[i]);
	parking->waiter_count = 0;
	parking->fired = NULL;
	fiber_kill(&vm->fibers, fiber);
}

void vm_end_all_fibers(volt_vm *vm) {
	for (volt_fiber *ready; (ready = fiber_take_ready(&vm->fibers));)
		ready->state = FIBER_RUNNING;
	for (uint32_t i = 0; i < vm->fibers.fiber_count; i++) {
		volt_fiber *fiber = fiber_find_live(&vm->fibers, i);
		if (fiber)
			vm_end_fiber(vm, fiber);
	}
}

void vm_end_islands(volt_vm *vm) {
	if (!vm->island)
		return;
	vm_end_all_fibers(vm);
	islands_end(vm);
}

static volt_error *exit_error(const volt_vm *vm) {
	return volt_error_new(VOLT_ERROR_EXIT, "the program has exited with status %d", vm->exit_status);
}

/* That an island has ended the program may have been said too late for the scheduler. */
static void end_ended_islands(volt_vm *vm) {
	if (vm->island && island_program_has_ended(vm->island))
		island_receive(vm->island);
	if (vm->island && (vm->exited || island_program_has_ended(vm->island)))
		vm_end_islands(vm);
}

/* After a fork in a native, in the child, nothing is done: the parent writes the output. */
volt_error *vm_finish(volt_vm *vm) {
	if (!vm_is_inherited(vm)) {
		if (vm->called && vm->called->fiber)
			vm_end_fiber(vm, vm->called->fiber);
		end_ended_islands(vm);
		vm_flush(vm);
	}
	vm->called = NULL;
	volt_error *error = vm->error;
	vm->error = NULL;
	return error || !vm->exited ? error : exit_error(vm);
}
