/* Programs that are run on a small stack get another one. */
#ifndef VM_OWN_STACK_H
#define VM_OWN_STACK_H

#include <stdbool.h>

#include "volt/vm.h"

/* What is done inside of a VM. */
typedef volt_error *(*vm_work)(volt_vm *vm, void *user);

/* Is there too little left of the caller's stack for natives and compiled code? */
bool own_stack_is_needed(void);

/* Does the work on a thread with a stack that is large enough; returns when it has ended. */
volt_error *own_stack_run(volt_vm *vm, vm_work work, void *user);

#endif
