/*
 * Replays: a native that asks for a closure is executed again from its start when the closure has returned,
 * with the results of all closures that it asked for so far (SEMANTICS.md, "Natives that wait or call"). The
 * record of a replay lives from the native's first request to the end of its last execution.
 *
 * A function that the host calls (volt/call.h) is like the closure of a native without a frame: below the
 * first frame of its fiber lies a record whose results are the host's.
 */
#ifndef INTERPRETER_REPLAY_H
#define INTERPRETER_REPLAY_H

#include "fiber/rare.h"

/* The record that the native which is about to be executed continues; NULL if this is its first execution. */
replay_record *replay_current(volt_fiber *fiber);

/* Notes the request of the native that runs now, and the word that it carries over. */
void replay_request(volt_fiber *fiber, replay_record *current, volt_slot carried, volt_slot closure,
                    const volt_slot *arguments, uint32_t count);

/* Has the native that ran last asked for a call? */
bool replay_is_requested(const volt_fiber *fiber);

/*
 * Calls the closure of the request: pushes its frame above the native's caller, which is the fiber's top
 * frame and whose pc is that of the CallExtern. A trap counts as a panic of the closure. Nothing happens
 * without a request.
 */
void replay_start(volt_vm *vm, volt_fiber *fiber);

/* The fiber, which has no frames yet, is about to run a function whose results the host wants. */
void replay_begin_for_host(volt_fiber *fiber);

/* What it has returned, at most `count` slots; 0 where it gave less. */
void replay_take_results(const volt_fiber *fiber, volt_slot *results, uint32_t count);

/* The closure has returned: `values` are its results, `count` slots. */
void replay_deliver(volt_fiber *fiber, const volt_slot *values, uint32_t count);

/* The closure has panicked, and nobody below it recovered. */
void replay_deliver_panic(volt_fiber *fiber);

/* The closure results as the native sees them. */
const volt_closure_result *replay_results(replay_record *replay);

/* Is the fiber's top frame the caller of a native whose closure has just been left? */
static inline bool replay_calls_from(const replay_record *replay, uint32_t frame_count) {
	return replay && replay->state == REPLAY_CALLING && replay->depth == frame_count;
}

#endif
