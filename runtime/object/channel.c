/*
 * Channels. The buffer is a ring in the collector's heap that grows on demand, so a huge capacity costs
 * nothing.
 */
#include "object/channel.h"

#include <string.h>

#include "object/heap.h"
#include "object/space_private.h"

typedef struct {
	channel_waiter *first;
	channel_waiter *last;
} waiter_queue;

/* Lies in the collector's heap; the waiters do not. */
typedef struct {
	volt_slot *ring;
	uint64_t head;  /* element number of the front */
	uint64_t count; /* elements; may exceed the channel's capacity by those that woken receivers will take */
	uint64_t room;  /* elements that `ring` has room for: 0 or a power of two */
	waiter_queue receivers;
	waiter_queue senders;
	bool closed;
} channel_state;

static channel_state *state_of(volt_slot channel) {
	return ((volt_channel *)volt_slot_pointer(channel))->state;
}

volt_trap channel_new(object_space *space, uint32_t element_meta, int64_t capacity, uint16_t slots,
                      volt_slot *channel) {
	if (capacity < 0)
		return (volt_trap){VOLT_TRAP_MakeChannel, 0, 0};
	channel_state *state = heap_new_words(space, sizeof(channel_state) / sizeof(volt_slot));
	const uint32_t words = sizeof(volt_channel) / sizeof(volt_slot);
	uint64_t packed = header_pack(volt_meta_make(0, VOLT_KIND_CHANNEL), words, HEADER_CHANNEL);
	volt_slot reference = heap_take_object(space, HEAP_CONSERVATIVE, packed, words);
	volt_channel *header = volt_slot_pointer(reference);
	header->state = state;
	header->capacity = (uint64_t)capacity;
	header->element_meta = element_meta;
	header->element_slots = slots;
	*channel = reference;
	return VOLT_NO_TRAP;
}

volt_slot channel_or_nil(volt_slot reference) {
	const uint64_t wanted = HEADER_PACKED | HEADER_CHANNEL;
	return reference && (object_header(reference) & wanted) == wanted ? reference : 0;
}

/* ---- The buffer ---- */

static void ring_grow(object_space *space, channel_state *state, uint32_t slots) {
	uint64_t room = state->room ? state->room * 2 : 4;
	volt_slot *ring = heap_new_words(space, room * slots);
	for (uint64_t i = 0; i < state->count; i++) {
		memcpy(ring + i * slots, state->ring + ((state->head + i) & (state->room - 1)) * slots,
		       slots * sizeof(volt_slot));
	}
	state->ring = ring;
	state->head = 0;
	state->room = room;
}

static void ring_push(object_space *space, channel_state *state, uint32_t slots, const volt_slot *value) {
	if (slots != 0) {
		if (state->count == state->room)
			ring_grow(space, state, slots);
		volt_slot *to = state->ring + ((state->head + state->count) & (state->room - 1)) * slots;
		for (uint32_t i = 0; i < slots; i++)
			to[i] = value[i];
	}
	state->count++;
}

/* The slot that becomes free is cleared, so that the collector does not see the value there any more. */
static void ring_pop(channel_state *state, uint32_t slots, volt_slot *value) {
	if (slots != 0) {
		volt_slot *from = state->ring + (state->head & (state->room - 1)) * slots;
		for (uint32_t i = 0; i < slots; i++) {
			value[i] = from[i];
			from[i] = 0;
		}
		state->head = (state->head + 1) & (state->room - 1);
	}
	state->count--;
}

/* ---- The queues ---- */

void channel_enqueue(channel_waiter *waiter) {
	channel_state *state = state_of(waiter->channel);
	waiter_queue *queue = waiter->sends ? &state->senders : &state->receivers;
	waiter->next = NULL;
	waiter->previous = queue->last;
	if (queue->last)
		queue->last->next = waiter;
	else
		queue->first = waiter;
	queue->last = waiter;
	waiter->queued = true;
}

void channel_dequeue(channel_waiter *waiter) {
	if (!waiter->queued)
		return;
	channel_state *state = state_of(waiter->channel);
	waiter_queue *queue = waiter->sends ? &state->senders : &state->receivers;
	*(waiter->previous ? &waiter->previous->next : &queue->first) = waiter->next;
	*(waiter->next ? &waiter->next->previous : &queue->last) = waiter->previous;
	waiter->queued = false;
}

static void wake_first(waiter_queue *queue, channel_waker wake, void *user) {
	channel_waiter *waiter = queue->first;
	channel_dequeue(waiter);
	wake(user, waiter);
}

/* ---- Operations ---- */

volt_trap channel_send(object_space *space, volt_slot channel, const volt_slot *value, channel_waker wake,
                       void *user, channel_result *result) {
	if (!channel)
		return (volt_trap){VOLT_TRAP_SendOnNilChannel, 0, 0};
	const volt_channel *header = volt_slot_pointer(channel);
	channel_state *state = header->state;
	if (state->closed)
		return (volt_trap){VOLT_TRAP_SendOnClosedChannel, 0, 0};
	if (state->receivers.first) {
		ring_push(space, state, header->element_slots, value);
		wake_first(&state->receivers, wake, user);
		*result = CHANNEL_WOKE;
	} else if (state->count < header->capacity) {
		ring_push(space, state, header->element_slots, value);
		*result = CHANNEL_DONE;
	} else {
		*result = CHANNEL_WOULD_BLOCK;
	}
	return VOLT_NO_TRAP;
}

volt_trap channel_receive(object_space *space, volt_slot channel, volt_slot *value, bool *ok,
                          channel_waker wake, void *user, channel_result *result) {
	if (!channel)
		return (volt_trap){VOLT_TRAP_ReceiveOnNilChannel, 0, 0};
	const volt_channel *header = volt_slot_pointer(channel);
	channel_state *state = header->state;
	const uint32_t slots = header->element_slots;
	*ok = true;
	*result = CHANNEL_DONE;
	if (state->count != 0) {
		ring_pop(state, slots, value);
		if (state->senders.first) {
			ring_push(space, state, slots, state->senders.first->value);
			wake_first(&state->senders, wake, user);
			*result = CHANNEL_WOKE;
		}
	} else if (state->senders.first) {
		memcpy(value, state->senders.first->value, slots * sizeof(volt_slot));
		wake_first(&state->senders, wake, user);
		*result = CHANNEL_WOKE;
	} else if (state->closed) {
		memset(value, 0, slots * sizeof(volt_slot));
		*ok = false;
	} else {
		*result = CHANNEL_WOULD_BLOCK;
	}
	return VOLT_NO_TRAP;
}

volt_trap channel_close(volt_slot channel, channel_waker wake, void *user, bool *woke) {
	if (!channel)
		return (volt_trap){VOLT_TRAP_CloseOfNilChannel, 0, 0};
	channel_state *state = state_of(channel);
	if (state->closed)
		return (volt_trap){VOLT_TRAP_CloseOfClosedChannel, 0, 0};
	state->closed = true;
	*woke = state->receivers.first || state->senders.first;
	while (state->receivers.first)
		wake_first(&state->receivers, wake, user);
	while (state->senders.first) {
		state->senders.first->closed = true;
		wake_first(&state->senders, wake, user);
	}
	return VOLT_NO_TRAP;
}

bool channel_has_room(volt_slot channel) {
	if (!channel)
		return false;
	const channel_state *state = state_of(channel);
	return state->receivers.first || state->count < channel_capacity(channel);
}

bool channel_can_receive(volt_slot channel) {
	if (!channel)
		return false;
	const channel_state *state = state_of(channel);
	return state->count != 0 || state->senders.first || state->closed;
}

bool channel_is_closed(volt_slot channel) {
	return channel && state_of(channel)->closed;
}

uint64_t channel_length(volt_slot channel) {
	return channel ? state_of(channel)->count : 0;
}

uint64_t channel_capacity(volt_slot channel) {
	return channel ? ((const volt_channel *)volt_slot_pointer(channel))->capacity : 0;
}
