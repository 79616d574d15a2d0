/* What gets hot, and asking the tier for it. */
#ifndef TIER_COUNTERS_H
#define TIER_COUNTERS_H

#include "tier/state.h"

/* Asks for a form of a function unless it was asked for at this level; starts the queue if need be. */
void tier_request(volt_vm *vm, uint32_t function, volt_form form);

/* Compiled code has left because the callee of the call that the top frame is about to make is interpreted.
 */
void tier_count_exit_at_call(volt_vm *vm, volt_fiber *fiber);

#endif
