/* The VM as natives see it. */
#include "state/services.h"

#include "state/vm_state.h"

const volt_vm_options *vm_options(const volt_vm *vm) {
	return &vm->options;
}

object_space *vm_object_space(volt_vm *vm) {
	return vm->space;
}

struct uv_loop_s *vm_event_loop(volt_vm *vm) {
	return wait_hub_loop(vm->waits);
}
