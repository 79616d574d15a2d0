/*
 * Island and port instructions on a fiber. Statuses as in channel_ops.h; a send through a port that wakes a
 * receiver does not end the slice.
 *
 * new_port: trap MakePort. send: after WAIT_QUEUE the fiber continues behind the instruction. receive: into
 * `slots` slots, and the ok flag behind them; after WAIT_QUEUE the instruction is executed again. close: trap
 * on a nil port.
 */
#ifndef ISLAND_ISLAND_OPS_H
#define ISLAND_ISLAND_OPS_H

#include "state/vm_state.h"

extern const island_operations island_instructions;

#endif
