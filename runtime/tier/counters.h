/*
 * What gets hot, and asking the tier for it. Calls and backward jumps of each function are counted exactly
 * (volt_heat): by the interpreter, and by code of the quick level, in the same counters. What is compiled,
 * and at which level, so does not depend on the clock.
 */
#ifndef TIER_COUNTERS_H
#define TIER_COUNTERS_H

#include "tier/state.h"

/* Makes the counters; false: no memory. */
bool tier_start_counting(volt_vm *vm);

/* How often a function was called, or jumped backwards; 0 where nothing is counted. */
uint64_t tier_count_of(const volt_vm *vm, uint32_t function, heat_kind kind);

/* Asks for the form of a function in which its frames go on, unless that was done. */
void tier_request_continuation(volt_vm *vm, uint32_t function);

/* Asks once more for the forms of a function that are optimised: its profile says something else now. */
void tier_compile_anew(volt_vm *vm, uint32_t function);

/*
 * Is a frame that is left in a loop of the function most likely done soon? The interpreter goes on there, and
 * asks for code in which it goes on if it is not.
 */
bool tier_is_in_short_loop(const volt_vm *vm, uint32_t function);

/*
 * Is the top frame about to call a function that has no code yet, and may get some? Compiled code leaves
 * there for a while only: until the callee is hot, and has been compiled.
 */
bool tier_awaits_callee(volt_vm *vm, volt_fiber *fiber);

/* Compiled code, too, finds counters at 0, and says so here. */
void tier_hot(volt_vm *vm, uint32_t function, heat_kind kind);

#endif
