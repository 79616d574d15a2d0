/* What natives that reach outside need of their VM beyond volt/native.h. */
#ifndef EXTERN_VM_SERVICES_H
#define EXTERN_VM_SERVICES_H

#include "volt/vm.h"

/* The options that the VM was made with: the program's arguments, where its output goes. */
const volt_vm_options *vm_options(const volt_vm *vm);

/* Writes what is still kept back of the program's standard output, an unfinished line. */
void vm_flush(volt_vm *vm);

#endif
