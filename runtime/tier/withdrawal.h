/*
 * Compiled code that does not pay: each time the VM enters it, an exit takes it apart again before it has run
 * around a loop (a deferred call, a channel that is not ready). The interpreter is quicker then. What the
 * interpreter has seen to be so is not compiled; code that turns out to be is withdrawn. Compiled callers of
 * the function go on calling its compiled form.
 */
#ifndef TIER_WITHDRAWAL_H
#define TIER_WITHDRAWAL_H

#include "tier/state.h"

/* What decides when without us is left alone: compiling everything, one level, and tests of exits. */
bool withdrawal_is_wanted(const volt_vm *vm);

/*
 * Where it is wanted: the VM has entered compiled code of the function, and an exit of its own has left its
 * frame, which goes on at `pc`. The decision is by counts alone, so that it does not depend on the clock.
 */
void withdrawal_count_exit(volt_vm *vm, uint32_t function, uint32_t pc);

/*
 * The function is hot: should it stay interpreted, because most of its calls and loops have come to a stop at
 * a channel (`stops` of the VM) that ended the fiber's slice?
 */
bool withdrawal_refuses(volt_vm *vm, uint32_t function);

#endif
