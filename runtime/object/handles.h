/*
 * Objects that stand for something that islands share: ports and islands. A port's handle never changes, so
 * all islands that know the port use the same one.
 */
#ifndef OBJECT_HANDLES_H
#define OBJECT_HANDLES_H

#include "object/space.h"

/* `state` lies in the collector's heap. */
volt_slot handle_new_port(object_space *space, void *state, uint64_t capacity, uint32_t element_meta,
                          uint16_t slots);
volt_slot handle_new_island(object_space *space, uint32_t id);

/* For any word at all, nil and numbers too. */
bool handle_is_port(volt_slot word);
bool handle_is_island(volt_slot word);

#endif
