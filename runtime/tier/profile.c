/* The counts of a profile. They belong to the tier's state and live as long as it does. */
#include "tier/profile.h"

#include <stdlib.h>

#include "vm/vm.h"

volt_branch_profile *profile_new(const volt_vm *vm, uint32_t function) {
	return calloc(vm->module->functions.items[function].code.count + 1ULL, sizeof(volt_branch_profile));
}
