/* What natives that reach outside or work for long need of their VM beyond volt/native.h. */
#ifndef STATE_SERVICES_H
#define STATE_SERVICES_H

#include "object/space.h"
#include "volt/vm.h"

struct uv_loop_s;

/* The options that the VM was made with: the program's arguments, where its output goes. */
const volt_vm_options *vm_options(const volt_vm *vm);

object_space *vm_object_space(volt_vm *vm);
struct uv_loop_s *vm_event_loop(volt_vm *vm);

/* Writes what is still kept back of the program's standard output, an unfinished line. */
void vm_flush(volt_vm *vm);

/*
 * Counts what a long native does as steps of the program, as often as it likes. False: the limit of steps is
 * reached, or the host has interrupted it, and the program ends; the native returns VOLT_NATIVE_EXIT.
 */
bool vm_count_steps(volt_vm *vm, uint64_t steps);

#endif
