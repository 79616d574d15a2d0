/*
 * A host that uses LLVM itself, and has it before Volt's tier comes: `other_llvm PROGRAM TIER`. At its end it
 * has a fatal error, so that its handler tells whether it is still there.
 */
#include <llvm-c/Core.h>
#include <llvm-c/ErrorHandling.h>

#include "host.h"

static void on_fatal_error(const char *reason) {
	printf("the host's own: %s\n", reason);
	fflush(stdout);
	_Exit(0);
}

static int run(const char *path, const char *tier) {
	volt_module *module = host_read(path);
	const volt_vm_options options = host_options(tier);
	volt_vm *vm = NULL;
	int status = 0;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = volt_vm_run(vm, &status);
	status = host_report(stdout, error, status);
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}

int main(int count, char **arguments) {
	if (count < 3)
		return HOST_FAILED;
	LLVMInstallFatalErrorHandler(on_fatal_error);
	LLVMContextRef context = LLVMContextCreate();
	LLVMModuleRef module = LLVMModuleCreateWithNameInContext("the host's", context);
	const int status = run(arguments[1], arguments[2]);
	if (status)
		return status;
	LLVMSetDataLayout(module, "nonsense");
	return HOST_FAILED; /* not reached */
}
