/*
 * Which instructions of a function control can reach: compilers leave returns behind that nothing leads
 * to.
 */
#ifndef ANALYSIS_REACHABILITY_H
#define ANALYSIS_REACHABILITY_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* One flag for each pc of a verified function; free() is the caller's. NULL: no memory. */
bool *volt_reachable_instructions(const volt_function *function);

/* The same from another pc on; control that gets to `barrier` goes no further. */
enum { REACHABILITY_NO_BARRIER = UINT32_MAX };
bool *volt_reachable_from(const volt_function *function, uint32_t pc, uint32_t barrier);

VOLT_DECLARATIONS_END

#endif
