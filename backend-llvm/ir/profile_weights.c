/* Weights from the counts that the host gave with a request. */
#include "ir/profile_weights.h"

#include "guard/memory.h"
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
	bool counted = volt_opcode_get_info(lowering->instruction.op)->effects & VOLT_EFFECT_CALLS;
	return counts && counted && counts->taken == 0 && lowering->module->profile_samples >= ENOUGH_SAMPLES;
}

uint32_t seen_callees(const function_lowering *lowering, uint32_t callees[2]) {
	const volt_branch_profile *counts = profile_here(lowering);
	if (!counts || counts->callee == VOLT_NO_CALLEE || counts->callee == VOLT_SEVERAL_CALLEES)
		return 0;
	callees[0] = counts->callee - 1;
	callees[1] = counts->other_callee - 1;
	return counts->other_callee == VOLT_NO_CALLEE ? 1 : 2;
}

/* ---- Classes ---- */

/* What was seen enough has this many samples in the copy. */
enum { CLASS_SAMPLES = 2 * ENOUGH_SAMPLES };

/* Of CLASS_SAMPLES, the share that is nearest: what is rare and what is not, and halves and quarters. */
static uint32_t class_of(uint32_t part, uint64_t whole) {
	static const uint32_t shares[] = {4, 16, 32, 64, 96, 112, 124};
	const uint64_t share = ((uint64_t)part * CLASS_SAMPLES + whole / 2) / whole;
	uint32_t nearest = shares[0];
	for (size_t i = 1; i < sizeof shares / sizeof *shares; i++)
		if (2 * share >= (uint64_t)shares[i - 1] + shares[i])
			nearest = shares[i];
	return nearest;
}

/* That something never happened is a class of its own. */
static volt_branch_profile in_classes(volt_branch_profile counts) {
	const uint64_t samples = (uint64_t)counts.taken + counts.not_taken;
	if (samples < ENOUGH_SAMPLES) {
		counts.taken = counts.taken > 0;
		counts.not_taken = counts.not_taken > 0;
	} else if (counts.taken == 0 || counts.not_taken == 0) {
		counts.taken = counts.taken ? CLASS_SAMPLES : 0;
		counts.not_taken = counts.not_taken ? CLASS_SAMPLES : 0;
	} else {
		counts.taken = class_of(counts.taken, samples);
		counts.not_taken = CLASS_SAMPLES - counts.taken;
	}
	return counts;
}

volt_branch_profile *profile_in_classes(const volt_branch_profile *profile, uint32_t count) {
	volt_branch_profile *copy = memory_new(count + (size_t)1, sizeof *copy);
	for (uint32_t pc = 0; pc < count; pc++)
		copy[pc] = in_classes(profile[pc]);
	return copy;
}
