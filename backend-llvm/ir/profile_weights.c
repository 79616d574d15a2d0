/* Weights from the counts that the host gave with a request. */
#include "ir/profile_weights.h"

#include "ir/emit.h"

/* Below this, that something was never seen says little. */
enum { ENOUGH_SAMPLES = 64 };

uint64_t profile_samples(const lowering_options *options) {
	uint64_t samples = 0;
	if (!options->profile)
		return 0;
	uint32_t count = options->bytecode->functions.items[options->profiled_function].code.count;
	for (uint32_t pc = 0; pc < count; pc++)
		samples += (uint64_t)options->profile[pc].taken + options->profile[pc].not_taken;
	return samples;
}

/* Counts of the instruction that is being lowered; NULL: there is no profile of its function. */
static const volt_branch_profile *profile_here(const function_lowering *lowering) {
	const lowering_options *options = &lowering->module->options;
	if (!options->profile || options->profiled_function != lowering->index)
		return NULL;
	return &options->profile[lowering->pc];
}

/* A weight is never 0, and the larger one fits 32 bits. */
static branch_weights weights_of(volt_branch_profile counts) {
	uint64_t taken = (uint64_t)counts.taken + 1, not_taken = (uint64_t)counts.not_taken + 1;
	if (taken + not_taken >= 2 + ENOUGH_SAMPLES && (taken == 1 || not_taken == 1))
		return taken == 1 ? (branch_weights){WEIGHT_COLD, WEIGHT_HOT}
		                  : (branch_weights){WEIGHT_HOT, WEIGHT_COLD};
	if (taken > UINT32_MAX || not_taken > UINT32_MAX) {
		taken = (taken + 1) / 2;
		not_taken = (not_taken + 1) / 2;
	}
	return (branch_weights){(uint32_t)taken, (uint32_t)not_taken};
}

void weigh_jump(function_lowering *lowering, LLVMValueRef v_branch, bool taken_if_true) {
	const volt_branch_profile *counts = profile_here(lowering);
	if (!counts || (counts->taken == 0 && counts->not_taken == 0))
		return;
	branch_weights weights = weights_of(*counts);
	if (!taken_if_true)
		weights = (branch_weights){weights.if_false, weights.if_true};
	set_branch_weights(lowering, v_branch, weights);
}

bool jump_is_likely(const function_lowering *lowering, uint32_t pc, bool taken, uint32_t factor) {
	const lowering_options *options = &lowering->module->options;
	if (!options->profile || options->profiled_function != lowering->index)
		return true;
	const volt_branch_profile *counts = &options->profile[pc];
	uint64_t yes = taken ? counts->taken : counts->not_taken, no = taken ? counts->not_taken : counts->taken;
	return yes + no < ENOUGH_SAMPLES || yes >= factor * no;
}

bool call_never_runs(const function_lowering *lowering) {
	const volt_branch_profile *counts = profile_here(lowering);
	return counts && counts->taken == 0 && lowering->module->profile_samples >= ENOUGH_SAMPLES;
}

bool only_callee(const function_lowering *lowering, uint32_t *callee) {
	const volt_branch_profile *counts = profile_here(lowering);
	if (!counts || counts->callee == VOLT_NO_CALLEE || counts->callee == VOLT_SEVERAL_CALLEES)
		return false;
	*callee = counts->callee - 1;
	return true;
}
