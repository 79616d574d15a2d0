/*
 * A host that may not make memory executable, as hardened services may not (memory-deny-write-execute, Linux
 * 6.3). `no_executable_memory PROGRAM TIER`: prints the reason why the functions stay interpreted.
 */
#include <sys/prctl.h>

#include "host.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

static void print_failure(const volt_vm *vm) {
	char *statistics = volt_vm_statistics(vm);
	const char *failure = statistics ? strstr(statistics, "\"failure\":") : NULL;
	if (failure)
		printf("%.*s\n", (int)strcspn(failure, ","), failure);
	free(statistics);
}

int main(int count, char **arguments) {
	if (count < 3)
		return HOST_FAILED;
	if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0))
		return HOST_CANNOT;
	volt_module *module = host_read(arguments[1]);
	const volt_vm_options options = host_options(arguments[2]);
	volt_vm *vm = NULL;
	int status = 0;
	volt_error *error = volt_vm_new(module, &options, &vm);
	if (!error)
		error = volt_vm_run(vm, &status);
	status = host_report(stdout, error, status);
	if (vm)
		print_failure(vm);
	volt_vm_free(vm);
	volt_module_free(module);
	return status;
}
