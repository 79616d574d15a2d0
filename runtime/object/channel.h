/*
 * Channels: a buffer and two queues of sleeping fibers, receivers and senders. Nothing here knows what a
 * fiber is: waking one is a call back with its waiter.
 *
 * As in the original, a send that finds a receiver asleep puts the value into the buffer (whatever its
 * capacity) and wakes it; the receiver executes its receive again. So the order in which fibers run decides
 * who gets a value.
 */
#ifndef OBJECT_CHANNEL_H
#define OBJECT_CHANNEL_H

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
	CHANNEL_WOKE, /* done, and another fiber was woken: the time slice ends */
	CHANNEL_WOULD_BLOCK,
} channel_result;

/* Called when a waiter has been taken out of its queue because its turn has come. */
typedef void (*channel_waker)(void *user, channel_waiter *waiter);

/* Trap MakeChannel. */
volt_trap channel_new(object_space *space, uint32_t element_meta, int64_t capacity, uint16_t slots,
                      volt_slot *channel);

/*
 * The channel that instructions mean: objects that are none, which only a module that no compiler made has in
 * such a place, count as nil. The functions below trust what they get.
 */
volt_slot channel_or_nil(volt_slot reference);

/*
 * Send and receive as far as they go without sleeping. Traps: nil channel, closed channel. A receive from a
 * closed and empty channel gives zeros and *ok false. `slots` is the width that the instruction says.
 */
volt_trap channel_send(object_space *space, volt_slot channel, const volt_slot *value, channel_waker wake,
                       void *user, channel_result *result);
volt_trap channel_receive(object_space *space, volt_slot channel, volt_slot *value, bool *ok,
                          channel_waker wake, void *user, channel_result *result);

/* Wakes all receivers, then all senders, first come first served. *woke: there was one. */
volt_trap channel_close(volt_slot channel, channel_waker wake, void *user, bool *woke);

/* For select: would it take a value if it were open, has it one to give? Never for a nil channel. */
bool channel_has_room(volt_slot channel);
bool channel_can_receive(volt_slot channel);
bool channel_is_closed(volt_slot channel);

/* Puts a waiter at the end of its queue, or takes it out again if it stands in one. */
void channel_enqueue(channel_waiter *waiter);
void channel_dequeue(channel_waiter *waiter);

uint64_t channel_length(volt_slot channel);
uint64_t channel_capacity(volt_slot channel);

/* Slots of an element; 0 for a nil channel. */
static inline uint32_t channel_slots(volt_slot channel) {
	return channel ? ((const volt_channel *)volt_slot_pointer(channel))->element_slots : 0;
}

#endif
