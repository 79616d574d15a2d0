/*
 * How much work compiling a function may become, decided from exact numbers of its bytecode and never from
 * the clock: the same module is compiled the same way everywhere. budget.c has the table, and its reasons.
 */
#ifndef ANALYSIS_BUDGET_H
#define ANALYSIS_BUDGET_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* What makes compiling expensive, as numbers: SIZE(enumerator, words). */
#define FUNCTION_SIZES(SIZE) \
	SIZE(INSTRUCTIONS, "instructions") /* that control can reach */ \
	SIZE(CALLS, "calls") \
	SIZE(SLOTS_AT_EXITS, "slots times exits") \
	SIZE(BACKWARD_JUMPS, "backward jumps") \
	SIZE(NESTING, "instructions times the square of the loops around them")

typedef enum {
#define SIZE(ENUMERATOR, words) SIZE_##ENUMERATOR,
	FUNCTION_SIZES(SIZE)
#undef SIZE
	    SIZE_COUNT,
} size_kind;

typedef enum {
	EFFORT_NONE,  /* the function stays interpreted */
	EFFORT_QUICK, /* as at VOLT_LEVEL_QUICK, whatever is asked for */
	EFFORT_FULL,
} compile_effort;

typedef struct {
	uint64_t sizes[SIZE_COUNT];
	compile_effort effort;
	size_kind excess; /* of less than EFFORT_FULL: what there is too much of ... */
	uint64_t limit;   /* ... and how much there may be of it for more */
} compile_budget;

/* Of a verified function. `reachable` (reachability.h) is NULL without memory: then nothing is too much. */
compile_budget budget_compute(const volt_function *function, const bool *reachable);

/* Instructions that may become part of it by inlining. */
uint64_t volt_budget_rest(const compile_budget *budget);

/* "too large to optimise: 12000 instructions, limit 8000". Of less than EFFORT_FULL. */
enum { BUDGET_REASON_SIZE = 160 };
void volt_budget_reason(const compile_budget *budget, char reason[BUDGET_REASON_SIZE]);

VOLT_DECLARATIONS_END

#endif
