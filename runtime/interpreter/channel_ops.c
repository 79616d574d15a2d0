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
__attribute__((noinline)) static volt_status park(volt_fiber *fiber, volt_slot channel,
                                                  const volt_slot *value, uint32_t slots) {
	fiber_parking *parking = fiber_prepare_parking(fiber, 1, slots);
	if (slots == 1)
		parking->values[0] = *value;
	else if (slots)
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

static volt_status send_any(volt_vm *vm, volt_fiber *fiber, volt_slot channel, const volt_slot *value,
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

static volt_status receive_any(volt_vm *vm, volt_fiber *fiber, volt_slot channel, volt_slot *value,
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

/*
 * ---- Elements of one slot ----
 *
 * Most are. What needs no more than a few stores is done here, in functions that save no registers; all else,
 * and what is not as usual, is done above.
 */

static bool has_words(volt_slot channel, uint32_t slots) {
	return slots == 1 && channel_slots(channel_or_nil(channel)) == 1;
}

static volt_slot *word_at(const channel_object *channel, uint64_t number) {
	return (volt_slot *)channel->header.state + (number & (channel_room(channel) - 1));
}

static void put_word(channel_object *channel, volt_slot word) {
	*word_at(channel, channel->head + channel->count++) = word;
}

static volt_slot take_word(channel_object *channel) {
	volt_slot *from = word_at(channel, channel->head++);
	const volt_slot word = *from;
	*from = 0;
	channel->count--;
	return word;
}

/* Wakes the first one of the queue, which does not sleep in a select. */
static volt_status wake_first(volt_vm *vm, channel_queue *queue) {
	fiber_make_ready(&vm->fibers, channel_take_first(queue)->owner);
	return VOLT_STATUS_YIELD;
}

volt_status channel_op_send(volt_vm *vm, volt_fiber *fiber, volt_slot reference, const volt_slot *value,
                            uint32_t slots) {
	if (!has_words(reference, slots))
		return send_any(vm, fiber, reference, value, slots);
	channel_object *channel = channel_of(reference);
	const channel_waiter *receiver = channel->receivers.first;
	if (channel->header.closed || (receiver && receiver->of_select))
		return send_any(vm, fiber, reference, value, slots);
	fiber->sent_to = reference;
	if (!receiver && channel->count >= channel->header.capacity)
		return park(fiber, reference, value, 1);
	if (channel->count == channel_room(channel))
		return send_any(vm, fiber, reference, value, slots);
	put_word(channel, *value);
	if (!receiver)
		return VOLT_STATUS_OK;
	fiber->woken = receiver->owner;
	return wake_first(vm, &channel->receivers);
}

volt_status channel_op_receive(volt_vm *vm, volt_fiber *fiber, volt_slot reference, volt_slot *value,
                               uint32_t slots, bool has_ok) {
	if (!has_words(reference, slots))
		return receive_any(vm, fiber, reference, value, slots, has_ok);
	channel_object *channel = channel_of(reference);
	const channel_waiter *sender = channel->senders.first;
	if (sender ? sender->of_select : channel->header.closed && channel->count == 0)
		return receive_any(vm, fiber, reference, value, slots, has_ok);
	if (channel->count == 0 && !sender)
		return park(fiber, reference, NULL, 0);
	if (channel->count == 0) {
		*value = *sender->value;
	} else {
		*value = take_word(channel);
		if (sender)
			put_word(channel, *sender->value);
	}
	if (has_ok)
		value[1] = true;
	return sender ? wake_first(vm, &channel->senders) : VOLT_STATUS_OK;
}

volt_status channel_op_close(volt_vm *vm, volt_fiber *fiber, volt_slot channel) {
	bool woke = false;
	volt_trap trap = channel_close(channel_or_nil(channel), wake_waiter, vm, &woke);
	if (trap.kind != VOLT_TRAP_None)
		return raise(vm, fiber, trap);
	return woke ? VOLT_STATUS_YIELD : VOLT_STATUS_OK;
}
