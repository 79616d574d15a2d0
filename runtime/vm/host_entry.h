/* What the host has a VM do: one thing at a time, on a stack that is large enough, and behind a guard. */
#ifndef VM_HOST_ENTRY_H
#define VM_HOST_ENTRY_H

#include "state/vm_state.h"
#include "vm/own_stack.h"

/*
 * Does the work inside of the VM, and returns its error. VOLT_ERROR_ARGUMENT if somebody is inside already,
 * or the VM is the parent process's.
 */
volt_error *vm_enter(volt_vm *vm, vm_work work, void *user);

/*
 * Runs what allocates. The heap's limit makes an allocation jump back here, from anywhere: that is an error
 * of the VM's then, and the fiber that ran is over.
 */
void vm_guard(volt_vm *vm, void (*run)(volt_vm *vm, void *user), void *user);

/* Natives, the tier, the process's streams: once, before the first fiber. */
volt_error *vm_start(volt_vm *vm);

/* Around everything that runs fibers for the host. vm_finish() returns how it ended. */
void vm_begin(volt_vm *vm);
volt_error *vm_finish(volt_vm *vm);

/* What volt_vm_trace() has is of an earlier call. */
void vm_forget_trace(volt_vm *vm);

/* Ends one fiber, wherever it is: asleep, ready, or left by a jump. */
void vm_end_fiber(volt_vm *vm, volt_fiber *fiber);

void vm_end_all_fibers(volt_vm *vm);

/* Ends the islands of a program, if it has any, and with them its fibers, which may wait for islands. */
void vm_end_islands(volt_vm *vm);

#endif
