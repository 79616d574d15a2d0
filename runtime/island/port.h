/*
 * Ports: channels whose two sides may be on different islands. What lies in a port is packed
 * (object/transfer.h); its state is an object in the collector's heap, which lives as long as any island,
 * queue or value on its way knows a handle.
 */
#ifndef ISLAND_PORT_H
#define ISLAND_PORT_H

#include "island/island.h"

typedef enum {
	PORT_DONE,
	PORT_WOKE,   /* done, and a sender was woken */
	PORT_PARKED, /* the fiber sleeps in the port's queue */
} port_result;

/* Trap MakePort. */
volt_trap port_new(island *self, uint32_t element_meta, int64_t capacity, uint16_t slots, volt_slot *port);

/* Trap: the port is closed. A fiber that was parked and finds send_was_closed set has not sent its value. */
volt_trap port_send(island *self, volt_fiber *fiber, volt_slot port, transfer_packet *packet,
                    port_result *result);

/* *packet NULL when done: the port is closed and empty. When the fiber was parked, it tries again. */
void port_receive(island *self, volt_fiber *fiber, volt_slot port, transfer_packet **packet,
                  port_result *result);

/* Closing a closed port does nothing. */
void port_close(island *self, volt_slot port);

/*
 * The fiber ends: it leaves the queue of the port that it sleeps in, if it does. What it has been given and
 * has not taken goes to the next receiver, or back to the front.
 */
void port_leave(island *self, volt_fiber *fiber);

uint64_t port_length(island *self, volt_slot port);

#endif
