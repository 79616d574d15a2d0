/* What a call of a closure or a method may go to, as far as the module and the profile tell. */
#ifndef CALLS_EXPECTED_CALLEES_H
#define CALLS_EXPECTED_CALLEES_H

#include "ir/lowering.h"

/* More would make a long way to the last one. */
enum { MOST_EXPECTED_CALLEES = 3 };

typedef struct {
	uint32_t functions[MOST_EXPECTED_CALLEES];
	uint32_t count;
	bool is_guess; /* the profile's: others are possible */
} expected_callees;

/* How the indirect call that is being lowered looks: call_signature() of calls/targets.h. */
uint32_t indirect_call_signature(const function_lowering *lowering);

/*
 * Of that call: the callees that the profile expects there, and where it does not know any, all
 * functions of the module that such a call can go to. None if these are many, or one of them is more than a
 * few instructions, which nobody knows to be executed.
 */
expected_callees find_expected_callees(const function_lowering *lowering);

#endif
