/* Which basic blocks every path from the entry to a block passes through. */
#ifndef ANALYSIS_DOMINATORS_H
#define ANALYSIS_DOMINATORS_H

#include "analysis/control_flow.h"

/* The immediate dominator of each block; the entry's is itself. The caller frees it. NULL: no memory. */
uint32_t *dominators_compute(const control_flow *flow);

/* The nearest block that dominates both. */
uint32_t dominators_meet(const uint32_t *dominators, uint32_t left, uint32_t right);

#endif
