/* Waking fibers that sleep in selects. */
#include "interpreter/wake.h"

void wake_select(volt_fiber *fiber, const channel_waiter *fired) {
	fiber_parking *parking = &fiber->parking;
	for (uint32_t i = 0; i < parking->waiter_count; i++)
		channel_dequeue(&parking->waiters[i]);
	parking->fired = fired;
}
