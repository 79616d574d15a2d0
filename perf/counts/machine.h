/* The emulated machine that a call runs in: memory, context and registers as the host would have them. */
#ifndef COUNTS_MACHINE_H
#define COUNTS_MACHINE_H

#include "count.h"

/* Makes the machine; the caller closes it with uc_close(), unless it is NULL after an error. */
volt_error *machine_new(const object_file *object, const counted_call *call, uc_engine **machine);

/* What the call left behind. */
volt_error *machine_results(uc_engine *machine, const target_description *target, uint32_t *status,
                            volt_slot *result);

volt_error *machine_failure(uc_err code, const char *what);

#endif
