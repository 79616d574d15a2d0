/* How a program ends with an error. */
#include "state/vm_state.h"

void vm_fail(volt_vm *vm, volt_error *error) {
	if (vm->error)
		volt_error_free(error);
	else
		vm->error = error;
	vm->stopping = true;
}

void vm_fail_at_step_limit(volt_vm *vm) {
	vm_fail(vm, volt_error_new(VOLT_ERROR_LIMIT, "limit of %llu steps reached",
	                           (unsigned long long)vm->options.max_steps));
}

void vm_fail_at_interrupt(volt_vm *vm) {
	atomic_store_explicit(&vm->interrupted, false, memory_order_relaxed);
	vm_fail(vm, volt_error_new(VOLT_ERROR_INTERRUPTED, "interrupted"));
}

void vm_fail_at(volt_vm *vm, uint32_t function, uint32_t pc, const char *cause) {
	vm_fail(vm,
	        volt_module_error_at(vm->module, function, pc, volt_error_new(VOLT_ERROR_VERIFY, "%s", cause)));
}

void vm_fail_instruction(volt_vm *vm, volt_fiber *fiber, const char *cause) {
	const call_frame *frame = fiber_top_frame(fiber);
	vm_fail_at(vm, frame->function, frame->pc ? frame->pc - 1 : 0, cause);
}

volt_error *vm_inherited_error(void) {
	return volt_error_new(
	    VOLT_ERROR_ARGUMENT,
	    "this VM was made before a fork, by the parent process: the child can only free it");
}
