/* Running frames of a fiber in compiled code, and turning native frames back into frames of the fiber. */
#ifndef TIER_RUN_H
#define TIER_RUN_H

#include "volt/error.h"
#include "volt/tier.h"
#include "volt/vm.h"

typedef struct volt_fiber volt_fiber;

/*
 * Runs the fiber's top frame, whose function has an entry in the code table and whose pc is 0, in compiled
 * code. OK: the frame is popped and its results stand in its caller's slots (or in slot 0.. if it was the
 * first frame). Anything else: the fiber's frames are what the interpreter would have; the top frame
 * continues at its pc.
 */
volt_status tier_run_frame(volt_vm *vm, volt_fiber *fiber);

/* Loads and prepares the tier that the VM's options ask for, once; compiles everything if they say so. */
volt_error *tier_attach(volt_vm *vm);
void tier_detach(volt_vm *vm);

#endif
