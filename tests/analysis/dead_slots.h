/* A program whose dead (or live) slots are overwritten all over the place. */
#ifndef TESTS_ANALYSIS_DEAD_SLOTS_H
#define TESTS_ANALYSIS_DEAD_SLOTS_H

#include "volt/bytecode.h"

enum { SLOTS_AT_EACH_PC = 3 };

typedef struct {
	uint32_t seed;
	bool live; /* overwrite slots that are live, to see that it shows */
} overwriting;

/*
 * Puts instructions before each reachable one that load a number into up to SLOTS_AT_EACH_PC slots, picked at
 * random among those that are not live there. The module is changed; what it loses or gets is kept until the
 * process ends. Returns the number of instructions that were put in.
 */
uint32_t overwrite_slots(volt_module *module, overwriting how);

#endif
