/*
 * Calls of optimised code that its profile gave no reason to expect: of another callee than the only one that
 * was seen at a site, and calls that were never seen at all. Such code has built in what is no longer called,
 * or has not built in what is. When they are many, the function is compiled anew with what is known then.
 */
#ifndef TIER_UNEXPECTED_CALLS_H
#define TIER_UNEXPECTED_CALLS_H

#include "tier/state.h"

/*
 * Of the helper. The decision is by counts alone. It is made once for each site and a few times for a
 * function, so that a program which never settles does not keep the compiler busy.
 */
void unexpected_call_count(volt_vm *vm, uint32_t function, uint32_t pc, uint32_t expected, uint32_t callee);

#endif
