/* Waking fibers: who sends, receives or closes wakes who waits, alone or in a select. */
#ifndef INTERPRETER_WAKE_H
#define INTERPRETER_WAKE_H

#include "fiber/fiber.h"

/*
 * Makes the fiber ready that owns the waiter; one that sleeps in a select leaves its other queues. A
 * channel_waker (object/channel.h) whose user is the VM.
 */
void wake_waiter(void *vm, channel_waiter *waiter);

#endif
