/* What a profile says: weights of branches, and calls that never run. */
#ifndef IR_PROFILE_WEIGHTS_H
#define IR_PROFILE_WEIGHTS_H

#include "ir/lowering.h"

/* All that the profile counted; 0 without one. */
uint64_t profile_samples(const lowering_options *options);

/* Does the profile say that the call that is being lowered is not executed? */
bool call_never_runs(const function_lowering *lowering);

/*
 * How many callees the profile expects at the indirect call that is being lowered, and which: the only one
 * that it has seen, and perhaps another. 0: it has seen none, or several.
 */
uint32_t seen_callees(const function_lowering *lowering, uint32_t callees[2]);

/*
 * Is the jump at `pc` taken (or not taken) `factor` times as often as not? True also if the profile does not
 * know.
 */
bool jump_is_likely(const function_lowering *lowering, uint32_t pc, bool taken, uint32_t factor);

/*
 * Weighs the branch of the jump that is being lowered as the profile says, if it knows the jump.
 * `taken_if_true`: the jump is taken if the branch's condition holds.
 */
void weigh_jump(function_lowering *lowering, LLVMValueRef v_branch, bool taken_if_true);

/*
 * A copy that says in classes how often each jump was taken, for memory_free(): two runs of a program that
 * differ by a few samples have the same.
 */
volt_branch_profile *profile_in_classes(const volt_branch_profile *profile, uint32_t count);

#endif
