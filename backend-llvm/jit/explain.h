/* What is known of a module's functions before they are compiled, for people and as JSON. */
#ifndef JIT_EXPLAIN_H
#define JIT_EXPLAIN_H

#include "volt/bytecode.h"

/* `explain` of volt_tier_interface. */
volt_error *explain_module(const volt_module *module, int64_t function, bool json, char **bytes,
                           size_t *size);

#endif
