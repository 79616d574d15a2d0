/* What the files of this folder do for vm.c. */
#ifndef VM_PARTS_H
#define VM_PARTS_H

#include "state/vm_state.h"

/* Runs until every fiber is dead, the function that the host has called has returned, or the VM stops. */
void scheduler_run(volt_vm *vm);

/* The tables that the interpreter runs from. */
volt_error *vm_prepare(volt_vm *vm);
void vm_unprepare(volt_vm *vm);

/* Reports everything that fibers and the VM refer to, to the collector. */
void vm_scan_roots(void *vm);

#endif
