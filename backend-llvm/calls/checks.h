/*
 * Checks that may lead to an exit, and exits as lowering asks for them: it says why and where the function
 * goes on, and the form's frame_exit (strategy.h) says what that takes.
 */
#ifndef CALLS_CHECKS_H
#define CALLS_CHECKS_H

#include "ir/emit.h"

/*
 * The only place that emits a branch to a path that should not happen: continues in a new block of the given
 * cold kind if `v_condition` holds, and returns the block of the hot path, with the hints of the preset on
 * the branch.
 */
LLVMBasicBlockRef branch_unlikely(function_lowering *lowering, LLVMValueRef v_condition, block_kind cold);

/* The same for a status (an integer of any width) that is not OK. */
LLVMBasicBlockRef branch_unless_ok(function_lowering *lowering, LLVMValueRef v_status, block_kind cold);

/* Panics with a trap if `v_condition` (i1) holds; x and y may be NULL (0). Goes on in the hot path. */
void trap_if(function_lowering *lowering, LLVMValueRef v_condition, volt_trap_kind kind, LLVMValueRef v_x,
             LLVMValueRef v_y);

/*
 * Traps if the slot, which holds this value, names no object. Plain code leaves out what a check before it
 * has found, on the way that all ways from the start of a block take.
 */
void trap_if_nil(function_lowering *lowering, uint32_t slot, LLVMValueRef v_slot, volt_trap_kind kind,
                 LLVMValueRef v_x);

/* Leaves now with the status that the host has just returned: it has set `exit_pc`. */
void exit_as_host_says(function_lowering *lowering, LLVMValueRef v_status);

/* Leaves now, to be continued by the host at `pc`. */
void exit_to_host(function_lowering *lowering, volt_status status, uint32_t pc);

/* Leaves, if `v_condition` holds, as exit_to_host() does. Goes on in the hot path. */
void exit_to_host_if(function_lowering *lowering, LLVMValueRef v_condition, block_kind cold,
                     volt_status status, uint32_t pc);

/* With forced exits: leaves if it is this check's turn; the function continues at `pc`. */
void forced_exit_check(function_lowering *lowering, uint32_t pc);

/*
 * A backward jump has been taken, and is counted as a call is: leaves if the host wants the thread, to be
 * continued at the loop header `pc`.
 */
void loop_check(function_lowering *lowering, uint32_t pc);

/* Leaves if the host wants the thread, to be continued at `pc`. */
void give_way_check(function_lowering *lowering, uint32_t pc);

/* The function has been called: where heat is counted, this counts. */
void count_call(function_lowering *lowering);

/*
 * The call that is being lowered goes to a callee (i32) that the profile gave no reason to expect;
 * `built_in`: the one that was, plus 1, or 0.
 */
void count_unexpected_call(function_lowering *lowering, uint32_t built_in, LLVMValueRef v_callee);

/* Where steps are counted, a call counts as one: leaves in front of it if the time slice is over. */
void step_check(function_lowering *lowering, uint32_t pc);

/* Makes room in the fiber's stack for this many slots from slot 0 of this frame. */
void ensure_stack_room(function_lowering *lowering, uint64_t slots);

#endif
