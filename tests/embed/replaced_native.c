/*
 * A host with natives of its own in the place of standard ones: `replaced_native PROGRAM TIER NAME...`. Each
 * gives 42 and counts its calls, which are printed at the end. A name behind "-" is registered too late.
 */
#include "host.h"

static int calls;

static volt_native_result always_42(volt_native_call *call) {
	const double answer = 42;
	memcpy(&call->results[0], &answer, sizeof answer);
	++*(int *)call->user;
	return VOLT_NATIVE_OK;
}

static volt_error *replace(volt_vm *vm, const char *name) {
	return volt_vm_register_native(vm, name, always_42, &calls, VOLT_PERMIT_NOTHING);
}

static volt_error *run(volt_vm *vm, char **names, int *status) {
	for (; *names && **names != '-'; names++) {
		volt_error *error = replace(vm, *names);
		if (error)
			return error;
	}
	volt_error *error = volt_vm_run(vm, status);
	for (; *names && !error; names++)
		error = replace(vm, *names + 1);
	return error;
}

int main(int count, char **arguments) {
	if (count < 3)
		return HOST_FAILED;
	volt_module *module = host_read(arguments[1]);
	const volt_vm_options options = host_options(arguments[2]);
	volt_vm *vm = NULL;
	int status = 0;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = run(vm, arguments + 3, &status);
	status = host_report(stdout, error, status);
	printf("calls %d\n", calls);
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}
