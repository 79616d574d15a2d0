/*
 * Ports. The rules are those of channels (object/channel.h), except that a value for a receiver that sleeps
 * is handed to it, so that nobody can take it away before the receiver runs. Until then it counts as lying in
 * the port.
 */
#include "island/port.h"

#include "object/handles.h"
#include "object/heap.h"
#include "state/vm_state.h"

typedef struct {
	channel_waiter *first;
	channel_waiter *last;
} waiter_queue;

/* In the collector's heap; guarded by the lock of the islands. The waiters belong to their fibers. */
typedef struct {
	transfer_packet *first;
	transfer_packet *last;
	uint64_t count;  /* packets */
	uint64_t handed; /* values that receivers have been given, which have not run since */
	uint64_t capacity;
	waiter_queue receivers;
	waiter_queue senders;
	uint64_t closed;
} port_state;

/*
 * What a waiter's values are: the island of its fiber, and what a sender sends or a receiver has been
 * given.
 */
enum { WAITER_ISLAND, WAITER_PACKET, WAITER_VALUES };

static port_state *state_of(volt_slot port) {
	return ((volt_channel *)volt_slot_pointer(port))->state;
}

volt_trap port_new(island *self, uint32_t element_meta, int64_t capacity, uint16_t slots, volt_slot *port) {
	if (capacity < 0)
		return (volt_trap){VOLT_TRAP_MakePort, 0, 0};
	object_space *space = island_vm(self)->space;
	port_state *state = heap_new_words(space, sizeof *state / sizeof(volt_slot));
	state->capacity = (uint64_t)capacity;
	*port = handle_new_port(space, state, (uint64_t)capacity, element_meta, slots);
	return VOLT_NO_TRAP;
}

/* ---- Packets ---- */

static void append(port_state *state, transfer_packet *packet) {
	packet->next = NULL;
	*(state->first ? &state->last->next : &state->first) = packet;
	state->last = packet;
	state->count++;
}

static transfer_packet *take_first(port_state *state) {
	transfer_packet *packet = state->first;
	state->first = packet->next;
	if (!state->first)
		state->last = NULL;
	packet->next = NULL;
	state->count--;
	return packet;
}

/* ---- Waiters ---- */

static void park(island *self, volt_fiber *fiber, volt_slot port, waiter_queue *queue,
                 transfer_packet *packet) {
	fiber_parking *parking = fiber_prepare_parking(fiber, 1, WAITER_VALUES);
	channel_waiter *waiter = &parking->waiters[0];
	parking->values[WAITER_ISLAND] = volt_slot_reference(self);
	parking->values[WAITER_PACKET] = volt_slot_reference(packet);
	*waiter = (channel_waiter){
	    .previous = queue->last,
	    .owner = fiber,
	    .value = parking->values,
	    .channel = port,
	    .sends = packet != NULL,
	};
	*(queue->first ? &queue->last->next : &queue->first) = waiter;
	queue->last = waiter;
	fiber->state = FIBER_BLOCKED_QUEUE;
}

/* Makes the first waiter's fiber ready; `given` is for it. Returns what a sender sends. */
static transfer_packet *wake_first(island *self, waiter_queue *queue, transfer_packet *given) {
	channel_waiter *waiter = queue->first;
	queue->first = waiter->next;
	*(queue->first ? &queue->first->previous : &queue->last) = NULL;
	transfer_packet *packet = volt_slot_pointer(waiter->value[WAITER_PACKET]);
	waiter->value[WAITER_PACKET] = volt_slot_reference(given);
	island_wake(self, volt_slot_pointer(waiter->value[WAITER_ISLAND]), waiter);
	return packet;
}

/* What the fiber was given while it slept in this receive, if anything. */
static transfer_packet *take_given(volt_fiber *fiber) {
	const channel_waiter *waiter = fiber->parking.fired;
	if (!waiter)
		return NULL;
	fiber->parking.fired = NULL;
	transfer_packet *given = volt_slot_pointer(waiter->value[WAITER_PACKET]);
	waiter->value[WAITER_PACKET] = 0;
	return given;
}

/* ---- Operations ---- */

volt_trap port_send(island *self, volt_fiber *fiber, volt_slot port, transfer_packet *packet,
                    port_result *result) {
	port_state *state = state_of(port);
	volt_trap trap = VOLT_NO_TRAP;
	*result = PORT_DONE;
	island_lock(self);
	if (state->closed) {
		trap.kind = VOLT_TRAP_SendOnClosedChannel;
	} else if (state->receivers.first) {
		state->handed++;
		wake_first(self, &state->receivers, packet);
	} else if (state->count + state->handed < state->capacity) {
		append(state, packet);
	} else {
		park(self, fiber, port, &state->senders, packet);
		*result = PORT_PARKED;
	}
	island_unlock(self);
	return trap;
}

void port_receive(island *self, volt_fiber *fiber, volt_slot port, transfer_packet **packet,
                  port_result *result) {
	port_state *state = state_of(port);
	*packet = NULL;
	*result = PORT_DONE;
	island_lock(self);
	transfer_packet *given = take_given(fiber);
	if (given || state->count != 0) {
		*packet = given ? given : take_first(state);
		state->handed -= given != NULL;
		if (state->senders.first) {
			append(state, wake_first(self, &state->senders, NULL));
			*result = PORT_WOKE;
		}
	} else if (state->senders.first) {
		*packet = wake_first(self, &state->senders, NULL);
		*result = PORT_WOKE;
	} else if (!state->closed) {
		park(self, fiber, port, &state->receivers, NULL);
		*result = PORT_PARKED;
	}
	island_unlock(self);
}

void port_close(island *self, volt_slot port) {
	port_state *state = state_of(port);
	island_lock(self);
	state->closed = true;
	while (state->receivers.first)
		wake_first(self, &state->receivers, NULL);
	while (state->senders.first) {
		state->senders.first->closed = true;
		wake_first(self, &state->senders, NULL);
	}
	island_unlock(self);
}

static bool leave_queue(waiter_queue *queue, const channel_waiter *waiter) {
	channel_waiter *found = queue->first;
	while (found && found != waiter)
		found = found->next;
	if (!found)
		return false;
	*(found == queue->first ? &queue->first : &found->previous->next) = found->next;
	*(found == queue->last ? &queue->last : &found->next->previous) = found->previous;
	return true;
}

static void give_back(island *self, port_state *state, transfer_packet *packet) {
	if (state->receivers.first) {
		wake_first(self, &state->receivers, packet);
		return;
	}
	state->handed--;
	packet->next = state->first;
	if (!state->first)
		state->last = packet;
	state->first = packet;
	state->count++;
}

void port_leave(island *self, volt_fiber *fiber) {
	const fiber_parking *parking = &fiber->parking;
	if (parking->waiter_count != 1 || !handle_is_port(parking->waiters[0].channel))
		return;
	const channel_waiter *waiter = &parking->waiters[0];
	port_state *state = state_of(waiter->channel);
	island_lock(self);
	const bool slept = leave_queue(&state->receivers, waiter) || leave_queue(&state->senders, waiter);
	const bool woken = !slept && (island_forget_woken(self, waiter) || parking->fired == waiter);
	transfer_packet *given = woken && !waiter->sends ? volt_slot_pointer(waiter->value[WAITER_PACKET]) : NULL;
	if (given)
		give_back(self, state, given);
	island_unlock(self);
}

uint64_t port_length(island *self, volt_slot port) {
	island_lock(self);
	const uint64_t count = state_of(port)->count + state_of(port)->handed;
	island_unlock(self);
	return count;
}
