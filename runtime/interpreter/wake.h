/* Waking fibers: who sends, receives or closes wakes who waits, alone or in a select. */
#ifndef INTERPRETER_WAKE_H
#define INTERPRETER_WAKE_H

#include "fiber/fiber.h"
#include "state/vm_state.h"

/* The fiber sleeps in a select, of which this case has fired: it leaves its other queues. */
void wake_select(volt_fiber *fiber, const channel_waiter *fired);

/*
 * Makes the fiber ready that owns the waiter; one that sleeps in a select leaves its other queues. A
 * channel_waker (object/channel.h) whose user is the VM.
 */
static inline void wake_waiter(void *user, channel_waiter *waiter) {
	volt_vm *vm = user;
	volt_fiber *fiber = waiter->owner;
	if (waiter->of_select)
		wake_select(fiber, waiter);
	else if (waiter->closed)
		fiber->send_was_closed = true;
	fiber_make_ready(&vm->fibers, fiber);
}

#endif
