/*
 * A function that returns at once what a call of itself returns goes back to its start instead, and counts
 * the frames that it skips: none of them has a slot that is read again. Exits rebuild them from the count, so
 * that frames, traces and the stack's limit are those of calls. One call of a function becomes a jump: what
 * stands in a trace is where each frame called, and a count cannot say that of two.
 */
#ifndef CALLS_TAIL_CALLS_H
#define CALLS_TAIL_CALLS_H

#include "ir/lowering.h"

/* Finds such a call in the form that starts to be lowered; sets `tail_call_pc` and `v_skipped`. */
void find_tail_call(function_lowering *lowering);

/* Is the call that is being lowered that one? */
bool is_tail_jump(const function_lowering *lowering);

/* Lowers it. */
void jump_to_start(function_lowering *lowering);

/* Does the form call anything but itself by that jump? */
bool calls_beside_tail_jump(const function_lowering *lowering);

#endif
