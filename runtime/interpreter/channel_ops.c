/* Channel instructions: what channel.c does, plus putting fibers to sleep. */
#include "interpreter/channel_ops.h"

#include <string.h>

#include "interpreter/panic.h"
#include "interpreter/wake.h"
#include "state/vm_state.h"

static volt_status raise(volt_vm *vm, volt_fiber *fiber, volt_trap trap) {
	fiber_raise_trap(vm, fiber, trap);
	return VOLT_STATUS_PANIC;
}

static volt_status wrong_width(volt_vm *vm, volt_fiber *fiber) {
	vm_fail_instruction(vm, fiber, "the channel's elements are wider than the instruction says");
	return VOLT_STATUS_YIELD;
}

/* Puts the fiber to sleep in one queue. The value is copied: the frame may move before it is taken. */
static volt_status park(volt_fiber *fiber, volt_slot channel, const volt_slot *value, uint32_t slots) {
	fiber_parking *parking = fiber_prepare_parking(fiber, 1, slots);
	if (slots)
		memcpy(parking->values, value, slots * sizeof *value);
	parking->waiters[0] = (channel_waiter){
	    .owner = fiber,
	    .value = parking->values,
	    .channel = channel,
	    .sends = value != NULL,
	};
	channel_enqueue(&parking->waiters[0]);
	fiber->state = FIBER_BLOCKED_QUEUE;
	return VOLT_STATUS_WAIT_QUEUE;
}

volt_status channel_op_send(volt_vm *vm, volt_fiber *fiber, volt_slot channel, const volt_slot *value,
                            uint32_t slots) {
	channel = channel_or_nil(channel);
	if (channel_slots(channel) > slots)
		return wrong_width(vm, fiber);
	channel_result result;
	channel_waiter *woken;
	volt_trap trap = channel_send(vm->space, channel, value, &result, &woken);
	if (trap.kind != VOLT_TRAP_None)
		return raise(vm, fiber, trap);
	fiber->sent_to = channel;
	switch (result) {
	case CHANNEL_DONE: return VOLT_STATUS_OK;
	case CHANNEL_WOKE:
		fiber->woken = woken->owner;
		wake_waiter(vm, woken);
		return VOLT_STATUS_YIELD;
	case CHANNEL_WOULD_BLOCK: break;
	}
	return park(fiber, channel, value, slots);
}

volt_status channel_op_receive(volt_vm *vm, volt_fiber *fiber, volt_slot channel, volt_slot *value,
                               uint32_t slots, bool has_ok) {
	channel = channel_or_nil(channel);
	const uint32_t width = channel_slots(channel);
	if (width > slots)
		return wrong_width(vm, fiber);
	channel_result result;
	channel_waiter *woken;
	bool ok;
	volt_trap trap = channel_receive(vm->space, channel, value, &ok, &result, &woken);
	if (trap.kind != VOLT_TRAP_None)
		return raise(vm, fiber, trap);
	if (result == CHANNEL_WOULD_BLOCK)
		return park(fiber, channel, NULL, 0);
	if (result == CHANNEL_WOKE)
		wake_waiter(vm, woken);
	for (uint32_t i = width; i < slots; i++)
		value[i] = 0;
	if (has_ok)
		value[slots] = ok;
	return result == CHANNEL_WOKE ? VOLT_STATUS_YIELD : VOLT_STATUS_OK;
}

volt_status channel_op_close(volt_vm *vm, volt_fiber *fiber, volt_slot channel) {
	bool woke = false;
	volt_trap trap = channel_close(channel_or_nil(channel), wake_waiter, vm, &woke);
	if (trap.kind != VOLT_TRAP_None)
		return raise(vm, fiber, trap);
	return woke ? VOLT_STATUS_YIELD : VOLT_STATUS_OK;
}
