/*
 * A thread that asks the running fiber, in equal times, to give way. Compiled code is asked so because other
 * fibers, timers and I/O wait for the thread that it runs on, and whoever samples what runs asks, too. Asking
 * is one store (volt/tier.h, native_stack_limit).
 */
#ifndef TIER_TICKER_H
#define TIER_TICKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "volt/tier.h"

typedef struct ticker ticker;

/*
 * For the time slices of compiled code: a request that comes at the start of a slice is lost, because the VM
 * sets the field anew; then the next one comes in time: no fiber waits longer than 10 ms for another's loop.
 */
enum { TICK_NANOSECONDS = 4000000 };

/*
 * `context` NULL: nobody is asked to give way. `asked`, if not NULL, counts the requests.
 * NULL: there is no thread to be had; then loops in compiled code run until they end.
 */
ticker *ticker_start(volt_context *context, uint64_t nanoseconds, _Atomic uint32_t *asked);
void ticker_stop(ticker *ticker);

#endif
