/* Waking fibers that sleep in queues of channels. */
#include "interpreter/wake.h"

#include "state/vm_state.h"

void wake_waiter(void *user, channel_waiter *waiter) {
	volt_vm *vm = user;
	volt_fiber *fiber = waiter->owner;
	fiber_parking *parking = fiber->parking;
	if (waiter->of_select) {
		for (uint32_t i = 0; i < parking->waiter_count; i++)
			channel_dequeue(&parking->waiters[i]);
		parking->fired = waiter;
	} else {
		fiber->send_was_closed = waiter->sends && waiter->closed;
	}
	fiber_make_ready(&vm->fibers, fiber);
}
