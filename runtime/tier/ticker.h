/*
 * A thread that asks compiled code, every few milliseconds, to give way: other fibers, timers and I/O wait
 * for the thread that it runs on. Asking is one store (volt/tier.h, native_stack_limit).
 */
#ifndef TIER_TICKER_H
#define TIER_TICKER_H

#include "volt/tier.h"

typedef struct ticker ticker;

/* NULL: there is no thread to be had; then loops in compiled code run until they end. */
ticker *ticker_start(volt_context *context);
void ticker_stop(ticker *ticker);

#endif
