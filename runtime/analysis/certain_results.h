/*
 * How many results a call of a function writes for certain: as many slots as the caller asks for, but no more
 * than each way out of the function gives. What a call may leave unwritten stays live across it.
 */
#ifndef ANALYSIS_CERTAIN_RESULTS_H
#define ANALYSIS_CERTAIN_RESULTS_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* Slots, for each function of a verified module; free() is the caller's. */
uint32_t *volt_certain_results_compute(const volt_module *module);

VOLT_DECLARATIONS_END

#endif
