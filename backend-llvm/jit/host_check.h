/* Has a host all helpers that compiled code cannot do without? */
#ifndef JIT_HOST_CHECK_H
#define JIT_HOST_CHECK_H

#include "calls/preset.h"
#include "volt/tier.h"

/*
 * VOLT_ERROR_ARGUMENT names the first helper that is missing, and who asks for it: all code, the preset, the
 * options, or an instruction of the module with its function and pc.
 */
volt_error *check_host(const volt_tier_host *host, const volt_module *module, const compile_preset *preset,
                       bool count_heat);

#endif
