/*
 * A host that ends what its program does, and asks where that was. `stopped PROGRAM TIER FUNCTION STEPS
 * BYTES`: calls the function with these limits, and prints the error and the trace.
 */
#include "host.h"

#include <volt/call.h>

enum { ROUNDS = 3000 }; /* several slices, so that the loop is compiled by then */

static volt_native_result interrupt_at_last(volt_native_call *call) {
	static int rounds;
	if (++rounds == ROUNDS)
		volt_vm_interrupt(*(volt_vm **)call->user);
	return VOLT_NATIVE_OK;
}

static volt_native_result interrupt_at_once(volt_native_call *call) {
	volt_vm_interrupt(*(volt_vm **)call->user);
	return VOLT_NATIVE_OK;
}

/* Nobody completes it. */
static volt_native_result wait_interrupted(volt_native_call *call) {
	(void)volt_native_begin_wait(call, NULL, NULL);
	volt_vm_interrupt(*(volt_vm **)call->user);
	return VOLT_NATIVE_WAIT;
}

static volt_error *run(volt_vm *vm, const char *function) {
	volt_error *error = volt_vm_start(vm);
	return error ? error : volt_vm_call(vm, function, NULL, 0, NULL, 0);
}

int main(int count, char **arguments) {
	if (count != 6)
		return HOST_FAILED;
	volt_module *module = host_read(arguments[1]);
	volt_vm_options options = host_options(arguments[2]);
	options.max_steps = strtoull(arguments[4], NULL, 10);
	options.max_heap_bytes = strtoull(arguments[5], NULL, 10);
	volt_vm *vm = NULL;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = volt_vm_register_native(vm, "host_interrupt", interrupt_at_last, &vm, VOLT_PERMIT_NOTHING);
	if (!error)
		error = volt_vm_register_native(vm, "host_wait", wait_interrupted, &vm, VOLT_PERMIT_NOTHING);
	if (!error)
		error = volt_vm_register_native(vm, "host_interrupt_at_once", interrupt_at_once, &vm,
		                                VOLT_PERMIT_NOTHING);
	if (!error)
		error = run(vm, arguments[3]);
	int status = host_report(stdout, error, 0);
	fputs(volt_vm_trace(vm), stdout);
	if (!volt_vm_call(vm, "main", NULL, 0, NULL, 0)) /* the VM goes on, and what was is forgotten */
		printf("'%s'\n", volt_vm_trace(vm));
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}
