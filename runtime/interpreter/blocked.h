/* The report of fibers that wait, for a deadlock, and for an interrupt while nobody runs. */
#ifndef INTERPRETER_BLOCKED_H
#define INTERPRETER_BLOCKED_H

#include "state/vm_state.h"

/* Where each fiber of the VM is blocked. */
void describe_blocked_fibers(const volt_vm *vm, buffer *out);

#endif
