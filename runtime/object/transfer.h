/*
 * Values on their way from one island to another. Packing makes a copy without references to any object,
 * unpacking makes new objects from it in another space; only ports stay what they are (SEMANTICS.md, "Islands
 * and ports").
 */
#ifndef OBJECT_TRANSFER_H
#define OBJECT_TRANSFER_H

#include "object/space.h"

/* Lies in the collector's heap: whoever holds a packet in other memory must make it a root. */
typedef struct transfer_packet {
	struct transfer_packet *next; /* the holder's */
	uint64_t *words;              /* in a pointer-free block */
	volt_slot *ports;             /* handles */
} transfer_packet;

/*
 * Copies `count` slots and all that they refer to. `types` describes them from the first on; slots behind the
 * last type are taken for references if they look like them. NULL: the value cannot be sent, because it
 * contains *refused, such as "a channel".
 */
transfer_packet *transfer_pack(object_space *space, const volt_transfer_type *types, uint32_t type_count,
                               const volt_slot *slots, uint32_t count, const char **refused);

/* Makes the values again. `slots`, as many as were packed, must be visible to the collector. */
void transfer_unpack(object_space *space, const transfer_packet *packet, volt_slot *slots);

#endif
