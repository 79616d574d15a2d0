/*
 * Where a program can see the bits of floats without a map or an interface: compilers make `==` of structs
 * and arrays of comparisons of slots, which know nothing of types.
 */
#ifndef ANALYSIS_FLOAT_READS_H
#define ANALYSIS_FLOAT_READS_H

#include <stdbool.h>

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/*
 * Does the SlotGet at `pc` read a slot that the function's slot types call a float, by an index that was
 * loaded just before it (for this SlotGet or also for one between)? Such a read gives the one NaN
 * (volt_slot_identity()).
 */
bool volt_reads_float_field(const volt_function *function, uint32_t pc);

VOLT_DECLARATIONS_END

#endif
