/* The counts of a profile. They live as long as the VM's tier. */
#include "interpreter/profile.h"

#include <stdlib.h>

volt_branch_profile *profile_new(const volt_vm *vm, uint32_t function) {
	return calloc(vm->module->functions.items[function].code.count + 1ULL, sizeof(volt_branch_profile));
}
