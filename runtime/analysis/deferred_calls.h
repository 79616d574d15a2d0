/*
 * Deferred calls that compiled code makes itself. Where a function pushes each at most once and in an order
 * that is known, what is pending is a slot for each of them; else it is a list.
 */
#ifndef ANALYSIS_DEFERRED_CALLS_H
#define ANALYSIS_DEFERRED_CALLS_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* Of a closure that nothing is known of. */
enum { DEFERRED_CALLEE_UNKNOWN = UINT32_MAX };

typedef struct {
	uint32_t pc; /* of its DeferPush or ErrDeferPush */
	/*
	 * It has slots behind those of the frame: the first is 1 while the call is pending, then comes the
	 * closure, if it is one, then the arguments. In a list, all calls have the same ones: the first is the
	 * list (volt_deferred_call, or 0), the others are only used while a call is made.
	 */
	uint32_t first_slot;
	uint32_t callee; /* or DEFERRED_CALLEE_UNKNOWN: it is called as the closure says */
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
	bool error_only; /* one of them is; none in a list */
	bool in_list;
} deferred_calls;

/*
 * Of a verified function. False: it is not of this kind, or there is no memory; then there is nothing to
 * dispose of.
 */
bool volt_deferred_calls_compute(const volt_module *module, uint32_t function, deferred_calls *result);
void volt_deferred_calls_dispose(deferred_calls *calls);

VOLT_DECLARATIONS_END

#endif
