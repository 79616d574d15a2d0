/*
 * Basic blocks of a function: which follow each other, and where loops begin. Only what control can reach is
 * in a block, and no block is long: one that no jump ends goes on in the next.
 */
#ifndef ANALYSIS_CONTROL_FLOW_H
#define ANALYSIS_CONTROL_FLOW_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

enum { CONTROL_FLOW_NO_BLOCK = UINT32_MAX };

typedef struct {
	uint32_t first, end; /* its instructions: [first, end) */
	uint32_t successor_count;
	uint32_t successors[2];     /* blocks; the one that is jumped to first */
	uint32_t first_predecessor; /* index in `predecessors` of control_flow */
	uint32_t predecessor_count;
	bool is_loop_header; /* a jump at or behind its first instruction leads there */
} basic_block;

typedef struct {
	const volt_function *function;
	basic_block *blocks; /* in the order of their pcs */
	uint32_t block_count;
	uint32_t *block_of; /* by pc; CONTROL_FLOW_NO_BLOCK: control never gets there */
	uint32_t *predecessors;
} control_flow;

/* Of a verified function. False: no memory; the result has no blocks then and need not be disposed of. */
bool volt_control_flow_compute(const volt_function *function, control_flow *flow);
void volt_control_flow_dispose(control_flow *flow);

VOLT_DECLARATIONS_END

#endif
