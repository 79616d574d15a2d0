/*
 * Functions whose execution can be broken off anywhere and started again from the beginning, with nobody
 * noticing: they call nothing but themselves, change nothing outside of their frames and have no loops.
 */
#ifndef ANALYSIS_REPEATABLE_H
#define ANALYSIS_REPEATABLE_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/*
 * Of a verified function; `function` is its index, `reachable` what volt_reachable_instructions() says of it.
 * It calls itself, too: nothing else is worth starting again.
 */
bool volt_is_repeatable_recursion(const volt_module *module, uint32_t function, const bool *reachable);

VOLT_DECLARATIONS_END

#endif
