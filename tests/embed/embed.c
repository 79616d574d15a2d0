/* Runs a module, and gives it a native of our own. */
#include <stdio.h>
#include <volt/bytecode.h>
#include <volt/native.h>
#include <volt/verify.h>
#include <volt/vm.h>

static volt_native_result answer(volt_native_call *call) {
	call->results[0] = 42;
	return VOLT_NATIVE_OK;
}

static volt_error *run(const volt_module *module, volt_vm **vm, int *status) {
	volt_error *error = volt_module_verify(module);
	if (!error)
		error = volt_vm_new(module, NULL, vm);
	if (!error)
		error = volt_vm_register_native(*vm, "host_answer", answer, NULL, VOLT_PERMIT_NOTHING);
	return error ? error : volt_vm_run(*vm, status);
}

int main(int count, char **arguments) {
	volt_module *module = NULL;
	volt_vm *vm = NULL;
	int status = 0;
	volt_error *error = volt_module_read_file(count > 1 ? arguments[1] : "answer.vob", &module);
	if (!error)
		error = run(module, &vm, &status);
	if (error) {
		fprintf(stderr, "%s\n", volt_error_message(error));
		status = 1;
	}
	volt_error_free(error);
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}
