/*
 * How often branches are taken and calls executed, counted by the interpreter's profiling instance
 * (interpreter/interpreter_profiled.c) in some time slices. The counts are of use to the optimiser only.
 */
#ifndef INTERPRETER_PROFILE_H
#define INTERPRETER_PROFILE_H

#include "state/vm_state.h"

/*
 * The slice that comes after the steps of so many full ones, less one, is profiled, however short. A prime:
 * fibers that take turns, a full slice each, are all seen, unless there are just as many of them.
 */
enum { PROFILE_PERIOD = 31 };

/* Makes the counts of a function. NULL: no memory; then nothing is counted. */
volt_branch_profile *profile_new(const volt_vm *vm, uint32_t function);

/* The counts of a function, by pc, made on first use. */
static inline volt_branch_profile *profile_of_function(const volt_vm *vm, uint32_t function) {
	volt_branch_profile *branches = vm->branch_profiles[function];
	return branches ? branches : (vm->branch_profiles[function] = profile_new(vm, function));
}

static inline void profile_count(volt_branch_profile *profile, ptrdiff_t pc, bool taken) {
	if (!profile)
		return;
	uint32_t *count = taken ? &profile[pc].taken : &profile[pc].not_taken;
	if (*count < UINT32_MAX)
		++*count;
}

/* A call of a closure or method has found its callee. */
static inline void profile_callee(volt_branch_profile *profile, ptrdiff_t pc, uint32_t function) {
	if (!profile)
		return;
	uint32_t *callee = &profile[pc].callee;
	if (profile[pc].other_callee == function + 1)
		return;
	*callee = *callee == VOLT_NO_CALLEE || *callee == function + 1 ? function + 1 : VOLT_SEVERAL_CALLEES;
}

#endif
