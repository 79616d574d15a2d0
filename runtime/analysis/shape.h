/*
 * What callers must know of a function before any is lowered: whether it can be compiled at all, and how many
 * slots its results take. One table for a module.
 */
#ifndef ANALYSIS_SHAPE_H
#define ANALYSIS_SHAPE_H

#include "analysis/budget.h"
#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef struct {
	const char *refusal;   /* why the function stays interpreted, a constant; NULL: it is compiled */
	compile_budget budget; /* what may be done for it; EFFORT_NONE is a refusal */
	uint32_t parameters;   /* slots */
	uint32_t results;      /* slots that every Return of the function gives */
	uint32_t first_result; /* slot where the first Return of the function finds them */
	/*
	 * Its returns have more to do than to hand over slots (deferred calls, results from the heap, differing
	 * numbers of results): they exit, and the host executes them.
	 */
	bool returns_through_host;
	bool defers;             /* it makes its deferred calls itself, except in a frame that it resumes */
	uint32_t deferred_slots; /* that they take behind those of the frame */
	uint32_t
	    heap_slots; /* behind these: where results from the heap are brought together; 0: there are none */
	bool large;     /* too many slots at too many exits to write them inline at each: all live in memory */
	uint32_t memory_slots; /* slots from this one on are reached by computed index: they live in memory */
} function_shape;

/*
 * `complete_returns`: returns that make deferred calls or take results from the heap are compiled, where that
 * can be done; exits must be able to say which deferred calls are pending.
 */
void volt_function_shape_compute(const volt_module *module, uint32_t function, bool complete_returns,
                                 function_shape *shape);

/*
 * Why it stays interpreted or is never optimised, with numbers where they are the reason; false: it is
 * compiled as one asks for.
 */
bool volt_function_shape_reason(const function_shape *shape, char reason[BUDGET_REASON_SIZE]);

/* Words of the object that reference `number` of a Return with results on the heap stands for. */
uint32_t volt_heap_result_slots(const volt_function *function, uint32_t number);

VOLT_DECLARATIONS_END

#endif
