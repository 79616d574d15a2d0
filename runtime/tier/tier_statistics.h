/* What the tier did in a run, for --stats. */
#ifndef TIER_TIER_STATISTICS_H
#define TIER_TIER_STATISTICS_H

#include <jansson.h>

#include "volt/vm.h"

/*
 * An object: the tier's name, entries from the VM, exits by status, and each function. JSON null without a
 * tier.
 */
json_t *tier_statistics(const volt_vm *vm);

#endif
