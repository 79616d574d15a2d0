/* What gets hot, and asking the tier for it. */
#ifndef TIER_COUNTERS_H
#define TIER_COUNTERS_H

#include "tier/state.h"

/* Asks for a form of a function unless it was asked for at this level; starts the queue if need be. */
void tier_request(volt_vm *vm, uint32_t function, volt_form form);

#endif
