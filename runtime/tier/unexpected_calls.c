/* What was not expected becomes part of the profile, and the profile that of a new compilation. */
#include "tier/unexpected_calls.h"

#include <stdlib.h>

#include "interpreter/profile.h"
#include "state/vm_state.h"
#include "tier/counters.h"
#include "tier/trace.h"

enum {
	/* Calls of one site, after which its function is compiled anew: they have cost less than that does. */
	MANY_CALLS = 50000,
	/* What has come to this part of them at other sites is a change of the program, too. */
	PART_OF_MANY = 16,
	/* Of one function. */
	MOST_COMPILATIONS = 3,
};

/* The callee with most of the calls, if it has more than half of them. */
static void vote(unexpected_calls *site, uint32_t callee) {
	if (site->votes == 0)
		site->callee = callee;
	site->votes += site->callee == callee ? 1 : -1;
}

/*
 * A call that was never seen is one that was; a callee is expected beside the one that was built in, which
 * may be called again. What the interpreter has seen since then is less than what is known now.
 */
static void amend(volt_vm *vm, uint32_t function, uint32_t pc, unexpected_calls *site) {
	volt_branch_profile *seen = &profile_of_function(vm, function)[pc];
	site->is_known = true;
	if (seen->taken == 0)
		seen->taken = 1;
	if (vm->module->functions.items[function].code.items[pc].op == VOLT_OP_Call)
		return;
	seen->callee = site->expected ? site->expected : site->callee + 1;
	if (seen->callee != site->callee + 1)
		seen->other_callee = site->callee + 1;
}

static void amend_all(volt_vm *vm, uint32_t function, unexpected_calls *sites) {
	for (uint32_t pc = 0; pc < vm->module->functions.items[function].code.count; pc++)
		if (!sites[pc].is_known && sites[pc].count >= MANY_CALLS / PART_OF_MANY)
			amend(vm, function, pc, &sites[pc]);
}

void unexpected_call_count(volt_vm *vm, uint32_t function, uint32_t pc, uint32_t expected, uint32_t callee) {
	function_profile *profile = &((tier_state *)vm->tier)->functions[function];
	/* Who still runs code that was withdrawn is the last one. */
	if (profile->is_withdrawn || profile->compiled_anew == MOST_COMPILATIONS)
		return;
	if (!profile->unexpected)
		profile->unexpected =
		    calloc(vm->module->functions.items[function].code.count, sizeof *profile->unexpected);
	if (!profile->unexpected || profile->unexpected[pc].is_known || !profile_of_function(vm, function))
		return;
	unexpected_calls *site = &profile->unexpected[pc];
	site->expected = expected;
	vote(site, callee);
	if (++site->count < MANY_CALLS)
		return;
	amend_all(vm, function, profile->unexpected);
	profile->compiled_anew++;
	trace_unexpected_calls(vm, function, pc, site->count);
	tier_compile_anew(vm, function);
}
