/*
 * What the rounds of an innermost loop have in common: which values stay the same, which change by the same
 * amount each time, and which checks and tests it follows from that the next rounds will pass. A compiler
 * can then count, at the end of a complete round, for how many more rounds no check of these can fail, and
 * leave the checks out of so many.
 */
#ifndef ANALYSIS_ROUNDS_H
#define ANALYSIS_ROUNDS_H

#include "analysis/control_flow.h"
#include "analysis/shape.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* By how much a value differs from what it was at the same instruction one round before, modulo 2^64. */
typedef enum {
	CHANGE_UNKNOWN,
	CHANGE_CONSTANT, /* by `constant` */
	CHANGE_BY_SLOT,  /* by what `slot` holds, which no round changes */
} change_kind;

typedef struct {
	change_kind kind;
	uint32_t slot;
	int64_t constant;
} round_change;

typedef enum {
	ROUND_NOTHING,
	/*
	 * An element of the same object every round, or IndexCheck against the same length: `change` is the
	 * index's.
	 */
	ROUND_ELEMENT,
	/* Reads one slot that is the same in every round. */
	ROUND_REPEATED,
	/* A comparison that a ROUND_STAYS goes by; it leaves its operands to it. */
	ROUND_COMPARED,
	/*
	 * A jump or ForLoop that stays in the loop: for the integer (upper - lower - !inclusive) / change rounds
	 * more, and for all if the change is 0.
	 */
	ROUND_STAYS,
} round_fact_kind;

/* Every round executes the instruction exactly once. */
typedef struct {
	round_fact_kind kind;
	round_change change;  /* of ROUND_STAYS: by how much lower and upper come closer; never below 0 */
	uint32_t comparison;  /* of ROUND_STAYS: the pc that compares, which may be its own */
	bool second_is_lower; /* the comparison's second operand is the lower one, else its first */
	bool inclusive;
} round_fact;

typedef struct {
	uint32_t header; /* pc */
	uint32_t instructions;
	uint32_t facts; /* instructions that there is a fact about, one at least */
} round_loop;

enum { ROUND_NO_LOOP = UINT32_MAX };

typedef struct {
	round_loop *loops; /* disjoint: innermost ones, entered by their header only, without calls */
	uint32_t loop_count;
	uint32_t *loop_of; /* by pc: index of its loop, or ROUND_NO_LOOP */
	round_fact *facts; /* by pc */
} function_rounds;

/*
 * Is the call at `pc` neither made nor paused in: the compiler has code of its own for it that ends soon?
 * That of a native works on slots alone.
 */
typedef bool call_is_inline(void *user, uint32_t pc);

/* Of a verified function. False: there is no memory for it; the result is empty then. */
bool volt_function_rounds_compute(const volt_module *module, uint32_t function, const function_shape *shape,
                                  call_is_inline *is_inline, void *user, function_rounds *rounds);
void volt_function_rounds_dispose(function_rounds *rounds);

/* Has it no loop, and only instructions that take bounded time and no part of the host? */
bool volt_function_is_short(const volt_function *function);

VOLT_DECLARATIONS_END

#endif
