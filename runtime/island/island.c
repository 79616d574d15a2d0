/* What islands send each other, and how they sleep and find out that nobody can go on. */
#include "island/island.h"

#include <stdlib.h>

#include "interpreter/blocked.h"
#include "interpreter/calls.h"
#include "island/island_group.h"
#include "object/heap.h"
#include "state/vm_state.h"

uint32_t island_id(const island *self) {
	return self->id;
}
volt_vm *island_vm(const island *self) {
	return self->vm;
}
void island_lock(island *self) {
	pthread_mutex_lock(&self->group->lock);
}
void island_unlock(island *self) {
	pthread_mutex_unlock(&self->group->lock);
}
bool island_outlives_fibers(const island *self) {
	return self->id != 0;
}

void island_count_steps(island *self, uint64_t steps) {
	atomic_fetch_add_explicit(&self->group->steps, steps, memory_order_relaxed);
}

uint64_t island_steps(const island *self) {
	return atomic_load_explicit(&self->group->steps, memory_order_relaxed);
}

void island_forget_steps(island *self) {
	atomic_store_explicit(&self->group->steps, 0, memory_order_relaxed);
}

bool island_program_has_ended(const island *self) {
	return atomic_load_explicit(&self->group->ending, memory_order_acquire);
}

/* ---- Sending ---- */

/* Something lies in the target's lists. */
void island_nudge(island *target) {
	atomic_store_explicit(&target->pending, true, memory_order_release);
	if (target->idle) {
		target->idle = false;
		target->group->busy++;
	}
	if (target->vm)
		wait_hub_nudge(target->vm->waits);
}

bool island_send_call(island *self, uint32_t target, const island_call *call) {
	island_command *command = heap_new_words(self->vm->space, sizeof *command / sizeof(volt_slot));
	command->call = *call;
	island_lock(self);
	const bool exists = target < self->group->count;
	if (exists) {
		island *receiver = self->group->islands[target];
		*(receiver->first_command ? &receiver->last_command->next : &receiver->first_command) = command;
		receiver->last_command = command;
		island_nudge(receiver);
	}
	island_unlock(self);
	return exists;
}

static void wake_own(volt_vm *vm, const channel_waiter *waiter) {
	volt_fiber *fiber = waiter->owner;
	fiber->send_was_closed = waiter->sends && waiter->closed;
	fiber->parking.fired = waiter->sends ? NULL : waiter; /* its receive looks at it first */
	fiber_make_ready(&vm->fibers, fiber);
}

void island_wake(island *self, island *owner, channel_waiter *waiter) {
	if (owner == self) {
		wake_own(self->vm, waiter);
		return;
	}
	waiter->next = NULL;
	*(owner->first_woken ? &owner->last_woken->next : &owner->first_woken) = waiter;
	owner->last_woken = waiter;
	island_nudge(owner);
}

bool island_forget_woken(island *self, const channel_waiter *waiter) {
	channel_waiter *before = NULL, *woken = self->first_woken;
	while (woken && woken != waiter) {
		before = woken;
		woken = woken->next;
	}
	if (!woken)
		return false;
	*(before ? &before->next : &self->first_woken) = woken->next;
	if (self->last_woken == woken)
		self->last_woken = before;
	return true;
}

/* ---- Receiving ---- */

/* A fiber that does not fit its stack dies as one that panics: on an island, silently. */
static void start_call(volt_vm *vm, const island_call *call) {
	const uint32_t captures = call->capture_count;
	volt_slot *slots = heap_new_words(vm->space, (uint64_t)captures + call->argument_count);
	transfer_unpack(vm->space, call->packet, slots);
	const volt_slot reference =
	    heap_new_untyped(vm->space, volt_meta_make(0, VOLT_KIND_CLOSURE), 1 + captures);
	volt_closure *closure = volt_slot_pointer(reference);
	closure->function = call->function;
	closure->capture_count = captures;
	for (uint32_t i = 0; i < captures; i++)
		closure->captures[i] = slots[i];
	call_target target;
	volt_trap trap = call_resolve_closure(vm, reference, &target);
	if (trap.kind == VOLT_TRAP_None)
		(void)call_go(vm, &target, slots + captures, call->argument_count);
}

/* On island 0: how another one ended the program. */
static void take_end(island *self) {
	island_group *group = self->group;
	island_lock(self);
	const bool failed = group->error, exited = group->exited;
	if (failed)
		island_take_error(self->vm, group);
	island_unlock(self);
	if (!failed && exited) {
		self->vm->exit_status = group->exit_status;
		self->vm->exited = true;
	}
}

void island_receive(island *self) {
	if (atomic_load_explicit(&self->group->ending, memory_order_acquire)) {
		self->vm->stopping = true;
		if (self->id == 0)
			take_end(self);
		return;
	}
	if (!atomic_load_explicit(&self->pending, memory_order_acquire))
		return;
	island_lock(self);
	island_command *command = self->first_command;
	channel_waiter *waiter = self->first_woken;
	self->first_command = self->last_command = NULL;
	self->first_woken = self->last_woken = NULL;
	atomic_store_explicit(&self->pending, false, memory_order_relaxed);
	island_unlock(self);
	while (waiter) {
		channel_waiter *following = waiter->next;
		wake_own(self->vm, waiter);
		waiter = following;
	}
	for (; command; command = command->next)
		start_call(self->vm, &command->call);
}

void island_scan_commands(void *user) {
	const island *self = user;
	heap_push_roots((const volt_slot *)(const void *)&self->first_command, 1);
}

/* ---- Sleeping ---- */

/*
 * An island is idle when only another one can wake it. Whoever sends something to an idle island makes it
 * busy in the same critical section, so no island is busy only if all of them wait for each other. Island 0
 * reports that; another one that falls asleep last wakes it. An island whose native waits is busy.
 */
static bool fall_asleep(island *self, bool *stuck) {
	island_group *group = self->group;
	*stuck = false;
	island_lock(self);
	const bool sleeps = !atomic_load_explicit(&self->pending, memory_order_relaxed) &&
	                    !atomic_load_explicit(&group->ending, memory_order_relaxed);
	if (sleeps && !wait_any_parked(self->vm->waits)) {
		self->idle = true;
		group->busy--;
		if (group->busy == 0 && self->id == 0)
			*stuck = true;
		else if (group->busy == 0)
			wait_hub_nudge(group->first->waits);
	}
	island_unlock(self);
	return sleeps;
}

static void wake_up(island *self) {
	island_lock(self);
	if (self->idle) {
		self->idle = false;
		self->group->busy++;
	}
	island_unlock(self);
}

bool island_sleep(island *self) {
	bool stuck;
	vm_flush(self->vm);
	if (!fall_asleep(self, &stuck))
		return true;
	if (!stuck)
		wait_poll(self->vm->waits, &self->vm->fibers, true);
	wake_up(self);
	return !stuck;
}

void island_report_blocked(island *self, buffer *out) {
	island_group *group = self->group;
	island_lock(self);
	for (uint32_t i = 0; i < group->count; i++) {
		volt_vm *vm = group->islands[i]->vm;
		if (i != self->id && vm && vm->fibers.live_count != 0) {
			buffer_append_format(out, "  island=%u\n", i);
			describe_blocked_fibers(vm, out);
		}
	}
	island_unlock(self);
}
