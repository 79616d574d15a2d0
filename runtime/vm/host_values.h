/* Values of the host as slots, and back (volt/call.h). */
#ifndef VM_HOST_VALUES_H
#define VM_HOST_VALUES_H

#include "state/vm_state.h"
#include "volt/call.h"

/* Are all handles the VM's own, and of the kinds that they are passed as? */
volt_error *host_values_check(const volt_vm *vm, uint32_t function, const volt_value *values, size_t count);

/* As many slots as the kinds say, which the collector sees. Allocates strings: behind the guard only. */
void host_values_write(volt_vm *vm, const volt_value *values, size_t count, volt_slot *slots);

/* The values that `kind` says are expected; after an error they are all cleared. */
volt_error *host_values_read(const volt_vm *vm, uint32_t function, const volt_slot *slots, volt_value *values,
                             size_t count);

void host_values_clear(volt_value *values, size_t count);

#endif
