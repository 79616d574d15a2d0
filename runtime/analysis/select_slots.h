/*
 * Which slots a SelectExec reads and writes: those of the cases that were registered since SelectBegin, which
 * only name them (opcodes.def, Channels and select).
 */
#ifndef ANALYSIS_SELECT_SLOTS_H
#define ANALYSIS_SELECT_SLOTS_H

#include "analysis/control_flow.h"

typedef struct {
	uint32_t words;  /* of one set */
	uint32_t *group; /* by pc; meaningful for SelectExec; NULL: the function has none */
	uint64_t *sets;  /* by group */
} select_slots;

/* False: the sets would take more than `most_bytes`, or there is no memory. The caller disposes of them. */
bool select_slots_compute(const volt_module *module, const control_flow *flow, uint64_t most_bytes,
                          select_slots *slots);
void select_slots_dispose(select_slots *slots);

/* The slots of the SelectExec at `pc`; NULL: any slot of the frame. */
const uint64_t *select_slots_of(const select_slots *slots, uint32_t pc);

#endif
