/*
 * Channels: a buffer and two queues of sleeping fibers, receivers and senders. Nothing here knows what a
 * fiber is: whoever is to be woken is handed over as its waiter. The operations stand in this header because
 * a program that passes values does little else.
 *
 * As in the original, a send that finds a receiver asleep puts the value into the buffer (whatever its
 * capacity) and wakes it; the receiver executes its receive again. So the order in which fibers run decides
 * who gets a value.
 */
#ifndef OBJECT_CHANNEL_H
#define OBJECT_CHANNEL_H

#include <string.h>

#include "object/space.h"

/*
 * A place in a queue of a channel. The fiber owns it and it lies in ordinary memory; `value` must be a
 * root.
 */
typedef struct channel_waiter {
	struct channel_waiter *next;
	struct channel_waiter *previous;
	void *owner;
	volt_slot *value;    /* senders: the slots to send */
	volt_slot channel;   /* whose queue it stands in */
	uint16_t case_index; /* of a select */
	bool sends;
	bool queued;
	bool of_select;
	bool closed; /* the channel was closed while this sender waited */
} channel_waiter;

typedef enum {
	CHANNEL_DONE,
	CHANNEL_WOKE, /* done, and another fiber is to be woken: the time slice ends */
	CHANNEL_WOULD_BLOCK,
} channel_result;

/* Called when a waiter has been taken out of its queue because its turn has come. */
typedef void (*channel_waker)(void *user, channel_waiter *waiter);

typedef struct {
	channel_waiter *first;
	channel_waiter *last;
} channel_queue;

enum {
	CHANNEL_FIRST_WORDS = 6, /* of the buffer that lies in the channel itself */
	CHANNEL_HEADER = 17,     /* the bits of an object's header that are set in channels' alone */
};

/*
 * An object of the collector's heap; the waiters lie elsewhere. Most channels have left the cache when their
 * fibers run again, so that with the word in front of it a channel is two lines and begins with one. The
 * buffer, `header.state`, is `first_ring` until that is too small; it grows on demand, whatever the capacity.
 */
typedef struct {
	volt_channel header;
	channel_queue receivers;
	channel_queue senders;
	uint64_t count; /* elements; may exceed the capacity by those that woken receivers will take */
	uint64_t head;  /* element number of the front */
	volt_slot first_ring[CHANNEL_FIRST_WORDS];
} channel_object;

_Static_assert(sizeof(channel_object) == 120, "two cache lines with the word in front");

/* Trap MakeChannel. */
volt_trap channel_new(object_space *space, uint32_t element_meta, int64_t capacity, uint16_t slots,
                      volt_slot *channel);

/*
 * The channel that instructions mean: objects that are none, which only a module that no compiler made has in
 * such a place, count as nil. The functions below trust what they get.
 */
static inline volt_slot channel_or_nil(volt_slot reference) {
	if (!reference)
		return 0;
	const uint64_t header = ((const uint64_t *)volt_slot_pointer(reference))[-1];
	return (header & CHANNEL_HEADER) == CHANNEL_HEADER ? reference : 0;
}

static inline channel_object *channel_of(volt_slot channel) {
	return volt_slot_pointer(channel);
}

/* Wakes all receivers, then all senders, first come first served. *woke: there was one. */
volt_trap channel_close(volt_slot channel, channel_waker wake, void *user, bool *woke);

/* For select: would it take a value if it were open, has it one to give? Never for a nil channel. */
bool channel_has_room(volt_slot channel);
bool channel_can_receive(volt_slot channel);
bool channel_is_closed(volt_slot channel);

static inline channel_queue *channel_queue_of(const channel_waiter *waiter) {
	channel_object *channel = channel_of(waiter->channel);
	return waiter->sends ? &channel->senders : &channel->receivers;
}

/* Puts a waiter at the end of its queue, or takes it out again if it stands in one. */
static inline void channel_enqueue(channel_waiter *waiter) {
	channel_queue *queue = channel_queue_of(waiter);
	waiter->next = NULL;
	waiter->previous = queue->last;
	*(queue->last ? &queue->last->next : &queue->first) = waiter;
	queue->last = waiter;
	waiter->queued = true;
}
void channel_dequeue(channel_waiter *waiter);

uint64_t channel_length(volt_slot channel);
uint64_t channel_capacity(volt_slot channel);

/* Slots of an element; 0 for a nil channel. */
static inline uint32_t channel_slots(volt_slot channel) {
	return channel ? channel_of(channel)->header.element_slots : 0;
}

/* ---- Sending and receiving ---- */

/* Twice as many elements, or the first ones that do not fit into the channel itself. */
void channel_grow_ring(object_space *space, channel_object *channel);

static inline uint64_t channel_room(const channel_object *channel) {
	return UINT64_C(1) << channel->header.room_log;
}

/* The slots of the element with this number. */
static inline volt_slot *channel_element(const channel_object *channel, uint64_t number) {
	return (volt_slot *)channel->header.state +
	       (number & (channel_room(channel) - 1)) * channel->header.element_slots;
}

static inline void channel_push(object_space *space, channel_object *channel, const volt_slot *value) {
	const uint32_t slots = channel->header.element_slots;
	if (slots != 0) {
		if (channel->count == channel_room(channel))
			channel_grow_ring(space, channel);
		volt_slot *to = channel_element(channel, channel->head + channel->count);
		for (uint32_t i = 0; i < slots; i++)
			to[i] = value[i];
	}
	channel->count++;
}

/* The slot that becomes free is cleared, so that the collector does not see the value there any more. */
static inline void channel_pop(channel_object *channel, volt_slot *value) {
	const uint32_t slots = channel->header.element_slots;
	if (slots != 0) {
		volt_slot *from = channel_element(channel, channel->head);
		for (uint32_t i = 0; i < slots; i++) {
			value[i] = from[i];
			from[i] = 0;
		}
		channel->head++;
	}
	channel->count--;
}

static inline channel_waiter *channel_take_first(channel_queue *queue) {
	channel_waiter *waiter = queue->first;
	queue->first = waiter->next;
	*(waiter->next ? &waiter->next->previous : &queue->last) = NULL;
	waiter->queued = false;
	return waiter;
}

/*
 * Send and receive as far as they go without sleeping. Traps: nil channel, closed channel. A receive from a
 * closed and empty channel gives zeros and *ok false. After CHANNEL_WOKE, *woken is for the caller to wake;
 * it stands in no queue of this channel any more.
 */
static inline volt_trap channel_send(object_space *space, volt_slot reference, const volt_slot *value,
                                     channel_result *result, channel_waiter **woken) {
	if (!reference)
		return (volt_trap){VOLT_TRAP_SendOnNilChannel, 0, 0};
	channel_object *channel = channel_of(reference);
	if (channel->header.closed)
		return (volt_trap){VOLT_TRAP_SendOnClosedChannel, 0, 0};
	if (channel->receivers.first) {
		channel_push(space, channel, value);
		*woken = channel_take_first(&channel->receivers);
		*result = CHANNEL_WOKE;
	} else if (channel->count < channel->header.capacity) {
		channel_push(space, channel, value);
		*result = CHANNEL_DONE;
	} else {
		*result = CHANNEL_WOULD_BLOCK;
	}
	return VOLT_NO_TRAP;
}

static inline volt_trap channel_receive(object_space *space, volt_slot reference, volt_slot *value, bool *ok,
                                        channel_result *result, channel_waiter **woken) {
	if (!reference)
		return (volt_trap){VOLT_TRAP_ReceiveOnNilChannel, 0, 0};
	channel_object *channel = channel_of(reference);
	const uint32_t slots = channel->header.element_slots;
	*ok = true;
	*result = CHANNEL_DONE;
	if (channel->count != 0) {
		channel_pop(channel, value);
		if (channel->senders.first) {
			channel_push(space, channel, channel->senders.first->value);
			*woken = channel_take_first(&channel->senders);
			*result = CHANNEL_WOKE;
		}
	} else if (channel->senders.first) {
		*woken = channel_take_first(&channel->senders);
		memcpy(value, (*woken)->value, slots * sizeof(volt_slot));
		*result = CHANNEL_WOKE;
	} else if (channel->header.closed) {
		memset(value, 0, slots * sizeof(volt_slot));
		*ok = false;
	} else {
		*result = CHANNEL_WOULD_BLOCK;
	}
	return VOLT_NO_TRAP;
}

#endif
