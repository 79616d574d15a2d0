/* Running frames of a fiber in compiled code, and turning native frames back into frames of the fiber. */
#ifndef TIER_RUN_H
#define TIER_RUN_H

#include "fiber/fiber.h"
#include "volt/error.h"
#include "volt/tier.h"
#include "volt/vm.h"

/*
 * Runs the fiber's top frame, which has just been pushed and whose function has compiled code, from its
 * start. OK: the frame is popped and its results stand in its caller's slots (or in slot 0.. if it was the
 * first frame). Anything else: the fiber's frames are what the interpreter would have; the top frame
 * continues at its pc.
 */
volt_status tier_run_frame(volt_vm *vm, volt_fiber *fiber);

/* The same for a frame that goes on at its pc, which is a resume point of its function's continuation. */
volt_status tier_resume_frame(volt_vm *vm, volt_fiber *fiber);

/*
 * The interpreter has counted one of context.heat down to 0: the function has been called, or the top frame
 * has jumped backwards. What that makes hot is compiled.
 */
void tier_hot_call(volt_vm *vm, uint32_t function);
void tier_hot_loop(volt_vm *vm, volt_fiber *fiber);

/* Prepares the tier that the VM's options ask for, once; compiles everything if they say so. */
volt_error *tier_attach(volt_vm *vm);
void tier_detach(volt_vm *vm);

/* Is code being made? Then tier_detach() waits for some of it. */
bool tier_is_compiling(const volt_vm *vm);

/* Is compiled code asked to count steps (volt/tier.h, count_steps)? Then only they end its time slices. */
bool tier_counts_steps(const volt_vm *vm);

/* What an exit that is under way has captured of frames, for the collector. */
void tier_scan_roots(const volt_vm *vm);

/*
 * The first slot above all frames that an exit which is under way has written to the fiber's stack, innermost
 * first; 0: none yet. The collector may ask at any moment.
 */
uint64_t tier_exit_extent(const volt_vm *vm);

/* An allocation has jumped out of compiled code: what its exit has noted so far is forgotten. */
void tier_forget_exit(volt_vm *vm);

/* From now on compiled code is asked to give way every few milliseconds. */
void tier_start_ticker(volt_vm *vm);

#endif
