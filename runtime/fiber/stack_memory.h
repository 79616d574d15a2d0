/*
 * Memory for stacks of slots. A small one is a block of the C library. A large one is part of a mapping as
 * long as the largest that the VM allows: it grows where it is, and what was not reached costs addresses and
 * no memory. Where there are no addresses for that, it is a block, too: the C library may have some left.
 */
#ifndef FIBER_STACK_MEMORY_H
#define FIBER_STACK_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "volt/value.h"

/* Zero slots, of which there may become `most`. NULL: there is no memory. */
volt_slot *stack_memory_new(uint64_t slots, uint64_t most);

/* Can it have so many? Then it has: those that were not written are zero. */
bool stack_memory_extends_to(const volt_slot *stack, uint64_t slots);

void stack_memory_free(volt_slot *stack);

#endif
