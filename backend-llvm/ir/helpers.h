/* Declarations of the host's helper functions in a module, from the table in volt/tier.h. */
#ifndef LOWER_HELPERS_H
#define LOWER_HELPERS_H

#include "ir/lowering.h"

/* Declares every helper, and with the hint `preserve_most` a thunk for each that cold paths call. */
void declare_helpers(module_lowering *module);

/* Removes declarations and thunks that nothing calls. */
void drop_unused_helpers(module_lowering *module);

/* "volt_helper_trap": the symbol that the host's function is bound to. */
extern const char *const helper_symbols[VOLT_HELPER_COUNT];

#endif
