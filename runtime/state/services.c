/* The VM as natives see it. */
#include "state/services.h"

#include "state/vm_state.h"

const volt_vm_options *vm_options(const volt_vm *vm) {
	return &vm->options;
}

object_space *vm_object_space(volt_vm *vm) {
	return vm->space;
}

/* The program's own steps in this slice are not among them: it may go beyond the limit by so many. */
bool vm_count_steps(volt_vm *vm, uint64_t steps) {
	vm->slices.of_natives += steps;
	if (vm->options.max_steps && vm->slices.of_natives >= vm->slices.left)
		vm_fail_at_step_limit(vm);
	(void)vm_fail_if_interrupted(vm);
	return !vm->stopping;
}

struct uv_loop_s *vm_event_loop(volt_vm *vm) {
	return wait_hub_loop(vm->waits);
}
