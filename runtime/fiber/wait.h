/*
 * Waits of natives: the event loop, and the way from any thread that completes a wait back to the fiber that
 * sleeps.
 */
#ifndef FIBER_WAIT_H
#define FIBER_WAIT_H

#include "fiber/fiber.h"
#include "volt/error.h"
#include "volt/native.h"

typedef struct wait_hub wait_hub;

/* Its waits count against the limit of the space, which outlives it. */
volt_error *wait_hub_new(object_space *space, wait_hub **hub);

/*
 * Frees the data of all waits that are not over and closes the loop. What a thread of a native still works on
 * stays allocated, so that its volt_wait_complete() finds a place to go.
 */
void wait_hub_free(wait_hub *hub);

struct uv_loop_s *wait_hub_loop(wait_hub *hub);

volt_wait *wait_begin(wait_hub *hub, void *data, void (*free_data)(void *data));

/* By a native of the library: it is completed by the event loop, and never when that is gone. */
void wait_mark_librarys(volt_wait *wait);

/* The fiber goes to sleep until the wait completes; it may be complete already. */
void wait_park(volt_wait *wait, volt_fiber *fiber);

/* The wait is over: its data is freed, and the wait itself as soon as it is complete. */
void wait_end(volt_wait *wait);

/* Makes a wait_poll() that sleeps return, or the next one that would sleep. From any thread. */
void wait_hub_nudge(wait_hub *hub);

/* Is any fiber asleep in a wait? */
bool wait_any_parked(const wait_hub *hub);

/*
 * Runs the event loop, sleeping in it if `block` says so, and makes the fibers ready whose waits are
 * complete, in the order of completion.
 */
void wait_poll(wait_hub *hub, fiber_pool *pool, bool block);

#endif
