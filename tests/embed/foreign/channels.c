/* Channels. A task that waits in one stands in its queue; one that waits in a select does not (selects.c). */
#include "objects.h"

/* An object that only the machine looks into; values stand in a ring behind it. */
typedef struct {
	task_list senders, receivers;
	uint64_t capacity, first, count;
	volt_slot values[];
} channel;

volt_slot channel_new(machine *self, uint64_t capacity) {
	volt_slot made = object_new(self, sizeof(channel) + capacity * sizeof(volt_slot));
	((channel *)(uintptr_t)made)->capacity = capacity;
	return made;
}

static void put(channel *to, volt_slot value) {
	to->values[(to->first + to->count++) % to->capacity] = value;
}

static volt_slot take(channel *from) {
	volt_slot value = from->values[from->first];
	from->first = (from->first + 1) % from->capacity;
	from->count--;
	return value;
}

volt_status channel_wait_in(machine *self, task_list *queue) {
	task_append(queue, self->running);
	self->waiting++;
	return VOLT_STATUS_WAIT_QUEUE;
}

static task *wake_first(machine *self, task_list *queue) {
	task *woken = task_take_first(queue);
	if (woken) {
		task_append(&self->ready, woken);
		self->waiting--;
	}
	return woken;
}

/* ---- Sending ---- */

/* A receiver that waits is given the value, and finds it when it executes its instruction again. */
bool channel_try_send(machine *self, volt_slot reference, volt_slot value) {
	channel *to = (channel *)(uintptr_t)reference;
	task *receiver = wake_first(self, &to->receivers);
	if (receiver) {
		receiver->answer = value;
		receiver->repeats = REPEAT_WITH_ANSWER;
		return true;
	}
	if (select_takes(self, reference, value))
		return true;
	if (to->count == to->capacity)
		return false;
	put(to, value);
	return true;
}

volt_status channel_send(machine *self, volt_slot reference, volt_slot value) {
	if (!reference)
		return raise_trap(self, VOLT_TRAP_SendOnNilChannel, 0, 0);
	if (channel_try_send(self, reference, value))
		return VOLT_STATUS_OK;
	self->running->sent = value;
	return channel_wait_in(self, &((channel *)(uintptr_t)reference)->senders);
}

/* ---- Receiving ---- */

/* What somebody waits to send; false: nobody does. */
static bool take_from_sender(machine *self, volt_slot reference, volt_slot *value) {
	const task *sender = wake_first(self, &((channel *)(uintptr_t)reference)->senders);
	if (!sender)
		return select_gives(self, reference, value);
	*value = sender->sent;
	return true;
}

bool channel_try_receive(machine *self, volt_slot reference, volt_slot *value) {
	channel *from = (channel *)(uintptr_t)reference;
	volt_slot next;
	if (!from->count)
		return take_from_sender(self, reference, value);
	*value = take(from);
	if (take_from_sender(self, reference, &next))
		put(from, next);
	return true;
}

volt_status channel_receive(machine *self, volt_slot reference, volt_slot *value) {
	task *receiver = self->running;
	if (!reference)
		return raise_trap(self, VOLT_TRAP_ReceiveOnNilChannel, 0, 0);
	if (receiver->repeats == REPEAT_WITH_ANSWER) {
		receiver->repeats = REPEAT_NOTHING;
		*value = receiver->answer;
		return VOLT_STATUS_OK;
	}
	if (channel_try_receive(self, reference, value))
		return VOLT_STATUS_OK;
	return channel_wait_in(self, &((channel *)(uintptr_t)reference)->receivers);
}
