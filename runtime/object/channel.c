/* Channels: what is rarer than sending and receiving. */
#include "object/channel.h"

#include "object/heap.h"
#include "object/space_private.h"

_Static_assert(CHANNEL_HEADER == (HEADER_PACKED | HEADER_CHANNEL), "what heads a channel");

/* Elements that are too wide to lie in the channel have a buffer for one of them elsewhere at first. */
static void make_ring(object_space *space, channel_object *channel) {
	const uint32_t slots = channel->header.element_slots;
	channel->header.state =
	    slots > CHANNEL_FIRST_WORDS ? heap_new_words(space, slots) : (void *)channel->first_ring;
	while (slots && 2 * channel_room(channel) * slots <= CHANNEL_FIRST_WORDS)
		channel->header.room_log++;
}

volt_trap channel_new(object_space *space, uint32_t element_meta, int64_t capacity, uint16_t slots,
                      volt_slot *reference) {
	if (capacity < 0)
		return (volt_trap){VOLT_TRAP_MakeChannel, 0, 0};
	const uint32_t words = sizeof(volt_channel) / sizeof(volt_slot);
	const uint64_t packed = header_pack(volt_meta_make(0, VOLT_KIND_CHANNEL), words, HEADER_CHANNEL);
	*reference =
	    heap_take_object(space, HEAP_CONSERVATIVE, packed, sizeof(channel_object) / sizeof(volt_slot));
	channel_object *channel = channel_of(*reference);
	channel->header.capacity = (uint64_t)capacity;
	channel->header.element_meta = element_meta;
	channel->header.element_slots = slots;
	make_ring(space, channel);
	return VOLT_NO_TRAP;
}

void channel_grow_ring(object_space *space, channel_object *channel) {
	const uint32_t slots = channel->header.element_slots;
	volt_slot *ring = heap_new_words(space, 2 * channel_room(channel) * slots);
	/* An element's place depends on its number: numbers begin anew. */
	for (uint64_t i = 0; i < channel->count; i++)
		memcpy(ring + i * slots, channel_element(channel, channel->head + i), slots * sizeof(volt_slot));
	memset(channel->first_ring, 0, sizeof channel->first_ring);
	channel->header.state = ring;
	channel->header.room_log++;
	channel->head = 0;
}

/* ---- The queues ---- */

void channel_dequeue(channel_waiter *waiter) {
	if (!waiter->queued)
		return;
	channel_queue *queue = channel_queue_of(waiter);
	*(waiter->previous ? &waiter->previous->next : &queue->first) = waiter->next;
	*(waiter->next ? &waiter->next->previous : &queue->last) = waiter->previous;
	waiter->queued = false;
}

/* ---- Operations ---- */

volt_trap channel_close(volt_slot reference, channel_waker wake, void *user, bool *woke) {
	if (!reference)
		return (volt_trap){VOLT_TRAP_CloseOfNilChannel, 0, 0};
	channel_object *channel = channel_of(reference);
	if (channel->header.closed)
		return (volt_trap){VOLT_TRAP_CloseOfClosedChannel, 0, 0};
	channel->header.closed = true;
	*woke = channel->receivers.first || channel->senders.first;
	while (channel->receivers.first)
		wake(user, channel_take_first(&channel->receivers));
	while (channel->senders.first) {
		channel->senders.first->closed = true;
		wake(user, channel_take_first(&channel->senders));
	}
	return VOLT_NO_TRAP;
}

bool channel_has_room(volt_slot reference) {
	if (!reference)
		return false;
	const channel_object *channel = channel_of(reference);
	return channel->receivers.first || channel->count < channel->header.capacity;
}

bool channel_can_receive(volt_slot reference) {
	if (!reference)
		return false;
	const channel_object *channel = channel_of(reference);
	return channel->count != 0 || channel->senders.first || channel->header.closed;
}

bool channel_is_closed(volt_slot reference) {
	return reference && channel_of(reference)->header.closed;
}

uint64_t channel_length(volt_slot reference) {
	return reference ? channel_of(reference)->count : 0;
}

uint64_t channel_capacity(volt_slot reference) {
	return reference ? channel_of(reference)->header.capacity : 0;
}
