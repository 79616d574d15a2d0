/* The frames of all fibers of a VM that stands still, and whether two VMs stand at the same place. */
#ifndef TESTS_TIER_SNAPSHOT_H
#define TESTS_TIER_SNAPSHOT_H

#include "state/vm_state.h"

typedef struct snapshot snapshot;

/* No fiber is running. */
snapshot *snapshot_take(volt_vm *vm);
void snapshot_free(snapshot *taken); /* NULL is allowed */

/*
 * Writes the first difference to `out`; nothing if there is none. The interpreter does not clear the slots of
 * a new frame and compiled code does, so a slot that is not live may hold 0 in `compiled` and anything in
 * `interpreted`; a live one, or one that was written, is the same in both. References are only told from
 * numbers, which are small in these programs.
 */
void snapshot_compare(const snapshot *interpreted, const snapshot *compiled, buffer *out);

#endif
