/*
 * How the program can make a function end otherwise than by its Return: by a panic, or by a wait in which the
 * fiber sleeps; in the function itself or in what it calls. What the machine does to every function (a full
 * stack, the end of a time slice) is not the program's doing and not counted here.
 */
#ifndef ANALYSIS_EXITS_H
#define ANALYSIS_EXITS_H

#include <stdio.h>

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef enum {
	EXITS_NOTHING,
	EXITS_PANIC, /* it may panic, and never waits */
	EXITS_WAIT,  /* it may wait; it may panic, too, if it has a reason for that */
} exit_class;

enum { EXIT_BY_ITSELF = UINT32_MAX };

/* An instruction of a function. */
typedef struct {
	uint32_t function;
	uint32_t pc;
} exit_link;

/* The instruction at `pc` does it, or, if `callee` is a function, that function does and is called there. */
typedef struct {
	bool present;
	uint32_t pc;
	uint32_t callee;  /* or EXIT_BY_ITSELF */
	uint32_t depth;   /* callees from here to the origin */
	exit_link origin; /* the instruction that does it */
} exit_reason;

typedef struct {
	exit_reason panic, wait;
} function_exits;

/*
 * For each function of a verified module; free() is the caller's. The chains of callees have no circles.
 * `never_wait` has for each import of the module whether what it is bound to is known never to wait; NULL: of
 * none that is known, since a host may bind its own. NULL is returned when there is no memory.
 */
function_exits *volt_exits_compute(const volt_module *module, const bool *never_wait);

exit_class volt_exits_class(const function_exits *exits);

/* Steps along a chain, to the instruction of the callee; false at its end. `waits`: which of both reasons. */
bool volt_exits_next_link(const function_exits *exits, bool waits, exit_link *link);

/* "may wait: calls ChanRecv at pc 14 through worker", without the words before the colon. */
void volt_exits_write_reason(FILE *out, const volt_module *module, const function_exits *exits, bool waits,
                             uint32_t function);

VOLT_DECLARATIONS_END

#endif
