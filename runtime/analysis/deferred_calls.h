/*
 * Deferred calls that compiled code makes itself: those of a function that pushes each at most once and in an
 * order that is known, and calls functions that are known. What is pending is then no list, but a slot for
 * each of them.
 */
#ifndef ANALYSIS_DEFERRED_CALLS_H
#define ANALYSIS_DEFERRED_CALLS_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef struct {
	uint32_t pc; /* of its DeferPush or ErrDeferPush */
	/*
	 * It has slots behind those of the frame: the first is 1 while the call is pending, then comes the
	 * closure, if it is one, then the arguments.
	 */
	uint32_t first_slot;
	uint32_t callee;
	uint16_t argument_count;
	bool by_closure;
	bool passes_closure; /* as the callee's first parameter */
	bool error_only;
	bool *pending; /* by pc: may be pending before the instruction */
} deferred_call;

/* In the order in which they are pushed. */
typedef struct {
	deferred_call *calls;
	uint32_t count;
	uint32_t slots;  /* that they take behind those of the frame */
	bool error_only; /* one of them is */
} deferred_calls;

/*
 * Of a verified function. False: it is not of this kind, or there is no memory; then there is nothing to
 * dispose of.
 */
bool volt_deferred_calls_compute(const volt_module *module, uint32_t function, deferred_calls *result);
void volt_deferred_calls_dispose(deferred_calls *calls);

VOLT_DECLARATIONS_END

#endif
