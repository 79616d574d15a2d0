/*
 * How many results a call of a function writes for certain: as many slots as the caller asks for, but no more
 * than each way out of the function gives. What a call may leave unwritten stays live across it.
 */
#ifndef ANALYSIS_CERTAIN_RESULTS_H
#define ANALYSIS_CERTAIN_RESULTS_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/*
 * A table with an entry for each function of a verified module, which is filled in when it is asked for;
 * free() is the caller's. NULL: no memory.
 */
uint32_t *volt_certain_results_new(const volt_module *module);

/* Slots of a function's results. */
uint32_t volt_certain_results(const volt_module *module, uint32_t function, uint32_t *table);

VOLT_DECLARATIONS_END

#endif
